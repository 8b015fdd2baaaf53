#!/bin/sh
# many_pools.sh FOLDER POOLS BUILDS - a scenario of so many pools with so many
# builds each: FOLDER/many.yaml, its manifests and its trace. Read by pools.sh
# and load.sh.
#
# Each pool has a Deployment, a ScaledObject, a Service and a backend of its
# own; all share a node pool. Bursts of ten builds come pool by pool, the next
# of the same pool 12,000 s later, so that a pool grows and shrinks in between.
set -u
folder=$1
pools=$2
builds=$3
mkdir -p "$folder/manifests" || exit 1

cat >"$folder/many.yaml" <<END
question: How do $pools pools live beside each other?
trace: trace.csv
manifests: manifests
settle: 30m
END

awk -v n="$pools" 'BEGIN {
    print "resolvers k8s\n  parse-resolv-conf\n  accepted_payload_size 8192"
    print "defaults\n  mode tcp\n  timeout connect 5s\n  timeout queue 1h"
    print "  timeout client 2h\n  timeout server 2h"
    for (i = 0; i < n; i++) {
        printf "frontend fe_p%d\n  bind :%d\n  default_backend bk_p%d\n", i,
            10000 + i, i
        printf "backend bk_p%d\n  balance leastconn\n  server-template p%d 20" \
            " p%d-pods.ci.svc.cluster.local:1234 check resolvers k8s" \
            " init-addr none maxconn 1\n", i, i, i
    }
}' >"$folder/manifests/haproxy.cfg"

awk -v n="$pools" 'BEGIN {
    for (i = 0; i < n; i++) {
        printf "apiVersion: v1\nkind: Service\nmetadata: {name: p%d-pods," \
            " namespace: ci}\nspec: {clusterIP: None, selector: {app: p%d}}" \
            "\n---\n", i, i
        printf "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name:" \
            " build-p%d, namespace: ci}\nspec:\n  replicas: 1\n  selector:" \
            " {matchLabels: {app: p%d}}\n  template:\n    metadata: {labels:" \
            " {app: p%d}}\n    spec:\n      containers:\n        - name:" \
            " buildkitd\n          resources: {requests: {cpu: \"7\"," \
            " memory: 20Gi}}\n---\n", i, i, i
        printf "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata:" \
            " {name: build-p%d, namespace: ci}\nspec:\n  scaleTargetRef:" \
            " {name: build-p%d}\n  minReplicaCount: 1\n  maxReplicaCount: 20" \
            "\n  triggers:\n    - type: metrics-api\n      metadata:\n" \
            "        url: http://haproxy.ci.svc:8404/metrics\n" \
            "        format: prometheus\n        valueLocation:" \
            " haproxy_backend_current_sessions{proxy=\"bk_p%d\"}\n" \
            "        targetValue: \"1\"\n---\n", i, i, i
    }
}' >"$folder/manifests/pools.yaml"

cat >"$folder/manifests/nodes.yaml" <<'END'
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: large}
spec:
  disruption: {consolidationPolicy: WhenEmpty, consolidateAfter: 5m, budgets: [{nodes: 10%}]}
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: ci}
      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m6id.24xlarge]}
END

awk -v n="$pools" -v builds="$builds" 'BEGIN {
    print "build,run,pool,asked_at,work_s,outcome,leaves_at,caller,name"
    for (done = 0; done < builds; done += 10)
        for (p = 0; p < n; p++)
            for (k = done; k < done + 10 && k < builds; k++) {
                printf "%d,%d,p%d,%d,%d,ok,,,image-%d\n", i, int(i / 10), p,
                    1200 * done + int(12000 * p / n), 60 + i * 7 % 540, i % 500
                i++
            }
}' >"$folder/trace.csv"
