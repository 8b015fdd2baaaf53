/* A scaler from outside: the models behind the link make the same history. */
#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/model_link.h"
#include "tests/support.h"

#define S(seconds) us_from_s(seconds)

/* Two pools with bursts that make both go up and down, and up again. */
static void init(struct fixture *f)
{
    fixture_init(f, 2, 1, 12);
    f->pools[1].replicas = 3;
    fixture_build(f, 0, 0, 0.5, 90.0); /* the first poll finds it at work */
    for (int i = 0; i < 9; i++)
        fixture_build(f, 0, 0, 61.3 + 7.7 * i, 311.0 + 40.0 * i);
    for (int i = 0; i < 20; i++)
        fixture_build(f, 1, 1, 1500.0 + 13.9 * i, 157.0 + 11.0 * i);
    for (int i = 0; i < 6; i++)
        fixture_build(f, 0, 0, 4000.0 + 0.4 * i, 600.0);
}

static void assert_same(const struct history *a, const struct history *b)
{
    assert_true(a->of_kind[NOTE_SCALE] > 2);
    assert_int_equal(a->n_notes, b->n_notes);
    assert_int_equal(a->of_kind[NOTE_SCALE], b->of_kind[NOTE_SCALE]);
    assert_true(a->hash == b->hash);
}

/* Every note of a run, those of the models inside against those of the models
 * behind the link.
 */
static void assert_same_history(struct fixture *f)
{
    struct system *s = fixture_system(f);
    struct model_link l;
    struct scaler_link link = model_scaler_link(&l, f);

    for (uint64_t r = 0; r < 3; r++) {
        system_set_link(s, NULL);
        struct history inside = history_run(s, r);
        sim_us inside_us = system_horizon_us(s);
        system_set_link(s, &link);
        struct history outside = history_run(s, r);
        assert_same(&inside, &outside);
        assert_int_equal(inside_us, system_horizon_us(s));
        model_link_free(&l);
    }
    assert_true(l.n_calls > 100);
    system_free(s);
    fixture_free(f);
}

static void test_the_models_behind_the_link_make_the_same_history(void **state)
{
    struct fixture f;

    (void)state;
    init(&f);
    assert_same_history(&f);
}

static void test_so_they_do_with_ticks_that_tie_with_the_world(void **state)
{
    struct fixture f;

    (void)state;
    init(&f);
    f.pools[0].hpa.read_us = f.pools[1].hpa.read_us = 0;
    f.pools[0].hpa.sync_us = f.pools[1].hpa.sync_us = US_PER_S;
    f.pools[0].keda.polling_us = f.pools[1].keda.polling_us = US_PER_S;
    f.pools[0].hpa.resync_us = 0; /* asks again at whole seconds */
    assert_same_history(&f);
}

static void test_so_they_do_when_the_pool_goes_to_zero(void **state)
{
    struct fixture f;

    (void)state;
    init(&f);
    f.pools[0].keda.min = 0;
    f.pools[0].keda.cooldown_us = S(90.0);
    assert_same_history(&f);
}

static void test_so_they_do_through_every_fault_of_scaling(void **state)
{
    struct fault faults[] = {
        {.kind = FAULT_METRICS_DOWN, .at_us = S(70.0), .until_us = S(190.0)},
        {.kind = FAULT_CONTROLLER_RESTART,
         .at_us = S(260.0),
         .until_us = S(300.0),
         .gap_us = S(40.0)},
        {.kind = FAULT_API_CONFLICTS,
         .at_us = S(1510.0),
         .until_us = S(1560.0)},
        {.kind = FAULT_KEDA_RESTART, .at_us = S(1600.0), .until_us = S(1700.0)},
        {.kind = FAULT_METRICS_SLOW, .at_us = S(1750.0), .until_us = S(1990.0)},
    };
    struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        faults[i].pool = NO_INDEX;
    for (uint32_t i = 0; i < 2; i++) {
        f.pools[i].keda.has_fallback = true;
        f.pools[i].keda.fallback_threshold = 3;
        f.pools[i].keda.fallback_replicas = 5;
    }
    f.p.faults = faults;
    f.p.n_faults = sizeof faults / sizeof *faults;
    assert_same_history(&f);
}

/* ------------------------------------------------------------ what is seen */

struct glance {
    struct pool_view at_start, later;
    struct backend_view backend;
    sim_us start_us, now_us;
    size_t n_calls;
};

static sim_us glance_start(void *context, struct system *s)
{
    struct glance *g = context;

    g->at_start = system_view(s, 0);
    return g->start_us;
}

