#!/bin/sh
# compare.sh PROGRAM - `drydock compare`: what the real pool went through gives
# the verdict that history gave; commits; names that try to do harm.
# shellcheck disable=SC2016 # expansions that must not happen
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
root=$PWD
pairs=$root/scenarios/compare
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failed=0

fail() {
    echo "FAIL $1"
    failed=1
}

# compare STATUS OPTION...: its answer is in the file `answer`.
compare() {
    want=$1
    shift
    timeout 120 "$program" compare --quiet "$@" >answer 2>&1
    got=$?
    [ "$got" -eq "$want" ] || {
        fail "compare $*: status $got, not $want:"
        cat answer
    }
}

# says FILE PATTERN: a line matches it.
says() {
    grep -q -- "$2" "$1" || {
        fail "'$2' is not in $1:"
        head -n 40 "$1"
    }
}

says_not() {
    if grep -m 3 -n -- "$2" "$1"; then fail "'$2' is in $1"; fi
}

# ------------------------------------------------------------ the real pool

# What is judged, and how it came out in reality: BASE HEAD STATUS, the first
# word, and what must be in the first line.
#   scale-down after 600 s, one pod per 120 s -> 1200 s, 10 pods or 20 %: about
#   two hours to the minimum in both; nobody waits
#   10 slots -> 400: 10 pods in use, 21 idle -> all 27 at once; same price
#   minimum 32 / 8 -> 2 / 4: 27 builds wait for nodes, $2351 a day -> a fifth
#   one size that is sold out -> two, weighted: the pods that waited for ever
#   get nodes, which cost money
while IFS='|' read -r base head status word part; do
    [ -n "$base" ] || continue
    compare "$status" "$pairs/$base.yaml" "$pairs/$head.yaml"
    head -n 1 answer >first
    says first "^$word"
    says first "$part"
done <<'TABLE'
window-600|window-1200|0|better: cost -|beyond noise: p95 wait in amd64
slots-10|slots-400|0|better: p95 wait in amd64 -49m57s|killed, cost$
base-32-8|base-2-4|0|mixed; worse: p95 wait in amd64 +|better: cost -\$1,9
one-size|weighted-sizes|3|mixed; worse: cost +|better: p95 wait in amd64 -1h
TABLE

# Backwards the verdict turns round, and the old fault is a new hazard.
compare 3 "$pairs/slots-400.yaml" "$pairs/slots-10.yaml" -o slots
says answer '^worse: p95 wait in amd64 +49m57s'
says answer '^  error: backend bk_amd64 has 10 slots'
says answer 'lb.bk_arm64.slots: 40 (.*haproxy.yaml:53) -> 10 (.*: no effect'
says slots/report.md '^## drydock: worse$'
says slots/compare.json '"passes": false'
if command -v gnuplot >/dev/null; then
    says slots/report.md '^!\[.*\](plots/pair_burst.png)$'
    for picture in slots/plots/pair_burst.png slots/plots/pair_waits.png; do
        [ -s "$picture" ] || fail "$picture is not there"
        [ "$(wc -c <"$picture")" -lt 150000 ] || fail "$picture is large"
    done
fi

# The same twice is the same; one replication knows no noise.
compare 0 "$pairs/slots-400.yaml" "$pairs/slots-400.yaml"
says answer '^no difference: the history is the same, event by event$'
says answer '^No parameter is different.$'
compare 0 "$pairs/base-32-8.yaml" "$pairs/base-2-4.yaml" --reps 1
says answer '^unknown: one replication has no interval'

# Threads do not matter.
compare 0 "$pairs/base-32-8.yaml" "$pairs/base-2-4.yaml" --threads 1 --json
mv answer one
compare 0 "$pairs/base-32-8.yaml" "$pairs/base-2-4.yaml" --threads 3 --json
cmp -s one answer || fail 'threads change the answer'

# ------------------------------------------------------------ mistakes

compare 2 "$pairs/slots-10.yaml"
compare 2 a b c
compare 2 --git main -- a
compare 2 --git=--output=x..HEAD -- a
compare 2 --git 'a;b..HEAD' -- a
compare 1 "$pairs/slots-10.yaml" "$pairs/base-2-4.yaml"
says answer 'the two sides have different histories, from build 1'
compare 1 "$root/scenarios/manifests/prod" "$root/scenarios/manifests/prod"
says answer 'which history?'
compare 1 "$pairs/slots-10.yaml" nowhere.yaml
says answer 'nowhere.yaml'

