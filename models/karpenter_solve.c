#include "models/karpenter_solve.h"

#include "models/karpenter_disrupt.h"
#include "models/karpenter_launch.h"
#include "sim/base/mem.h"

#include <stdlib.h>

/* One solve. Within a run of pods of one kind nothing gets roomier, so a node
 * or claim that refused one of them need not be asked again.
 */
struct solver {
    struct karp *k;
    sim_us now_us;
    size_t n_exist;   /* live nodes before the solve */
    size_t cursor;    /* next of two rounds over them: initialized, others */
    size_t first_new; /* node index of the first claim of this round */
    size_t n_open;    /* claims in k->open that may still take this kind */
    struct karp_size left[KARP_POOLS]; /* of the limits */
    uint64_t usable[KARP_POOLS];       /* types with an offering */
};

static int by_size(const void *left, const void *right)
{
    const struct karp_pod *a = left, *b = right;

    if (a->size.mcpu != b->size.mcpu)
        return a->size.mcpu > b->size.mcpu ? -1 : 1;
    if (a->size.mib != b->size.mib)
        return a->size.mib > b->size.mib ? -1 : 1;
    if (a->created_us != b->created_us)
        return a->created_us < b->created_us ? -1 : 1;
    return a->pod < b->pod ? -1 : a->pod > b->pod;
}

static void sort_pods(struct karp_pod pods[], size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (by_size(&pods[i - 1], &pods[i]) > 0) {
            qsort(pods, n, sizeof pods[0], by_size);
            return;
        }
}

static bool within(struct karp_size a, struct karp_size b)
{
    return a.mcpu <= b.mcpu && a.mib <= b.mib;
}

static struct karp_size sum(struct karp_size a, struct karp_size b)
{
    return (struct karp_size){a.mcpu + b.mcpu, a.mib + b.mib};
}

struct karp_size karp_in_use(const struct karp *k, uint32_t pool)
{
    struct karp_size used = {0, 0};

    for (size_t i = 0; i < k->n_live; i++) {
        const struct karp_node *n = &k->nodes[k->live[i]];
        if (n->pool == pool && n->phase >= KARP_LAUNCHED && !karp_leaving(n))
            used = sum(used, k->p->types[n->type].capacity);
    }
    return used;
}

static int64_t rest(int64_t limit, int64_t used)
{
    return limit == KARP_NO_LIMIT ? KARP_NO_LIMIT : limit - used;
}

static void look_at_pools(struct solver *s)
{
    const struct karp_params *p = s->k->p;

    for (uint32_t i = 0; i < p->n_pools; i++) {
        const struct karp_pool *pool = &p->pools[i];
        struct karp_size used = karp_in_use(s->k, i);
        s->left[i].mcpu = rest(pool->limit.mcpu, used.mcpu);
        s->left[i].mib = rest(pool->limit.mib, used.mib);
        s->usable[i] =
            karp_available_types(s->k, pool->types, pool->zones, s->now_us);
    }
}

/* The plans of the solve before this one are void. */
static void forget_plans(struct karp *k)
{
    for (size_t i = 0; i < k->n_live; i++) {
        k->nodes[k->live[i]].n_planned = 0;
        k->nodes[k->live[i]].planned = (struct karp_size){0, 0};
    }
}

static void start_kind(struct solver *s)
{
    struct karp *k = s->k;

    s->cursor = 0;
    s->n_open = k->n_nodes - s->first_new;
    k->open = mem_grow(k->open, &k->cap_open, s->n_open, sizeof *k->open);
    for (size_t i = 0; i < s->n_open; i++)
        k->open[i] = (uint32_t)(s->first_new + i);
}

void karp_nominate(struct karp *k, sim_us now_us, uint32_t node)
{
    sim_us for_us = 2 * k->p->batch_max_us;

    karp_disrupt_forward(k, now_us);
    if (for_us < 10 * US_PER_S)
        for_us = 10 * US_PER_S;
    k->nodes[node].nominated_us = now_us + for_us;
    karp_tell(k->p->watch, now_us, KARP_NODE_NOMINATED, node, 0);
}

static uint32_t plan(struct solver *s, uint32_t node, const struct karp_pod *d)
{
    struct karp_node *n = &s->k->nodes[node];

    n->n_planned++;
    n->rank = ++s->k->n_ranks;
    n->planned = sum(n->planned, d->size);
    return node;
}

/* The node takes pods as an existing or in-flight one, initialized or not. An
 * initialized node that is not ready is tainted; before, it is expected.
 */
static bool exists(const struct karp_node *n, bool initialized)
{
    if (n->queued)
        return false;
    if (initialized)
        return n->phase == KARP_INITIALIZED && n->ready;
    return n->phase == KARP_LAUNCHED || n->phase == KARP_REGISTERED;
}

static uint32_t on_existing(struct solver *s, const struct karp_pod *d)
{
    for (; s->cursor < 2 * s->n_exist; s->cursor++) {
        bool initialized = s->cursor < s->n_exist;
        uint32_t node =
            s->k->live[initialized ? s->cursor : s->cursor - s->n_exist];
        const struct karp_node *n = &s->k->nodes[node];
        if (!exists(n, initialized) || !((d->pools >> n->pool) & 1))
            continue;
        if (within(sum(sum(n->used, n->planned), d->size), n->room)) {
            karp_nominate(s->k, s->now_us, node);
            return plan(s, node, d);
        }
    }
    return NO_INDEX;
}

/* Types of the set with room for that much beside the DaemonSets. */
static uint64_t large_enough(const struct karp *k, uint64_t set, uint32_t pool,
                             struct karp_size pods)
{
    struct karp_size need = sum(pods, k->p->pools[pool].daemon);

