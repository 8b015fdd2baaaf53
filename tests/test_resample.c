#include "tests/support.h"

#include "sim/plan/resample.h"

#include <stdio.h>
#include <string.h>

#define MONDAY (INT64_C(1780272000) * US_PER_S) /* 2026-06-01T00:00:00Z */

/* Builds of uneven days from a Monday on; run "" or a name. */
static void add(struct trace *t, double at_h, const char *run, double work_s)
{
    struct trace_build b = {
        .asked_us = us_from_s(3600.0 * at_h),
        .work_us = us_from_s(work_s),
        .leaves_us = SIM_NEVER,
        .run = strings_add(&t->strings, run, strlen(run)),
        .pool = strings_add(&t->strings, "amd64", 5),
    };
    char id[32];

    int n = snprintf(id, sizeof id, "b%zu", t->n);
    b.id = strings_add(&t->strings, id, (size_t)n);
    trace_add(t, &b);
}

static void open_trace(struct trace *t, double days)
{
    *t = (struct trace){.origin_us = MONDAY,
                        .span_us = (sim_us)(days * (double)US_PER_DAY),
                        .absolute = true};
    strings_add(&t->strings, "", 0);
}

static struct random_world world(uint64_t replication)
{
    return (struct random_world){.seed = 11, .replication = replication};
}

static void draw(struct trace *out, const struct trace *t,
                 enum resample_method method, uint64_t replication)
{
    struct random_world w = world(replication);
    struct err e = {""};

