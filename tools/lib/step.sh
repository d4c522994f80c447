# shellcheck shell=bash
# Long steps: say what and why, show progress, keep a log, and on failure say which step, where the log is, what to do.

# The process group of the step under way; it ends when we are told to.
STEP_JOB=

stop_step() {
    if [ -n "$STEP_JOB" ]; then kill -TERM -- "-$STEP_JOB" 2>/dev/null || true; fi
    STEP_JOB=
}
trap 'stop_step; exit 130' INT
trap 'stop_step; exit 143' TERM

# show_progress PID LOG: every 10 s, the seconds gone by and the log's last line.
show_progress() {
    local pid=$1 log=$2 started=$SECONDS next=10 elapsed
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        elapsed=$((SECONDS - started))
        if [ "$elapsed" -ge "$next" ]; then
            note "$(printf '%4d s  %s' "$elapsed" "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)")"
            next=$((next + 10))
        fi
    done
}

# watched LOG FUNCTION [ARGUMENT…]: runs a function of tools/lib in a shell of its own, so that `set -e` holds whoever
# calls; everything it prints goes to LOG. Returns its exit code.
watched() {
    local log=$1 status=0
    shift
    set -m # a process group of its own, to be ended as a whole
    bash "$ROOT/tools/lib/run.sh" "$@" >"$log" 2>&1 </dev/null &
    STEP_JOB=$!
    set +m
    show_progress "$STEP_JOB" "$log"
    wait "$STEP_JOB" || status=$?
    STEP_JOB=
    return "$status"
}

log_of() { printf '%s/%s.log' "$LOGS" "$(printf '%s' "$1" | tr -sc 'A-Za-z0-9\n' '-')"; }

# step NAME WHY HINT FUNCTION [ARGUMENT…]
step() {
    local name=$1 why=$2 hint=$3 started=$SECONDS status=0 log
    shift 3
    log=$(log_of "$name")
    say "== $name: $why"
    watched "$log" "$@" || status=$?
    if [ "$status" -eq 0 ]; then
        note "done in $((SECONDS - started)) s"
        return 0
    fi
    {
        say "error: the step '$name' failed (exit code $status). The end of its log:"
        tail -n 25 "$log" | sed 's/^/   | /'
        note "whole log: $log"
        note "what to do: $hint"
    } >&2
    return "$status"
}
