# shellcheck shell=bash
# CIFAR-10's binary version: found in $LENET_LAB_DATA/cifar10 or in the cache; downloaded only when asked (162 MB); any number of
# batches; laid beside the page with its part of the manifest.

CIFAR10_URL=https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz
CIFAR10_SHA256=c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd
CIFAR10_RECORD=3073 # bytes of a label and its image

# cifar10_batches FOLDER PATTERN: names of the batches, plain or with .gz (plain wins), in the order of their numbers.
cifar10_batches() {
    find -L "$1" -maxdepth 1 -type f \( -name "$2.bin" -o -name "$2.bin.gz" \) -printf '%f\n' | sort -V |
        awk '{ name = $0; sub(/\.gz$/, "", name); if (!seen[name]++) print }'
}

# cifar10_images FILE: how many it holds; fails where its size is not that of a batch.
cifar10_images() {
    local bytes
    case $1 in
        *.gz) bytes=$(gzip -dc "$1" 2>/dev/null | wc -c) ;;
        *) bytes=$(stat -L -c %s "$1") ;;
    esac
    [ "$bytes" -gt 0 ] && [ $((bytes % CIFAR10_RECORD)) -eq 0 ] && printf '%s\n' $((bytes / CIFAR10_RECORD))
}

cifar10_is_there() { # cifar10_is_there FOLDER: a training batch and a test batch
    [ -d "$1" ] && [ -n "$(cifar10_batches "$1" 'data_batch_[0-9]*')" ] && [ -n "$(cifar10_batches "$1" test_batch)" ]
}

download_cifar10() { # in a step: into the cache
    local target=$DATA_CACHE/cifar10 partial=$DATA_CACHE/cifar10.partial
    rm -rf "$partial"
    mkdir -p "$partial"
    curl --fail --silent --show-error --location --connect-timeout 5 --speed-time 10 --speed-limit 1000 \
        --output "$partial/archive.tar.gz" "$CIFAR10_URL" || return
    if ! check_sha256 "$partial/archive.tar.gz" "$CIFAR10_SHA256"; then
        say "what $CIFAR10_URL gives is not the published archive (its SHA-256 differs)"
        return 1
    fi
    tar -xzf "$partial/archive.tar.gz" -C "$partial" --strip-components=1 --no-same-owner || return
    rm "$partial/archive.tar.gz"
    rm -rf "$target"
    mv "$partial" "$target"
}

# Sets CIFAR10 to a folder with batches, or to nothing. Never fails.
find_cifar10() { # find_cifar10 [download]
    local folder
    CIFAR10=
    for folder in ${LENET_LAB_DATA:+"$LENET_LAB_DATA/cifar10"} "$DATA_CACHE/cifar10"; do
        if cifar10_is_there "$folder"; then
            CIFAR10=$(cd "$folder" && pwd)
            return 0
        fi
    done
    [ "${1:-}" = download ] || return 0
    say "== CIFAR-10: downloading it (162 MB) from its publisher"
    if watched "$(log_of CIFAR-10)" with_lock data download_cifar10; then
        CIFAR10=$DATA_CACHE/cifar10
    else
        sed 's/^/   | /' "$(log_of CIFAR-10)"
        note "not reached. To use a copy of the binary version's .bin files, put them into a folder cifar10/"
        note "and name the folder above it in LENET_LAB_DATA."
    fi
}

# place_cifar10 DATA, after find_cifar10: its files go there; prints its part of the manifest, or nothing.
place_cifar10() {
    local data=$1/cifar10 half pattern file images comma separator=
    if [ -z "$CIFAR10" ]; then
        rm -rf "$data"
        return 0
    fi
    mkdir -p "$data"
    printf '  "cifar10": {\n    "files": {\n'
    for half in train test; do
        if [ "$half" = train ]; then pattern='data_batch_[0-9]*'; else pattern=test_batch; fi
        printf '%b      "%s": [\n' "$separator" "$half"
        comma=
        while IFS= read -r file; do
            if ! images=$(cifar10_images "$CIFAR10/$file"); then
                note "$CIFAR10/$file is left out: its size is not that of a CIFAR-10 batch" >&2
                continue
            fi
            cp --update --preserve=timestamps "$CIFAR10/$file" "$data/"
            printf '%b        { "url": "cifar10/%s", "bytes": %s, "images": %s }' \
                "$comma" "$file" "$(stat -L -c %s "$CIFAR10/$file")" "$images"
            comma=',\n'
        done < <(cifar10_batches "$CIFAR10" "$pattern")
        printf '\n      ]'
        separator=',\n'
    done
    printf '\n    }\n  }'
}
