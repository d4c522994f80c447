# shellcheck shell=bash
# Packages of the Debian release in versions.env, fetched beside the machine's own apt without touching it:
# apt is given folders and a sources list of our own, signed by Debian's keyring.

DEBIAN_DIR=$CACHE/debian-$DEBIAN_SUITE
DOWNLOADS=$CACHE/downloads

# The mirror that this machine's own apt uses.
debian_mirror() {
    local codename
    if [ -n "${LENET_LAB_DEBIAN_MIRROR:-}" ]; then
        printf '%s\n' "$LENET_LAB_DEBIAN_MIRROR"
        return
    fi
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016 # apt fills these in
    apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' |
        awk -v name="$codename" '($2 == name || $2 ~ /^(old)*stable$|^testing$|^sid$|^unstable$/) && $1 !~ /security/ \
            && !found { print $1; found = 1 }'
}

debian_apt() { # debian_apt apt-get|apt-cache ARGUMENT…
    local tool=$1
    shift
    "$tool" -o "Dir::State::Lists=$DEBIAN_DIR/lists" -o "Dir::Cache=$DEBIAN_DIR/cache" \
        -o "Dir::Etc::sourcelist=$DEBIAN_DIR/sources.list" -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# The lists of that release, renewed when older than a day.
debian_update() {
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    if [ -n "$(find "$DEBIAN_DIR/updated" -mtime -1 2>/dev/null)" ]; then return 0; fi
    [ -f "$keyring" ] || die "Debian's keyring is not on this machine ($keyring)." \
        "Install debian-archive-keyring, or install Emscripten $EMSCRIPTEN_MINIMUM or later yourself and set EMSDK."
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "apt's configuration names no Debian mirror." \
        "Set LENET_LAB_DEBIAN_MIRROR to the address of one."
    mkdir -p "$DEBIAN_DIR/lists/partial" "$DEBIAN_DIR/cache/archives/partial"
    printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$DEBIAN_SUITE" >"$DEBIAN_DIR/sources.list"
    printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$DEBIAN_SUITE" >>"$DEBIAN_DIR/sources.list"
    debian_apt apt-get update
    touch "$DEBIAN_DIR/updated"
}

first_match() { # first_match DIR PATTERN: a file's path, or nothing
    if [ -d "$1" ]; then find "$1" -maxdepth 1 -name "$2" -print -quit; fi
}

# fetch_debian deb|source NAME VERSION SHA256|- PATTERN: leaves the file in $DOWNLOADS and sets FETCHED to it.
# The tested version first; where the release has moved on, what it has now (apt checks its signature), and says so.
fetch_debian() {
    local kind=$1 name=$2 version=$3 sum=$4 pattern=$5 dir
    local target=$DOWNLOADS/$kind/$name-$version
    FETCHED=$(first_match "$target" "$pattern")
    [ -z "$FETCHED" ] || return 0
    debian_update
    dir=$DOWNLOADS/partial.$$
    rm -rf "$dir"
    mkdir -p "$dir" "$DOWNLOADS/$kind"
    say "fetching $name ($version) from Debian $DEBIAN_SUITE"
    if ! fetch_version "$kind" "$dir" "$name${version:+=$version}"; then
        say "NOTE: $name $version is no longer there; taking the version that $DEBIAN_SUITE has now"
        sum=-
        fetch_version "$kind" "$dir" "$name"
    fi
    FETCHED=$(first_match "$dir" "$pattern")
    [ -n "$FETCHED" ] || die "the package $name holds no $pattern."
    if [ "$sum" != - ] && ! check_sha256 "$FETCHED" "$sum"; then
        die "$FETCHED is not the file this project was tested with (its SHA-256 differs)." "Delete it and run again."
    fi
    rm -rf "$target"
    mv "$dir" "$target"
    FETCHED=$target/$(basename "$FETCHED")
}

fetch_version() { # fetch_version deb|source DIR NAME[=VERSION]
    local verb=(download)
    [ "$1" = deb ] || verb=(source --download-only)
    (cd "$2" && debian_apt apt-get "${verb[@]}" "$3")
}
