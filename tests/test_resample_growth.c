#include "tests/make_trace.h"
#include "tests/support.h"

#include "sim/engine/tally.h"
#include "sim/plan/resample.h"

static struct random_world world(uint64_t replication)
{
    return (struct random_world){.seed = 17, .replication = replication};
}

/* Four weeks of weekdays with a run of two builds at 9:15 and a single build
 * at 14:45, from a Monday on.
 */
static struct trace four_weeks(const char *pool)
{
    struct trace t = {
        .origin_us = MONDAY_US, .span_us = 28 * US_PER_DAY, .absolute = true};
    char run[] = "run00";

    for (int d = 0; d < 28; d++) {
        run[3] = (char)('0' + d / 10);
        run[4] = (char)('0' + d % 10);
        if (d % 7 >= 5)
            continue;
        add(&t, pool, run, 86400.0 * d + 33300.0, 500.0);
        add(&t, pool, run, 86400.0 * d + 33310.0, 600.0);
        add(&t, pool, "", 86400.0 * d + 53100.0, 50.0);
    }
    /* A weekend day to draw from. */
    add(&t, pool, "", 5.5 * 86400.0, 70.0);
    trace_sort(&t);
    return t;
}

static void make(struct resampler *r, const struct resample_source *sources,
                 size_t n, enum resample_method method)
{
    struct err e = {""};

    if (resampler_make(r, sources, n, method, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static struct trace draw(const struct resampler *r, uint64_t replication)
{
    struct random_world w = world(replication);
    struct trace t;

    resample_history(&t, r, &w);
    return t;
}

/* Mean builds of so many histories. */
static double mean_builds(const struct resampler *r, uint64_t n)
{
    double sum = 0.0;

    for (uint64_t i = 0; i < n; i++) {
        struct trace t = draw(r, i);
        sum += (double)t.n;
        trace_free(&t);
    }
    return sum / (double)n;
}

/* ------------------------------------------------------------ growth */

/* 61 builds of 41 runs: 20 of two, 21 of one, so 101 is the sum of squares.
 * Four standard errors of a mean over 200 histories.
 */
static void assert_grows(const struct trace *t, double factor)
{
    struct resample_source s = {t, factor};
    struct resampler r;

    make(&r, &s, 1, RESAMPLE_RUNS);
    assert_close(mean_builds(&r, 200), 61.0 * factor,
                 4.0 * sqrt(101.0 * factor / 200.0));
    resampler_free(&r);
}

static void test_runs_grow_by_the_factor(void **state)
{
    struct trace t = four_weeks("amd64");
    (void)state;

    assert_grows(&t, 0.3);
    assert_grows(&t, 1.0);
    assert_grows(&t, 2.4);
    trace_free(&t);
}

/* Each weekday has 3 builds, of a run of two and one of one; 8 weekend days
 * have one or none. Copies are thinned by run: variance 0.4 * 0.6 * 5 a day.
 */
static void test_days_grow_by_the_factor(void **state)
{
    struct trace t = four_weeks("amd64");
    struct resample_source s = {&t, 2.4};
    struct resampler r;
    (void)state;

    make(&r, &s, 1, RESAMPLE_DAYS);
    double weekend = 8.0 * 2.4 / 8.0, variance = 20.0 * 0.24 * 5.0 + 6.0;
    assert_close(mean_builds(&r, 200), 2.4 * 60.0 + weekend,
                 4.0 * sqrt(variance / 200.0));
    resampler_free(&r);
    trace_free(&t);
}

static bool has(const struct trace *t, const struct trace_build *b)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->builds[i].asked_us == b->asked_us &&
            t->builds[i].work_us == b->work_us)
            return true;
    return false;
}

static void assert_within(const struct trace *t, enum resample_method method,
                          double low, double high)
{
    struct resample_source a = {t, low}, b = {t, high};
    struct resampler less, more;

    make(&less, &a, 1, method);
    make(&more, &b, 1, method);
    for (uint64_t i = 0; i < 5; i++) {
        struct trace x = draw(&less, i), y = draw(&more, i);
        assert_true(x.n < y.n);
        for (size_t k = 0; k < x.n; k++)
            assert_true(has(&y, &x.builds[k]));
        trace_free(&x);
        trace_free(&y);
    }
    resampler_free(&less);
    resampler_free(&more);
}

static void test_lower_growth_is_a_part_of_higher(void **state)
{
    struct trace t = four_weeks("amd64");
    (void)state;

    assert_within(&t, RESAMPLE_RUNS, 0.4, 1.0);
    assert_within(&t, RESAMPLE_RUNS, 1.3, 2.6);
    assert_within(&t, RESAMPLE_DAYS, 0.4, 1.0);
    assert_within(&t, RESAMPLE_DAYS, 1.3, 2.6);
    trace_free(&t);
}

static void test_further_copies_of_a_day_move_run_by_run(void **state)
{
    struct trace t = four_weeks("amd64");
    struct resample_source s = {&t, 3.0};
    struct resampler r;
    size_t n_kept = 0, n_moved = 0;
    (void)state;

    make(&r, &s, 1, RESAMPLE_DAYS);
    struct trace x = draw(&r, 0);
    for (size_t i = 0; i < x.n; i++) {
        const struct trace_build *b = &x.builds[i];
        if (b->work_us != us_from_s(500.0))
            continue;
        sim_us off_us = b->asked_us % US_PER_DAY - us_from_s(33300.0);
        n_kept += off_us == 0;
        n_moved += off_us != 0;
        assert_true(off_us >= -us_from_s(1800.0));
        assert_true(off_us <= us_from_s(1800.0));
        struct trace_build second = *b; /* of the same run */
        second.asked_us += us_from_s(10.0);
        second.work_us = us_from_s(600.0);
        assert_true(has(&x, &second));
    }
    assert_int_equal(n_kept, 20);
    assert_int_equal(n_moved, 40);
    trace_free(&x);
    resampler_free(&r);
    trace_free(&t);
}

/* ------------------------------------------------------------ more users */

/* One week later and of seconds from some Monday; three builds a weekday. */
static struct trace newcomers(void)
{
    struct trace t = {.span_us = 7 * US_PER_DAY};

    for (int d = 0; d < 7; d++)
        add(&t, "arm64", "x", 86400.0 * d + 3600.0 * (d < 5 ? 1.0 : 2.0), 9.0);
    return t;
}

static void test_strings_keep_their_numbers(void **state)
{
    struct trace t = four_weeks("amd64"), more = newcomers();
    struct resample_source s[] = {{&t, 1.0}, {&more, 1.0}};
    struct resampler r;
    (void)state;

    make(&r, s, 2, RESAMPLE_RUNS);
    struct trace x = draw(&r, 3);
    for (uint32_t i = 0; i < t.strings.n; i++)
        assert_string_equal(strings_at(&r.merged.strings, i),
                            strings_at(&t.strings, i));
    assert_int_equal(x.strings.n, r.merged.strings.n);
    for (uint32_t i = 0; i < x.strings.n; i++)
        assert_string_equal(strings_at(&x.strings, i),
                            strings_at(&r.merged.strings, i));
    uint32_t arm = strings_find(&x.strings, "arm64", 5);
    size_t n_arm = 0;
    for (size_t i = 0; i < x.n; i++) {
        n_arm += x.builds[i].pool == arm;
        assert_true(x.builds[i].pool != arm ||
                    x.builds[i].work_us == us_from_s(9.0));
    }
    assert_true(n_arm > 0 && n_arm < x.n);
    trace_free(&x);
    resampler_free(&r);
    trace_free(&more);
    trace_free(&t);
}

/* 7 atoms a week of the second source, over four weeks of the first. */
static void test_sources_are_drawn_each_by_itself(void **state)
{
    struct trace t = four_weeks("amd64"), more = newcomers();
    struct resample_source s[] = {{&t, 1.0}, {&more, 2.0}};
    struct resampler both, alone;
    (void)state;

    for (size_t i = 0; i < more.n; i++)
        more.builds[i].run = 0;
    make(&both, s, 2, RESAMPLE_RUNS);
    make(&alone, s, 1, RESAMPLE_RUNS);
    double more_builds = mean_builds(&both, 200) - mean_builds(&alone, 200);
    assert_close(more_builds, 2.0 * 28.0, 4.0 * sqrt(56.0 / 200.0));
    resampler_free(&both);
    resampler_free(&alone);
    trace_free(&more);
    trace_free(&t);
}

static void test_days_of_a_source_keep_weekday_and_clock(void **state)
{
    struct trace t = four_weeks("amd64"), more = newcomers();
    struct resample_source s[] = {{&t, 1.0}, {&more, 1.0}};
    struct resampler r;
    size_t n = 0;
    (void)state;

    make(&r, s, 2, RESAMPLE_DAYS);
    struct trace x = draw(&r, 1);
    for (size_t i = 0; i < x.n; i++) {
        const struct trace_build *b = &x.builds[i];
        if (b->work_us != us_from_s(9.0))
            continue;
        int64_t day = b->asked_us / US_PER_DAY;
        assert_int_equal(b->asked_us % US_PER_DAY,
                         (day % 7 < 5 ? 1 : 2) * US_PER_H);
        n++;
    }
    assert_int_equal(n, 28);
    trace_free(&x);
    resampler_free(&r);
    trace_free(&more);
    trace_free(&t);
}

static void test_the_record_of_all_is_merged_by_whole_weeks(void **state)
{
    struct trace t = four_weeks("amd64");
    struct trace more = {.origin_us = MONDAY_US + 30 * US_PER_DAY,
                         .span_us = 60 * US_PER_DAY,
                         .absolute = true};
    struct resample_source s[] = {{&t, 1.0}, {&more, 1.0}};
    struct resampler r;
    size_t n = 0;
    (void)state;

    add(&more, "arm64", "", 3600.0, 9.0);         /* a Wednesday, 1 h */
    add(&more, "arm64", "", 50.0 * 86400.0, 9.0); /* beyond the span */
    leaves(add(&more, "arm64", "", 51.0 * 86400.0, 9.0), 52.0 * 86400.0);
    make(&r, s, 2, RESAMPLE_RUNS);
    assert_int_equal(r.merged.n, t.n + 1);
    assert_int_equal(r.merged.span_us, t.span_us);
    for (size_t i = 0; i < r.merged.n; i++)
        if (r.merged.builds[i].work_us == us_from_s(9.0)) {
            assert_int_equal(r.merged.builds[i].asked_us,
                             2 * US_PER_DAY + US_PER_H);
            n++;
        }
    assert_int_equal(n, 1);
    resampler_free(&r);
    trace_free(&more);
    trace_free(&t);
}

static void test_an_added_source_needs_its_days_too(void **state)
{
    struct trace t = four_weeks("amd64"), more = newcomers(), none = {0};
    struct resample_source s[] = {{&t, 1.0}, {&more, 1.0}};
    struct resampler r;
    struct err e;
    (void)state;

    more.span_us = 5 * US_PER_DAY;
    more.n = 5;
    assert_int_equal(resampler_make(&r, s, 2, RESAMPLE_DAYS, &e), ERR_INPUT);
    assert_string_equal(e.msg,
                        "the history has no whole weekend day to draw from; "
                        "a longer one is needed");
    assert_null(r.parts);
    s[1].trace = &none;
    assert_int_equal(resampler_make(&r, s, 2, RESAMPLE_RUNS, &e), ERR_INPUT);
    assert_string_equal(e.msg, "the history has no builds to draw from");
    assert_int_equal(r.n_parts, 0);
    trace_free(&more);
    trace_free(&t);
}

/* ------------------------------------------------------------ dispersion */

/* Variance over mean of the builds asked for in whole windows of the span. */
static double dispersion(const struct trace *t, sim_us window_us)
{
    int64_t n = t->span_us / window_us;
    struct tally counts = {0};
    size_t next = 0;

    for (int64_t i = 0; i < n; i++) {
        size_t from = next;
        while (next < t->n && t->builds[next].asked_us < (i + 1) * window_us)
            next++;
        tally_add(&counts, (double)(next - from));
    }
    return tally_variance(&counts) / counts.mean;
}

/* Runs of four at random: variance over mean of the builds is four. */
static void test_histories_of_runs_are_as_bursty_as_their_runs(void **state)
{
    struct trace t = {.span_us = 7 * US_PER_DAY};
    double sum = 0.0;
    char run[] = "0";
    (void)state;

    for (int h = 0; h < 168; h++)
        for (int i = 0; i < 4; i++) {
            run[0] = (char)(1 + h);
            add(&t, "a", run, 3600.0 * h + 1800.0, 1.0);
        }
    struct resample_source s = {&t, 1.0};
    struct resampler r;
    make(&r, &s, 1, RESAMPLE_RUNS);
    for (uint64_t i = 0; i < 100; i++) {
        struct trace x = draw(&r, i);
        sum += dispersion(&x, US_PER_H);
        trace_free(&x);
    }
    /* Of one history about 4 sqrt(2 / 167); somewhat more for few runs. */
    assert_close(sum / 100.0, 4.0, 4.0 * 4.0 * sqrt(3.0 / 167.0 / 100.0));
    resampler_free(&r);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_grow_by_the_factor),
        cmocka_unit_test(test_days_grow_by_the_factor),
        cmocka_unit_test(test_lower_growth_is_a_part_of_higher),
        cmocka_unit_test(test_further_copies_of_a_day_move_run_by_run),
        cmocka_unit_test(test_strings_keep_their_numbers),
        cmocka_unit_test(test_sources_are_drawn_each_by_itself),
        cmocka_unit_test(test_days_of_a_source_keep_weekday_and_clock),
        cmocka_unit_test(test_the_record_of_all_is_merged_by_whole_weeks),
        cmocka_unit_test(test_an_added_source_needs_its_days_too),
        cmocka_unit_test(test_histories_of_runs_are_as_bursty_as_their_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
