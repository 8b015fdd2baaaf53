/* Jobs of a build: set-up, limits, and jobs that are run again. */
#include "tests/fixture.h"
#include "tests/support.h"
#include "tests/watch.h"

struct rig {
    struct fixture f;
    struct system *s;
    struct watch w;
};

static struct rig g;

/* A fixed pool of two; a job that is cut fails, and is run again at most
 * twice, 600 s later, after a set-up of 30 s.
 */
static int prepare(void **state)
{
    (void)state;
    memset(&g, 0, sizeof g);
    fixture_init(&g.f, 1, 2, 2);
    g.f.pools[0].autoscaled = false;
    struct client_params *c = &g.f.callers[0].client;
    c->retry = CLIENT_RETRY_NEW;
    c->reruns = 2;
    c->rerun_delay = (struct dist){DIST_CONSTANT, 600.0, 600.0, 600.0, 600.0};
    c->setup_us = 30 * US_PER_S;
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

static const struct build_result *run(void)
{
    g.s = fixture_system(&g.f);
    g.w = watch_run(g.s, 0);
    return system_builds(g.s);
}

static void cut_after_100_s(void)
{
    g.f.callers[0].client.silent_frac = 1.0;
    g.f.backends[0].inactivity_us = 100 * US_PER_S;
}

static void expect(const struct build_result *r, enum build_end end,
                   sim_us end_us)
{
    assert_int_equal(r->end, end);
    assert_int_equal(r->end_us, end_us);
}

static void test_the_set_up_uses_up_the_jobs_time(void **state)
{
    (void)state;
    g.f.callers[0].client.reruns = 0;
    g.f.callers[0].client.job_timeout_us = 300 * US_PER_S;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    expect(run(), END_TIMED_OUT, 270 * US_PER_S);
}

/* One after the other, on the place of the one before. */
static void test_builds_that_have_ended_leave_only_their_result(void **state)
{
    size_t bytes[3];
    (void)state;
    for (int i = 1; i <= 2; i++) {
        finish(NULL);
        prepare(NULL);
        for (int k = 0; k < 200 * i; k++)
            fixture_build(&g.f, 0, 0, 40.0 * k, 20.0);
        run();
        bytes[i] = system_memory(g.s);
    }
    assert_int_equal(bytes[2] - bytes[1],
                     200 * (sizeof(struct build_result) + sizeof(uint32_t)));
}

/* Its first dial registers the builder, which is not an attempt yet. */
static void test_a_job_that_registers_its_builder_has_a_limit(void **state)
{
    (void)state;
    g.f.callers[0].client.reruns = 0;
    g.f.callers[0].client.create_dials = true;
    g.f.callers[0].client.job_timeout_us = 300 * US_PER_S;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    const struct build_result *r = run();
    expect(r, END_TIMED_OUT, 270 * US_PER_S);
    assert_int_equal(r->dials, 2);
    assert_int_equal(r->attempts, 1);
}

/* Cut at 100.05; again at 730.05, cut at 830.1; at 1460.1, cut at 1560.15. */
static void test_a_job_that_fails_is_run_again(void **state)
{
    (void)state;
    cut_after_100_s();
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    const struct build_result *r = run();
    assert_int_equal(watch_from(&g.w, NOTE_RESTS, 0)->at_us,
                     100050 * US_PER_MS);
    assert_int_equal(watch_from(&g.w, NOTE_RERUN, 0)->at_us,
                     730050 * US_PER_MS);
    expect(r, END_CUT, 1560150 * US_PER_MS);
    assert_int_equal(watch_count(&g.w, NOTE_RESTS), 2);
    assert_int_equal(watch_count(&g.w, NOTE_END), 1);
    assert_int_equal(r->attempts, 3);
    assert_int_equal(r->dials, 3);
    assert_int_equal(system_pool(g.s, 0)->cuts, 3);
    assert_int_equal(system_pool(g.s, 0)->builds, 1);
}

/* It was served at once each time: what lies between is nobody's wait. */
static void test_nothing_waits_between_two_jobs(void **state)
{
    (void)state;
    cut_after_100_s();
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    const struct build_result *r = run();
    assert_int_equal(r->waited_us, 0);
    assert_int_equal(system_pool(g.s, 0)->levels[1].peak, 1); /* waiting */
    assert_true(system_pool(g.s, 0)->levels[1].area == 0);
}

/* 300 s from its own start, set-up included; the limits of first jobs go on. */
static void test_a_second_job_has_a_limit_of_its_own(void **state)
{
    (void)state;
    g.f.callers[0].client.reruns = 1;
    g.f.callers[0].client.job_timeout_us = 300 * US_PER_S;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 0, 650.0, 200.0);
    fixture_build(&g.f, 0, 0, 1200.0, 400.0);
    const struct build_result *r = run();
    /* 270 + 630 = 900, until 1170 */
    expect(&r[0], END_TIMED_OUT, 1170 * US_PER_S);
    expect(&r[1], END_SERVED, 850050 * US_PER_MS);
    expect(&r[2], END_TIMED_OUT, 2370 * US_PER_S); /* 1470, 2100 */
}

