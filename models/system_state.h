/* system_state.h - the entities of one replication, shared by the parts of
 * models/system*.c and by no one else.
 */
#ifndef MODELS_SYSTEM_STATE_H
#define MODELS_SYSTEM_STATE_H

#include "models/billing.h"
#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "models/karpenter_node.h"
#include "models/karpenter_solve.h"
#include "models/system.h"
#include "sim/engine/fel.h"

enum { SLOT_BITS = 16 }; /* LB_SLOTS is 1 << 16 */

/* In the order in which they run at one instant: the world moves before it is
 * observed, observation before control.
 */
enum event_kind {
    EV_FAULT,           /* fault: it begins */
    EV_FAULT_END,       /* fault */
    EV_LB_OLD_END,      /* what is left of the old balancer process dies */
    EV_LB_LISTEN,       /* the balancer is back after a restart */
    EV_WORK_END,        /* build, client generation */
    EV_GHOST,           /* session, its generation: a ghost gives up its slot */
    EV_DEMAND_END,      /* build: it would be done if nobody ever waited */
    EV_ASKED,           /* build: the next of the trace */
    EV_LEAVES,          /* build: its owner cancels it */
    EV_JOB_END,         /* build: the job's own limit */
    EV_HOLD,            /* build, client generation: its dial's deadline */
    EV_DIAL,            /* build, client generation */
    EV_WORK,            /* build, client generation: connected, work starts */
    EV_LB_LIMIT,        /* session, generation: bound of the queue */
    EV_LB_CONNECT,      /* session, generation: connect to the pod again */
    EV_LB_SILENT,       /* session, generation: a connect got no answer */
    EV_LB_CHECK,        /* slot, generation; see lb_check */
    EV_POD_CREATE,      /* pod */
    EV_POD_DELETE,      /* pod */
    EV_POD_BOUND,       /* pod, generation */
    EV_POD_STARTED,     /* pod, generation: its container runs */
    EV_POD_READY,       /* pod, generation */
    EV_POD_LOOK,        /* pod, generation: look of the drain script */
    EV_POD_TERM,        /* pod, generation: SIGTERM, builds on it are lost */
    EV_POD_TRIGGER,     /* pod: the provisioner hears that it fits nowhere */
    EV_POD_GONE,        /* pod, generation */
    EV_NODE_REQUEST,    /* node: its instance is asked for (again) */
    EV_NODE_ANSWER,     /* node: the cloud's answer; generation 1: refused */
    EV_NODE_BILLED,     /* node: running, paid from now on */
    EV_NODE_REGISTERED, /* node */
    EV_NODE_READY,      /* node */
    EV_NODE_LIVENESS,   /* node: gave up on it if it did not come */
    EV_NODE_EXPIRY,     /* node */
    EV_NODE_EVICT,      /* node: pods that their budget protected */
    EV_NODE_SILENT,     /* node: lost a while ago, now counts as not ready */
    EV_NODE_COLLECT,    /* node: lost, its claim is deleted */
    EV_NODE_TERMINATE,  /* node: drained, instance is given back */
    EV_NODE_STOPPED,    /* node: no longer paid */
    EV_NODE_GONE,       /* node: its object is gone */
    EV_SCHEDULE,        /* pool: pending pods are tried */
    EV_LB_ANSWER,       /* backend: its resolver sees a change */
    EV_LB_HOLD,         /* backend: a failing name's hold is over */
    EV_WINDOW,          /* figures begin */
    EV_WINDOW_END,      /* figures are closed */
    EV_KEDA_POLL,       /* pool, generation */
    EV_HPA_WAKE,   /* pool, generation: the first reading that may differ */
    EV_HPA_SYNC,   /* pool, generation: reads scale and metric */
    EV_HPA_DECIDE, /* pool, generation: a metric that hung has come */
    EV_HPA_WRITE,  /* pool, generation: writes the scale */
    EV_RS_SYNC,    /* pool, template */
    EV_BATCH,      /* the batcher's timer */
    EV_SOLVED,     /* claims of the last solve are made */
    EV_FOREIGN,    /* a node of a pool that is not simulated is due */
    EV_DISRUPT,    /* generation: a pass of the disruption loop */
    EV_KINDS
};

