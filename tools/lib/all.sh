# shellcheck shell=bash
# Everything in tools/lib, in an order in which each finds what it needs.
LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in common step packages debian emscripten third_party npm cifar10 data build bench results suites; do
    # shellcheck source=/dev/null
    source "$LIB/$part.sh"
done
unset part