/* Cut at 100, again from 150; the limit of the first job, at 300, finds the
 * second one, whose own is at 450.
 */
static void test_the_limit_of_the_first_job_spares_the_second(void **state)
{
    struct fault restart = {.kind = FAULT_LB_RESTART,
                            .at_us = 100 * US_PER_S,
                            .until_us = 105 * US_PER_S,
                            .gap_us = 5 * US_PER_S,
                            .pool = NO_INDEX};
    struct client_params *c = &g.f.callers[0].client;
    (void)state;

    g.f.p.faults = &restart;
    g.f.p.n_faults = 1;
    c->setup_us = 0;
    c->job_timeout_us = 300 * US_PER_S;
    c->rerun_delay = (struct dist){DIST_CONSTANT, 50.0, 50.0, 50.0, 50.0};
    fixture_build(&g.f, 0, 0, 0.0, 280.0);
    expect(run(), END_SERVED, 430050 * US_PER_MS);
}

static void test_a_build_that_works_the_second_time_is_served(void **state)
{
    struct fault restart = {.kind = FAULT_LB_RESTART,
                            .at_us = 100 * US_PER_S,
                            .until_us = 105 * US_PER_S,
                            .gap_us = 5 * US_PER_S,
                            .pool = NO_INDEX};
    (void)state;

    g.f.p.faults = &restart;
    g.f.p.n_faults = 1;
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    expect(run(), END_SERVED, 1030050 * US_PER_MS); /* 730 + 0.05 + 300 */
}

static void test_nobody_runs_a_wrong_build_again(void **state)
{
    (void)state;
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    g.f.t.builds[0].outcome = TRACE_ERROR;
    expect(run(), END_SERVED, 300050 * US_PER_MS);
    assert_int_equal(watch_count(&g.w, NOTE_RESTS), 0);
}

static void test_an_owner_that_leaves_ends_it_between_two_jobs(void **state)
{
    (void)state;
    cut_after_100_s();
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    for (int i = 0; i < 2; i++)
        g.f.t.builds[i].outcome = TRACE_CANCELLED;
    g.f.t.builds[0].leaves_us = 400 * US_PER_S;
    g.f.t.builds[1].leaves_us = 50 * US_PER_S;
    const struct build_result *r = run();
    expect(&r[0], END_CUT, 400 * US_PER_S);
    expect(&r[1], END_LEFT, 50 * US_PER_S);
    assert_int_equal(watch_count(&g.w, NOTE_RERUN), 0);
}

static void test_a_client_that_lost_its_build_is_cut(void **state)
{
    (void)state;
    assert_int_equal(system_end_of(CLIENT_DONE, true, true), END_SERVED);
    assert_int_equal(system_end_of(CLIENT_ERROR, false, false), END_SERVED);
    assert_int_equal(system_end_of(CLIENT_CUT, true, false), END_CUT);
    assert_int_equal(system_end_of(CLIENT_CUT, true, true), END_KILLED);
    assert_int_equal(system_end_of(CLIENT_GAVE_UP, false, false), END_GAVE_UP);
    assert_int_equal(system_end_of(CLIENT_GAVE_UP, true, false), END_CUT);
    assert_int_equal(system_end_of(CLIENT_GAVE_UP, true, true), END_KILLED);
    assert_int_equal(system_end_of(CLIENT_TIMED_OUT, true, true),
                     END_TIMED_OUT);
    assert_int_equal(system_end_of(CLIENT_CANCELLED, true, true), END_LEFT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_set_up_uses_up_the_jobs_time),
        TEST(test_builds_that_have_ended_leave_only_their_result),
        TEST(test_a_job_that_registers_its_builder_has_a_limit),
        TEST(test_a_job_that_fails_is_run_again),
        TEST(test_nothing_waits_between_two_jobs),
        TEST(test_a_second_job_has_a_limit_of_its_own),
        TEST(test_the_limit_of_the_first_job_spares_the_second),
        TEST(test_a_build_that_works_the_second_time_is_served),
        TEST(test_nobody_runs_a_wrong_build_again),
        cmocka_unit_test(test_a_client_that_lost_its_build_is_cut),
        TEST(test_an_owner_that_leaves_ends_it_between_two_jobs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
