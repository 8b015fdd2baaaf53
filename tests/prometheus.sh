#!/bin/sh
# prometheus.sh PROGRAM - the metrics of a run as the real Prometheus has them:
# they load, and queries return what timeline.csv says. Skipped without the
# distribution's package prometheus; a server runs on loopback, for a minute at
# most.
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
for tool in promtool prometheus; do
    command -v $tool >/dev/null || {
        echo "skip: no $tool; 'sh tests/packages.sh tools' installs it"
        exit 0
    }
done
scenario=$PWD/tests/golden/burst.yaml
work=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || {
        kill "$server" 2>/dev/null
        wait "$server" 2>/dev/null
    }
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
failed=0

bad() {
    echo "FAIL $*"
    failed=1
}

"$program" run "$scenario" -o run --openmetrics --no-plots --quiet \
    --set scrape.interval=30s --set scrape.servers=true >out 2>&1 || {
    cat out
    exit 1
}
promtool tsdb create-blocks-from openmetrics run/metrics.om data >out 2>&1 || {
    cat out
    exit 1
}
echo 'global: {}' >config.yml
port=$((20000 + $$ % 20000))
url=http://127.0.0.1:$port
timeout -k 5 60 prometheus --config.file=config.yml --storage.tsdb.path=data \
    --storage.tsdb.retention.time=100y --web.listen-address=127.0.0.1:$port \
    --log.level=error >server.log 2>&1 &
server=$!
tries=0
until promtool query instant "$url" 'vector(1)' >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || {
        cat server.log
        echo 'prometheus does not answer'
        exit 1
    }
    sleep 0.2
done

# ask TIME QUERY: the value; several are summed up.
ask() {
    promtool query instant --time="$1" "$url" "$2" 2>&1 |
        sed -n 's/.* => \([^ ]*\) @.*/\1/p' |
        awk '{ s += $1; n++ } END { print n ? s : "nothing" }'
}

# expected COLUMN TIME: of the last row of the pool at or before the time.
expected() {
    awk -F, -v column="$1" -v at="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) c = i; next }
        { t = $1; sub("Z", "", t) }
        t "" <= at "" && $2 == "amd64" { v = $c }
        END { print v }' run/timeline.csv
}

start=$(sed -n 's/^haproxy_backend_current_queue{[^}]*} [0-9]* \([0-9]*\)$/\1/p' \
    run/metrics.om | head -n 1)
seen=0
for k in 0 2 4 7 11 16 22 40; do
    at=$((start + 30 * k))
    instant=$(date -u -d "@$at" +%Y-%m-%dT%H:%M:%S)
    while read -r column query; do
        want=$(expected "$column" "$instant")
        got=$(ask "$at" "$query")
        [ "$want" = "$got" ] || bad "$query at $instant: $got, not $want"
        [ "$got" = 0 ] || seen=$((seen + 1))
    done <<END
sessions haproxy_backend_current_sessions{proxy="bk_amd64"}
queue haproxy_backend_current_queue{proxy="bk_amd64"}
reachable haproxy_backend_active_servers{proxy="bk_amd64"}
reachable haproxy_server_status{proxy="bk_amd64",state="UP"}
wanted kube_deployment_spec_replicas{deployment="buildkitd-amd64"}
ready kube_deployment_status_replicas_available{namespace="buildkit"}
nodes karpenter_cluster_state_node_count
END
done
[ $seen -gt 20 ] || bad "only $seen values are not 0"
one='keda_scaler_metrics_value{scaledObject="buildkitd-amd64",
    metric="s0-metric-api-haproxy_backend_current_sessions{proxy=\"bk_amd64\"}"}'
[ "$(ask $((start + 660)) "$one")" != nothing ] ||
    bad "KEDA's value is not found by its labels"
[ $failed -ne 0 ] || echo 'the real Prometheus agrees'
exit $failed
