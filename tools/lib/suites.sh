# shellcheck shell=bash
# The test suites of tools/test. Each runs its tests, reads what they print, and counts (results.sh).

# run_suite NAME WHY FUNCTION [ARGUMENT…]: like a step, but what fails is for the caller to read. Sets SUITE_LOG, SUITE_STATUS.
run_suite() {
    local name=$1 why=$2 started=$SECONDS
    shift 2
    SUITE_LOG=$(log_of "$name")
    SUITE_STATUS=0
    say "== $name: $why"
    watched "$SUITE_LOG" "$@" || SUITE_STATUS=$?
    note "ran $((SECONDS - started)) s; log: $SUITE_LOG"
}

report_counts() { note "$1 passed, $2 failed, $3 skipped"; }

suite_structure() {
    local line passed=0 failed=0
    run_suite "structure" "the includes against the arrows of the architecture" run_structure
    while IFS= read -r line; do
        case $line in
            'ok - '*) passed=$((passed + 1)) ;;
            'not ok - '*)
                failed=$((failed + 1))
                add_failure "structure: ${line#not ok - }"
                ;;
        esac
    done <"$SUITE_LOG"
    grep -vE '^ok - ' "$SUITE_LOG" | sed 's/^/   | /' || true
    add_passed "$passed"
    if [ "$SUITE_STATUS" -ne 0 ] && [ "$failed" -eq 0 ]; then add_failure "structure: the check itself failed"; fi
    report_counts "$passed" "$failed" 0
}

run_structure() { "$ROOT/tools/check-structure"; }

# read_doctest SUITE: counts what doctest's console report in $SUITE_LOG says.
# A test that prints "SKIPPED: name: why" returned without testing: it is skipped, not passed.
read_doctest() {
    local suite=$1 summary passed failed skipped=0 line
    summary=$(grep -aE '^\[doctest\] test cases:' "$SUITE_LOG" | tail -n 1 || true)
    if [ -z "$summary" ]; then
        say "error: $suite ended without a summary (exit code $SUITE_STATUS). The end of its log:" >&2
        tail -n 30 "$SUITE_LOG" | sed 's/^/   | /' >&2
        add_failure "$suite: ended without a summary (a crash, a sanitizer's finding, or out of time); see $SUITE_LOG"
        return
    fi
    passed=$(sed -E 's/.*\| +([0-9]+) passed.*/\1/' <<<"$summary")
    failed=$(sed -E 's/.*\| +([0-9]+) failed.*/\1/' <<<"$summary")
    while IFS= read -r line; do
        add_skip "$suite: $line"
        skipped=$((skipped + 1))
    done < <(grep -aE '^SKIPPED: ' "$SUITE_LOG" | sed 's/^SKIPPED: //' | sort -u)
    passed=$((passed - skipped))
    add_passed "$passed"
    if [ "$failed" -gt 0 ]; then
        show_doctest_failures >&2
        while IFS= read -r line; do add_failure "$suite: $line"; done < <(failed_doctest_cases "$failed")
    elif [ "$SUITE_STATUS" -ne 0 ]; then
        tail -n 30 "$SUITE_LOG" | sed 's/^/   | /' >&2
        add_failure "$suite: exit code $SUITE_STATUS after its tests had passed; see $SUITE_LOG"
    fi
    report_counts "$passed" "$failed" "$skipped"
}

show_doctest_failures() { grep -aE -A 12 '(ERROR|FATAL ERROR): ' "$SUITE_LOG" | head -n 80 | sed 's/^/   | /'; }

# The names of the failed cases; as many lines as there are failures, whatever the log looks like.
failed_doctest_cases() {
    awk -v wanted="$1" '
        /^TEST CASE: / { name = substr($0, 14) }
        /ERROR: / && !seen[name]++ { if (count < wanted) { print name; count++ } }
        END { for (; count < wanted; count++) print "a test case; see the log" }' "$SUITE_LOG"
}

run_unit() { # in a step: the native tests, under the sanitizers
    export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1
    export ASAN_SYMBOLIZER_PATH=${ASAN_SYMBOLIZER_PATH:-$(command -v "llvm-symbolizer-$LLVM_MAJOR" || true)}
    timeout --kill-after=10 "${LENET_LAB_TEST_SECONDS:-1500}" "$BUILD/asan/unit-tests" --no-colors=true --duration=true
}

