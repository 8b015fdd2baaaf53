/* system_faults.c - the scenario's faults: which are on, and what begins or
 * ends with them. A fault that only changes what others read needs no more
 * than to be on.
 */
#include "models/system_parts.h"

static bool concerns(const struct fault *f, enum fault_kind kind, uint32_t pool)
{
    return f->kind == kind &&
           (f->pool == NO_INDEX || pool == NO_INDEX || f->pool == pool);
}

/* Whether such a fault is on for the pool; the latest one in *f. */
bool sys_fault(const struct system *s, enum fault_kind kind, uint32_t pool,
               const struct fault **f)
{
    if (s->faults_on[kind] == 0)
        return false;
    for (size_t i = s->p->n_faults; i-- > 0;) {
        *f = &s->p->faults[i];
        if (concerns(*f, kind, pool) && (*f)->at_us <= s->now_us &&
            s->now_us < (*f)->until_us)
            return true;
    }
    return false;
}

/* Readings may differ from now on. */
static void wake_all(struct system *s)
{
    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        sys_scale_wake(s, i);
        sys_poll_wake(s, i);
    }
}

/* The node pools that may serve the pool, or all of them. */
static void drift(struct system *s, uint32_t pool)
{
    for (uint32_t i = 0; i < s->p->karpenter.n_pools; i++)
        if (pool == NO_INDEX || s->p->pools[pool].node_pools >> i & 1)
            karp_disrupt_on_drift(&s->karp, s->now_us, i);
    s->watches_budgets = true;
    sys_block_nodes(s);
}

static bool is_there(const struct system *s, const struct fault *f,
                     uint32_t node)
{
    const struct karp_node *k = &s->karp.nodes[node];

    return k->phase == KARP_INITIALIZED && sys_node_hears(s, node) &&
           (f->pool == NO_INDEX ||
            s->p->pools[f->pool].node_pools >> k->pool & 1);
}

/* The oldest ones. */
static void silence_nodes(struct system *s, const struct fault *f)
{
    uint32_t left = f->n_nodes;

    for (size_t i = 0; i < s->karp.n_nodes && left > 0; i++) {
        if (!is_there(s, f, (uint32_t)i))
            continue;
        if (f->kind == FAULT_NODE_LOST)
            sys_node_lost(s, (uint32_t)i);
        else
            sys_node_cut_off(s, (uint32_t)i, f->until_us);
        left--;
    }
}

static void stick_daemons(struct system *s, uint32_t pool, uint32_t fault)
{
    const struct fault *f = &s->p->faults[fault];
    uint32_t left = f->n_pods;
    struct sys_pod *p;

    for (uint32_t i = s->pools[pool].first; i != NO_INDEX && left > 0;
         i = p->next) {
        p = sys_pod(s, i);
        if (!p->ready || p->daemon != DAEMON_WELL)
            continue;
        p->stuck_by = fault;
        sys_set_daemon(s, i, f->shut ? DAEMON_SHUT : DAEMON_STUCK);
        sys_probes_fail(s, i, f->until_us);
        left--;
    }
}

static void free_daemons(struct system *s, uint32_t pool, uint32_t fault)
{
    for (uint32_t i = s->pools[pool].first; i != NO_INDEX;
         i = sys_pod(s, i)->next) {
        if (sys_pod(s, i)->daemon == DAEMON_WELL ||
            sys_pod(s, i)->stuck_by != fault)
            continue;
        sys_set_daemon(s, i, DAEMON_WELL);
        sys_probes_pass(s, i);
    }
}

static void on_daemons(struct system *s, uint32_t fault, bool begins)
{
    const struct fault *f = &s->p->faults[fault];

    for (uint32_t i = 0; i < s->p->n_pools; i++) {
        if (f->pool != NO_INDEX && f->pool != i)
            continue;
        if (begins)
            stick_daemons(s, i, fault);
        else
            free_daemons(s, i, fault);
    }
}

static void roll_out(struct system *s, uint32_t pool)
{
    for (uint32_t i = 0; i < s->p->n_pools; i++)
        if (pool == NO_INDEX || pool == i)
            sys_rollout_begin(s, i);
}

static void on_karpenter(struct system *s, bool begins)
{
    if (begins)
        sys_karpenter_stopped(s);
    else
        sys_karpenter_restarted(s);
}

void sys_on_fault(struct system *s, uint32_t fault, bool begins)
{
    const struct fault *f = &s->p->faults[fault];

    wake_all(s);
    sys_retries_wake(s);
    s->faults_on[f->kind] += begins ? 1 : UINT32_MAX;
    if (begins)
        sys_note(s, NOTE_FAULT, f->pool, f->kind, fault);
    if (begins && f->kind == FAULT_LB_RESTART)
        sys_lb_restart(s, f->gap_us);
    else if (begins && f->kind == FAULT_LB_RELOAD)
        sys_lb_reload(s, f->gap_us);
    else if (begins && f->kind == FAULT_CONTROLLER_RESTART)
        sys_controller_restart(s, f->gap_us);
    else if (begins && f->kind == FAULT_NETSTAT_MISSING)
        sys_blind_scripts(s);
    else if (begins && f->kind == FAULT_ROLLOUT)
        roll_out(s, f->pool);
    else if (begins && f->kind == FAULT_DRIFT)
        drift(s, f->pool);
    else if (begins &&
             (f->kind == FAULT_NODE_LOST || f->kind == FAULT_NODE_NOT_READY))
        silence_nodes(s, f);
    else if (f->kind == FAULT_KARPENTER_RESTART)
        on_karpenter(s, begins);
    else if (!begins && f->kind == FAULT_KEDA_RESTART)
        sys_keda_restarted(s);
    else if (!begins && f->kind == FAULT_DNS_STALE)
        sys_names_fresh(s);
    else if (f->kind == FAULT_DNS_FAIL)
        sys_names_fail(s);
    else if (f->kind == FAULT_DAEMON_STUCK)
        on_daemons(s, fault, begins);
}
