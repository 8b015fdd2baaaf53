#!/bin/sh
# golden.sh PROGRAM [renew] - replays the small scenarios of tests/golden/ and
# compares every event and every figure with those kept beside them: X.yaml
# gives X.log (events.log) and X.json (summary.json). With "renew" the new ones
# are kept; read the diff before it is committed.
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
    same "tests/golden/$name.log" "$out/$name/events.log" || bad=1
    same "tests/golden/$name.json" "$out/$name/summary.json" || bad=1
    lines=$(wc -l <"tests/golden/$name.log")
    [ "$lines" -lt 150 ] || {
        echo "tests/golden/$name.log: $lines lines are too long to be read"
        bad=1
    }
done
exit $bad
