#include "plots/series.h"

#include "tests/plot_rig.h"

static void test_a_pool_is_empty_before_its_first_row(void **state)
{
    struct series_step step;
    struct series s;
    struct rig r;

    (void)state;
    rig_init(&r, 2, 100);
    rig_row(&r, 10, 1, (struct pool_state){.ready = 9}, 1);
    rig_row(&r, 30, 0, (struct pool_state){.ready = 3}, 2.5);
    series_start(&s, &r.in, 0, 0, S(100));
    assert_true(series_next(&s, &step));
    assert_int_equal(step.from_us, 0);
    assert_int_equal(step.until_us, S(30));
    assert_int_equal(step.state.ready, 0);
    assert_true(series_next(&s, &step));
    assert_int_equal(step.from_us, S(30));
    assert_int_equal(step.until_us, S(100));
    assert_int_equal(step.state.ready, 3);
    assert_close(step.usd_per_h, 2.5, 0);
    assert_false(series_next(&s, &step));
    rig_free(&r);
}

static void test_of_rows_at_one_instant_the_last_counts(void **state)
{
    struct pool_state peak;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100);
    rig_row(&r, 40, 0, (struct pool_state){.waiting = 50}, 0);
    rig_row(&r, 40, 0, (struct pool_state){.waiting = 7}, 0);
    rig_row(&r, 60, 0, (struct pool_state){.waiting = 2}, 0);
    peak = series_peak(&r.in, 0);
    assert_int_equal(peak.waiting, 7);
    rig_free(&r);
}

static void test_rows_before_the_window_set_the_state_at_its_start(void **state)
{
    struct series_step step;
    struct series s;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100);
    rig_row(&r, 5, 0, (struct pool_state){.nodes = 8}, 0);
    rig_row(&r, 20, 0, (struct pool_state){.nodes = 4}, 0);
    rig_row(&r, 90, 0, (struct pool_state){.nodes = 6}, 0);
    series_start(&s, &r.in, 0, S(20), S(90));
    assert_true(series_next(&s, &step));
    assert_int_equal(step.from_us, S(20));
    assert_int_equal(step.until_us, S(90)); /* the row at the end is outside */
    assert_int_equal(step.state.nodes, 4);
    assert_false(series_next(&s, &step));
    rig_free(&r);
}

static void test_an_interval_without_length_has_no_steps(void **state)
{
    struct series_step step;
    struct series s;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100);
    rig_row(&r, 0, 0, (struct pool_state){.nodes = 8}, 0);
    series_start(&s, &r.in, 0, S(50), S(50));
    assert_false(series_next(&s, &step));
    rig_free(&r);
}

/* Four columns of 25 s. A level that ends exactly where a column begins is not
 * in it; a peak of one microsecond is.
 */
static void test_the_envelope_keeps_the_highest_value_of_a_column(void **state)
{
    struct pool_state max[4];
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100);
    rig_row(&r, 10, 0, (struct pool_state){.demand = 5, .ready = 1}, 0);
    rig_row(&r, 25, 0, (struct pool_state){.demand = 2, .ready = 4}, 0);
    rig_row(&r, 60, 0, (struct pool_state){.demand = 9, .ready = 4}, 0);
    rig_row(&r, 60.000001, 0, (struct pool_state){.demand = 1, .ready = 3}, 0);
    series_envelope(&r.in, 0, max, 4);
    assert_int_equal(max[0].demand, 5);
    assert_int_equal(max[1].demand, 2);
    assert_int_equal(max[2].demand, 9);
    assert_int_equal(max[3].demand, 1);
    assert_int_equal(max[0].ready, 1);
    assert_int_equal(max[1].ready, 4);
    assert_int_equal(max[3].ready, 3);
    rig_free(&r);
}

static void test_columns_may_be_narrower_than_a_microsecond(void **state)
{
    struct pool_state max[7];
    struct rig r;

    (void)state;
    rig_init(&r, 1, 1);
    r.in.window_us = 3;
    rig_row(&r, 0, 0, (struct pool_state){.ready = 2}, 0);
    series_envelope(&r.in, 0, max, 7);
    assert_int_equal(max[2].ready, 2); /* [0, 1) is the first with a width */
    assert_int_equal(max[6].ready, 2);
    rig_free(&r);
}

struct heard {
    struct series_step at[3][8];
    size_t n[3];
};

static void on_step(void *context, uint32_t pool,
                    const struct series_step *step)
{
    struct heard *h = context;

    assert_true(h->n[pool] < 8);
    h->at[pool][h->n[pool]++] = *step;
}

