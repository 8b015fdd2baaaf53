#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/plan/figures.h"

/* ------------------------------------------------------------ waits */

static double wait_s(enum build_end end, double served_s, double waited_s)
{
    struct build_result r = {
        .first_dial_us = us_from_s(100.0),
        .served_us = served_s < 0.0 ? SIM_NEVER : us_from_s(served_s),
        .waited_us = us_from_s(waited_s),
        .end = (uint8_t)end,
    };
    sim_us us = build_wait_us(&r);

    return us == SIM_NEVER ? -1.0 : s_from_us(us);
}

static void test_a_wait_is_the_time_without_a_slot(void **state)
{
    (void)state;
    assert_close(wait_s(END_SERVED, 137.5, 37.5), 37.5, 0.0);
    assert_close(wait_s(END_KILLED, 937.5, 37.5), 37.5, 0.0);
    assert_close(wait_s(END_GAVE_UP, -1.0, 1200.0), 1200.0, 0.0);
    assert_close(wait_s(END_LEFT, 137.5, 37.5), 37.5, 0.0);
}

static void test_a_build_that_left_unserved_has_no_wait(void **state)
{
    (void)state;
    assert_close(wait_s(END_LEFT, -1.0, 500.0), -1.0, 0.0);
}

static void test_a_build_that_never_dialled_has_no_wait(void **state)
{
    struct build_result r = {.first_dial_us = SIM_NEVER};
    (void)state;

    assert_true(build_wait_us(&r) == SIM_NEVER);
}

/* ------------------------------------------------------------ a run */

static struct pool_figures figures(struct fixture *f, uint64_t replication)
{
    struct system *s = fixture_system(f);
    struct random_world w = {.seed = 7, .replication = replication};
    const struct oracle_bound bounds[2] = {{1.5, 2.5, 3.5}, {0.0, 0.0, 0.0}};
    struct by_pool b;
    const struct figures_of of = {&f->p, &b, bounds};
    struct pool_figures x;

    by_pool_init(&b, &f->t, f->pool_of, f->p.n_pools);
    system_run(s, &w, NULL);
    figures_take(&x, s, &of, 0);
    system_free(s);
    by_pool_free(&b);
    return x;
}

/* One pod that is there from the start and stays; no scaler. */
static void fixed(struct fixture *f)
{
    fixture_init(f, 1, 1, 1);
    f->pools[0].autoscaled = false;
    f->pools[0].replicas = 1;
}

static void test_a_fixed_pod_is_idle_when_it_has_no_build(void **state)
{
    struct fixture f;
    (void)state;

    fixed(&f);
    fixture_build(&f, 0, 0, 0.0, 719.95); /* and 50 ms to connect */
    struct pool_figures x = figures(&f, 0);
    assert_close(x.at[FIG_BUILDS], 1.0, 0.0);
    assert_close(x.at[FIG_SERVED], 1.0, 0.0);
    assert_close(x.at[FIG_POD_HOURS], 2.0, 1e-9);
    assert_close(x.at[FIG_NODE_HOURS], 2.0, 1e-9);
    assert_close(x.at[FIG_COST_USD], 2.0 * 5.6952, 1e-6);
    assert_close(x.at[FIG_IDLE_FRAC], 0.9, 1e-9);
    assert_close(x.at[FIG_COLD_FRAC], 1.0, 0.0);
    assert_close(x.at[FIG_DEMAND_PEAK], 1.0, 0.0);
    assert_close(x.at[FIG_DEMAND_MEAN], 719.95 / 7200.0, 1e-9);
    assert_close(x.at[FIG_WAIT_MAX], 0.0, 0.0);
    assert_close(x.at[FIG_ATTEMPTS_MAX], 1.0, 0.0);
    assert_close(x.at[FIG_PODS_STARTED], 0.0, 0.0);
    fixture_free(&f);
}

static void test_bounds_are_handed_on(void **state)
{
    struct fixture f;
    (void)state;

    fixed(&f);
    fixture_build(&f, 0, 0, 0.0, 10.0);
    struct pool_figures x = figures(&f, 0);
    assert_close(x.at[FIG_ORACLE_POD_HOURS], 1.5, 0.0);
    assert_close(x.at[FIG_ORACLE_NODE_HOURS], 2.5, 0.0);
    assert_close(x.at[FIG_ORACLE_COST_USD], 3.5, 0.0);
    fixture_free(&f);
}

static void test_builds_of_the_warm_up_are_not_counted(void **state)
{
    struct fixture f;
    (void)state;

    fixed(&f);
    fixture_build(&f, 0, 0, 0.0, 20.0);
    fixture_build(&f, 0, 0, 100.0, 20.0);
    fixture_build(&f, 0, 0, 200.0, 20.0);
    f.p.warm_up_us = us_from_s(100.0);
    struct pool_figures x = figures(&f, 0);
    assert_close(x.at[FIG_BUILDS], 2.0, 0.0);
    assert_close(x.at[FIG_COLD_FRAC], 0.0, 0.0);
    assert_close(x.at[FIG_POD_HOURS], 7300.000001 / 3600.0, 1e-6);
    fixture_free(&f);
}

