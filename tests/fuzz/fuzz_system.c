/* fuzz_system.c - the bytes as a small system: pools, clients, builds and
 * faults. Whatever they are, every build has one end, sums agree, and ticks
 * that change nothing may be run or left out.
 */
#include "tests/fixture.h"
#include "tests/fuzz/fuzz.h"

enum { BUILDS = 60, MAX_FAULTS = 5 };

/* Numbers are taken from the front; behind the end all are the lowest. */
struct dough {
    const uint8_t *bytes;
    size_t n;
};

/* A number from low to high, both included. */
static uint32_t pick(struct dough *d, uint32_t low, uint32_t high)
{
    uint32_t range = high - low, x = 0;

    for (uint32_t rest = range; rest > 0 && d->n > 0; rest >>= 8, d->n--)
        x = x << 8 | *d->bytes++;
    return range == UINT32_MAX ? x : low + x % (range + 1);
}

static void pick_rules(struct dough *d, struct hpa_rules *r)
{
    r->has_window = true;
    r->window_us = pick(d, 0, 3600) * US_PER_S;
    r->has_policies = true;
    r->n_policies = pick(d, 1, 2);
    for (size_t i = 0; i < r->n_policies; i++)
        r->policies[i] = (struct hpa_policy){
            pick(d, 0, 1) ? HPA_PODS : HPA_PERCENT, (int32_t)pick(d, 1, 200),
            pick(d, 15, 1800) * US_PER_S};
}

static void pick_scaler(struct dough *d, struct pool_params *p)
{
    struct hpa_params *h = &p->hpa;

    h->kubernetes_minor = pick(d, 32, 35);
    p->keda.minor = pick(d, 16, 20);
    h->has_behavior = pick(d, 0, 1) == 1;
    pick_rules(d, &h->down);
    if (pick(d, 0, 3) == 0)
        pick_rules(d, &h->up);
    hpa_behavior_defaults(h);
    p->keda.has_fallback = pick(d, 0, 1) == 1;
    p->keda.fallback_threshold = (int32_t)pick(d, 1, 5);
    p->keda.fallback_replicas = (int32_t)pick(d, 0, 9);
    p->kubelet.grace_us = pick(d, 0, 9000) * US_PER_S;
    p->autoscaled = pick(d, 0, 9) > 0;
    p->has_drain = pick(d, 0, 3) > 0;
}

static void pick_clients(struct dough *d, struct fixture *f)
{
    for (int c = 0; c < 2; c++) {
        struct client_params *p = &f->callers[c].client;
        p->attempts = pick(d, 1, 400);
        p->delay_us = pick(d, 1, 60) * US_PER_S;
        p->retry = (enum client_retry)pick(d, 0, 3);
        p->job_timeout_us = pick(d, 60, 20000) * US_PER_S;
    }
    for (size_t i = 0; i < f->p.n_pools; i++) {
        f->backends[i].n_slots = pick(d, 1, 40);
        f->backends[i].maxconn = pick(d, 1, 3);
        f->backends[i].queue_us = pick(d, 0, 120) * US_PER_S;
    }
    f->p.lb.version = (enum lb_version)pick(d, 0, 4);
}

static void pick_builds(struct dough *d, struct fixture *f)
{
    uint32_t n_builds = pick(d, 1, BUILDS), asked_s = 0;

    for (uint32_t k = 0; k < n_builds; k++) {
        if (pick(d, 0, 3) == 0)
            asked_s += pick(d, 0, 9000);
        uint32_t work_s = pick(d, 0, 5000);
        fixture_build(f, pick(d, 0, (uint32_t)f->p.n_pools - 1), pick(d, 0, 1),
                      asked_s, work_s);
        struct trace_build *b = &f->t.builds[k];
        b->outcome = (uint8_t)pick(d, 0, 2);
        if (b->outcome == TRACE_CANCELLED)
            b->leaves_us = b->asked_us + pick(d, 0, 3000) * US_PER_S;
    }
}

static void pick_faults(struct dough *d, struct fixture *f,
                        struct fault faults[MAX_FAULTS])
{
    sim_us at_us = 0;