/* What was heard of a pool is what a series of its own says. */
static void check_heard(const struct heard *heard, const struct plots_input *in,
                        uint32_t pool)
{
    const struct series_step *was = heard->at[pool];
    struct series_step step;
    struct series s;
    size_t n = 0;

    for (series_start(&s, in, pool, S(20), S(120)); series_next(&s, &step);
         n++) {
        assert_int_equal(was[n].from_us, step.from_us);
        assert_int_equal(was[n].until_us, step.until_us);
        assert_int_equal(was[n].state.demand, step.state.demand);
        assert_true(was[n].usd_per_h == step.usd_per_h);
    }
    assert_int_equal(heard->n[pool], n);
}

/* Rows before the window, at its start, of one instant, at its end; a pool
 * without any.
 */
static void test_one_walk_hears_what_each_pool_has(void **state)
{
    struct heard heard = {.n = {0}};
    struct rig r;

    (void)state;
    rig_init(&r, 3, 100);
    r.in.window_from_us = S(20);
    rig_row(&r, 5, 0, (struct pool_state){.demand = 1}, 1.5);
    rig_row(&r, 20, 2, (struct pool_state){.demand = 2}, 0);
    rig_row(&r, 30, 0, (struct pool_state){.demand = 3}, 0);
    rig_row(&r, 30, 0, (struct pool_state){.demand = 4}, 2.5);
    rig_row(&r, 40, 2, (struct pool_state){.demand = 5}, 0);
    rig_row(&r, 120, 0, (struct pool_state){.demand = 6}, 0);
    series_all(&r.in, on_step, &heard);
    for (uint32_t pool = 0; pool < 3; pool++)
        check_heard(&heard, &r.in, pool);
    assert_int_equal(heard.n[0], 2); /* [20, 30) with 1, [30, 120) with 4 */
    assert_int_equal(heard.n[1], 1);
    rig_free(&r);
}

static void test_column_starts_are_exact_and_do_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(series_column_us(100, 10, 0, 4), 100);
    assert_int_equal(series_column_us(100, 10, 1, 4), 102);
    assert_int_equal(series_column_us(100, 10, 3, 4), 107);
    assert_int_equal(series_column_us(100, 10, 4, 4), 110);
    assert_int_equal(series_column_us(0, INT64_MAX, 720, 720), INT64_MAX);
}

static void test_the_pools_with_the_most_builds_are_drawn(void **state)
{
    static const int n_builds[RIG_POOLS] = {2, 5, 0, 7, 5, 1};
    uint32_t pools[MAX_DRAWN];
    struct rig r;

    (void)state;
    rig_init(&r, RIG_POOLS, 100);
    for (uint32_t pool = 0; pool < RIG_POOLS; pool++)
        for (int i = 0; i < n_builds[pool]; i++)
            rig_build(&r, pool, i, 0);
    assert_int_equal(series_biggest(&r.in, pools), MAX_DRAWN);
    assert_int_equal(pools[0], 3);
    assert_int_equal(pools[1], 1); /* as many as pool 4, and before it */
    assert_int_equal(pools[2], 4);
    assert_int_equal(pools[3], 0);
    rig_free(&r);
}

static void test_builds_of_the_warm_up_or_without_a_pool_do_not_count(void **st)
{
    struct rig r;

    (void)st;
    rig_init(&r, 1, 100);
    rig_build(&r, 0, 1, 0)->counted = false;
    rig_build(&r, NO_INDEX, 2, 0);
    rig_build(&r, 0, 3, 0);
    assert_int_equal(series_builds(&r.in, 0), 1);
    rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pool_is_empty_before_its_first_row),
        cmocka_unit_test(test_of_rows_at_one_instant_the_last_counts),
        cmocka_unit_test(
            test_rows_before_the_window_set_the_state_at_its_start),
        cmocka_unit_test(test_an_interval_without_length_has_no_steps),
        cmocka_unit_test(test_the_envelope_keeps_the_highest_value_of_a_column),
        cmocka_unit_test(test_columns_may_be_narrower_than_a_microsecond),
        cmocka_unit_test(test_one_walk_hears_what_each_pool_has),
        cmocka_unit_test(test_column_starts_are_exact_and_do_not_overflow),
        cmocka_unit_test(test_the_pools_with_the_most_builds_are_drawn),
        cmocka_unit_test(
            test_builds_of_the_warm_up_or_without_a_pool_do_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
