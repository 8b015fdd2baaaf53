#!/bin/sh
# tsan.sh PROGRAM - the commands that work with threads, of a program built with
# the thread sanitizer: no data race is reported, and the answer is the one of a
# single thread.
set -u
program=$1
golden=tests/golden/burst.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TSAN_OPTIONS=halt_on_error=1:exitcode=66
bad=0

# try NAME ARGUMENT...: the command with one thread and with four.
try() {
    name=$1
    shift
    for threads in 1 4; do
        "$program" "$@" --threads $threads >"$work/$threads" 2>"$work/err" \
            </dev/null
        status=$?
        case $status in
        0 | 3) ;;
        *)
            echo "FAIL $name with $threads threads: status $status"
            cat "$work/err"
            bad=1
            ;;
        esac
    done
    cmp -s "$work/1" "$work/4" || {
        echo "FAIL $name: another answer with four threads"
        bad=1
    }
    echo "$name: status $status"
}

try run run $golden --reps 12 --quiet
try 'run with files' run $golden --reps 6 --quiet --no-plots --events \
    --openmetrics -o "$work/run"
try sweep sweep $golden --quiet --reps 4 --vary amd64.max_replicas=4,6,8 \
    --vary amd64.min_replicas=1,2
try compare compare $golden tests/golden/burst.yaml --reps 6
cp -R tests/golden "$work/goal"
echo 'targets: {p95_wait: 10m, gave_up: 0, killed: 0}' >>"$work/goal/burst.yaml"
try size size "$work/goal/burst.yaml" --quiet --histories 4 --no-plots
exit $bad