    for (size_t t = 0; t < k->p->n_types; t++)
        if (!within(need, k->p->types[t].allocatable))
            set &= ~(UINT64_C(1) << t);
    return set;
}

/* Upstream sorts its list of claims by their pods before each pod that no node
 * takes. A sort that keeps the order of equals moves the claim that has just
 * taken a pod up to the first with as many, and a new one behind the last.
 */
static bool goes_before(const struct karp_node *a, const struct karp_node *b)
{
    if (a->n_planned != b->n_planned)
        return a->n_planned < b->n_planned;
    return a->rank > b->rank;
}

/* Position in k->open of the claim that is asked next. */
static size_t next_claim(const struct solver *s)
{
    const struct karp *k = s->k;
    size_t best = 0;

    for (size_t i = 1; i < s->n_open; i++)
        if (goes_before(&k->nodes[k->open[i]], &k->nodes[k->open[best]]))
            best = i;
    return best;
}

static uint32_t on_claim(struct solver *s, const struct karp_pod *d)
{
    struct karp *k = s->k;

    while (s->n_open > 0) {
        size_t i = next_claim(s);
        uint32_t node = k->open[i];
        struct karp_node *n = &k->nodes[node];
        uint64_t set = 0;
        if ((d->pools >> n->pool) & 1)
            set = large_enough(k, n->types, n->pool, sum(n->planned, d->size));
        if (set != 0) {
            n->types = set;
            return plan(s, node, d);
        }
        k->open[i] = k->open[--s->n_open];
    }
    return NO_INDEX;
}

static uint64_t within_limit(const struct karp *k, uint64_t set,
                             struct karp_size left)
{
    for (size_t t = 0; t < k->p->n_types; t++)
        if (!within(k->p->types[t].capacity, left))
            set &= ~(UINT64_C(1) << t);
    return set;
}

/* Takes the largest capacity of the set off what is left of the limits. */
static void charge(const struct karp *k, uint64_t set, struct karp_size *left)
{
    struct karp_size most = {0, 0};

    for (size_t t = 0; t < k->p->n_types; t++) {
        struct karp_size c = k->p->types[t].capacity;
        if (!((set >> t) & 1))
            continue;
        most.mcpu = c.mcpu > most.mcpu ? c.mcpu : most.mcpu;
        most.mib = c.mib > most.mib ? c.mib : most.mib;
    }
    left->mcpu = rest(left->mcpu, most.mcpu);
    left->mib = rest(left->mib, most.mib);
}

static uint32_t on_new_claim(struct solver *s, const struct karp_pod *d)
{
    struct karp *k = s->k;

    for (size_t i = 0; i < k->p->n_pools; i++) {
        uint32_t pool = k->pool_order[i];
        if (!((d->pools >> pool) & 1))
            continue;
        uint64_t set = within_limit(k, s->usable[pool], s->left[pool]);
        set = large_enough(k, set, pool, d->size);
        if (set == 0)
            continue;
        uint32_t node = karp_add(k, s->now_us, pool);
        k->nodes[node].types = set;
        charge(k, set, &s->left[pool]);
        k->open =
            mem_grow(k->open, &k->cap_open, s->n_open + 1, sizeof *k->open);
        k->open[s->n_open++] = node;
        plan(s, node, d);
        k->nodes[node].rank = -k->n_ranks;
        return node;
    }
    return NO_INDEX;
}

/* Claims of equal content share one request to the cloud. */
static void number_fleets(struct karp *k, size_t first_new)
{
    for (size_t i = first_new; i < k->n_nodes; i++) {
        struct karp_node *n = &k->nodes[i];
        size_t j = i;
        while (j > first_new && (k->nodes[j - 1].pool != n->pool ||
                                 k->nodes[j - 1].types != n->types))
            j--;
        n->fleet = j > first_new ? k->nodes[j - 1].fleet : k->n_fleets++;
    }
}

static bool same_kind(const struct karp_pod *a, const struct karp_pod *b)
{
    return a->size.mcpu == b->size.mcpu && a->size.mib == b->size.mib &&
           a->pools == b->pools;
}

static uint32_t place(struct solver *s, const struct karp_pod *d)
{
    uint32_t node = on_existing(s, d);

    if (node == NO_INDEX)
        node = on_claim(s, d);
    if (node == NO_INDEX)
        node = on_new_claim(s, d);
    return node;
}

static void tell(const struct solver *s, const struct karp_pod pods[], size_t n,
                 bool over)
{
    const struct karp_watch *w = s->k->p->watch;

    if (w)
        w->on_solve(w->context, s->k, s->now_us, pods, n, over);
}

size_t karp_solve(struct karp *k, sim_us now_us, struct karp_pod pods[],
                  size_t n)
{
    struct solver s = {.k = k,
                       .now_us = now_us,
                       .n_exist = k->n_live,
                       .first_new = k->n_nodes};

    for (size_t i = 0; i < n; i++)
        pods[i].node = NO_INDEX;
    if (!karp_synced(k) || n == 0)
        return 0;
    karp_disrupt_forward(k, now_us);
    sort_pods(pods, n);
    tell(&s, pods, n, false);
    look_at_pools(&s);
    forget_plans(k);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || !same_kind(&pods[i - 1], &pods[i]))
            start_kind(&s);
        pods[i].node = place(&s, &pods[i]);
    }
    number_fleets(k, s.first_new);
    tell(&s, pods, n, true);
    return k->n_nodes - s.first_new;
}
