/* Drain scripts that do not find the connections: netstat is missing. */
#include "tests/fixture.h"
#include "tests/support.h"
#include "tests/watch.h"

/* A template that changes at 100 s deletes the only pod once another is ready;
 * a build of it runs from 0 to 1500 s.
 */
struct rig {
    struct fixture f;
    struct system *s;
    struct watch w;
    sim_us deleted_us; /* the pod with the build */
};

static struct rig g;

static int prepare(void **state)
{
    (void)state;
    memset(&g, 0, sizeof g);
    fixture_init(&g.f, 1, 1, 1);
    g.f.pools[0].autoscaled = false;
    g.f.pools[0].rollout.max_surge = (struct rollout_amount){1, false};
    g.f.pools[0].rollout.max_unavailable = (struct rollout_amount){0, false};
    g.f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&g.f, 0, 0, 0.0, 1500.0);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    watch_free(&g.w);
    system_free(g.s);
    fixture_free(&g.f);
    return 0;
}

static const struct build_result *run(double missing_s, double for_s)
{
    struct fault faults[2] = {
        {.kind = FAULT_ROLLOUT,
         .at_us = 100 * US_PER_S,
         .until_us = 100 * US_PER_S + 1,
         .pool = NO_INDEX},
        {.kind = FAULT_NETSTAT_MISSING,
         .at_us = us_from_s(missing_s),
         .until_us = us_from_s(missing_s + for_s),
         .pool = NO_INDEX},
    };

    g.f.p.faults = faults;
    g.f.p.n_faults = for_s > 0.0 ? 2 : 1;
    g.s = fixture_system(&g.f);
    g.w = watch_run(g.s, 0);
    g.deleted_us = watch_of(&g.w, NOTE_POD_DELETED, 0, 0)->at_us;
    assert_true(g.deleted_us > 100 * US_PER_S);
    assert_true(g.deleted_us < 300 * US_PER_S);
    return system_builds(g.s);
}

static void test_a_script_waits_for_its_build(void **state)
{
    (void)state;
    assert_int_equal(run(0.0, 0.0)->end, END_SERVED);
}

/* Looks at 0 and 15 s find nothing, and one poll later the hook is over. */
static void test_without_netstat_a_build_is_killed_after_30_s(void **state)
{
    (void)state;
    const struct build_result *r = run(50.0, 2000.0);
    assert_int_equal(r->end, END_KILLED);
    assert_int_equal(r->end_us, g.deleted_us + 30 * US_PER_S);
    assert_int_equal(system_pool(g.s, 0)->kills, 1);
}

/* The looks go on every 15 s; the first two that find nothing end it. */
static void test_a_script_that_waits_stops_seeing_its_build(void **state)
{
    (void)state;
    const struct build_result *r = run(400.0, 2000.0);
    sim_us late_us = 400 * US_PER_S - g.deleted_us;
    sim_us looks = (late_us + 15 * US_PER_S - 1) / (15 * US_PER_S);
    assert_int_equal(r->end, END_KILLED);
    assert_int_equal(r->end_us, g.deleted_us + (looks + 2) * 15 * US_PER_S);
}

/* One look in ten seconds at most, and it takes two in a row. */
static void test_a_single_blind_look_does_no_harm(void **state)
{
    (void)state;
    assert_int_equal(run(400.0, 10.0)->end, END_SERVED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_script_waits_for_its_build),
        TEST(test_without_netstat_a_build_is_killed_after_30_s),
        TEST(test_a_script_that_waits_stops_seeing_its_build),
        TEST(test_a_single_blind_look_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
