#!/bin/sh
# resume.sh PROGRAM [long] - searches that are killed, stopped, shared, locked
# out or short of disk: nothing is lost, and the answer is the same. long: 50
# kills of each in the place of 5.
# shellcheck disable=SC2086,SC2317 # words on purpose; check calls functions
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
kills=5
[ "${2-}" != long ] || kills=50
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'kill -9 $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
ln -s "$root/scenarios" "$root/traces" .
failed=0

ok() { echo "ok   $1"; }
bad() {
    failed=1
    echo "FAIL $1"
    sed 's/^/     /' err 2>/dev/null | head -n 12
}
check() { # NAME COMMAND...
    what=$1
    shift
    if "$@"; then ok "$what"; else bad "$what"; fi
}
says() { grep -qF -- "$1" err; }

# Words without spaces in them, for "$program" $sweep.
small=scenarios/staging-scale-test.yaml
sweep="sweep $small --vary amd64.max_replicas=4,5,6,8,10,12 --reps 100 -q
    --no-plots"
size="size $small --histories 150 -q --no-plots"

equal() { diff -r -x 'trials*' "$1" "$2" >err 2>&1; }

# Whole lines that were there are there still.
keeps() { head -n "$(wc -l <"$1")" "$2" | cmp -s "$1" -; }

# torment NAME WORDS: kills it again and again, each time a little further on.
torment() {
    "$program" $2 -o whole >whole.out 2>err || bad "$1 runs"
    rm -rf torn
    mkdir torn
    : >before
    killed=0
    rounds=0
    lost=0
    while [ "$killed" -lt "$kills" ] && [ "$rounds" -lt 1000 ]; do
        rounds=$((rounds + 1))
        delay=$(awk "BEGIN { srand($rounds); printf \"0.%03d\", rand() * 300 }")
        "$program" $2 -o torn --resume >torn.out 2>err &
        pid=$!
        sleep "$delay"
        kill -9 $pid 2>/dev/null
        wait $pid 2>/dev/null
        [ $? -ne 137 ] || killed=$((killed + 1))
        [ -f torn/trials.txt ] || continue
        keeps before torn/trials.txt || lost=1
        # All but a last line that is not whole.
        head -n "$(wc -l <torn/trials.txt)" torn/trials.txt >before
        if [ -f torn/sweep.csv ] || [ -f torn/report.md ]; then
            rm -rf torn
            mkdir torn
            : >before
        fi
    done
    check "$1: killed $killed times, no run lost" [ "$lost" -eq 0 ]
    check "$1: killed as often as it was to be" [ "$killed" -eq "$kills" ]
    # As a kill in the midst of writing leaves it.
    : >"torn/report.md.part.$pid.0"
    "$program" $2 -o torn --resume >torn.out 2>err
    check "$1 goes on to the same files" equal whole torn
    check "$1 prints the same" cmp -s whole.out torn.out
    rm -rf whole torn
}

torment sweep "$sweep"
torment size "$size"

# ---------------------------------------------------------------- a signal

"$program" $sweep --reps 5000 -o stopped >out 2>err &
pid=$!
while [ ! -s stopped/trials.txt ]; do sleep 0.05; done
if "$program" $sweep -o stopped --resume >out2 2>err2; then
    bad 'two searches in one folder'
else
    mv err2 err
    check 'the second search is refused' says 'another drydock is at work in'
fi
kill -TERM "$pid"
wait "$pid"
check 'SIGTERM ends a sweep as Ctrl-C does' [ $? -eq 1 ]
n=$(wc -l <stopped/trials.txt)
check 'what is done is kept' [ "$n" -gt 1 ]

# ---------------------------------------------------------------- a full disk

"$program" $sweep -o full >/dev/null 2>err
cp -R full kept
for command in "$sweep" "$size"; do
    name=${command%% *}
    (
        ulimit -f 40
        "$program" $command -o full >out 2>err
    )
    check "$name on a full disk fails" [ $? -eq 1 ]
    check "$name says why" says 'trials.txt: File too large'
    check "$name leaves what was there" equal full kept
done
(
    ulimit -f 0
    "$program" $sweep -o full --resume >out 2>err
)
check 'a disk without any room fails' [ $? -eq 1 ]
"$program" $sweep -o full --resume >out 2>err
check 'with room again it goes on' equal full kept

# ---------------------------------------------------------------- parts

"$program" $sweep >whole.out
for part in 0 1 2; do
    "$program" $sweep -o parts --part $part/3 >"part.$part" 2>err &
    eval "pid$part=$!"
done
# shellcheck disable=SC2154 # set by eval
kill -9 "$pid1" 2>/dev/null
wait "$pid1" 2>/dev/null
"$program" $sweep -o parts --part 1/3 >part.1 2>err
check 'a part that was lost goes on' [ $? -eq 0 ]
# shellcheck disable=SC2154
wait "$pid0" && wait "$pid2"
check 'the others wait for it' [ $? -eq 0 ]
for part in 0 1 2; do
    check "part $part has the whole answer" cmp -s whole.out "part.$part"
done
n=$(cat parts/trials.*-of-3.txt | grep -vc '^drydock trials')
check 'no run was done twice' [ "$n" -eq 600 ]
"$program" $sweep --part 0/2 >out 2>err
check 'parts need a folder' [ $? -eq 2 ]
"$program" $sweep -o parts --part 2/2 >out 2>err
check 'the last part is one less than their number' [ $? -eq 2 ]

exit $failed
