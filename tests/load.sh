#!/bin/sh
# load.sh PROGRAM [BUILDS] [POOLS] - a history of so many builds (10,000,000),
# and a scenario of so many pools (1,000): time and peak memory of import and
# run, and memory a build.
set -u
program=$PWD/$1
builds=${2:-10000000}
pools=${3:-1000}
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

# history BUILDS POOLS: one build every 0.1 s of 5 minutes each for every 25,
# so that the same share of slots is busy whatever their number.
history() {
    awk -v n="$1" -v pools="$2" 'BEGIN {
        print "build,run,pool,asked_at,work_s,outcome,leaves_at,caller,name"
        for (i = 0; i < n; i++)
            printf "%d,%d,p%d,%.1f,%d,ok,,,image-%d\n", i, i / 10,
                i % pools, i / 10, 60 + i * 7 % 240, i % 500
    }'
}

# measure NAME COMMAND...
measure() {
    name=$1
    shift
    /usr/bin/time -f '%e s, %M KiB' -o usage "$@" >said 2>err || {
        [ $? -eq 3 ] || cat err
    }
    printf '%-28s %s\n' "$name" "$(tail -n 1 usage)"
}
