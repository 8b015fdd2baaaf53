/* hazards_kinds.c - one row a hazard: what `drydock check --explain` and
 * scenarios/README.md say about it.
 */
#include "sim/plan/hazards.h"

#include <string.h>

#define HAPROXY "HAProxy Configuration Manual, "
#define KEDA "KEDA, ScaledObject specification, "
#define HPA "Kubernetes, Horizontal Pod Autoscaling, "
#define PODS "Kubernetes, Pod Lifecycle, "
#define KARPENTER "Karpenter, "
#define RULES "Prometheus, Alerting rules"
#define EXPORTER "HAProxy Prometheus exporter, "

const struct hazard_kind hazard_kinds[] = {
    {"alert-always-fires", "warning",
     "a rule whose condition no state of the pool makes false", RULES},
    {"alert-metric-dropped", "warning",
     "a rule on a metric that the keep-list of the scrape throws away",
     "Prometheus Operator, ServiceMonitor metricRelabelings"},
    {"alert-never-fires", "warning",
     "a rule whose condition no state of the pool makes true", RULES},
    {"alert-not-judged", "note",
     "a rule beyond comparisons of a metric with a number", RULES},
    {"alert-often-true", "warning",
     "a rule that fires again and again on a day on which nothing is wrong",
     RULES},
    {"alert-silent", "note",
     "a rule that neither the busiest day nor a burst to the maximum fires",
     RULES},
    {"alert-unknown-series", "warning",
     "a rule on a metric or a label that no component exports",
     EXPORTER "KEDA Prometheus integration"},
    {"budget-slot-held", "warning",
     "one node may be removed at a time, and a node that drains holds the slot",
     KARPENTER "Disruption, Disruption Budgets"},
    {"builds-killed", "error",
     "the simulated day kills builds whose pod was chosen to go",
     PODS "Termination of Pods"},
    {"changed-nothing", "note",
     "the simulated day is the same, event by event, with the setting at its "
     "default",
     HPA "Configurable scaling behavior"},
    {"dns-answer-too-small", "error, warning",
     "more pods than one DNS answer can list",
     HAPROXY "accepted_payload_size; RFC 1035"},
    {"drain-longer-than-grace", "error",
     "the drain hook alone takes longer than the grace period",
     PODS "Termination of Pods"},
    {"fallback-jump", "warning",
     "KEDA 2.16 sets the fallback on the first failed poll",
     KEDA "fallback; kedacore/keda 6053"},
    {"fallback-lowers", "warning", "a fallback below the maximum",
     KEDA "fallback.behavior"},
    {"fallback-out-of-bounds", "warning",
     "a fallback outside minimum and maximum", KEDA "fallback"},
    {"fallback-target-cut", "error, warning",
     "a fractional target, which KEDA cuts in fallback up to 2.17",
     KEDA "fallback"},
    {"grace-below-history", "error",
     "builds of the history outlast the grace period",
     PODS "Termination of Pods"},
    {"grace-below-job-limit", "warning",
     "a job may outlast the grace period less the looks of the drain hook",
     PODS "Termination of Pods"},
    {"growth-disabled", "error", "scaleUp.selectPolicy is Disabled",
     HPA "Configurable scaling behavior"},
    {"maximum-below-demand", "warning",
     "the history asks for more pods than the maximum", KEDA "maxReplicaCount"},
    {"no-drain", "error", "a pool that shrinks without a preStop hook",
     "Kubernetes, Container Lifecycle Hooks"},
    {"no-effect", "note", "a setting that cannot change anything",
     KEDA "cooldownPeriod, pollingInterval, maxReplicaCount"},
    {"no-fallback", "note", "no size for the time without a metric",
     KEDA "fallback"},
    {"no-room-for-maximum", "error",
     "limits of the node pools below the maximum",
     KARPENTER "NodePools, limits"},
    {"nodes-never-return", "warning",
     "no budget, or no consolidateAfter, for empty nodes",
     KARPENTER "Disruption, Consolidation"},
    {"one-family", "note", "no second family for when the first is sold out",
     KARPENTER "NodePools, requirements"},
    {"one-node-pool-too-small", "note",
     "a node pool that cannot carry the pool alone",
     KARPENTER "NodePools, limits"},
    {"one-size", "warning", "no second size for when the first is sold out",
     KARPENTER "NodePools, requirements"},
    {"outage-moves-pool", "warning",
     "two minutes without the metric at the simulated peak change the size",
     KEDA "fallback"},
    {"patience-below-cold-start", "error, warning",
     "clients that give up before a new node is there",
     "docker buildx, remote driver"},
    {"patience-beyond-job-limit", "note",
     "tries that last longer than the job may",
     "GitHub Actions, timeout-minutes"},
    {"paused", "warning", "annotations that pause the scaling",
     KEDA "paused-replicas"},
    {"pod-booked-twice", "warning, note",
     "a combined backend, which counts apart",
     HAPROXY "server-template maxconn"},
    {"pods-per-node-quota", "warning",
     "requests so small that the kubelet's number of pods binds first",
     "Amazon EKS, maximum pods per node"},
    {"queue-below-patience", "warning",
     "a queue limit below what a dial would wait", HAPROXY "timeout queue"},
    {"queue-timeout-unset", "note",
     "timeout connect is the queue limit, since no other is set",
     HAPROXY "timeout queue"},
    {"queue-unseen", "warning",
     "the gauge that the scaler reads misses a tenth of the simulated waiting "
     "or more",
     EXPORTER "haproxy_backend_current_sessions"},
    {"quota-below-maximum", "error",
     "the account's quota of cores carries less",
     "Amazon EC2, On-Demand Instance quotas"},
    {"readiness-period", "note",
     "a probe period above 10 s behind an initial delay",
     PODS "Container probes; kubernetes pull 119089"},
    {"removals-regretted", "warning",
     "a tenth or more of the simulated removals is wanted back soon",
     HPA "Stabilization window"},
    {"reserve-costs-a-pod", "warning",
     "requests that divide the machine and not what it leaves for pods",
     "Kubernetes, Reserve Compute Resources for System Daemons"},
    {"servers-lost", "error, warning",
     "in the simulation ready pods stand behind a backend without a server",
     HAPROXY "resolvers, hold"},
    {"several-balancers", "warning", "more than one balancer",
     KEDA "metrics-api trigger"},
    {"shrink-disabled", "warning", "scaleDown.selectPolicy is Disabled",
     HPA "Configurable scaling behavior"},
    {"single-balancer", "warning", "one balancer",
     "HAProxy Management Guide, stopping and restarting"},
    {"sizes-unweighted", "note", "one node pool with sizes for unlike counts",
     KARPENTER "NodePools, weight"},
    {"slots-below-maximum", "error, warning", "fewer slots than pods",
     HAPROXY "server-template"},
    {"slots-tight", "note", "no slots to spare for pods that drain",
     HAPROXY "server-template"},
    {"target-above-maxconn", "warning",
     "a target of more sessions than a pod takes", KEDA "triggers"},
    {"tolerance-hides-last", "warning",
     "a maximum at which the tolerance is a build or more",
     HPA "Algorithm details"},
    {"update-empties-pool", "warning",
     "an update that may take the minimum of pods away first",
     "Kubernetes, Deployments, Rolling Update"},
    {"update-stops-service", "warning",
     "an update of the idle pool, simulated, leaves the backend without a "
     "server",
     "Kubernetes, Deployments, Rolling Update"},
    {"zero-never-wakes", "error, warning", "a minimum of zero or an idle count",
     KEDA "minReplicaCount"},
};
const size_t n_hazard_kinds = sizeof hazard_kinds / sizeof *hazard_kinds;

const struct hazard_kind *hazard_kind(const char *code)
{
    for (size_t i = 0; i < n_hazard_kinds; i++)
        if (strcmp(hazard_kinds[i].code, code) == 0)
            return &hazard_kinds[i];
    return NULL;
}

void hazard_kinds_print(FILE *out)
{
    fputs("| hazard | level | when | source |\n| --- | --- | --- | --- |\n",
          out);
    for (size_t i = 0; i < n_hazard_kinds; i++) {
        const struct hazard_kind *k = &hazard_kinds[i];
        fprintf(out, "| `%s` | %s | %s | %s |\n", k->code, k->level, k->when,
                k->source);
    }
}
