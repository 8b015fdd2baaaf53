/* Names that fail or stand still, as the balancer's servers show it. */
#include "models/system_event.h"
#include "tests/fixture.h"
#include "tests/support.h"
#include "tests/watch.h"

/* A pool of two, its resolver without a cache: a query is a fill. */
struct rig {
    struct fixture f;
    struct system *s;
    struct watch w;
    sim_us lost_us, back_us; /* all servers; SIM_NEVER */
    int32_t reachable;
};

static void on_row(void *context, const struct timeline_row *r)
{
    struct rig *g = context;

    if (g->reachable > 0 && r->state.reachable == 0 && g->lost_us == SIM_NEVER)
        g->lost_us = r->at_us;
    if (g->reachable == 0 && r->state.reachable > 0 && g->lost_us != SIM_NEVER)
        g->back_us = r->at_us;
    g->reachable = r->state.reachable;
}

static void on_note(void *context, const struct note *n)
{
    watch_on_note(&((struct rig *)context)->w, n);
}

static void prepare(struct rig *g)
{
    *g = (struct rig){.lost_us = SIM_NEVER, .back_us = SIM_NEVER};
    fixture_init(&g->f, 1, 2, 2);
    g->f.pools[0].autoscaled = false;
    g->f.p.dns.cache_us = 0;
    g->f.p.dns.stale_frac = 0.0;
}

static void run(struct rig *g, struct fault *fault)
{
    struct random_world world = {7, 0, false};
    struct system_observer o = {
        .context = g, .on_note = on_note, .on_row = on_row};

    g->f.p.faults = fault;
    g->f.p.n_faults = 1;
    g->s = fixture_system(&g->f);
    system_run(g->s, &world, &o);
}

static void finish(struct rig *g)
{
    watch_free(&g->w);
    system_free(g->s);
    fixture_free(&g->f);
}

static struct fault failure(enum lb_records_kind answer, sim_us for_us)
{
    return (struct fault){.kind = FAULT_DNS_FAIL,
                          .at_us = 100 * US_PER_S,
                          .until_us = 100 * US_PER_S + for_us,
                          .pool = NO_INDEX,
                          .answer = answer};
}

/* The first fill at or after t, worked out from its phase. */
static sim_us fill_us(const struct rig *g, sim_us t_us)
{
    struct random_world world = {7, 0, false};
    sim_us every_us = g->f.p.dns.query_us + g->f.p.dns.cache_us;
    sim_us step_us = g->f.p.dns.cache_us > 0 ? g->f.p.dns.cache_us : US_PER_S;
    double u = random_u01(&world, DRAW_DNS_PHASE, 0, 0);
    sim_us at_us = (sim_us)(u * (double)every_us) - 10 * every_us;

    while (at_us < t_us)
        at_us += step_us;
    return at_us;
}

/* One build works all the time, one asks while there is no server. */
static void expect_lost(enum lb_records_kind answer, sim_us after_us)
{
    struct rig g;
    struct fault f = failure(answer, 60 * US_PER_S);

    prepare(&g);
    fixture_build(&g.f, 0, 0, 50.0, 300.0);
    fixture_build(&g.f, 0, 0, 133.0, 10.0);
    run(&g, &f);
    assert_int_equal(g.lost_us, fill_us(&g, 100 * US_PER_S) + after_us);
    assert_int_equal(g.back_us, fill_us(&g, 160 * US_PER_S));
    const struct build_result *r = system_builds(g.s);
    assert_int_equal(r[0].end_us, 350050 * US_PER_MS);
    assert_int_equal(r[0].end, END_SERVED);
    watch_of(&g.w, NOTE_TURNED_AWAY, 1, 133 * US_PER_S);
    assert_true(r[1].served_us >= g.back_us);
    assert_int_equal(r[1].end, END_SERVED);
    finish(&g);
}

/* Counted from the first query that fails, a second after the last good one:
 * hold 5 s and the next query, hold 30 s, and hold 30 s in steps of four.
 */
static void test_a_failing_name_loses_all_servers_and_no_session(void **state)
{
    (void)state;

    expect_lost(LB_RECORDS_OTHER, 5 * US_PER_S);
    expect_lost(LB_RECORDS_NX, 5 * US_PER_S);
    expect_lost(LB_RECORDS_REFUSED, 29 * US_PER_S);
    expect_lost(LB_RECORDS_TIMEOUT, 31 * US_PER_S);
}

static void test_a_failure_shorter_than_the_hold_is_not_felt(void **state)
{
    struct rig g;
    struct fault f = failure(LB_RECORDS_REFUSED, 28 * US_PER_S);
    (void)state;

    prepare(&g);
    fixture_build(&g.f, 0, 0, 120.0, 10.0);
    run(&g, &f);
    assert_int_equal(g.lost_us, SIM_NEVER);
    assert_int_equal(system_builds(g.s)->served_us, 120 * US_PER_S);
    finish(&g);
}