/* What a draw is for; one number each, never reused for another purpose. */
enum purpose {
    DRAW_GAP,
    DRAW_LB_CHOICE,
    DRAW_BUILD_END,
    DRAW_DNS_PHASE,
    DRAW_DNS_FILL,
    DRAW_SLICE,
    DRAW_HPA_PHASE,
    DRAW_HPA_RETRY,
    DRAW_KEDA_PHASE,
    DRAW_RS_LAG,
    DRAW_RS_TRIP,
    DRAW_POD_UID,
    DRAW_SCHED,
    DRAW_BIND,
    DRAW_PULL,
    DRAW_START,
    DRAW_SLEEP,
    DRAW_NOTICED,
    DRAW_EXEC,
    DRAW_STATUS,
    DRAW_STARTUP_SLEEP,
    DRAW_STARTUP_EXEC,
    DRAW_EXIT,
    DRAW_TRIGGER,
    DRAW_SOLVE,
    DRAW_FLEET,
    DRAW_NODE,
    DRAW_DISRUPT_PHASE,
    DRAW_START_AGE,
    DRAW_FOREIGN,
    DRAW_LOST
};

struct sys_build {
    struct client client;
    uint32_t pool;
    sim_us waits_since_us; /* while it has no slot */
    uint32_t session;      /* open dial or connection, or NO_INDEX */
    uint32_t pod;          /* that it is connected to, or NO_INDEX */
    uint32_t next_on_pod;  /* in the list of that pod's builds */
    bool was_cut;          /* while it was building, and not served since */
    bool on_old;     /* connected through a balancer that is being replaced */
    bool pod_killed; /* its last cut was its pod's end */
};

enum pod_phase {
    POD_PLANNED,  /* the ReplicaSet has asked for it */
    POD_PENDING,  /* exists, no node */
    POD_BINDING,  /* has its node's room */
    POD_STARTING, /* on its node, container not running */
    POD_RUNNING,  /* container runs; ready or not */
    POD_STOPPING, /* after SIGTERM: takes no connection */
    POD_GONE
};

struct sys_pod {
    uint32_t set;        /* template that it is made from */
    uint32_t pool, node; /* node: NO_INDEX before it is chosen */
    uint32_t ordinal;    /* of the pool's pods: identity of its draws */
    uint32_t generation; /* of its planned events */
    uint32_t prev, next; /* live pods of the pool, in order of creation */
    uint32_t first_build, n_builds, n_served;
    enum pod_phase phase;
    bool ready, terminating;
    bool noticed;     /* the provisioner is told that it fits nowhere */
    bool awaits_idle; /* its drain script looks, but it is busy */
    bool known;       /* to the balancer */
    sim_us created_us, deleted_us, started_us, ready_us;
    sim_us listed_us, withdrawn_us; /* in the EndpointSlice */
    uint64_t uid;
    struct drain drain;
};

struct sys_node {
    struct kubelet kubelet;
    bool billed, lost;
    uint32_t replaces; /* drifted node that waits for this claim, or none */
    uint32_t n_replacements; /* claims that a drifted node waits for */
    uint32_t ordinal; /* of its node pool's claims: identity of its draws */
    uint32_t view;    /* scratch of the scheduler */
};

struct sys_pool {
    const struct pool_params *p; /* borrowed */
    struct sys_set {             /* one ReplicaSet: a template's pods */
        struct rs rs;
        uint32_t spec;
        uint32_t n_active; /* exist and are not terminating */
        uint32_t n_ready;  /* of them */
    } sets[2];
    uint32_t set; /* of the present template; the other one is being replaced
                     while rolling */
    bool rolling;
    struct billing billing;
    struct hpa hpa;
    struct keda keda;
    struct pool_state state;
    struct pool_result result;
    uint32_t first, last;     /* live pods */
    uint32_t n_pods;          /* created in all */
    uint32_t n_pending;       /* wait for a node */
    uint32_t next_on_backend; /* pool whose clients dial the same, or none */
    int32_t waits_for[WAIT_CAUSES]; /* builds, since the instant below */
    sim_us waits_counted_us;
    bool dirty; /* state changed since its last row */
    bool schedule_planned;
    sim_us changed_us; /* last write to the Deployment object */

    uint32_t hpa_generation;
    sim_us hpa_read_us;   /* the planned or the last reading */
    sim_us scale_read_us; /* the scale that a write is based on */
    bool reading_steady;  /* the same world would read the same */
    struct hpa_reading reading;
    struct hpa_decision decision;
    uint32_t hpa_writes; /* attempts of this reconcile */
    uint64_t n_draws;
    bool hpa_asleep;
    sim_us hpa_step_us;

