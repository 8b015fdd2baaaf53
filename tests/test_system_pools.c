/* Many pools in one system: each as if it were alone. */
#include "tests/support.h"

#include "sim/base/mem.h"
#include "tests/fixture.h"

#include <stdlib.h>

/* Beside the pools stands ballast: pods as large as a node that are given up
 * at once, so that there is room for every pod that a pool may want, and
 * Karpenter, which all share, has nothing to do.
 */
enum { POOLS = 200, BALLAST = POOLS, PER_POOL = 6, NODES = 40 };

struct world {
    struct fixture f;
    struct pool_params pools[POOLS + 1];
    struct pool_link links[POOLS + 1];
    struct lb_backend_params backends[POOLS + 1];
    uint32_t pool_of[2 * POOLS + 4], caller_of[2 * POOLS + 4];
    struct rows {
        struct timeline_row *at; /* owned */
        size_t n, cap;
    } rows;
    sim_us last_us;
    bool in_order; /* rows of an instant come pool by pool */
};

static void on_row(void *context, const struct timeline_row *r)
{
    struct world *w = context;
    struct rows *x = &w->rows;

    if (x->n > 0 && x->at[x->n - 1].at_us == r->at_us &&
        x->at[x->n - 1].pool >= r->pool)
        w->in_order = false;
    x->at = mem_grow(x->at, &x->cap, x->n + 1, sizeof *x->at);
    x->at[x->n++] = *r;
}

static void make_pools(struct world *w)
{
    for (uint32_t i = 0; i <= POOLS; i++) {
        w->pools[i] = w->f.pools[0];
        (void)snprintf(w->pools[i].name, sizeof w->pools[i].name, "pool%u", i);
        w->pools[i].request_mcpu = 1000;
        w->pools[i].request_mib = 1000;
        w->pools[i].backend = i;
        w->links[i] = (struct pool_link){i, i};
        w->backends[i] = w->f.backends[0];
    }
    w->pools[BALLAST].request_mcpu = 84000;
    w->pools[BALLAST].replicas = NODES;
    w->pools[BALLAST].keda.has_min = true;
    w->pools[BALLAST].keda.min = 1;
    w->pools[BALLAST].hpa.min = 1;
}

static void prepare(struct world *w)
{
    memset(w, 0, sizeof *w);
    fixture_init(&w->f, 1, 1, 30);
    w->f.p.karpenter.pools[0].consolidate_after_us = 100 * US_PER_DAY;
    make_pools(w);
    w->f.p.pools = w->pools;
    w->f.p.links = w->links;
    w->f.p.n_pools = w->f.p.n_links = POOLS + 1;
    w->f.p.lb = (struct lb_params){LB_3_1, w->backends, POOLS + 1};
    w->in_order = true;
}

/* A burst an hour after the ballast has begun to go, seven builds a second of
 * as many pools, the last of them first: so builds of all pools are mixed.
 * Those of others than `alone` wait in front of the ballast in its place.
 */
static void ask(struct world *w, uint32_t alone)
{
    char name[32];

    for (uint32_t i = 0; i < POOLS * PER_POOL; i++) {
        uint32_t pool = POOLS - 1 - i % POOLS;
        int n = snprintf(name, sizeof name, "pool%u", pool);
        struct trace_build b = {
            .asked_us = (3600 + i / 7) * US_PER_S,
            .work_us = (100 + i * 37 % 500) * US_PER_S,
            .leaves_us = SIM_NEVER,
            .pool = strings_add(&w->f.t.strings, name, (size_t)n),
        };
        w->pool_of[b.pool] =
            alone == NO_INDEX || alone == pool ? pool : BALLAST;
        trace_add(&w->f.t, &b);
        w->f.t.span_us = b.asked_us + 1;
    }
}

static struct system *run(struct world *w, uint32_t alone)
{
    const struct random_world one = {.seed = 7};
    const struct system_observer o = {.context = w, .on_row = on_row};

    prepare(w);
    ask(w, alone);
    struct system *s = system_new(&w->f.p, &w->f.t, w->pool_of, w->caller_of);
    system_run(s, &one, &o);
    return s;
}

static void stop(struct world *w, struct system *s)
{
    system_free(s);
    free(w->rows.at);
    fixture_free(&w->f);
}

/* What is asked of each pool by hand: six builds, one pod at the start, no
 * more than seven in all, and every build has an end.
 */
static void test_every_build_of_every_pool_ends(void **state)
{
    static struct world w;
    struct system *s = run(&w, NO_INDEX);

    (void)state;
    for (uint32_t i = 0; i < POOLS; i++) {
        const struct pool_result *r = system_pool(s, i);
        assert_int_equal(r->builds, PER_POOL);
        assert_int_equal(r->ends[END_SERVED], PER_POOL);
        assert_true(r->pods_started > 0 && r->pods_started <= PER_POOL);
        assert_int_equal(r->nodes_started, 0);
    }
    assert_true(w.in_order);
    stop(&w, s);
}

static bool same_row(const struct timeline_row *a, const struct timeline_row *b)
{
    return a->at_us == b->at_us &&
           memcmp(&a->state, &b->state, sizeof a->state) == 0;
}

/* The next row of the pool at or behind *at, or NULL. */
static const struct timeline_row *next_row(const struct world *w, uint32_t pool,
                                           size_t *at)
{
    while (*at < w->rows.n && w->rows.at[*at].pool != pool)
        ++*at;
    return *at < w->rows.n ? &w->rows.at[(*at)++] : NULL;
}

static void assert_alone(const struct world *all, const struct system *s,
                         uint32_t pool)
{
    static struct world w;
    struct system *own = run(&w, pool);
    size_t i = 0, k = 0, n_rows = 0;
    const struct timeline_row *a, *b;

    do {
        a = next_row(all, pool, &i);
        b = next_row(&w, pool, &k);
        assert_true(!a == !b);
        assert_true(!a || same_row(a, b));
        n_rows++;
    } while (a);
    assert_true(n_rows > 10);
    for (uint32_t build = POOLS - 1 - pool; build < POOLS * PER_POOL;
         build += POOLS) {
        const struct build_result *x = &system_builds(s)[build];
        const struct build_result *y = &system_builds(own)[build];
        assert_int_equal(x->served_us, y->served_us);
        assert_int_equal(x->end_us, y->end_us);
        assert_int_equal(x->dials, y->dials);
    }
    stop(&w, own);
}

static void test_a_pool_lives_as_if_it_were_alone(void **state)
{
    static struct world w;
    struct system *s = run(&w, NO_INDEX);

    (void)state;
    assert_alone(&w, s, 0);
    assert_alone(&w, s, 63); /* ends of words of any set of pools */
    assert_alone(&w, s, 64);
    assert_alone(&w, s, POOLS - 1);
    stop(&w, s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_build_of_every_pool_ends),
        cmocka_unit_test(test_a_pool_lives_as_if_it_were_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