    if (resample(out, t, method, &w, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

/* ------------------------------------------------------------ days */

/* A fortnight; day d has a build at 10 h that works d seconds and d minutes. */
static void fortnight(struct trace *t)
{
    open_trace(t, 14.0);
    for (int d = 0; d < 14; d++)
        add(t, 24.0 * d + 10.0 + d / 60.0, "", 1.0 + d);
}

static void test_a_day_is_replaced_by_one_of_its_kind(void **state)
{
    struct trace t, x;
    (void)state;

    fortnight(&t);
    for (uint64_t r = 0; r < 50; r++) {
        draw(&x, &t, RESAMPLE_DAYS, r);
        assert_int_equal(x.n, 14);
        assert_int_equal(x.span_us, t.span_us);
        for (size_t day = 0; day < 14; day++) {
            const struct trace_build *b = &x.builds[day];
            int64_t from = b->work_us / US_PER_S - 1;
            assert_int_equal(b->asked_us / US_PER_DAY, day);
            assert_int_equal(from % 7 >= 5, day % 7 >= 5);
            /* Clock time kept. */
            assert_int_equal(b->asked_us % US_PER_DAY,
                             us_from_s(36000.0 + 60.0 * (double)from));
        }
        trace_free(&x);
    }
    trace_free(&t);
}

static void test_every_day_of_a_kind_can_be_drawn(void **state)
{
    bool seen[14] = {false};
    struct trace t, x;
    (void)state;

    fortnight(&t);
    for (uint64_t r = 0; r < 100; r++) {
        draw(&x, &t, RESAMPLE_DAYS, r);
        seen[x.builds[0].work_us / US_PER_S - 1] = true; /* a Monday */
        seen[x.builds[6].work_us / US_PER_S - 1] = true; /* a Sunday */
        trace_free(&x);
    }
    for (int i = 0; i < 14; i++)
        assert_true(seen[i]);
    trace_free(&t);
}

static void test_days_that_are_not_whole_are_filled_and_not_drawn(void **state)
{
    struct trace t, x;
    (void)state;

    open_trace(&t, 1.5); /* Monday, and half of Tuesday */
    add(&t, 9.0, "", 5.0);
    add(&t, 20.0, "", 6.0); /* beyond the end, on the Tuesday */
    add(&t, 25.0, "", 7.0);
    draw(&x, &t, RESAMPLE_DAYS, 0);
    assert_int_equal(x.n, 3);
    assert_int_equal(x.builds[0].asked_us, 9 * US_PER_H);
    assert_int_equal(x.builds[1].asked_us, 20 * US_PER_H);
    assert_int_equal(x.builds[2].asked_us, 33 * US_PER_H);
    assert_int_equal(x.builds[2].work_us, 5 * US_PER_S);
    trace_free(&x);
    trace_free(&t);
}

static void test_a_cancelled_build_leaves_as_much_later(void **state)
{
    struct trace t, x;
    (void)state;

    open_trace(&t, 1.5);
    add(&t, 9.0, "", 5.0);
    t.builds[0].outcome = TRACE_CANCELLED;
    t.builds[0].leaves_us = t.builds[0].asked_us + 77;
    draw(&x, &t, RESAMPLE_DAYS, 0);
    assert_int_equal(x.builds[1].leaves_us, 33 * US_PER_H + 77);
    trace_free(&x);
    trace_free(&t);
}

static void assert_refused(const struct trace *t, enum resample_method method,
                           const char *want)
{
    struct random_world w = world(0);
    struct trace x;
    struct err e;

    assert_int_equal(resample(&x, t, method, &w, &e), ERR_INPUT);
    assert_string_equal(e.msg, want);
    assert_int_equal(x.n, 0);
    assert_null(x.builds);
}

static void test_a_history_too_short_is_refused(void **state)
{
    struct trace t;
    (void)state;

    open_trace(&t, 0.9);
    assert_refused(&t, RESAMPLE_RUNS, "the history has no builds to draw from");
    add(&t, 1.0, "", 5.0);
    assert_refused(&t, RESAMPLE_DAYS,
                   "the history has no whole weekday to draw from; a longer "
                   "one is needed");
    t.span_us = 5 * US_PER_DAY + 1; /* an instant of Saturday */
    assert_refused(&t, RESAMPLE_DAYS,
                   "the history has no whole weekend day to draw from; a "
                   "longer one is needed");
    trace_free(&t);
}

static void test_relative_times_begin_on_a_monday(void **state)
{
    struct trace t, x;
    (void)state;

    fortnight(&t);
    t.absolute = false;
    t.origin_us = 0;
    draw(&x, &t, RESAMPLE_DAYS, 3);
    for (size_t day = 0; day < 14; day++)
        assert_int_equal((x.builds[day].work_us / US_PER_S - 1) % 7 >= 5,
                         day % 7 >= 5);
    trace_free(&x);
    trace_free(&t);
}

/* ------------------------------------------------------------ runs */

/* Four weeks; on weekdays at 9:30 a run of three builds, at 15:30 one. */
static void four_weeks(struct trace *t)
{
    char run[32];

    open_trace(t, 28.0);
    for (int d = 0; d < 28; d++) {
        if (d % 7 >= 5)
            continue;
        (void)snprintf(run, sizeof run, "run%d", d);
        for (int i = 0; i < 3; i++)
            add(t, 24.0 * d + 9.5 + 0.01 * i, run, 100.0 + i);
        add(t, 24.0 * d + 15.5, "", 50.0);
    }
}

static void test_rates_are_smoothed_means_of_the_hour(void **state)
{
    double per_h[RESAMPLE_HOURS], sum = 0.0;
    struct trace t;
    (void)state;

    four_weeks(&t);
    resample_rates(&t, per_h);
    for (int i = 0; i < RESAMPLE_HOURS; i++)
        sum += per_h[i];
    assert_close(sum, 10.0, 1e-9); /* starts a week */
    assert_close(per_h[9], 3.0 / 9.0, 1e-12);
    assert_close(per_h[7], 1.0 / 9.0, 1e-12);
    assert_close(per_h[11], 1.0 / 9.0, 1e-12);
    assert_close(per_h[6], 0.0, 0.0);
    assert_close(per_h[4 * 24 + 15], 3.0 / 9.0, 1e-12);
    assert_close(per_h[5 * 24 + 9], 0.0, 0.0);
    trace_free(&t);
}

static void test_hours_of_a_part_of_a_week_count_as_recorded(void **state)
{
    double per_h[RESAMPLE_HOURS];
    struct trace t;
    (void)state;

    open_trace(&t, 0.5); /* Monday until noon, and nothing else */
    add(&t, 10.5, "", 5.0);
    resample_rates(&t, per_h);
    assert_close(per_h[10], 3.0 / 8.0, 1e-12); /* hour 12 is not recorded */
    assert_close(per_h[12], 1.0 / 3.0, 1e-12); /* of hours 10 and 11 */
    assert_close(per_h[14], 0.0, 0.0);
    trace_free(&t);
}

/* Offsets, work and number of the three builds of each copy of a run. */
static void assert_whole(const struct trace *x, size_t i)
{
    const struct trace_build *b = x->builds;

    for (size_t k = 1; k < 3 && i + k < x->n; k++)
        if (b[i + k].run == b[i].run && b[i + k].work_us > b[i].work_us)
            assert_int_equal(b[i + k].asked_us - b[i].asked_us,
                             (sim_us)k * us_from_s(36.0));
}

static void test_runs_stay_whole(void **state)
{
    size_t n[3] = {0};
    struct trace t, x;
    (void)state;

    four_weeks(&t);
    draw(&x, &t, RESAMPLE_RUNS, 1);
    for (size_t i = 0; i < x.n; i++) {
        int64_t work_s = x.builds[i].work_us / US_PER_S;
        if (work_s >= 100)
            n[work_s - 100]++;
        if (work_s == 100)
            assert_whole(&x, i);
    }
    assert_true(n[0] > 5);
    assert_int_equal(n[0], n[1]);
    assert_int_equal(n[0], n[2]);
    trace_free(&x);
    trace_free(&t);
}

static void test_as_many_runs_start_as_were_recorded(void **state)
{
    double n = 0.0;
    struct trace t, x;
    (void)state;

    four_weeks(&t);
    for (uint64_t r = 0; r < 100; r++) {
        draw(&x, &t, RESAMPLE_RUNS, r);
        n += (double)x.n;
        trace_free(&x);
    }
    /* 40 atoms of 2 builds on average (1 or 3): mean 80, variance
     * 40 * (1 + 9) / 2 = 200; four standard errors of 100 means.
     */
    assert_close(n / 100.0, 80.0, 4.0 * sqrt(200.0 / 100.0));
    trace_free(&t);
}

static void test_the_peak_can_rise(void **state)
{
    bool overlap = false;
    struct trace t, x;
    (void)state;

    four_weeks(&t);
    for (uint64_t r = 0; r < 40 && !overlap; r++) {
        draw(&x, &t, RESAMPLE_RUNS, r);
        for (size_t i = 0; i + 3 < x.n && !overlap; i++)
            overlap = x.builds[i + 3].asked_us - x.builds[i].asked_us <
                      us_from_s(100.0);
        trace_free(&x);
    }
    assert_true(overlap); /* four builds at once; there were at most three */
    trace_free(&t);
}

/* ------------------------------------------------------------ both */

static void assert_alike(const struct trace *t, enum resample_method method)
{
    struct trace a, b, c;

    draw(&a, t, method, 5);
    draw(&b, t, method, 5);
    draw(&c, t, method, 6);
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.builds, b.builds, a.n * sizeof *a.builds);
    assert_false(a.n == c.n &&
                 memcmp(a.builds, c.builds, a.n * sizeof *a.builds) == 0);
    for (size_t i = 1; i < a.n; i++)
        assert_true(a.builds[i].asked_us >= a.builds[i - 1].asked_us);
    assert_int_equal(a.strings.n, t->strings.n);
    for (uint32_t i = 0; i < a.strings.n; i++)
        assert_string_equal(strings_at(&a.strings, i),
                            strings_at(&t->strings, i));
    trace_free(&a);
    trace_free(&b);
    trace_free(&c);
}

static void test_a_world_is_one_history(void **state)
{
    struct trace t;
    (void)state;

    four_weeks(&t);
    assert_alike(&t, RESAMPLE_DAYS);
    assert_alike(&t, RESAMPLE_RUNS);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_day_is_replaced_by_one_of_its_kind),
        cmocka_unit_test(test_every_day_of_a_kind_can_be_drawn),
        cmocka_unit_test(test_days_that_are_not_whole_are_filled_and_not_drawn),
        cmocka_unit_test(test_a_cancelled_build_leaves_as_much_later),
        cmocka_unit_test(test_a_history_too_short_is_refused),
        cmocka_unit_test(test_relative_times_begin_on_a_monday),
        cmocka_unit_test(test_rates_are_smoothed_means_of_the_hour),
        cmocka_unit_test(test_hours_of_a_part_of_a_week_count_as_recorded),
        cmocka_unit_test(test_runs_stay_whole),
        cmocka_unit_test(test_as_many_runs_start_as_were_recorded),
        cmocka_unit_test(test_the_peak_can_rise),
        cmocka_unit_test(test_a_world_is_one_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
