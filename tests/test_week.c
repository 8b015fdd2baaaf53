#include "plots/week.h"

#include "tests/plot_rig.h"

/* 2026-06-09 is a Tuesday; 30 minutes after midnight. */
static void set_origin(struct rig *r)
{
    struct err e;

    r->t.absolute = true;
    assert_int_equal(
        timestamp_parse("2026-06-09T00:30:00Z", &r->t.origin_us, &e), ERR_OK);
}

/* From 00:30: 1000 s at 6 USD/h with 5 ready and 2 running, then at 9 USD/h
 * with 4 ready and 4 running, to 02:00.
 */
static void test_each_hour_gets_its_part_of_a_step(void **state)
{
    enum { TUESDAY = 24 };
    struct week w = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 5400);
    set_origin(&r);
    rig_row(&r, 0, 0, (struct pool_state){.ready = 5, .running = 2}, 6);
    rig_row(&r, 1000, 0, (struct pool_state){.ready = 4, .running = 4}, 9);
    week_add(&w, &r.in, 0);
    assert_close(w.span_s[TUESDAY], 1800, 1e-9);
    assert_close(w.span_s[TUESDAY + 1], 3600, 1e-9);
    assert_close(w.span_s[TUESDAY + 2], 0, 0);
    assert_close(w.usd[TUESDAY], (6 * 1000 + 9 * 800) / 3600.0, 1e-9);
    assert_close(w.usd[TUESDAY + 1], 9, 1e-9);
    assert_close(w.idle_s[TUESDAY], 3 * 1000, 1e-9);
    assert_close(w.idle_s[TUESDAY + 1], 0, 0);
    assert_close(w.ready_s[TUESDAY], 5 * 1000 + 4 * 800, 1e-9);
    rig_free(&r);
}

static void test_builds_on_draining_pods_do_not_make_idle_negative(void **state)
{
    struct week w = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 100);
    rig_row(&r, 0, 0, (struct pool_state){.ready = 2, .running = 5}, 0);
    week_add(&w, &r.in, 0);
    assert_close(w.idle_s[0], 0, 0);
    assert_close(w.ready_s[0], 200, 1e-9);
    rig_free(&r);
}

static double worst_difference(const double a[], const double b[])
{
    double worst = 0;

    for (size_t i = 0; i < WEEK_HOURS; i++)
        worst = fmax(worst, fabs(a[i] - b[i]));
    return worst;
}

static void test_splitting_a_step_changes_no_sum(void **state)
{
    const struct pool_state s = {.ready = 7, .running = 3};
    struct week one = {0}, many = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 20000);
    rig_row(&r, 0, 0, s, 2.385);
    week_add(&one, &r.in, 0);
    for (int i = 1; i < 20; i++)
        rig_row(&r, 977.25 * i, 0, s, 2.385);
    week_add(&many, &r.in, 0);
    assert_close(one.usd[0], 2.385, 1e-9);
    assert_close(worst_difference(many.usd, one.usd), 0, 1e-9);
    assert_close(worst_difference(many.idle_s, one.idle_s), 0, 1e-6);
    rig_free(&r);
}

/* 15 days from Tuesday 00:30: Tuesday's half hours twice more. */
static void test_weeks_are_laid_upon_each_other(void **state)
{
    struct week w = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 15 * 86400.0);
    set_origin(&r);
    rig_row(&r, 0, 0, (struct pool_state){.ready = 1}, 1);
    week_add(&w, &r.in, 0);
    assert_close(w.span_s[24], 1800 + 3600 + 3600, 1e-6);
    assert_close(w.span_s[48], 3600 + 3600 + 1800, 1e-6);
    assert_close(w.span_s[49], 7200, 1e-6);
    assert_close(w.span_s[0], 7200, 1e-6);
    assert_close(w.idle_s[24], 9000, 1e-6);
    rig_free(&r);
}

static void test_without_dates_the_week_begins_at_the_origin(void **state)
{
    struct week w = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 7200);
    r.in.window_from_us = 8 * US_PER_DAY; /* a day and a week later */
    rig_row(&r, 0, 0, (struct pool_state){.ready = 1}, 1);
    week_add(&w, &r.in, 0);
    assert_close(w.span_s[23], 0, 0);
    assert_close(w.span_s[24], 3600, 1e-9);
    assert_close(w.span_s[25], 3600, 1e-9);
    assert_close(w.span_s[26], 0, 0);
    rig_free(&r);
}

static void test_pools_add_up_and_the_span_does_not(void **state)
{
    struct week w = {0};
    struct rig r;

    (void)state;
    rig_init(&r, 2, 3600);
    rig_row(&r, 0, 0, (struct pool_state){.ready = 1}, 2.5);
    rig_row(&r, 0, 1, (struct pool_state){.ready = 3}, 4);
    week_add(&w, &r.in, 0);
    week_add(&w, &r.in, 1);
    assert_close(w.span_s[0], 3600, 1e-9);
    assert_close(w.usd[0], 6.5, 1e-9);
    assert_close(w.ready_s[0], 4 * 3600, 1e-9);
    rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_hour_gets_its_part_of_a_step),
        cmocka_unit_test(
            test_builds_on_draining_pods_do_not_make_idle_negative),
        cmocka_unit_test(test_splitting_a_step_changes_no_sum),
        cmocka_unit_test(test_weeks_are_laid_upon_each_other),
        cmocka_unit_test(test_without_dates_the_week_begins_at_the_origin),
        cmocka_unit_test(test_pools_add_up_and_the_span_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
