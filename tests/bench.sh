#!/bin/sh
# bench.sh PROGRAM [renew] - prints how fast the program is here, then counts
# its instructions, which hardly depend on the machine: a customer of the
# queue, and a replication of the shipped scenario; and allocations of the heap
# by one replication more. Fails if a count is more than 5 % above
# tests/bench.baseline; with "renew" the baseline is replaced. Counts of another
# compiler than the baseline's are shown, and fail nothing.
#
# Each count is the difference between two sizes of a job, so that starting
# and reading files cancel out.
set -u
program=$1
renew=${2:-}
baseline=tests/bench.baseline
out=build/bench
mkdir -p "$out"
bad=0

# count ARGUMENT...: instructions of one run, 0 if it fails.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$out/callgrind" \
        "$program" bench "$@" >"$out/log" 2>&1 || {
        cat "$out/log" >&2
        echo 0
        return
    }
    sed -n 's/^.*Collected : \([0-9]*\).*/\1/p' "$out/log"
}

# allocations N: of the heap, by N replications; 0 if they fail.
allocations() {
    valgrind --leak-check=no "$program" bench many --replications "$1" 2>&1 |
        sed -n 's/^.*heap usage: \([0-9,]*\) allocs.*/\1/p' | tr -d ,
}

# each MORE FEWER UNITS: instructions of one unit.
each() {
    [ "$1" -gt "$2" ] || {
        echo 0
        return
    }
    echo $((($1 - $2) / $3))
}

# judge NAME COUNT: one line, with what it was before.
judge() {
    before=$(sed -n "s/^$1 //p" "$baseline" 2>/dev/null)
    if [ "$2" -le 0 ]; then
        echo "$1: could not be counted"
        bad=1
    elif [ "$renew" = renew ]; then
        echo "$1 $2" >>"$out/baseline"
        echo "$1: $2, was ${before:-unknown}"
    elif [ -z "$before" ]; then
        echo "$1: $2, no baseline; 'sh tests/bench.sh $program renew' makes it"
        bad=1
    elif [ "$compiler" != "$known" ]; then
        echo "$1: $2, baseline $before of another compiler"
    elif [ $((100 * $2)) -gt $((105 * before)) ]; then
        echo "$1: $2 is more than 5 % above the baseline of $before"
        bad=1
    else
        echo "$1: $2, baseline $before"
    fi
}

"$program" bench all || exit 1
compiler=$(readelf -p .comment "$program" | sed -n 's/^.*\(GCC\|clang\)/\1/p' |
    head -n 1)
known=$(sed -n 's/^compiler //p' "$baseline" 2>/dev/null)
[ "$compiler" = "$known" ] || [ "$renew" = renew ] ||
    echo "ATTENTION: built by '$compiler', the baseline by '$known': counts are" \
        'not judged'
echo 'counting instructions, which takes a minute'
echo "compiler $compiler" >"$out/baseline"
judge instructions_per_customer "$(each \
    "$(count queue --customers 60000)" \
    "$(count queue --customers 20000)" 40000)"
judge instructions_per_replication "$(each \
    "$(count scenario --runs 2)" "$(count scenario --runs 1)" 1)"
# The second thread may start late, so that some are counted together.
more=$(allocations 8)
fewer=$(allocations 4)
if [ -n "$more" ] && [ -n "$fewer" ]; then
    echo "allocations of a replication after the first:" \
        "$(((more - fewer) / 4)) (target <= 2)"
else
    echo 'allocations: could not be counted'
    bad=1
fi
[ "$renew" != renew ] || [ $bad -ne 0 ] || cp "$out/baseline" "$baseline"
exit $bad
