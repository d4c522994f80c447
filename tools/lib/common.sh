# shellcheck shell=bash
# What every tool needs: where things are, how to speak, how to run a long step.
# Sourced, never run. Sets ROOT (the checkout), CACHE, BUILD, LOGS and the values of tools/versions.env.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${LENET_LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lenet-lab}
BUILD=$ROOT/build
LOGS=$BUILD/logs
# shellcheck source=tools/versions.env
source "$ROOT/tools/versions.env"

export LENET_LAB_CACHE=$CACHE
export CCACHE_DIR=${CCACHE_DIR:-$CACHE/ccache}
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$ROOT}
# Objects with debug information are found again from another checkout too.
export CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
export DEBIAN_FRONTEND=noninteractive
mkdir -p "$CACHE" "$LOGS"

say() { printf '%s\n' "$*"; }
note() { printf '   %s\n' "$*"; }

# die WHAT [WHAT TO DO]…: the end, with a sentence a person can act on.
die() {
    printf 'error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# version_at_least HAVE WANTED
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# as_root CMD…: directly as root, else through sudo; the reason is said by the caller.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif have sudo; then
        sudo --preserve-env=DEBIAN_FRONTEND "$@"
    else
        die "this step needs root: $*" "Run it as root, or install sudo."
    fi
}

cpu_count() { nproc 2>/dev/null || printf '2\n'; }

check_sha256() { # check_sha256 FILE SUM
    [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$2" ]
}

# with_lock NAME CMD…: one at a time over all runs that share the cache.
with_lock() {
    local name=$1
    shift
    mkdir -p "$CACHE/locks"
    (
        if ! flock -n 9; then
            note "waiting for another run to finish with '$name'"
            flock 9
        fi
        "$@"
    ) 9>"$CACHE/locks/$name"
}