/* hold timeout 20 s, one try of 2 s, pause of 1 s: resolutions fail 2, 5, ...,
 * 20 s after the first silent query, 21 s after the last answer.
 */
static void test_tries_and_retries_set_the_pace_of_silence(void **state)
{
    struct rig g;
    struct fault f = failure(LB_RECORDS_TIMEOUT, 60 * US_PER_S);
    (void)state;

    prepare(&g);
    g.f.backends[0].hold_timeout_us = 20 * US_PER_S;
    g.f.backends[0].retry_us = 2 * US_PER_S;
    g.f.backends[0].resolve_tries = 1;
    fixture_build(&g.f, 0, 0, 300.0, 10.0);
    run(&g, &f);
    assert_int_equal(g.lost_us, fill_us(&g, 100 * US_PER_S) + 20 * US_PER_S);
    finish(&g);
}

/* The cache on the balancer's node answers until its entry is 5 s old. */
static void test_a_cache_puts_the_failure_off(void **state)
{
    struct rig g;
    struct fault f = failure(LB_RECORDS_OTHER, 60 * US_PER_S);
    (void)state;

    prepare(&g);
    g.f.p.dns.cache_us = 5 * US_PER_S;
    f.at_us = 102 * US_PER_S;
    fixture_build(&g.f, 0, 0, 300.0, 10.0);
    run(&g, &f);
    sim_us fails_us = fill_us(&g, f.at_us);
    assert_true(fails_us > f.at_us + 2 * US_PER_S);
    assert_int_equal(g.lost_us, fails_us + 5 * US_PER_S);
    assert_int_equal(g.back_us, fill_us(&g, 160 * US_PER_S));
    finish(&g);
}

/* A pod that comes while names stand still is known at their first answer. */
static void test_a_stale_resolver_learns_of_pods_when_it_is_over(void **state)
{
    struct rig g;
    struct fault stale = {.kind = FAULT_DNS_STALE,
                          .at_us = 50 * US_PER_S,
                          .until_us = 900 * US_PER_S,
                          .pool = NO_INDEX};
    (void)state;

    prepare(&g);
    g.f.pools[0].autoscaled = true;
    g.f.pools[0].hpa.max = 3;
    g.f.pools[0].keda.max = 3;
    for (int i = 0; i < 3; i++)
        fixture_build(&g.f, 0, 0, 60.0, 5000.0);
    run(&g, &stale);
    const struct note *ready = watch_from(&g.w, NOTE_POD_READY, 60 * US_PER_S);
    assert_true(ready->at_us < 600 * US_PER_S);
    assert_int_equal(watch_of(&g.w, NOTE_POD_KNOWN, ready->a, 0)->at_us,
                     fill_us(&g, 900 * US_PER_S));
    finish(&g);
}

/* The last pod is gone, and the resolver does not know: dials are refused by
 * nobody's address, 3 s each.
 */
static void test_a_stale_resolver_keeps_pods_that_are_gone(void **state)
{
    struct rig g;
    struct fault stale = {.kind = FAULT_DNS_STALE,
                          .at_us = 1,
                          .until_us = 5000 * US_PER_S,
                          .pool = NO_INDEX};
    (void)state;

    prepare(&g);
    g.f.pools[0].autoscaled = true;
    g.f.backends[0].check = false;
    g.f.pools[0].replicas = 3;
    g.f.pools[0].hpa.max = 3;
    g.f.pools[0].keda.max = 3;
    for (int i = 0; i < 12; i++)
        fixture_build(&g.f, 0, 1, 3000.0 + 10 * i, 1.0);
    run(&g, &stale);
    uint32_t gone = watch_from(&g.w, NOTE_POD_GONE, 0)->a;
    assert_true(watch_from(&g.w, NOTE_POD_GONE, 0)->at_us < 2990 * US_PER_S);
    const struct note *n = watch_from(&g.w, NOTE_SILENT, 3000 * US_PER_S);
    assert_int_equal(n->b, gone);
    assert_int_equal(watch_of(&g.w, NOTE_CLOSED, n->a, n->at_us)->at_us,
                     n->at_us + 3 * US_PER_S);
    finish(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failing_name_loses_all_servers_and_no_session),
        cmocka_unit_test(test_a_failure_shorter_than_the_hold_is_not_felt),
        cmocka_unit_test(test_tries_and_retries_set_the_pace_of_silence),
        cmocka_unit_test(test_a_cache_puts_the_failure_off),
        cmocka_unit_test(test_a_stale_resolver_learns_of_pods_when_it_is_over),
        cmocka_unit_test(test_a_stale_resolver_keeps_pods_that_are_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
