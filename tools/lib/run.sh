#!/usr/bin/env bash
# Runs one function of tools/lib with its arguments: the child process of `step`.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/all.sh"
"$@"
