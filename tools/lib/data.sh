# shellcheck shell=bash
# MNIST: found in $LENET_LAB_DATA, else fetched earlier, else downloaded; checked. It and CIFAR-10 (cifar10.sh) are laid beside the
# page with a manifest.

MNIST_FILES=(train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte)
MNIST_KEYS=(train-images train-labels test-images test-labels)
# SHA-256 of the uncompressed files.
MNIST_SHA256=(
    ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db
    65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5
    0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7
    ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2)
MNIST_MIRRORS=(https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist)
DATA_CACHE=$CACHE/data

# mnist_is_right FOLDER: all four files are there and uncompress to the bytes they should. The answer is remembered.
mnist_is_right() {
    local folder=$1 i seen paths
    paths=("${MNIST_FILES[@]/#/$folder/}")
    paths=("${paths[@]/%/.gz}")
    for i in "${!paths[@]}"; do [ -f "${paths[i]}" ] || return 1; done
    seen=$DATA_CACHE/checked/$(stat -L -c '%n %s %Y' "${paths[@]}" | sha256sum | cut -c 1-16)
    [ ! -f "$seen" ] || return 0
    for i in "${!MNIST_FILES[@]}"; do
        if [ "$(gzip -dc "${paths[i]}" 2>/dev/null | sha256sum | cut -d ' ' -f 1)" != "${MNIST_SHA256[i]}" ]; then
            note "${paths[i]} is not MNIST's file (its content has another SHA-256)"
            return 1
        fi
    done
    mkdir -p "$DATA_CACHE/checked"
    touch "$seen"
}

download_mnist() { # in a step: into the cache, from the first mirror that has all four files
    local target=$DATA_CACHE/mnist partial=$DATA_CACHE/mnist.partial mirror file
    for mirror in "${MNIST_MIRRORS[@]}"; do
        rm -rf "$partial"
        mkdir -p "$partial"
        say "trying $mirror"
        for file in "${MNIST_FILES[@]}"; do
            curl --fail --silent --show-error --location --connect-timeout 5 --speed-time 10 --speed-limit 1000 \
                --output "$partial/$file.gz" "$mirror/$file.gz" || continue 2
        done
        if mnist_is_right "$partial"; then
            rm -rf "$target"
            mv "$partial" "$target"
            return 0
        fi
    done
    rm -rf "$partial"
    say "no mirror has MNIST"
    return 1
}

# Sets MNIST to a folder with the four files, or to nothing; says what it found. Never fails.
find_mnist() {
    local failed=$DATA_CACHE/mnist-not-reached
    MNIST=
    mkdir -p "$DATA_CACHE"
    if [ -n "${LENET_LAB_DATA:-}" ]; then
        if mnist_is_right "$LENET_LAB_DATA/mnist"; then
            MNIST=$(cd "$LENET_LAB_DATA/mnist" && pwd)
            return 0
        fi
        note "no usable MNIST in $LENET_LAB_DATA/mnist (the folder that LENET_LAB_DATA names)"
    fi
    if mnist_is_right "$DATA_CACHE/mnist"; then
        MNIST=$DATA_CACHE/mnist
        return 0
    fi
    # After a failed try, an hour without the wait.
    if [ "${1:-}" != again ] && [ -n "$(find "$failed" -mmin -60 2>/dev/null)" ]; then
        note "no MNIST: its mirrors were not reached within the last hour (tools/get-data tries again now)"
        return 0
    fi
    say "== MNIST: downloading it (11 MB) from the public mirrors"
    if watched "$(log_of MNIST)" with_lock data download_mnist; then
        rm -f "$failed"
        MNIST=$DATA_CACHE/mnist
    else
        touch "$failed"
        sed 's/^/   | /' "$(log_of MNIST)"
        note "not reached. That is no error; to use a copy of the four .gz files, put them into a folder mnist/"
        note "and name the folder above it in LENET_LAB_DATA."
    fi
}

json_entry() { # json_entry KEY FILE SHA256: one file of the manifest
    printf '      "%s": { "url": "mnist/%s.gz", "bytes": %s, "sha256": "%s" }' \
        "$1" "$2" "$(stat -L -c %s "$MNIST/$2.gz")" "$3"
}

# place_mnist DATA, after find_mnist: its files go there; prints its part of the manifest, or nothing.
place_mnist() {
    local data=$1/mnist i comma=
    if [ -z "$MNIST" ]; then
        rm -rf "$data"
        return 0
    fi
    mkdir -p "$data"
    printf '  "mnist": {\n    "files": {\n'
    for i in "${!MNIST_FILES[@]}"; do
        cp --update --preserve=timestamps "$MNIST/${MNIST_FILES[i]}.gz" "$data/"
        printf '%b' "$comma"
        json_entry "${MNIST_KEYS[i]}" "${MNIST_FILES[i]}" "${MNIST_SHA256[i]}"
        comma=',\n'
    done
    printf '\n    }\n  }'
}

# The data files and index.json (which sets are there) go into the site folder.
place_data() { # place_data SITE, after find_mnist and find_cifar10
    local data=$1/data mnist cifar10
    mkdir -p "$data"
    mnist=$(place_mnist "$data")
    cifar10=$(place_cifar10 "$data")
    printf '{\n%s%s%s\n}\n' "$mnist" "${mnist:+${cifar10:+,$'\n'}}" "$cifar10" >"$data/index.json.partial"
    chmod -R u+w "$data"
    mv "$data/index.json.partial" "$data/index.json"
}

need_data() { # need_data SITE [again] [cifar10]: "again" tries MNIST's mirrors whatever happened, "cifar10" also fetches CIFAR-10
    find_mnist "${2:-}"
    find_cifar10 "${3:+download}"
    place_data "$1"
    if [ -n "$MNIST" ]; then
        note "MNIST: $MNIST"
    else
        note "MNIST: none found; the page starts on the project's own strokes set"
    fi
    if [ -n "$CIFAR10" ]; then note "CIFAR-10: $CIFAR10"; fi
}
