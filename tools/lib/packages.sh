# shellcheck shell=bash
# Packages of the machine's own Debian: what is missing is installed, in one go.
# shellcheck disable=SC2034 # the lists are used by whoever sources this

NATIVE_PACKAGES=("clang-$LLVM_MAJOR" "lld-$LLVM_MAJOR" "llvm-$LLVM_MAJOR" "libclang-rt-$LLVM_MAJOR-dev"
    cmake ninja-build ccache git g++ ca-certificates
    zlib1g-dev libeigen3-dev doctest-dev nlohmann-json3-dev libcli11-dev)
WEB_PACKAGES=("clang-$LLVM_MAJOR" "lld-$LLVM_MAJOR" "llvm-$LLVM_MAJOR"
    cmake ninja-build ccache ca-certificates python3 xz-utils
    libeigen3-dev doctest-dev nlohmann-json3-dev libcli11-dev
    python3-fonttools fonts-dejavu-core esbuild curl)
BROWSER_PACKAGES=(chromium firefox-esr xvfb libgl1-mesa-dri libegl1)
PROGRAM_PACKAGES=(parallel) # GNU parallel, for a study in parts
BENCH_PACKAGES=(libbenchmark-dev) # kernel-benchmarks; whoever builds without it has all but that

# Names of those of the given packages that are not installed.
missing_packages() {
    local installed
    # dpkg-query fails when it does not know a name: then that one is missing too.
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}\n' "$@" 2>/dev/null | sed -n 's/^ii *|//p' | sort -u || true)
    comm -13 <(printf '%s\n' "$installed") <(printf '%s\n' "$@" | sort -u)
}

install_packages() { # in a step: the packages named, from the machine's own apt
    as_root apt-get update
    as_root apt-get install -y --no-install-recommends "$@"
}

# need_packages WHY PACKAGE…
need_packages() {
    local why=$1 missing
    shift
    have dpkg-query || die "this is no Debian system, so missing packages cannot be installed here." \
        "Install their like by hand and use the CMake presets: $*"
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ] && have sudo; then sudo -v; fi # asks for the password here, where it can be typed
    step "packages for $why" "installing ${missing[*]}" \
        "see whether 'apt-get update' works, then run: apt-get install ${missing[*]}" \
        install_packages "${missing[@]}"
}

# Node is special: one from anywhere will do, and Debian's npm brings hundreds of packages.
need_node() {
    local wanted=()
    have node || wanted+=(nodejs)
    have npm || wanted+=(npm)
    if [ "${#wanted[@]}" -gt 0 ]; then need_packages "the page" "${wanted[@]}"; fi
    version_at_least "$(node --version | tr -d v)" 18.19 ||
        die "Node $(node --version) is too old." "Install Node 18.19 or later."
}
