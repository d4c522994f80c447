# shellcheck shell=bash
# Emscripten: one that the machine already has, if it is recent; else Debian's, unpacked privately into the cache.
# What is chosen ends up as the link $CACHE/emscripten, which CMake's toolchain file follows too.

EMSCRIPTEN_OWN=$CACHE/emscripten-${EMSCRIPTEN_DEB_VERSION%%+*}

# emscripten_version DIR: of the Emscripten in that folder, without the quotes
emscripten_version() { tr -d '"\n' <"$1/emscripten-version.txt" 2>/dev/null | sed 's/-git$//'; }

# Folders that may hold an Emscripten, best first.
emscripten_candidates() {
    local path
    if [ -n "${EMSDK:-}" ]; then printf '%s\n' "$EMSDK/upstream/emscripten"; fi
    if path=$(command -v emcc 2>/dev/null); then
        dirname "$(readlink -f "$path")"
    fi
    printf '%s\n' /usr/share/emscripten "$EMSCRIPTEN_OWN/usr/share/emscripten"
}

find_emscripten() { # prints the folder of the first that is recent enough
    local dir version
    while read -r dir; do
        [ -x "$dir/em++" ] || continue
        if [[ $dir == "$EMSCRIPTEN_OWN"/* ]] && [ ! -f "$EMSCRIPTEN_OWN/complete" ]; then continue; fi
        version=$(emscripten_version "$dir")
        if [ -n "$version" ] && version_at_least "$version" "$EMSCRIPTEN_MINIMUM"; then
            printf '%s\n' "$dir"
            return 0
        fi
    done < <(emscripten_candidates)
    return 1
}

# Binaryen's programs need a newer C library than the machine has: each gets a wrapper that starts it with its own.
wrap_binaryen() { # wrap_binaryen DIR
    local dir=$1 program triplet loader
    triplet=$(uname -m)-linux-gnu
    loader=$(basename "$(first_match "$dir/runtime/usr/lib/$triplet" 'ld-linux-*')")
    mkdir -p "$dir/binaryen/bin"
    for program in "$dir"/usr/bin/wasm-* "$dir"/usr/bin/wasm2js; do
        cat >"$dir/binaryen/bin/$(basename "$program")" <<WRAPPER
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")/../..
lib=\$here/runtime/usr/lib/$triplet
exec "\$lib/$loader" --library-path "\$lib:\$here/usr/lib/$triplet" "\$here/usr/bin/$(basename "$program")" "\$@"
WRAPPER
        chmod +x "$dir/binaryen/bin/$(basename "$program")"
    done
}

# Emscripten reads the file .emscripten beside its programs, so nobody has to set EM_CONFIG.
write_emscripten_config() { # write_emscripten_config DIR
    cat >"$1/usr/share/emscripten/.emscripten" <<CONFIG
# Written by tools/lib/emscripten.sh
LLVM_ROOT = '/usr/bin'
BINARYEN_ROOT = '$EMSCRIPTEN_OWN/binaryen'
NODE_JS = '$(command -v node)'
LLVM_ADD_VERSION = '$LLVM_MAJOR'
CLANG_ADD_VERSION = '$LLVM_MAJOR'
FROZEN_CACHE = True
CONFIG
}

unpack_emscripten() { # in a step
    local dir=$EMSCRIPTEN_OWN.partial name
    rm -rf "$dir" "$EMSCRIPTEN_OWN"
    mkdir -p "$dir/runtime"
    fetch_debian deb emscripten "$EMSCRIPTEN_DEB_VERSION" "$EMSCRIPTEN_DEB_SHA256" '*.deb'
    say "unpacking $(basename "$FETCHED") (its tests and its position-independent libraries left out)"
    dpkg-deb --fsys-tarfile "$FETCHED" |
        tar -x -C "$dir" --exclude='*/share/emscripten/test' --exclude='*/share/doc/emscripten/[!c]*' \
            --exclude='*/wasm32-emscripten/pic' --exclude='*/wasm32-emscripten/lto-pic' --exclude='*/wasm64-emscripten'
    rm -rf "$DOWNLOADS/deb/emscripten-$EMSCRIPTEN_DEB_VERSION"
    fetch_debian deb binaryen "$BINARYEN_DEB_VERSION" "$BINARYEN_DEB_SHA256" '*.deb'
    dpkg-deb -x "$FETCHED" "$dir"
    fetch_debian deb node-acorn "$ACORN_DEB_VERSION" "$ACORN_DEB_SHA256" '*.deb'
    dpkg-deb -x "$FETCHED" "$dir"
    mkdir -p "$dir/usr/share/emscripten/node_modules"
    ln -s ../../nodejs/acorn "$dir/usr/share/emscripten/node_modules/acorn"
    for name in libc6 libstdc++6 libgcc-s1; do
        fetch_debian deb "$name" "" - '*.deb'
        dpkg-deb -x "$FETCHED" "$dir/runtime"
    done
    wrap_binaryen "$dir"
    write_emscripten_config "$dir"
    touch "$dir/complete"
    mv "$dir" "$EMSCRIPTEN_OWN"
}

# A program with threads, exceptions and SIMD, compiled and run: proof that the whole chain works.
try_emscripten() { # try_emscripten DIR, in a step
    local work
    work=$(mktemp -d)
    cp "$ROOT/tools/lib/try_emscripten.cpp" "$work/try.cpp"
    "$1/em++" -std=c++20 -O1 -msimd128 -pthread -fwasm-exceptions -sENVIRONMENT=node,worker -sEXIT_RUNTIME=1 \
        -sPTHREAD_POOL_SIZE=1 "$work/try.cpp" -o "$work/try.js"
    node "$work/try.js"
    rm -rf "$work"
}

need_emscripten() {
    local dir
    if ! dir=$(find_emscripten); then
        if version_at_least "$(. /etc/os-release && printf '%s' "${VERSION_ID:-0}")" 13 && [ "$(. /etc/os-release && printf '%s' "$ID")" = debian ]; then
            need_packages "Emscripten" emscripten
        else
            step "Emscripten" "none from version $EMSCRIPTEN_MINIMUM on was found, so Debian $DEBIAN_SUITE's ${EMSCRIPTEN_DEB_VERSION%%+*} is unpacked into $EMSCRIPTEN_OWN (237 MB to fetch)" \
                "check the network; or install Emscripten yourself and set EMSDK, then run again" \
                with_lock emscripten unpack_emscripten
        fi
        dir=$(find_emscripten) || die "still no Emscripten after setting one up."
    fi
    EMSCRIPTEN_VERSION=$(emscripten_version "$dir")
    if [ "$(readlink "$CACHE/emscripten" || true)" != "$dir" ] || [ ! -f "$CACHE/emscripten-tried-$EMSCRIPTEN_VERSION" ]; then
        step "Emscripten check" "compiling and running a small program with $dir ($EMSCRIPTEN_VERSION)" \
            "set EMSDK to a working Emscripten, or delete $EMSCRIPTEN_OWN and run again" \
            try_emscripten "$dir"
        ln -sfn "$dir" "$CACHE/emscripten"
        touch "$CACHE/emscripten-tried-$EMSCRIPTEN_VERSION"
    fi
}
