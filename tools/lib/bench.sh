# shellcheck shell=bash
# What tools/bench needs beside our own builds: the peers from npm, and an OpenBLAS for PyTorch. None of it is needed elsewhere.

BENCH=$ROOT/tools/lib/bench
OPENBLAS_CACHE=$CACHE/openblas

bench_npm_install() { # in a step
    cd "$BENCH" || return
    npm ci --no-fund --no-audit --ignore-scripts
}

# Never fails: a peer that is not there is listed as not measured.
want_bench_npm() {
    local stamp=$BENCH/node_modules/.lenet-lab-stamp sum
    sum=$(sha256sum <"$BENCH/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$sum" ]; then
        if step "npm packages of the peers" "installing what tools/lib/bench/package-lock.json pins (0.6 GB)" \
            "the peers from npm will not be measured; see whether 'npm ci' works in $BENCH" with_lock bench-npm bench_npm_install; then
            printf '%s\n' "$sum" >"$stamp"
        fi
    fi
}

openblas_in() { # openblas_in ROOT: the folder with its libblas.so.3, or nothing
    local folder
    for folder in "$1"/usr/lib/*/openblas-pthread; do
        if [ -e "$folder/libblas.so.3" ]; then
            printf '%s\n' "$folder"
            return
        fi
    done
}

fetch_openblas() { # in a step: Debian's own package, unpacked beside the system
    local partial=$OPENBLAS_CACHE.partial
    rm -rf "$partial"
    mkdir -p "$partial"
    cd "$partial" || return
    apt-get -o APT::Sandbox::User=root download libopenblas0-pthread
    dpkg -x libopenblas0-pthread_*.deb .
    rm -f libopenblas0-pthread_*.deb
    rm -rf "$OPENBLAS_CACHE"
    mv "$partial" "$OPENBLAS_CACHE"
}

# Sets OPENBLAS to a folder for LD_LIBRARY_PATH, or to nothing; never fails. Debian's PyTorch alone uses the reference BLAS.
want_openblas() {
    OPENBLAS=$(openblas_in "")
    [ -z "$OPENBLAS" ] || return 0
    OPENBLAS=$(openblas_in "$OPENBLAS_CACHE")
    [ -z "$OPENBLAS" ] || return 0
    if ! /usr/bin/python3 -c 'import importlib.util, sys; sys.exit(importlib.util.find_spec("torch") is None)' 2>/dev/null; then
        note "PyTorch is not installed (package python3-torch), so it is not measured"
        return 0
    fi
    step "OpenBLAS" "unpacking Debian's libopenblas0-pthread into $OPENBLAS_CACHE, for PyTorch" \
        "PyTorch will not be measured; installing libopenblas0-pthread will do, too" with_lock openblas fetch_openblas || return 0
    OPENBLAS=$(openblas_in "$OPENBLAS_CACHE")
}
