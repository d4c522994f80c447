# shellcheck shell=bash
# Long steps: say what and why, show progress, keep a log, and on failure say which step, where the log is, what to do.

# show_progress PID LOG: every 10 s, the seconds gone by and the log's last line.
show_progress() {
    local pid=$1 log=$2 started=$SECONDS next=10 elapsed
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        elapsed=$((SECONDS - started))
        if [ "$elapsed" -ge "$next" ]; then
            note "$(printf '%4d s  %s' "$elapsed" "$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-90)")"
            next=$((next + 10))
        fi
    done
}

# step NAME WHY HINT FUNCTION [ARGUMENT…]
# Runs a function of tools/lib in a shell of its own (so that `set -e` holds whoever calls).
# NAME is also the log's name.
step() {
    local name=$1 why=$2 hint=$3 started=$SECONDS status=0 pid log
    shift 3
    log=$LOGS/${name//[^A-Za-z0-9]/-}.log
    say "== $name: $why"
    bash "$ROOT/tools/lib/run.sh" "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    show_progress "$pid" "$log"
    wait "$pid" || status=$?
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
