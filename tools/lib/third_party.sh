# shellcheck shell=bash
# Third-party code of the page: sources fetched from Debian's source packages, compiled once for wasm into the cache.

SOURCES=$CACHE/third-party/sources
HEADERS=$CACHE/third-party/headers

unpack_source() { # unpack_source DEBIAN-NAME DEBIAN-VERSION SHA256 FOLDER
    local folder=$SOURCES/$4 partial=$SOURCES/partial
    [ ! -d "$folder" ] || return 0
    fetch_debian source "$1" "$2" "$3" '*.orig.tar.*'
    rm -rf "$partial"
    mkdir -p "$partial"
    tar -x -C "$partial" -f "$FETCHED"
    [ -d "$partial/$4" ] || die "$(basename "$FETCHED") holds no folder $4." \
        "Debian $DEBIAN_SUITE has moved on: set the versions in tools/versions.env to what it has now."
    mv "$partial/$4" "$folder"
    rmdir "$partial"
}

fetch_sources() { # in a step
    mkdir -p "$SOURCES"
    unpack_source imgui "$IMGUI_SOURCE_VERSION" "$IMGUI_SHA256" "imgui-$IMGUI_VERSION"
    unpack_source libsdl2 "$SDL2_SOURCE_VERSION" "$SDL2_SHA256" "SDL2-$SDL2_VERSION"
    unpack_source zlib "$ZLIB_SOURCE_VERSION" "$ZLIB_SHA256" "zlib-$ZLIB_VERSION"
}

# Header-only packages in a folder of their own: /usr/include itself would bring glibc's headers along.
link_headers() {
    mkdir -p "$HEADERS"
    ln -sfn /usr/include/eigen3/Eigen "$HEADERS/Eigen"
    ln -sfn /usr/include/doctest "$HEADERS/doctest"
    ln -sfn /usr/include/nlohmann "$HEADERS/nlohmann"
    ln -sfn /usr/include/CLI "$HEADERS/CLI"
}

# What a build of the libraries depends on; its hash names the folder.
third_party_key() {
    {
        printf '%s\n' "$EMSCRIPTEN_VERSION"
        cat "$ROOT"/cmake/third_party/* "$ROOT/cmake/flags.cmake" "$ROOT/tools/versions.env"
    } | sha256sum | cut -c 1-12
}

build_third_party() { # build_third_party on|off KEY, in a step
    local work=$CACHE/third-party/work-$1 target=$CACHE/third-party/wasm-$2-threads-$1
    rm -rf "$work" "$target.partial"
    cmake -S "$ROOT/cmake/third_party" -B "$work" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_TOOLCHAIN_FILE="$ROOT/cmake/emscripten.toolchain.cmake" \
        -DLENET_LAB_THREADS="$1" -DSOURCES="$SOURCES" -DCMAKE_INSTALL_PREFIX="$target.partial"
    cmake --build "$work"
    cmake --install "$work" >/dev/null
    rm -rf "$work" "$target"
    mv "$target.partial" "$target"
}

need_third_party() { # after need_emscripten
    local key threads hint="see the log; deleting $CACHE/third-party starts afresh"
    if [ ! -d "$SOURCES/imgui-$IMGUI_VERSION" ] || [ ! -d "$SOURCES/SDL2-$SDL2_VERSION" ] || [ ! -d "$SOURCES/zlib-$ZLIB_VERSION" ]; then
        step "third-party sources" "fetching SDL2 $SDL2_VERSION, Dear ImGui $IMGUI_VERSION, zlib $ZLIB_VERSION (Debian source packages)" \
            "check the network and run again" with_lock third-party fetch_sources
    fi
    link_headers
    key=$(third_party_key)
    for threads in on off; do
        if [ ! -d "$CACHE/third-party/wasm-$key-threads-$threads" ]; then
            step "third-party libraries, threads $threads" "compiling SDL2, Dear ImGui and zlib for wasm, once; kept in $CACHE" \
                "$hint" with_lock third-party build_third_party "$threads" "$key"
        fi
        ln -sfn "wasm-$key-threads-$threads" "$CACHE/third-party/wasm-threads-$threads"
    done
}
