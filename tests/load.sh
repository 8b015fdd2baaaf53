#!/bin/sh
# load.sh PROGRAM [BUILDS...] - histories of so many builds (1,000,000 and
# 10,000,000): time, peak memory, and bytes a build of importing one and of
# running it; then 1 to 1,000 pools: the same, CPU time a build, and what a pool,
# a build and a row of the timeline take. Slow, and wants 4 GiB; not part of
# `make check`.
set -u
program=$1
shift
[ $# -gt 0 ] || set -- 1000000 10000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# A build every ten seconds: the pool keeps up, so that the number of events
# grows with the builds and with nothing else.
history() {
    awk -v n="$1" 'BEGIN {
        print "build,run,pool,asked_at,work_s,outcome,leaves_at,caller,name"
        for (i = 0; i < n; i++)
            printf "%d,%d,amd64,%d,%d,ok,,,image-%d\n", i, i / 10, i * 10,
                60 + i * 7 % 240, i % 500
    }'
}

# measure NAME BUILDS COMMAND...
measure() {
    name=$1
    builds=$2
    shift 2
    /usr/bin/time -f '%e %U %M' -o "$work/usage" "$@" >"$work/said" \
        2>"$work/err" </dev/null
    case $? in
    0 | 3) ;;
    *)
        cat "$work/err"
        bad=1
        ;;
    esac
    tail -n 1 "$work/usage" | awk -v name="$name" -v n="$builds" '{
        printf "%-8s %9d builds %7.1f s %7.1f s CPU %6.0f MiB %4.0f B a build\n",
            name, n, $1, $2, $3 / 1024, $3 * 1024 / n }'
}

for builds in "$@"; do
    history "$builds" >"$work/trace.csv"
    measure import "$builds" "$program" trace import "$work/trace.csv" \
        -o "$work/again.csv"
    cmp -s "$work/trace.csv" "$work/again.csv" ||
        [ "$(wc -l <"$work/again.csv")" -gt "$builds" ] || bad=1
    measure run "$builds" "$program" run tests/golden/burst.yaml --quiet \
        --set amd64.max_replicas=40 --trace "$work/trace.csv"
done

# ------------------------------------------------------------ many pools

# live POOLS BUILDS [OPTION...]: one run of them; its usage in $work/usage.
live() {
    sh tests/many_pools.sh "$work/pools" "$1" "$2"
    pools=$1
    each=$2
    shift 2
    measure "run $pools" $((pools * each)) "$program" run \
        "$work/pools/many.yaml" --quiet "$@"
    kib=$(tail -n 1 "$work/usage" | cut -d ' ' -f 3)
    rm -r "$work/pools"
}

for pools in 1 10 100 1000; do
    live $pools 100
    sh tests/many_pools.sh "$work/pools" "$pools" 100
    "$program" bench scenario --runs 3 --scenario "$work/pools/many.yaml" |
        awk -v n=$((pools * 100)) '/CPU time/ {
            printf "         a replication: %.1f us of CPU a build\n",
                $4 * 1000 / n }'
    rm -r "$work/pools"
done
live 1 10
none=$kib
live 1000 10
few=$kib
live 1000 100 --no-plots -o "$work/files"
rows=$(wc -l <"$work/files/timeline.csv")
live 1000 100
many=$kib
awk -v none="$none" -v few="$few" -v many="$many" -v rows="$rows" 'BEGIN {
    build = (many - few) * 1024 / 90000
    printf "memory: %.0f MiB + %.0f B a pool + %.0f B a build\n", none / 1024,
        ((few - none) * 1024 - 9990 * build) / 999, build
    printf "scratch file of --output: 72 B a row, %.0f rows, %.0f MiB\n", rows,
        rows * 72 / 1048576 }'
exit $bad
