#!/bin/sh
# alerts.sh PROGRAM - the shipped alerts against the shipped histories, by the
# real rule engine; and that engine against a case that was worked out by hand.
# Skipped without the distribution's package prometheus.
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
command -v promtool >/dev/null || {
    echo "skip: no promtool; 'sh tests/packages.sh tools' installs it"
    exit 0
}
alerts=$PWD/scenarios/alerts
golden=$PWD/tests/golden
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failed=0

# judge STATUS WORDS RULES SCENARIO OPTION...: the first line of the answer.
judge() {
    want=$1
    words=$2
    shift 2
    timeout 120 "$program" alerts "$@" -o out --quiet >answer 2>&1
    got=$?
    if [ "$got" -ne "$want" ] || [ "$(head -n 1 answer)" != "$words" ]; then
        echo "FAIL $*: status $got, not $want; '$words' is not what is said:"
        cat answer
        failed=1
    fi
}

# row FILE TEXT: a row of a CSV file.
row() {
    grep -qxF -- "$2" "out/$1" || {
        echo "FAIL out/$1 has no row $2"
        cat "out/$1"
        failed=1
    }
}

# Pairs whose queue is hardly ever empty: nothing is wrong.
judge 0 'no trouble; 1 false alarm' "$alerts/backlog-above-0.yaml" \
    "$alerts/pairs.yaml"
judge 0 'no trouble; 0 false alarms' "$alerts/backlog-above-20.yaml" \
    "$alerts/pairs.yaml"
# A push that is too large: both see it.
judge 0 'yes: all 1 troubles seen; 0 false alarms' \
    "$alerts/backlog-above-0.yaml" "$alerts/backlog.yaml"
judge 0 'yes: all 1 troubles seen; 0 false alarms' \
    "$alerts/backlog-above-20.yaml" "$alerts/backlog.yaml"
# The queue limit of today: whoever waits is seen now and then only.
judge 3 'no: 1 of 1 troubles seen by no alert; 0 false alarms' \
    "$alerts/backlog-above-0.yaml" "$golden/burst.yaml"

# By hand. Spec is 2 before the burst and 4 from the growth on; `for` counts
# from the first evaluation at which it holds, so that 3 minutes are the fourth
# evaluation, and keep_firing_for would hold it longer.
cat >hand.yaml <<'END'
groups:
  - name: hand
    interval: 30s
    rules:
      - record: hand:spec
        expr: sum(kube_deployment_spec_replicas)
      - alert: AtOnce
        expr: hand:spec > 3
      - alert: For
        expr: hand:spec > 3
        for: 3m
        labels: {deployment: buildkitd-amd64}
  - name: slower
    interval: 2m
    rules:
      - alert: Slow
        expr: sum(kube_deployment_spec_replicas) > 3
END
judge 0 'yes: all 1 troubles seen; 0 false alarms' hand.yaml \
    "$golden/burst.yaml" --set scrape.interval=30s
"$program" run "$golden/burst.yaml" -o run --no-plots --quiet >/dev/null
first=$(sed -n 's/^\([^,]*\),amd64,.*/\1/p' run/timeline.csv | head -n 1)
origin=$(date -u -d "$first" +%s)
# Seconds of the first and the last row with more than 3 replicas wanted.
set -- $(awk -F, 'NR > 1 { gsub("[TZ]", " ", $1); print $8, $1 }' \
    run/timeline.csv | while read -r wanted at; do
    echo "$wanted $(date -u -d "$at" +%s.%N)"
done | awk -v o="$origin" '
    $1 > 3 && !a { a = $2 - o } a && !b && $1 <= 3 { b = $2 - o }
    END { print a, b }')
# up SECONDS STEP: the first multiple of the step at or after it, as a time.
up() {
    at=$(awk -v s="$1" -v step="$2" 'BEGIN {
        n = int(s / step); if (n * step < s) n++; print n * step }')
    date -u -d "@$((origin + at))" +%Y-%m-%dT%H:%M:%SZ
}
from=$(up "$1" 30)
later=$(date -u -d "$from + 180 seconds" +%Y-%m-%dT%H:%M:%SZ)
for alert in "AtOnce,,,$from" \
    "For,\"deployment=\"\"buildkitd-amd64\"\"\",amd64,$later" \
    "Slow,,,$(up "$1" 120)"; do
    grep -qF -- "$alert," out/alerts.csv || {
        echo "FAIL out/alerts.csv has no $alert"
        cat out/alerts.csv
        failed=1
    }
done
row troubles.csv 'trouble,pool,from,until,waiting,lost,seen_by,delay_s'

# What the engine refuses is said in its words.
printf 'groups: [{name: a, rules: [{alert: A, expr: "sum("}]}]\n' >bad.yaml
"$program" alerts bad.yaml "$golden/burst.yaml" >answer 2>&1
[ $? -eq 1 ] && grep -q 'drydock: bad.yaml: promtool: .*parse error' answer || {
    echo 'FAIL a bad expression'
    cat answer
    failed=1
}
# Without the engine: what to install.
PATH=/nowhere "$program" alerts hand.yaml "$golden/burst.yaml" >answer 2>&1
[ $? -eq 1 ] && grep -q 'no promtool: install the package prometheus' answer || {
    echo 'FAIL no promtool'
    cat answer
    failed=1
}
[ $failed -ne 0 ] || echo 'the alerts do what they did'
exit $failed