suite_unit() {
    if ! build asan "compiling the unit tests natively, with AddressSanitizer and UndefinedBehaviorSanitizer"; then
        add_failure "unit: the native build failed"
        return
    fi
    if [ ! -x "$BUILD/asan/unit-tests" ]; then
        add_failure "unit: there are no unit tests (tests/unit)"
        return
    fi
    run_suite "unit tests" "natively, under ASan and UBSan" run_unit
    read_doctest unit
}

run_node() { # in a step: the same tests as wasm
    timeout --kill-after=10 "${LENET_LAB_TEST_SECONDS:-1500}" node "$BUILD/node/unit-tests.cjs" --no-colors=true --duration=true
}

suite_node() {
    if ! build node "compiling the unit tests for wasm, to run in Node"; then
        add_failure "node: the wasm build failed"
        return
    fi
    if [ ! -f "$BUILD/node/unit-tests.cjs" ]; then
        add_failure "node: there are no unit tests (tests/unit)"
        return
    fi
    run_suite "unit tests in Node" "the same tests as wasm, with SIMD and threads" run_node
    read_doctest node
}

run_node_tests() { # run_node_tests TAP FILE…, in a step: Node's own test runner; a readable log, and TAP to count by
    local tap=$1
    shift
    cd "$ROOT" || return
    LENET_LAB_SITE=$SITE LENET_LAB_PROGRAM=$BUILD/native-release/lenet-lab timeout --kill-after=10 "${LENET_LAB_TEST_SECONDS:-1500}" \
        node --test --test-concurrency=1 --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$tap" "$@"
}

# read_tap SUITE FILE: counts of Node's test runner. Its sums leave the skipped ones out of the passed ones.
read_tap() {
    local suite=$1 tap=$2 passed failed skipped=0 line
    tap_sum() { sed -nE "s/^# $1 ([0-9]+)$/\1/p" "$tap" | tail -n 1; }
    passed=$(tap_sum pass)
    if [ -z "$passed" ]; then
        tail -n 30 "$SUITE_LOG" | sed 's/^/   | /' >&2
        add_failure "$suite: ended without a summary (exit code $SUITE_STATUS); see $SUITE_LOG"
        return
    fi
    failed=$(($(tap_sum fail) + $(tap_sum cancelled)))
    while IFS= read -r line; do
        add_skip "$suite: $line"
        skipped=$((skipped + 1))
    done < <(sed -nE 's/^ *ok [0-9]+ - (.*) # (SKIP|TODO) *(.*)$/\1: \3/p' "$tap")
    add_passed "$passed"
    if [ "$failed" -gt 0 ]; then
        grep -aE -A 25 'failing tests:' "$SUITE_LOG" | head -n 120 | sed 's/^/   | /' >&2 || true
        while IFS= read -r line; do add_failure "$suite: $line"; done < <(
            { sed -nE 's/^ *not ok [0-9]+ - (.*)$/\1/p' "$tap" && yes "a test; see the log"; } 2>/dev/null | head -n "$failed")
    elif [ "$SUITE_STATUS" -ne 0 ]; then
        add_failure "$suite: exit code $SUITE_STATUS; see $SUITE_LOG"
    fi
    report_counts "$passed" "$failed" "$skipped"
}

run_avx2() { # in a step
    timeout --kill-after=10 "${LENET_LAB_TEST_SECONDS:-1500}" "$BUILD/native-release/unit-tests-avx2" --no-colors=true --duration=true
}

suite_program() {
    local tap=$LOGS/program.tap
    local targets=(lenet-lab)
    if grep -qw avx2 /proc/cpuinfo 2>/dev/null; then targets+=(unit-tests-avx2); fi
    if ! build native-release "compiling the program as it is shipped" "${targets[@]}"; then
        add_failure "program: the native build failed"
        return
    fi
    if [ -x "$BUILD/native-release/unit-tests-avx2" ]; then
        run_suite "unit tests with AVX2" "the same tests with the wider kernels" run_avx2
        read_doctest avx2
    fi
    rm -f "$tap"
    run_suite "program" "the program as it is shipped: the same bits with each instruction set, studies in parts" run_node_tests "$tap" tests/program/*.test.mjs
    read_tap program "$tap"
}

suite_browser() {
    local tap=$LOGS/browser.tap
    if ! build_site; then
        add_failure "browser: the page could not be built"
        return
    fi
    if ! compgen -G "$ROOT/tests/browser/*.test.mjs" >/dev/null; then
        add_failure "browser: there are no browser tests (tests/browser)"
        return
    fi
    rm -f "$tap"
    run_suite "browser tests" "the page in a real Chromium, headless, WebGL in software" run_node_tests "$tap" tests/browser/*.test.mjs
    read_tap browser "$tap"
}