    uint32_t keda_generation;
    sim_us poll_us; /* last executed poll */
    bool keda_asleep;

    sim_us *removed_us; /* owned; by level of wanted, for regrets */
    size_t cap_removed;
};

struct system {
    const struct system_params *p;
    const struct trace *t;
    const uint32_t *pool_of, *caller_of;
    struct random_world world;
    struct system_observer observer;
    struct fel *fel;
    sim_us now_us;
    enum event_kind now_kind;
    sim_us window_us; /* figures are closed then */
    bool window_over;
    uint64_t n_events;

    struct sys_build *builds;     /* owned; t->n */
    struct build_result *results; /* owned; t->n */
    size_t next_build, n_open;    /* n_open: asked for and not ended */
    struct sys_pool *pools;       /* owned; p->n_pools */
    struct sys_pod *pods;         /* owned */
    size_t n_pods, cap_pods;
    struct sys_node *nodes; /* owned; parallel to karpenter's */
    size_t n_nodes, cap_nodes;
    struct lb lb;
    struct dns *dns;           /* owned; by backend */
    uint32_t *pool_on_backend; /* owned; by backend, first pool or none */
    sim_us *answer_us;         /* owned; by backend: planned answer */
    uint32_t *scratch;         /* owned; pods of one answer */
    size_t cap_scratch;
    struct sched_node *views; /* owned; nodes as the scheduler sees them */
    uint32_t *view_node;      /* owned; their indices */
    size_t cap_views, cap_view_node;
    struct rs_pod_view *ranked; /* owned */
    size_t cap_ranked;
    struct rs_bucket bucket;
    struct karp karp;
    sim_us batch_at_us, disrupt_at_us;
    uint64_t n_solves, n_skipped, n_foreign;
    uint32_t n_claims[KARP_POOLS];
    struct karp_pod *unplaced; /* owned; pods of a solve */
    size_t cap_unplaced;
    bool nodes_touched;   /* Karpenter's next instants are to be asked for */
    bool watches_budgets; /* a disruption may wait for one */
    bool reloading;       /* sessions that end now live on in the old process */
    uint32_t faults_on[FAULT_KINDS];
};

/* system.c */
void sys_plan(struct system *s, sim_us at_us, enum event_kind kind,
              uint32_t entity, uint32_t generation);
double sys_u(const struct system *s, enum purpose purpose, uint64_t entity,
             uint64_t ordinal);
void sys_note(const struct system *s, enum note_kind kind, uint32_t pool,
              uint32_t a, uint32_t b);

/* system_client.c: builds and what the balancer wants done. */
void sys_on_asked(struct system *s, uint32_t build);
void sys_on_client(struct system *s, enum event_kind kind, uint32_t build,
                   uint32_t generation);
void sys_on_job_end(struct system *s, uint32_t build, enum event_kind kind);
void sys_on_session(struct system *s, enum event_kind kind, uint32_t session,
                    uint32_t generation);
void sys_obey_lb(struct system *s, uint32_t backend);
void sys_lose_builds(struct system *s, uint32_t pod);
void sys_on_old_end(struct system *s);

/* system_front.c: names, balancer faults, gauges. */
void sys_front_start(struct system *s);
void sys_endpoint_changed(struct system *s, uint32_t pod);
void sys_on_answer(struct system *s, uint32_t backend);
void sys_on_lb_hold(struct system *s, uint32_t backend);
void sys_gauges(struct system *s, uint32_t backend);
void sys_lb_restart(struct system *s, sim_us gap_us);
void sys_lb_reload(struct system *s, sim_us grace_us);
void sys_on_lb_listen(struct system *s);
void sys_names_fresh(struct system *s);
void sys_port(struct system *s, uint32_t pod, bool open);
void sys_on_check(struct system *s, uint32_t entity, uint32_t generation);

/* system_pods.c: replicas, binding, start, drain, end. */
void sys_pods_start(struct system *s);
void sys_want(struct system *s, uint32_t pool, uint32_t replicas);
void sys_rs_soon(struct system *s, uint32_t pool, uint32_t set);
void sys_on_rs_sync(struct system *s, uint32_t pool, uint32_t set);
uint32_t sys_status_replicas(const struct sys_pool *p);
void sys_on_schedule(struct system *s, uint32_t pool);
void sys_schedule_soon(struct system *s, uint32_t pool);
void sys_on_pod(struct system *s, enum event_kind kind, uint32_t pod,
                uint32_t generation);
