/* metrics_nodes.c - what Karpenter shows. */
#include "sim/app/metrics_parts.h"
#include "sim/base/mem.h"

/* A counter is there from its first event on, as the client library has it. */
static void put_counts(struct metrics *m, size_t pool, struct metric_series *x)
{
    const uint64_t *counts = &m->counts[pool * METRICS];

    for (unsigned row = metric_first(OF_NODE_POOL);
         row < metric_end(OF_NODE_POOL); row++)
        if (metric_is_counter((enum metric)row) && counts[row] > 0)
            metrics_put(m, x, (enum metric)row, (double)counts[row]);
}

void metrics_look_at_nodes(struct metrics *m)
{
    const struct karp_params *k = &m->scenario->system.karpenter;
    struct metric_series *cluster = metrics_known(m, OF_CLUSTER, 0);

    if (!cluster)
        cluster = metrics_introduce(m, OF_CLUSTER, 0, "");
    metrics_put(m, cluster, M_CLUSTER_NODES, system_view_nodes(m->system));
    for (size_t i = 0; i < k->n_pools; i++) {
        struct metric_series *x =
            metrics_series(m, OF_NODE_POOL, i, labels_node_pool);
        struct view_node_pool v;
        system_view_node_pool(m->system, i, &v);
        put_counts(m, i, x);
        metrics_put(m, x, M_POOL_CPU, (double)v.used.mcpu / 1000.0);
        metrics_put(m, x, M_POOL_MEMORY, (double)v.used.mib * 1048576.0);
        metrics_put(m, x, M_POOL_NODES, v.n_nodes);
        if (k->pools[i].limit.mcpu != KARP_NO_LIMIT)
            metrics_put(m, x, M_POOL_CPU_LIMIT,
                        (double)k->pools[i].limit.mcpu / 1000.0);
        if (k->pools[i].limit.mib != KARP_NO_LIMIT)
            metrics_put(m, x, M_POOL_MEMORY_LIMIT,
                        (double)k->pools[i].limit.mib * 1048576.0);
    }
}

static void count(struct metrics *m, uint32_t node_pool, enum metric row)
{
    m->counts[node_pool * METRICS + row]++;
}

/* A claim may be sent to the cloud more than once. */
static void count_claim(struct metrics *m, uint32_t node,
                        const struct view_node *v)
{
    m->claimed = mem_grow(m->claimed, &m->cap_claimed, (size_t)node + 1,
                          sizeof *m->claimed);
    if (!m->claimed[node])
        count(m, v->node_pool,
              v->is_replacement ? M_CLAIMS_REPLACING_TOTAL
                                : M_CLAIMS_PROVISIONED_TOTAL);
    m->claimed[node] = true;
}

static void count_end(struct metrics *m, const struct view_node *v, bool lost)
{
    count(m, v->node_pool, M_NODES_TERMINATED_TOTAL);
    count(m, v->node_pool, M_CLAIMS_TERMINATED_TOTAL);
    if (lost)
        count(m, v->node_pool, M_CLAIMS_COLLECTED_TOTAL);
}

void metrics_count_node(struct metrics *m, const struct note *n)
{
    struct view_node v;

    system_view_node(m->system, n->a, &v);
    if (n->kind == NOTE_NODE_CLAIMED) {
        count_claim(m, n->a, &v);
    } else if (n->kind == NOTE_NODE_REGISTERED) {
        count(m, v.node_pool, M_NODES_CREATED_TOTAL);
    } else if (n->kind == NOTE_NODE_MARKED) {
        count(m, v.node_pool,
              v.drifted ? M_CLAIMS_DRIFTED_TOTAL : M_CLAIMS_EMPTY_TOTAL);
    } else if (n->kind == NOTE_NODE_EXPIRED) {
        count(m, v.node_pool, M_CLAIMS_EXPIRED_TOTAL);
    } else if (n->kind == NOTE_NODE_LATE) {
        count(m, v.node_pool, M_CLAIMS_LATE_TOTAL);
    } else if (n->kind == NOTE_NODE_REFUSED) {
        count(m, v.node_pool, M_CLAIMS_NO_CAPACITY_TOTAL);
        count(m, v.node_pool, M_CLAIMS_TERMINATED_TOTAL);
    } else if (n->kind == NOTE_NODE_TERMINATED) {
        count_end(m, &v, n->b == 1);
    }
}
