#!/bin/sh
# hostile.sh PROGRAM - histories, scenarios and manifests made to do harm. Each
# command ends in time and in little memory, with a result or with status 1 and
# a message; what it shows and writes disturbs no terminal, spreadsheet, page
# or gnuplot script; and nothing but its own files is touched.
# shellcheck disable=SC2016,SC2086 # nothing is to be expanded; no blanks
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/tests/hostile
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" && cd "$work/in" || exit 1
passed=0
failed=0
limit_s=20
# The sanitizers want all the addresses there are; the fuzzer goes with them.
case $program in */asan/*) exit 0 ;; esac
# shellcheck disable=SC3045 # every sh of the distributions has it
ulimit -v 2000000 # kilobytes

ok() { passed=$((passed + 1)); }

bad() { # NAME WHAT
    failed=$((failed + 1))
    echo "FAIL $1: $2"
    head -c 300 err | cat -v | sed 's/^/     /' | head -n 4
}

# Control characters but white space, C1, what turns text around, other bytes
# than UTF-8.
disturbing() {
    LC_ALL=C tr -d '\11\12\15\40-\176\200-\377' <"$1" | grep -q . ||
        ! iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1 ||
        LC_ALL=C grep -qF "$turns" "$1" || LC_ALL=C grep -q "$c1" "$1"
}
turns=$(printf '\342\200\256\n\342\201\246')
c1=$(printf '\302[\200-\237]')

# It can tell: what is harmless, then one of each.
sees() { # BYTES: whether they disturb
    # shellcheck disable=SC2059 # bytes on purpose
    printf "$1" >../said
    disturbing ../said
}
! sees 'plain\t\r\n\303\244\342\202\254' || bad disturbing 'sees too much'
for bytes in '\033[m' '\007' '\177' '\302\233' '\342\200\256' '\342\201\246' \
    '\377' '\300\257'; do
    sees "$bytes" || bad disturbing "does not see $bytes"
done

# What would be run, or be shown as something else, where a file is opened.
check_file() { # NAME FILE
    case $2 in
    *.csv | *.csv.gz)
        ! grep -qE '(^|,)"?[=+@]' "$2" || bad "$1" "a formula in $2"
        return
        ;; # names stand there byte by byte
    *.png) return ;;
    *.md | *.html | *.svg)
        ! grep -qiE '<script>(alert|1)|<img src=x|[^\\]\]\(http://evil' "$2" ||
            bad "$1" "markup in $2"
        ;;
    *.gp | *.dat)
        ! grep -qE '[`$]\(?touch|"; system' "$2" || bad "$1" "a command in $2"
        ;;
    esac
    ! disturbing "$2" || bad "$1" "$2 disturbs"
}

# try NAME STATUSES COMMAND...: the command ends with one of these.
try() {
    name=$1
    allowed=$2
    before=$failed
    shift 2
    rm -rf ../out
    timeout "$limit_s" "$@" >../said 2>../err </dev/null
    status=$?
    mv ../err err
    case " $allowed " in
    *" $status "*) ;;
    *) bad "$name" "status $status" ;;
    esac
    [ $status -ne 1 ] || grep -q '^drydock: ....' err || bad "$name" 'no message'
    [ "$(wc -c <err)" -lt 20000 ] || bad "$name" 'a long message'
    ! disturbing err || bad "$name" 'the message disturbs'
    case $* in
    *' import '*' -o -') ;; # a history, byte by byte
    *) ! disturbing ../said || bad "$name" 'the answer disturbs' ;;
    esac
    if [ -d ../out ]; then
        find ../out -type f >../files
        while read -r file; do
            check_file "$name" "$file"
        done <../files
    fi
    ! find .. -name 'pwned*' | grep -q . || bad "$name" 'a name was run'
    [ "$failed" -ne "$before" ] || ok
}

# all NAME SCENARIO STATUSES: every command that reads a scenario.
all() {
    try "$1, run" "$3" "$program" run "$2" --events --openmetrics --perfetto \
        --threads 1 -o ../out
    try "$1, check" "$3" "$program" check "$2"
    try "$1, check as JSON" "$3" "$program" check "$2" --json
    try "$1, sweep" "$3" "$program" sweep "$2" --threads 1 --no-plots \
        --vary lb.queue_timeout=30m,1h -o ../out
    try "$1, compare" "$3" "$program" compare "$2" "$2" --threads 1 --reps 2 \
        -o ../out
    try "$1, explain" "$3" "$program" explain "$2" --build 1
    if command -v promtool >/dev/null; then
        try "$1, alerts" "$3" "$program" alerts \
            "$root/scenarios/alerts/backlog.yaml" "$2"
    fi
}

# ---------------------------------------------------------------- names

head='build,run,pool,asked_at,work_s,outcome,leaves_at,caller,name'

# Each name as an identity, a caller and an image, quoted as CSV wants it.
echo "$head" >names.csv
LC_ALL=C sed 's/"/""/g' "$here/names" | LC_ALL=C awk -v q='"' '{
    id = q NR " " $0 q; name = q $0 q
    print id "," name ",amd64," NR * 60 ",300,ok,," name "," name }' >>names.csv
for command in 'stats names.csv' 'import names.csv -o ../out/back.csv' \
    'import names.csv -o -' 'cut names.csv --from 1m --to 2h -o ../out/cut.csv'
do
    mkdir ../out 2>/dev/null
    # shellcheck disable=SC2086 # words on purpose
    try "trace $command" '0 1' "$program" trace $command
done
cp "$root/tests/golden/manifests/pool.yaml" "$here/pools.yaml" .
cat >names.yaml <<'END'
trace: names.csv
manifests: pool.yaml
END
all 'names of builds' names.yaml '0 1 3'
LC_ALL=C awk 'NR > 1' "$here/names" | while read -r build; do
    "$program" explain names.yaml --build "$build" >>../shown 2>&1
done
cp ../shown err
! disturbing err || bad 'explain of each name' 'disturbs'
{
    echo "$head"
    echo '1,1,"=""; system(''touch pwned'') #",1,60,ok,,"=1+1|",x'
} >trace.csv
all 'names of pools' pools.yaml '0 1 3'
sed '/pools:/,/deployment:/d' pools.yaml >callers.yaml
{
    echo "$head"
    printf '1,1,amd64,1,60,ok,,"=1+1|\033[2J`touch pwned`",x\n'
} >trace.csv
all 'names of callers' callers.yaml '0 1 3'
odd=$(printf 'a\033[31m`touch pwned`.yaml')
cp names.yaml "$odd"
all 'name of a scenario' "$odd" '0 1 3'

# ---------------------------------------------------------------- paths

mkdir -p ../out ../victim
echo precious >../victim/file
for file in summary.json report.md builds.csv timeline.csv; do
    ln -s ../victim/file ../out/$file
done
ln -s ../victim/none ../out/events.log
"$program" run names.yaml -q --no-plots --events -o ../out >../said 2>err
if [ "$(cat ../victim/file)" = precious ] && [ ! -e ../victim/none ]; then ok
else bad 'links among the outputs' 'were followed'; fi
if [ -f ../out/summary.json ] && [ ! -L ../out/summary.json ]; then ok; else
    bad 'links among the outputs' 'were kept'
fi
for path in ../../../../../../../../etc/passwd /dev/zero /proc/self/mem .; do
    printf 'trace: %s\nmanifests: pool.yaml\n' $path >path.yaml
    try "trace $path" 1 "$program" run path.yaml -o ../out
    printf 'trace: names.csv\nmanifests: %s\n' $path >path.yaml
    try "manifests $path" '1 3' "$program" check path.yaml
done

# ---------------------------------------------------------------- numbers

scenario() { printf 'trace: one.csv\nmanifests: %s\n' "$1" >one.yaml; }
{
    echo "$head"
    echo 1,1,amd64,2026-06-09T10:00:00Z,60,ok,,,x
} >one.csv
for value in 1000000000 9223372036854775808 -1 1e9 0x10 null '[]'; do
    for key in maxReplicaCount minReplicaCount stabilizationWindowSeconds \
        terminationGracePeriodSeconds periodSeconds failureThreshold; do
        sed "s/$key: [0-9]*/$key: $value/" pool.yaml >odd.yaml
        scenario odd.yaml
        try "$key: $value" '0 1 3' "$program" run one.yaml -q --no-plots
    done
