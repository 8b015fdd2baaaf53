#include "tests/size_rig.h"

#include "sim/plan/replicate.h"

#define TRACE "traces/data/scale-test.csv"

static void replay(struct replications *r, const struct size_rig *rig)
{
    const struct replicate_task task = {
        .params = &rig->s.system,
        .trace = &rig->s.trace,
        .pool_of = rig->s.pool_of,
        .caller_of = rig->s.caller_of,
        .seed = 5,
        .n_reps = 1,
        .n_threads = 1,
    };

    replicate(r, &task);
}

static void assert_same(const struct trial *x, const double at[])
{
    double hours = 0.0;

    assert_close(x->at[GOAL_P95_WAIT], at[FIG_WAIT_P95], 0.0);
    assert_close(x->at[GOAL_COST_USD], at[FIG_COST_USD], 0.0);
    assert_close(x->at[TRIAL_REPLICAS_PEAK], at[FIG_REPLICAS_PEAK], 0.0);
    assert_close(x->at[TRIAL_BUILDS], 9.0, 0.0); /* of the trace */
    assert_close(x->at[TRIAL_CAUSE + WAIT_MAXIMUM], at[FIG_WAITS_MAXIMUM], 0.0);
    for (int i = 0; i < WAIT_CAUSES; i++)
        hours += at[FIG_WAITS_SLOT + i];
    assert_true(hours > 0.0);
    assert_close(x->at[TRIAL_WAIT_H], hours, 1e-12);
}

static void test_a_run_of_the_record_is_that_of_drydock_run(void **state)
{
    struct replications r = {0};
    struct size_rig rig;
    (void)state;

    rig_open(&rig, TRACE, 1, 2);
    size_t today = rig_setting(&rig, NULL, NULL);
    rig_run(&rig, today, 0);
    replay(&r, &rig);
    assert_same(&trials_at(&rig.t, today, 0)[0], r.figures[0].at);
    assert_same(&trials_at(&rig.t, today, 0)[1], r.figures[1].at);
    replications_free(&r);
    rig_close(&rig);
}

static void test_totals_are_sums_and_of_waits_the_longest(void **state)
{
    struct trial x[2] = {{{0}}, {{0}}};
    struct size_rig rig;
    (void)state;

    rig_open(&rig, TRACE, 1, 1);
    size_t today = rig_setting(&rig, NULL, NULL);
    assert_null(trials_at(&rig.t, today, 0));
    x[0].at[GOAL_P95_WAIT] = 7.25;
    x[1].at[GOAL_P95_WAIT] = 3.5;
    x[0].at[GOAL_COST_USD] = 10.0;
    x[1].at[GOAL_COST_USD] = 2.75;
    x[0].at[TRIAL_REGRETTED] = 1.5;
    x[1].at[TRIAL_REGRETTED] = 0.25;
    trials_keep(&rig.t, today, 0, x);
    x[0].at[GOAL_COST_USD] = 0.0; /* a copy was taken */
    assert_close(trials_total(&rig.t, today, 0, GOAL_P95_WAIT), 7.25, 0.0);
    assert_close(trials_total(&rig.t, today, 0, GOAL_COST_USD), 12.75, 0.0);
    assert_close(trials_total(&rig.t, today, 0, TRIAL_REGRETTED), 1.75, 0.0);
    rig_close(&rig);
}

static void test_a_setting_is_known_by_what_it_sets(void **state)
{
    const char *wrong[] = {"amd64.max_replicas=1"}; /* the minimum is 2 */
    struct size_rig rig;
    size_t setting = 77;
    (void)state;

    rig_open(&rig, TRACE, 1, 1);
    size_t today = rig_setting(&rig, NULL, NULL);
    size_t four = rig_setting(&rig, "amd64.max_replicas=4", NULL);
    size_t both =
        rig_setting(&rig, "amd64.max_replicas=4", "amd64.min_replicas=3");
    assert_int_equal(rig_setting(&rig, NULL, NULL), today);
    assert_int_equal(rig_setting(&rig, "amd64.max_replicas=4", NULL), four);
    assert_true(four != today && both != four);
    struct scenario s;
    trials_scenario(&rig.t, both, &s);
    assert_int_equal(keda_max(&s.system.pools[0].keda), 4);
    assert_int_equal(keda_min(&s.system.pools[0].keda), 3);
    scenario_free(&s);
    assert_int_equal(trials_setting(&rig.t, wrong, 1, &setting, &rig.e),
                     ERR_INPUT);
    assert_int_equal(setting, 77);
    assert_int_equal(rig.t.n, 3);
    rig_close(&rig);
}

static void fill(struct size_rig *rig, uint32_t n_threads)
{
    struct trial_pair pairs[2 * 6];
    size_t a = rig_setting(rig, NULL, NULL);
    size_t b = rig_setting(rig, "amd64.max_replicas=5", NULL);

    rig->t.n_threads = n_threads;
    for (size_t i = 0; i < 6; i++) {
        pairs[2 * i] = (struct trial_pair){a, i};
        pairs[2 * i + 1] = (struct trial_pair){b, i};
    }
    assert_int_equal(trials_run(&rig->t, pairs, 12, &rig->e), ERR_OK);
    assert_int_equal(trials_run(&rig->t, pairs, 12, &rig->e), ERR_OK);
}

static void test_threads_change_nothing_and_nothing_runs_twice(void **state)
{
    struct size_rig one, four;
    (void)state;

    rig_open(&one, TRACE, 1, 5);
    rig_open(&four, TRACE, 1, 5);
    fill(&one, 1);
    fill(&four, 4);
    assert_int_equal(one.t.n_runs, 12);
    assert_int_equal(four.t.n_runs, 12);
    for (size_t setting = 0; setting < 2; setting++)
        for (size_t i = 0; i < 6; i++)
            assert_memory_equal(trials_at(&one.t, setting, i),
                                trials_at(&four.t, setting, i),
                                2 * sizeof(struct trial));
    rig_close(&one);
    rig_close(&four);
}

static bool after_three(void *context)
{
    const struct trials *t = context;

    return t->n_runs >= 3;
}

static void test_an_interrupt_keeps_what_is_done(void **state)
{
    struct trial_pair pairs[6];
    struct size_rig rig;
    (void)state;

    rig_open(&rig, TRACE, 1, 5);
    rig.t.should_stop = after_three;
    rig.t.context = &rig.t;
    size_t today = rig_setting(&rig, NULL, NULL);
    for (size_t i = 0; i < 6; i++)
        pairs[i] = (struct trial_pair){today, i};
    assert_int_equal(trials_run(&rig.t, pairs, 6, &rig.e), ERR_IO);
    assert_string_equal(rig.e.msg, "interrupted");
    assert_int_equal(rig.t.n_runs, 3);
    assert_non_null(trials_at(&rig.t, today, 2));
    assert_null(trials_at(&rig.t, today, 3));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_of_the_record_is_that_of_drydock_run),
        cmocka_unit_test(test_totals_are_sums_and_of_waits_the_longest),
        cmocka_unit_test(test_a_setting_is_known_by_what_it_sets),
        cmocka_unit_test(test_threads_change_nothing_and_nothing_runs_twice),
        cmocka_unit_test(test_an_interrupt_keeps_what_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
