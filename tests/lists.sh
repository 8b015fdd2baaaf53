#!/bin/sh
# lists.sh BUILD NAME... - the event list of sim/engine and those of tests/lists
# side by side: nanoseconds of a hold, and instructions that the whole program
# takes for a replication of the shipped scenario. Each list has to pass the
# tests of the event list first. BUILD/lists/NAME is the program with a list,
# BUILD/lists/NAME.test its test.
set -u
build=$1
shift
out=$build/lists
bad=0

# count PROGRAM RUNS: instructions of so many replications.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" \
        "$1" bench scenario --runs "$2" 2>&1 |
        sed -n 's/^.*Collected : \([0-9]*\).*/\1/p'
}

# holds PROGRAM LAW: the five figures of one law.
holds() {
    "$1" bench hold | sed -n "s/^hold: .* pending, $2  *\([0-9.]*\) ns.*/\1/p" |
        tr '\n' ' '
}

# line NAME PROGRAM TEST
line() {
    "$3" >"$out/log" 2>&1 || {
        cat "$out/log" >&2
        echo "lists.sh: $1 fails the tests of the event list" >&2
        bad=1
        return
    }
    once=$(count "$2" 1)
    # shellcheck disable=SC2046,SC2183 # a word for each figure
    printf '| %-8s |%6s |%6s |%6s |%6s |%6s |%6s |%6s |%6s |%6s |%6s |%6s |\n' \
        "$1" $(holds "$2" exponential) $(holds "$2" 'ticks and lognormal') \
        "$((($(count "$2" 2) - once) / 1000000))"
}

cat <<'END'
|          | exponential: ns a hold of            |||||  ticks and lognormal                  ||||| scenario |
| list     |    10 |   100 |    1k |   10k |  100k |    10 |   100 |    1k |   10k |  100k | M instr. |
| ---      |   --- |   --- |   --- |   --- |   --- |   --- |   --- |   --- |   --- |   --- |      --- |
END
line wheel "$build/drydock" "$build/tests/test_fel"
for name in "$@"; do
    line "$name" "$out/$name" "$out/$name.test"
done
exit $bad