static void test_waits_are_quantiles_of_single_builds(void **state)
{
    struct fixture f;
    (void)state;

    /* Three at once on one pod: the second waits for the first one's 10.05 s
     * at least, the third for both; each is seen at its next dial at most.
     */
    fixed(&f);
    for (int i = 0; i < 3; i++)
        fixture_build(&f, 0, 0, 0.0, 10.0);
    struct pool_figures x = figures(&f, 0);
    assert_close(x.at[FIG_WAIT_P50], 12.5, 2.5);
    assert_close(x.at[FIG_WAIT_MAX], x.at[FIG_WAIT_P99], 0.0);
    assert_close(x.at[FIG_WAIT_P90], x.at[FIG_WAIT_MAX], 0.0);
    assert_true(x.at[FIG_WAIT_MAX] >= 20.1);
    assert_close(x.at[FIG_WAIT_MEAN],
                 (x.at[FIG_WAIT_P50] + x.at[FIG_WAIT_MAX]) / 3.0, 1e-9);
    fixture_free(&f);
}

static void test_causes_of_waiting_add_up_to_the_waits(void **state)
{
    struct fixture f;
    double sum_h = 0.0;
    (void)state;

    fixture_init(&f, 1, 2, 4);
    for (int i = 0; i < 9; i++)
        fixture_build(&f, 0, 0, 5.0 * i, 300.0);
    struct pool_figures x = figures(&f, 0);
    for (int i = FIG_WAITS_SLOT; i <= FIG_WAITS_MAXIMUM; i++)
        sum_h += x.at[i];
    assert_close(x.at[FIG_SERVED], 9.0, 0.0);
    assert_true(x.at[FIG_WAITS_MAXIMUM] > 0.0 && x.at[FIG_WAITS_NODE] > 0.0);
    assert_close(sum_h, 9.0 * x.at[FIG_WAIT_MEAN] / 3600.0, 1e-9);
    fixture_free(&f);
}

static double sum_of_ends(const struct pool_figures *x)
{
    double sum = 0.0;

    for (int i = FIG_SERVED; i <= FIG_LEFT; i++)
        sum += x->at[i];
    return sum;
}

static void test_every_build_is_counted_once(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 4);
    f.callers[0].client.attempts = 3;
    f.callers[0].client.job_timeout_us = us_from_s(1500.0);
    for (int i = 0; i < 40; i++)
        fixture_build(&f, 0, i % 2, 5.0 * i, 60.0 + 37.0 * i);
    f.t.builds[7].outcome = TRACE_CANCELLED;
    f.t.builds[7].leaves_us = us_from_s(80.0);
    for (uint64_t r = 0; r < 5; r++) {
        struct pool_figures x = figures(&f, r);
        assert_true(sum_of_ends(&x) == 40.0 && x.at[FIG_BUILDS] == 40.0);
        assert_true(x.at[FIG_GAVE_UP] > 0.0);
    }
    fixture_free(&f);
}

static void test_a_pool_without_builds_has_no_waits(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 2, 1, 1);
    fixture_build(&f, 1, 0, 0.0, 10.0);
    struct pool_figures x = figures(&f, 0);
    assert_close(x.at[FIG_BUILDS], 0.0, 0.0);
    for (int i = FIG_WAIT_MEAN; i <= FIG_WAIT_MAX; i++)
        assert_close(x.at[i], 0.0, 0.0);
    assert_close(x.at[FIG_COLD_FRAC], 0.0, 0.0);
    fixture_free(&f);
}

static void test_every_figure_has_a_key_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < N_FIGURES; i++) {
        assert_non_null(figure_rows[i].key);
        for (int k = 0; k < i; k++)
            assert_false(strcmp(figure_rows[i].key, figure_rows[k].key) == 0 &&
                         figure_rows[i].group == figure_rows[k].group);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_wait_is_the_time_without_a_slot),
        cmocka_unit_test(test_a_build_that_left_unserved_has_no_wait),
        cmocka_unit_test(test_a_build_that_never_dialled_has_no_wait),
        cmocka_unit_test(test_a_fixed_pod_is_idle_when_it_has_no_build),
        cmocka_unit_test(test_bounds_are_handed_on),
        cmocka_unit_test(test_builds_of_the_warm_up_are_not_counted),
        cmocka_unit_test(test_waits_are_quantiles_of_single_builds),
        cmocka_unit_test(test_causes_of_waiting_add_up_to_the_waits),
        cmocka_unit_test(test_every_build_is_counted_once),
        cmocka_unit_test(test_a_pool_without_builds_has_no_waits),
        cmocka_unit_test(test_every_figure_has_a_key_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
