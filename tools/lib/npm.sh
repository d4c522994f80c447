# shellcheck shell=bash
# npm's part: marked, which reads the lessons' Markdown in the page, and what drives and examines the browsers in the browser tests.

npm_install() { # in a step
    cd "$ROOT" || return
    npm ci --no-fund --no-audit
}

need_npm() {
    local stamp=$ROOT/node_modules/.lenet-lab-stamp sum
    sum=$(sha256sum <"$ROOT/package-lock.json")
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$sum" ]; then
        step "npm packages" "installing what package-lock.json pins (marked, for the page's lessons; playwright-core, for the browser tests)" \
            "see whether 'npm ci' works in $ROOT" with_lock npm npm_install
        printf '%s\n' "$sum" >"$stamp"
    fi
}
