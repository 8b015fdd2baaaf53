/* system_params.h - everything that one replication is given: the models'
 * parameters, and how they are wired together.
 *
 * Data only. scenarios/ fills it from manifests, scenario and options;
 * system.h runs it. Constant while a replication runs, shared by threads.
 */
#ifndef MODELS_SYSTEM_PARAMS_H
#define MODELS_SYSTEM_PARAMS_H

#include "models/billing.h"
#include "models/client.h"
#include "models/dns.h"
#include "models/drain.h"
#include "models/hpa.h"
#include "models/karpenter.h"
#include "models/keda.h"
#include "models/kubelet.h"
#include "models/lb_dns.h"
#include "models/replicaset.h"
#include "models/rollout.h"
#include "models/scheduler.h"

#include <stdbool.h>
#include <stdint.h>

enum { POOL_NAME = 64 };

/* One builder Deployment with its scaler and the backend its clients dial. */
struct pool_params {
    char name[POOL_NAME];    /* as in the trace's column pool */
    bool autoscaled;         /* false: a fixed pool of `replicas` */
    uint32_t replicas;       /* Deployment's own count; also the start */
    struct keda_params keda; /* unused if not autoscaled */
    struct hpa_params hpa;   /* as KEDA makes it from the ScaledObject */
    struct rs_params rs;
    struct kubelet_params kubelet;
    struct drain_params drain;
    struct rollout_params rollout;
    bool has_drain; /* the Deployment has a preStop drain hook */
    int64_t request_mcpu, request_mib; /* of one pod */
    uint32_t backend;            /* index into lb backends: clients dial it */
    uint32_t node_pools;         /* bit i: karpenter node pool i may carry it */
    int32_t pdb_max_unavailable; /* -1: no PodDisruptionBudget */
    uint32_t pdb_min_available;  /* 0: not used */
};

/* A backend lists the ready pods of a pool. A pool may stand in several
 * backends (its own and a combined one).
 */
struct pool_link {
    uint32_t pool, backend;
};

/* Client rules by the trace's column caller; entry 0 is "default". */
struct caller_params {
    char name[POOL_NAME];
    struct client_params client;
    char dials[POOL_NAME]; /* name of a backend; "": that of the pool */
    bool has_backend;      /* scenarios/ finds it by its name */
    uint32_t backend;      /* that it dials, whatever the pool */
};

/* What goes wrong, when. A kind has one comment: what its fields mean. */
enum fault_kind {
    FAULT_LB_RELOAD,     /* a new process takes over; builds on the old one
                            go on for gap_us, then they are cut */
    FAULT_LB_RESTART,    /* all sessions cut at at_us; refused for gap_us */
    FAULT_METRICS_DOWN,  /* scaler's reads fail fast in [at_us, until_us) */
    FAULT_METRICS_SLOW,  /* scaler's reads take latency_us, or with 0 hang
                            until they time out */
    FAULT_METRICS_FLAKY, /* each GET of the scaler fails with frac */
    FAULT_CONTROLLER_RESTART, /* HPA memory lost, no syncs for gap_us */
    FAULT_KEDA_RESTART,       /* no operator for gap_us, while queries wait
                                 for it; then an immediate poll */
    FAULT_NO_CAPACITY,        /* launches of the types (and zones) are refused,
                                 but for room of them */
    FAULT_NO_ADDRESSES,       /* the zones' subnets are full */
    FAULT_LAUNCH_ERRORS,      /* launches fail otherwise and are tried again */
    FAULT_KARPENTER_RESTART,  /* nothing of it acts for gap_us; then a new one
                                 that has forgotten what it kept in mind */
    FAULT_SLOW_BOOT,          /* node boot takes factor times as long */
    FAULT_SLOW_PULL,          /* image pulls take factor times as long */
    FAULT_NODE_LOST,       /* n_nodes of the pool die at at_us, oldest first */
    FAULT_DAEMON_STUCK,    /* the daemons of n_pods pods, oldest first, answer
                              nothing; shut: their ports are closed, too */
    FAULT_NODE_NOT_READY,  /* n_nodes of the pool, oldest first, are cut off
                              from the control plane; builds go on */
    FAULT_DRIFT,           /* the nodes' image or template changes */
    FAULT_DNS_STALE,       /* the balancer's resolver keeps its last answer */
    FAULT_DNS_FAIL,        /* the names' server fails in the way of answer */
    FAULT_NETSTAT_MISSING, /* drain scripts see no connection */
    FAULT_ROLLOUT,         /* the Deployment's pod template changes */
    FAULT_API_CONFLICTS,   /* every write of a scale conflicts */
    FAULT_SCALE_LOST,      /* the HPA cannot read the scale */
    FAULT_PODS_REFUSED,    /* no pod can be created: quota, admission */
    FAULT_PULL_FAILS,      /* image pulls fail; tried again with back-off */
    FAULT_NO_RETRY,        /* clients that fail in the interval give up */
    FAULT_KINDS
};

struct fault {
    enum fault_kind kind;
    sim_us at_us, until_us; /* since the trace's origin; until > at */
    sim_us gap_us, latency_us;
    double factor, frac;
    uint32_t pool; /* NO_INDEX: every pool */
    uint32_t n_nodes, n_pods, room;
    bool shut;
    uint64_t types; /* bit i: karpenter type i; all ones: every type */
    uint64_t zones; /* bit i: zone i; all ones: every zone */
    enum lb_records_kind answer;
};

struct system_params {
    struct pool_params *pools; /* owned by scenarios/ */
    size_t n_pools;
    struct pool_link *links; /* owned; ascending by pool */
    size_t n_links;
    struct caller_params *callers; /* owned; n_callers >= 1 */
    size_t n_callers;
    struct fault *faults; /* owned; in order of at_us */
    size_t n_faults;
    struct lb_params lb;
    struct dns_params dns;
    struct karp_params karpenter;
    struct sched_params sched;
    struct billing_params billing;
    double boot_factor; /* calibration: multiplies boot and image pull */
    double cold_factor; /* stretches the work of a pod's first build */
    double sharing;     /* n builds on a pod take n to this as long; 0: alone */
    sim_us warm_up_us;  /* builds asked for before this are not counted */
    sim_us settle_us;   /* the window ends so long after the trace's span */
    sim_us regret_us;   /* a removal wanted back within this is regretted */
    bool execute_idle;  /* run ticks that change nothing, too: for tests */
};

#endif