done
for value in 9223372036854775807 9223372036854775808 -9223372036854775808 1e308 \
    nan inf -1 0x7fffffff 99999-12-31T00:00:00Z 2199-12-31T23:59:59Z; do
    printf '%s\n1,1,amd64,%s,60,ok,,,x\n' "$head" $value >odd.csv
    try "asked at $value" '0 1 3' "$program" run one.yaml -q --trace odd.csv
    printf '%s\n1,1,amd64,1,%s,ok,,,x\n' "$head" $value >odd.csv
    try "works for $value" '0 1 3' "$program" run one.yaml -q --trace odd.csv
done
for set in amd64.max_replicas=1000000000 warm_up=9223372036854775807us \
    lb.queue_timeout=1e300h amd64.hpa.tolerance=nan "$(printf 'a\033[2Jb=1')"; do
    try "--set $set" 1 "$program" run one.yaml -q --set "$set"
done

# ---------------------------------------------------------------- sizes

bomb() { # N: aliases of aliases
    echo 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'
    seq 1 "$1" | awk '{ p = $1 - 1; a = "*a" p
        print "a" $1 ": &a" $1 " [" a "," a "," a "," a "," a "," a "]" }'
}
bomb 30 >bomb.yaml
head -c 100000 /dev/zero | tr '\0' '[' >deep.yaml
head -c 100000 /dev/zero | sed 's/\x00/- /g' >deeper.yaml
head -c 100000 /dev/zero | sed 's/\x00/{a: /g' >maps.yaml
printf 'kind: &a {b: *a}\n' >self.yaml
printf 'kind: a\000b\n' >nul.yaml
printf 'kind: "\377\376"\n' >bytes.yaml
head -c 3000000 /dev/zero | tr '\0' 'x' >line.yaml
yes 'a: 1' | head -n 200000 >keys.yaml
yes -- '---' | head -n 500000 >documents.yaml
head -c 300000000 /dev/zero | gzip >zeros.gz
for file in bomb deep deeper maps self nul bytes line keys documents; do
    try "scenario $file" 1 "$program" run $file.yaml
    scenario $file.yaml
    try "manifest $file" 1 "$program" check one.yaml
    try "trace $file" 1 "$program" trace stats $file.yaml
    try "rules $file" 1 "$program" alerts $file.yaml names.yaml
    try "compare $file" 1 "$program" compare $file.yaml one.yaml
done
for command in 'run zeros.gz' 'trace stats zeros.gz' \
    'trace import zeros.gz -o ../out/x.csv' 'alerts zeros.gz names.yaml' \
    'run one.yaml --manifests zeros.gz' 'hpa zeros.gz' 'keda zeros.gz'; do
    # shellcheck disable=SC2086 # words on purpose
    try "$command" '1 2' "$program" $command
done
{
    echo "$head"
    yes '1,1,amd64,1,60,ok,,,x' | head -n 3000000
} | gzip -1 >rows.csv.gz
try 'three million times the same row' 1 "$program" trace stats rows.csv.gz

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
