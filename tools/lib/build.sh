# shellcheck shell=bash
# Configuring and building with the presets, and the whole chain that ends in the site folder.

SITE=$BUILD/site

build_preset() { # build_preset PRESET [TARGET…], in a step
    local preset=$1 target targets=()
    shift
    for target in "$@"; do targets+=(--target "$target"); done
    cd "$ROOT" || return
    if [ ! -f "$BUILD/$preset/build.ninja" ]; then
        rm -rf "$BUILD/$preset/CMakeCache.txt" "$BUILD/$preset/CMakeFiles"
        configure_preset "$preset"
    fi
    cmake --build "$BUILD/$preset" "${targets[@]}"
}

configure_preset() {
    if [ -z "${CXX:-}" ] && have "clang++-$LLVM_MAJOR"; then
        export CC=clang-$LLVM_MAJOR CXX=clang++-$LLVM_MAJOR
    fi
    cmake --preset "$1"
}

# build PRESET WHY [TARGET…]
build() {
    local preset=$1 why=$2
    shift 2
    step "build $preset" "$why" \
        "correct the first error above; if it looks like a leftover of an earlier build, delete $BUILD/$preset" \
        with_lock "build-$(printf '%s' "$BUILD" | sha256sum | cut -c 1-8)" build_preset "$preset" "$@"
}

need_native() { need_packages "native builds" "${NATIVE_PACKAGES[@]}"; }

need_web() {
    need_packages "wasm builds" "${WEB_PACKAGES[@]}"
    need_node
    need_npm
    need_emscripten
    need_third_party
}

build_site() { # everything that the page is, in $SITE
    build web "compiling the page for wasm: release, SIMD, threads" || return
    build web-relaxed "compiling it once more with relaxed SIMD, for browsers that have it" || return
    build web-single "compiling it once more for pages without cross-origin isolation: one thread" || return
    need_data "$SITE"
}
