#!/bin/sh
# html.sh PROGRAM - report.html in a real browser: it shows what report.md,
# summary.json and timeline.csv say, answers to mouse and keys, asks nobody for
# anything, and names that try to do harm stay text. Skipped without the
# distribution's package chromium.
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
for tool in chromium python3; do
    command -v $tool >/dev/null || {
        echo "skip: no $tool; 'sh tests/packages.sh tools' installs it"
        exit 0
    }
done
root=$PWD
golden=$root/tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1

# drydock STATUS WORD...: quiet, unless it ends otherwise.
drydock() {
    want=$1
    shift
    "$program" "$@" --quiet >out 2>&1
    got=$?
    [ "$got" -eq "$want" ] || {
        cat out
        echo "drydock $*: status $got, not $want"
        exit 1
    }
}

drydock 0 run "$golden/burst.yaml" -o run
drydock 0 compare "$root/scenarios/compare/base-32-8.yaml" \
    "$root/scenarios/compare/base-2-4.yaml" --reps 2 -o compare

# Nothing is counted; one build; two replications of a history without dates.
head -n 2 "$golden/burst.csv" >one.csv
drydock 0 run "$golden/burst.yaml" --trace one.csv --no-plots -o one
drydock 0 run "$golden/burst.yaml" --trace one.csv --no-plots -o none \
    --set warm_up=20m
printf 'build,pool,asked_at,work_s\n1,amd64,5,600\n2,amd64,7,600\n' >plain.csv
drydock 0 run "$golden/burst.yaml" --trace plain.csv --no-plots -o plain \
    --reps 2

# A year of six pools.
python3 "$root/tests/html_year.py" "$golden/manifests/pool.yaml" year
drydock 0 run year.yaml --no-plots -o year

# A line separator, an override of direction, what ends a script, a quote.
separator=$(printf '\342\200\250')
override=$(printf '\342\200\256')
evil="</script><img src=x onerror=hacked=1>\"'&lt;<!--$separator$override"
{
    echo 'build,run,pool,asked_at,work_s,name'
    i=0
    while [ "$i" -lt 8 ]; do
        echo "\"$i$(echo "$evil" | sed 's/"/""/g')\",r,amd64,$i,600,\"$(
            echo "$evil" | sed 's/"/""/g')\""
        i=$((i + 1))
    done
} >"evil<img src=x onerror=hacked=1>.csv"
cp -R "$golden/manifests" manifests
{
    echo "question: '</script><script>hacked=1</script><img src=x>'"
    sed '/^question\|^trace/d' "$golden/burst.yaml"
    echo "trace: 'evil<img src=x onerror=hacked=1>.csv'"
} >"a<b onclick=hacked=1>\"c.yaml"
sed 's/replicas: 4/replicas: 2/; s/maximum: 4/maximum: 2/' \
    "a<b onclick=hacked=1>\"c.yaml" >'d&amp;.yaml'
drydock 0 run "a<b onclick=hacked=1>\"c.yaml" -o evil
drydock 0 compare "a<b onclick=hacked=1>\"c.yaml" 'd&amp;.yaml' --reps 2 \
    -o evil-compare

timeout 300 python3 "$root/tests/html_page.py" "$work"