    f->p.faults = faults;
    f->p.n_faults = pick(d, 0, MAX_FAULTS);
    for (size_t k = 0; k < f->p.n_faults; k++) {
        sim_us gap_us = pick(d, 1, 9000) * US_PER_S;
        at_us += pick(d, 0, 9000) * US_PER_S;
        faults[k] = (struct fault){
            .kind = (enum fault_kind)pick(d, 0, FAULT_KINDS - 1),
            .at_us = at_us,
            .until_us = at_us + gap_us,
            .gap_us = gap_us,
            .factor = pick(d, 1, 9),
            .pool = pick(d, 0, 1) ? NO_INDEX : 0,
            .n_nodes = pick(d, 1, 9),
            .types = pick(d, 0, 1) ? UINT64_MAX : 1,
            .zones = pick(d, 0, 7),
        };
    }
}

static void check_pool(const struct fixture *f, const struct system *s,
                       uint32_t pool)
{
    const struct pool_result *p = system_pool(s, pool);
    uint64_t ends = 0, builds = 0;

    for (int e = 0; e < END_KINDS; e++)
        ends += p->ends[e];
    for (size_t k = 0; k < f->t.n; k++)
        builds += f->pool_of[f->t.builds[k].pool] == pool;
    fuzz_check(p->builds == builds);
    fuzz_check(ends == builds);
    fuzz_check(p->ends[END_UNFINISHED] == 0);
    fuzz_check(p->levels[0].value == 0); /* demand */
    fuzz_check(p->cost_usd >= 0.0);
    for (size_t k = 0; k < POOL_LEVELS; k++)
        fuzz_check(p->levels[k].area >= 0);
    fuzz_check(p->idle.area >= 0 && p->idle.area <= p->levels[8].area);
}

static void check_builds(const struct fixture *f, const struct system *s)
{
    const struct build_result *r = system_builds(s);

    for (size_t k = 0; k < f->t.n; k++) {
        const struct trace_build *b = &f->t.builds[k];
        fuzz_check(r[k].end_us >= b->asked_us);
        if (r[k].end == END_SERVED)
            fuzz_check(r[k].end_us - r[k].served_us >= b->work_us);
        if (r[k].end == END_LEFT)
            fuzz_check(r[k].end_us == b->leaves_us);
    }
}

/* The history with every idle tick run is the one without them. */
static void check_elision(struct fixture *f, const struct system *s,
                          const struct random_world *w)
{
    f->p.execute_idle = true;
    struct system *full = fixture_system(f);
    system_run(full, w, NULL);
    for (size_t k = 0; k < f->t.n; k++) {
        const struct build_result *a = &system_builds(s)[k];
        const struct build_result *b = &system_builds(full)[k];
        fuzz_check(a->end == b->end && a->end_us == b->end_us);
        fuzz_check(a->served_us == b->served_us && a->pod == b->pod);
        fuzz_check(a->dials == b->dials && a->attempts == b->attempts);
    }
    for (size_t i = 0; i < f->p.n_pools; i++) {
        const struct pool_result *a = system_pool(s, i);
        const struct pool_result *b = system_pool(full, i);
        fuzz_check(a->pods_started == b->pods_started);
        fuzz_check(a->nodes_started == b->nodes_started);
        fuzz_check(a->removed == b->removed && a->added == b->added);
    }
    system_free(full);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct dough d = {bytes, n};
    struct fixture f;
    struct fault faults[MAX_FAULTS];
    struct random_world w = {pick(&d, 0, 255), 0, false};
    uint32_t n_pools = pick(&d, 1, 2), min = pick(&d, 0, 6);

    if (n < 8)
        return -1;
    fixture_init(&f, n_pools, min, min + pick(&d, 1, 40));
    for (uint32_t i = 0; i < n_pools; i++)
        pick_scaler(&d, &f.pools[i]);
    pick_clients(&d, &f);
    pick_faults(&d, &f, faults);
    pick_builds(&d, &f);
    struct system *s = fixture_system(&f);
    system_run(s, &w, NULL);
    for (uint32_t pool = 0; pool < n_pools; pool++)
        check_pool(&f, s, pool);
    check_builds(&f, s);
    check_elision(&f, s, &w);
    system_free(s);
    fixture_free(&f);
    return 0;
}
