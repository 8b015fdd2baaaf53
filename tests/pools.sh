#!/bin/sh
# pools.sh PROGRAM - 200 pools in one scenario: what each command shows of them,
# that none is lost in the files, and that one pool or backend more than there
# may be is refused with its place.
# shellcheck disable=SC2016 # nothing is to be expanded
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0

# want WHAT COMMAND...: it must succeed.
want() {
    what=$1
    shift
    "$@" >"$work/said" 2>&1 && return
    echo "FAIL $what"
    head -n 5 "$work/said"
    bad=1
}

# refused MESSAGE COMMAND...: status 1 and exactly this message.
refused() {
    message=$1
    shift
    "$program" "$@" >out 2>err
    status=$?
    [ $status -eq 1 ] && [ "$(cat err)" = "drydock: $message" ] && return
    echo "FAIL status $status instead of 1 and \"$message\":"
    head -n 3 err
    bad=1
}

sh "$here/many_pools.sh" all 200 10
want 'the run' "$program" run all/many.yaml --no-plots -o files
cp said out

# 200 pools with 10 builds each, all of them served in the end.
want 'how many are left out' grep -qx '8 of 200 pools: .*' out
want 'eight columns' awk '/^builds / {exit NF != 9}' out
want 'twelve errors' grep -qx 'and 388 more' out
want 'every pool in summary.json' awk '
    /^  "p[0-9]+": {$/ {n++}
    /^   "builds": 10,$/ {builds++}
    /^   "served": 10,$/ {served++}
    END {exit n != 200 || builds != 200 || served != 200}' files/summary.json
want 'every build in builds.csv' awk -F, '
    NR > 1 {n[$2]++} END {for (p in n) {k++; if (n[p] != 10) exit 1}
    exit k != 200}' files/builds.csv
want 'every pool in timeline.csv' sh -c \
    '[ "$(cut -d, -f2 files/timeline.csv | sort -u | wc -l)" -eq 201 ]'
want 'a report that fits a comment' \
    sh -c '[ "$(wc -c <files/report.md)" -lt 60000 ]'
want 'what the page leaves out' \
    grep -q 'The timeline has 8 of 200 pools' files/report.html

# A parameter of one pool among those whose names begin alike.
"$program" check all/many.yaml --set p19.max_replicas=7 >rows
want 'one pool is changed' awk '
    $1 ~ /^p[0-9]+\.max_replicas$/ {n++; other += $2 != 20; own = own $1 $2}
    END {exit n != 200 || other != 1 || own !~ /p19.max_replicas7/}' rows
refused 'all/many.yaml: 200 pools and 200 backends, of which size takes 32 and 64: give it the manifests of those to be sized' \
    size all/many.yaml

sh "$here/many_pools.sh" most 1025 1
refused "most/manifests/pools.yaml:$((33 * 1024 + 6)):1: more than 1024 pools" \
    check most/many.yaml
awk 'BEGIN {for (i = 0; i < 1024; i++)
    printf "backend again%d\n  balance leastconn\n  server-template a 1" \
        " p0-pods.ci.svc.cluster.local:1234 check resolvers k8s maxconn 1\n", i
}' >>most/manifests/haproxy.cfg
refused 'most/manifests/haproxy.cfg:9229: backend again1023: more than 2048 backends with a server-template' check most/many.yaml
# A node pool of one pool's own is no other one's, not even one's whose number
# differs by the bits of a word.
sh "$here/many_pools.sh" own 80 10
awk '/name: build-p40,/ { n++ }
     { print }
     n == 1 && /^    spec:$/ {
         print "      nodeSelector: {only: p40}"
         print "      tolerations: [{key: only, operator: Exists}]"
         n++
     }' own/manifests/pools.yaml >own/pools.yaml
mv own/pools.yaml own/manifests/pools.yaml
cat >>own/manifests/nodes.yaml <<'END'
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: own}
spec:
  template:
    metadata: {labels: {only: p40}}
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: ci}
      taints: [{key: only, value: p40, effect: NoSchedule}]
      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m6id.12xlarge]}
END
"$program" check own/many.yaml --quiet >hazards 2>err
for size in 24,8 12,40 24,72; do
    want "the size of p${size#*,}" grep -q \
        "pool p${size#*,} can only run on m6id.${size%,*}xlarge:" hazards
done

exit $bad