void sys_pod_idle(struct system *s, uint32_t pod);
uint32_t sys_pod_new(struct system *s, uint32_t pool, uint32_t set);
uint64_t sys_pod_identity(const struct system *s, uint32_t pod);
void sys_pod_unlink(struct system *s, uint32_t pod);
void sys_delete(struct system *s, uint32_t pod);
void sys_blind_scripts(struct system *s);
void sys_pods_settle(struct system *s);
void sys_pod_settle(struct system *s, uint32_t pod);
void sys_pods_lost(struct system *s, uint32_t node);
void sys_pod_silent(struct system *s, uint32_t pod);

/* system_rollout.c: a template replaced by another. */
void sys_rollout_begin(struct system *s, uint32_t pool);
void sys_rollout_scale(struct system *s, uint32_t pool, uint32_t from,
                       uint32_t to);
void sys_rollout_go_on(struct system *s, uint32_t pool);

/* system_nodes.c: everything that Karpenter decides. */
void sys_nodes_start(struct system *s);
void sys_pending(struct system *s, uint32_t pod, bool pending);
void sys_on_batch(struct system *s);
void sys_on_solved(struct system *s);
void sys_on_node(struct system *s, enum event_kind kind, uint32_t node,
                 uint32_t generation);
void sys_on_disrupt(struct system *s);
void sys_on_foreign(struct system *s);
void sys_nodes_touched(struct system *s);
void sys_nodes_plan(struct system *s);
void sys_node_drained(struct system *s, uint32_t node);
void sys_node_marked(struct system *s, uint32_t node);
void sys_node_stopped(struct system *s, uint32_t node);
uint32_t sys_payer(const struct system *s, uint32_t node);
size_t sys_solve(struct system *s, size_t n);
sim_us sys_solve_us(struct system *s);
void sys_unplaced(struct system *s, size_t n, uint32_t pod);
void sys_request_claims(struct system *s, size_t n_claims, sim_us at_us);

/* system_removal.c: nodes that go although pods run on them. */
void sys_on_evict(struct system *s, uint32_t node);
void sys_on_expiry(struct system *s, uint32_t node);
void sys_replace(struct system *s, uint32_t node);
void sys_replacement_ready(struct system *s, uint32_t claim);
void sys_replacement_failed(struct system *s, uint32_t claim);
void sys_block_nodes(struct system *s);
void sys_node_lost(struct system *s, uint32_t node);
void sys_on_silent(struct system *s, uint32_t node);
void sys_on_collect(struct system *s, uint32_t node);

/* system_scale.c: KEDA and the HPA. */
void sys_scale_start(struct system *s);
void sys_on_hpa_sync(struct system *s, uint32_t pool, uint32_t generation);
void sys_on_hpa_write(struct system *s, uint32_t pool, uint32_t generation);
void sys_on_poll(struct system *s, uint32_t pool, uint32_t generation);
void sys_scale_wake(struct system *s, uint32_t pool);
void sys_on_hpa_wake(struct system *s, uint32_t pool, uint32_t generation);
void sys_on_hpa_decide(struct system *s, uint32_t pool, uint32_t generation);
void sys_poll_wake(struct system *s, uint32_t pool);
void sys_controller_restart(struct system *s, sim_us gap_us);
void sys_keda_restarted(struct system *s);

/* system_stats.c: levels, rows, regrets, results. */
void sys_stats_start(struct system *s);
void sys_count(struct system *s, uint32_t pool, int32_t *field, int32_t change);
void sys_idle(struct system *s, uint32_t pool, int32_t change);
void sys_rows(struct system *s);
void sys_window_begin(struct system *s);
void sys_count_waits(struct system *s, uint32_t pool);
void sys_find_waits(struct system *s);
void sys_window_end(struct system *s);
void sys_wanted_changed(struct system *s, uint32_t pool, uint32_t from,
                        uint32_t to);

/* system_faults.c */
bool sys_fault(const struct system *s, enum fault_kind kind, uint32_t pool,
               const struct fault **f);
void sys_on_fault(struct system *s, uint32_t fault, bool begins);

#endif
