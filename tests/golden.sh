#!/bin/sh
# golden.sh PROGRAM [renew] - replays the small scenarios of tests/golden/ and
# compares every event and every figure with those kept beside them: X.yaml
# gives X.log (events.log) and X.json (summary.json). With "renew" the new ones
# are kept; read the diff before it is committed.
#
# A pod that is meant for the same node as before says so at every look of the
# scheduler and of Karpenter; only the first of these lines is kept.
set -u
program=$1
renew=${2:-}
out=build/golden
bad=0

# same KEPT NEW: quiet if they agree.
same() {
    if [ "$renew" = renew ]; then
        cp "$2" "$1"
    elif [ ! -f "$1" ]; then
        echo "$1 is missing; 'make golden' makes it"
        return 1
    else
        diff -u "$1" "$2"
    fi
}

# shorten LOG
shorten() {
    awk '/ is meant for its place/ {
             place = $2 " " $3 " " $4 " " $NF
             if (last[$2 " " $4] == place)
                 next
             last[$2 " " $4] = place
         }
         { print }' "$1"
}

for scenario in tests/golden/*.yaml; do
    name=${scenario##*/}
    name=${name%.yaml}
    rm -rf "${out:?}/$name"
    mkdir -p "$out"
    "$program" run "$scenario" --events --quiet --no-plots \
        -o "$out/$name" >"$out/$name.out" 2>&1 || {
        echo "$scenario: the run failed"
        cat "$out/$name.out"
        bad=1
        continue
    }
    shorten "$out/$name/events.log" >"$out/$name.log"
    same "tests/golden/$name.log" "$out/$name.log" || bad=1
    same "tests/golden/$name.json" "$out/$name/summary.json" || bad=1
    lines=$(wc -l <"tests/golden/$name.log")
    [ "$lines" -lt 150 ] || {
        echo "tests/golden/$name.log: $lines lines are too long to be read"
        bad=1
    }
done
exit $bad