static sim_us glance_look(void *context, struct system *s, sim_us now_us)
{
    struct glance *g = context;

    g->n_calls++;
    g->now_us = now_us;
    g->later = system_view(s, 0);
    g->backend = system_backend(s, 0);
    system_scale(s, 0, 7);
    return SIM_NEVER;
}

static struct glance glance_at(struct fixture *f, sim_us at_us, uint32_t *end)
{
    struct glance g = {.start_us = at_us};
    struct scaler_link link = {&g, glance_start, glance_look};
    struct system *s = fixture_system(f);

    system_set_link(s, &link);
    struct history h = history_run(s, 0);
    *end = h.highest;
    system_free(s);
    return g;
}

/* Three builds dial at 60 s, two pods are there; the world of an instant comes
 * before the link.
 */
static void test_the_link_sees_the_instant_it_asked_for(void **state)
{
    struct fixture f;
    uint32_t highest;

    (void)state;
    fixture_init(&f, 1, 2, 8);
    for (int i = 0; i < 3; i++)
        fixture_build(&f, 0, 1, 60.0, 900.0);
    struct glance before = glance_at(&f, S(60.0) - 1, &highest);
    assert_int_equal(before.later.sessions, 0);
    struct glance g = glance_at(&f, S(60.0), &highest);
    assert_int_equal(g.n_calls, 1);
    assert_int_equal(g.now_us, S(60.0));
    assert_int_equal(g.at_start.sessions, 0);
    assert_int_equal(g.at_start.spec, 2);
    assert_int_equal(g.at_start.status, 2);
    assert_int_equal(g.later.sessions, 3);
    assert_int_equal(g.backend.sessions, 3);
    assert_int_equal(g.backend.queue, 1);
    assert_int_equal(highest, 7);
    fixture_free(&f);
}

/* ------------------------------------------------------------ pods */

struct census {
    struct pods_view at_start, draining, over;
    uint32_t status; /* while one drains */
};

static sim_us census_start(void *context, struct system *s)
{
    struct census *c = context;

    c->at_start = system_pods(s, 0);
    return S(100.0);
}

static sim_us census_look(void *context, struct system *s, sim_us now_us)
{
    struct census *c = context;

    if (now_us == S(100.0)) {
        system_scale(s, 0, 1);
        return S(800.0);
    }
    if (now_us == S(800.0)) {
        c->draining = system_pods(s, 0);
        c->status = system_view(s, 0).status;
        return S(1500.0);
    }
    c->over = system_pods(s, 0);
    return SIM_NEVER;
}

/* Two builds of 900 s hold both pods, of which one is to go at 100 s. */
static void test_a_pod_that_drains_is_ready_to_who_lists_pods(void **state)
{
    struct census c = {.status = 0};
    struct scaler_link link = {&c, census_start, census_look};
    struct fixture f;

    (void)state;
    fixture_init(&f, 1, 2, 8);
    fixture_build(&f, 0, 1, 60.0, 900.0);
    fixture_build(&f, 0, 1, 61.0, 900.0);
    fixture_build(&f, 0, 1, 1000.0, 900.0); /* the run goes on */
    struct system *s = fixture_system(&f);
    system_set_link(s, &link);
    (void)history_run(s, 0);
    assert_int_equal(c.at_start.all, 2);
    assert_int_equal(c.at_start.ready, 2);
    assert_int_equal(c.draining.all, 2);
    assert_int_equal(c.draining.ready, 2);
    assert_int_equal(c.status, 1);
    assert_int_equal(c.over.all, 1);
    assert_int_equal(c.over.ready, 1);
    system_free(s);
    fixture_free(&f);
}

static void test_a_link_that_wants_nothing_is_not_called(void **state)
{
    struct fixture f;
    uint32_t highest;

    (void)state;
    fixture_init(&f, 1, 2, 8);
    for (int i = 0; i < 9; i++)
        fixture_build(&f, 0, 0, 60.0, 90.0);
    struct glance g = glance_at(&f, SIM_NEVER, &highest);
    assert_int_equal(g.n_calls, 0);
    assert_int_equal(highest, 0); /* nobody else scales */
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_models_behind_the_link_make_the_same_history),
        cmocka_unit_test(test_so_they_do_with_ticks_that_tie_with_the_world),
        cmocka_unit_test(test_so_they_do_when_the_pool_goes_to_zero),
        cmocka_unit_test(test_so_they_do_through_every_fault_of_scaling),
        cmocka_unit_test(test_the_link_sees_the_instant_it_asked_for),
        cmocka_unit_test(test_a_pod_that_drains_is_ready_to_who_lists_pods),
        cmocka_unit_test(test_a_link_that_wants_nothing_is_not_called),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
