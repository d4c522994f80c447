# shellcheck shell=bash
# Counting tests. A suite reports each outcome here; `finish` prints the sums, as the last line whatever happens.

PASSED=0 FAILED=0 SKIPPED=0
FAILURES=() SKIPS=()

add_passed() { PASSED=$((PASSED + $1)); }

add_failure() { # add_failure NAME
    FAILED=$((FAILED + 1))
    FAILURES+=("$1")
}

add_skip() { # add_skip NAME-AND-WHY
    SKIPPED=$((SKIPPED + 1))
    SKIPS+=("$1")
}

# The end of every run: names what failed and what was skipped; the sums come last.
finish() {
    local status=$? line
    trap - EXIT
    stop_step
    if [ "$status" -ne 0 ] && [ "$FAILED" -eq 0 ]; then add_failure "the run ended early (exit code $status; see above)"; fi
    say
    for line in "${SKIPS[@]}"; do say "skipped: $line"; done
    for line in "${FAILURES[@]}"; do say "failed:  $line"; done
    line="$PASSED passed, $FAILED failed"
    [ "$SKIPPED" -eq 0 ] || line+=", $SKIPPED skipped"
    say "$line"
    if [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]; then exit 0; else exit 1; fi
}