# ------------------------------------------------------------ folders

trace=$root/scenarios/stories/traces/burst-27.csv
cp -R "$root/scenarios/manifests/prod" base
cp -R base head
sed 's/minReplicaCount: 2$/minReplicaCount: 27/' \
    base/scaledobjects.yaml >head/scaledobjects.yaml
compare 0 base head --trace "$trace"
says answer '^mixed; worse: cost'
says answer 'amd64.min_replicas: 2 (base/scaledobjects.yaml:10) -> 27 (head/'

# ------------------------------------------------------------ commits

if command -v git >/dev/null; then
    mkdir repository && cd repository || exit 1
    GIT_CONFIG_GLOBAL=/dev/null
    export GIT_CONFIG_GLOBAL
    commit() {
        git add -A && git -c user.name=n -c user.email=e@e.invalid \
            -c commit.gpgsign=false commit -q -m "$1"
    }
    git init -q . && cp -R ../base manifests && commit base
    cp ../head/scaledobjects.yaml manifests/
    # A link that leads out of the folder is not followed, a file of another
    # kind not read.
    ln -s /etc/passwd manifests/out.yaml
    echo '}{' >'manifests/$(touch x).txt'
    commit head
    compare 0 --git 'HEAD~1..HEAD' --trace "$trace" -- manifests
    says answer '^mixed; worse: cost'
    says answer '(HEAD~1:manifests/scaledobjects.yaml:10) -> 27 (HEAD:manif'
    compare 0 --git 'HEAD~1...HEAD' --trace "$trace" -- manifests
    says answer '^mixed; worse: cost'
    compare 1 --git 'gone..HEAD' --trace "$trace" -- manifests
    says answer "no revision 'gone'"
    compare 1 --git 'HEAD~1..HEAD' --trace "$trace" -- nothing
    says answer "no 'nothing' at 'HEAD~1'; a folder that has moved"
    remark() { # RANGE: what is said beside the answer
        "$program" compare --git "$1" --trace "$trace" -- manifests \
            2>answer >/dev/null
    }
    remark 'HEAD~1..HEAD'
    ! grep -q 'as it was committed' answer || fail 'a clean tree is not clean'
    echo '# more' >>manifests/scaledobjects.yaml
    remark 'HEAD~1..HEAD'
    says answer 'HEAD:manifests is compared as it was committed'
    remark 'HEAD..HEAD~1'
    ! grep -q 'as it was committed' answer || fail 'another commit is not that'
    git checkout -q manifests/scaledobjects.yaml
    echo 'kind: [' >manifests/broken.yaml
    commit broken
    compare 1 --git 'HEAD~1..HEAD' --trace "$trace" -- manifests
    says answer 'HEAD:manifests/broken.yaml:'
    [ ! -e x ] || fail 'a name was run'
    cd ..

else
    echo 'skip: no git; commits are not compared'
fi

# ------------------------------------------------------------ hostile names

evil='<img src=x onerror=y>@someone #1 `x` [a](//b) ![c](d) $x$ www.e.f'
mkdir "ma<b>@x |y"
cp base/* "ma<b>@x |y"
{
    echo 'build,run,pool,asked_at,work_s,name'
    i=0
    while [ "$i" -lt 20 ]; do
        echo "\"$i|$evil\",r,amd64,$i,600,\"$evil</details>|\""
        i=$((i + 1))
    done
} >'@evil #2.csv'
compare 0 head "ma<b>@x |y" --trace '@evil #2.csv' -o evil
report=evil/report.md
says "$report" 'img src=x'
# No HTML but the folds, and they are closed as often as opened.
sed 's#<details><summary>[^<]*</summary>##; s#^</details>$##' \
    "$report" >stripped
says_not stripped '<'
[ "$(grep -c '^<details>' "$report")" -eq "$(grep -c '^</details>$' "$report")" ] ||
    fail 'a fold is not closed'
says_not "$report" '@someone'
says_not "$report" '[^&]#1'
says_not "$report" '[^\\]`'
says_not "$report" '[^\\]](//b)'
says_not "$report" 'www\.e'
[ "$(wc -c <"$report")" -lt 60000 ] || fail 'the report is too long'
[ "$failed" -eq 0 ]
