#include "tests/make_trace.h"
#include "tests/support.h"

#include "sim/plan/resample.h"

/* A day with two runs: of one build of 7 s, and of two, 60 s apart. */
static struct trace record(void)
{
    struct trace t = {
        .origin_us = MONDAY_US, .span_us = US_PER_DAY, .absolute = true};

    add(&t, "amd64", "one", 3600.0, 7.0);
    add(&t, "amd64", "two", 7200.0, 30.0);
    add(&t, "amd64", "two", 7260.0, 40.0);
    return t;
}

/* Four weeks in which a run starts each Monday at 09:30, and one run that has
 * three jobs on the first Tuesday at noon.
 */
static struct trace known_starts(void)
{
    struct trace t = {
        .origin_us = MONDAY_US, .span_us = 28 * US_PER_DAY, .absolute = true};
    char name[8] = "m0";

    add(&t, "", name, 34200.0, 0.0);
    for (int i = 0; i < 3; i++)
        add(&t, "", "tuesday", 86400.0 + 43200.0 + 5.0 * i, 0.0);
    for (int week = 1; week < 4; week++) {
        name[1] = (char)('0' + week);
        add(&t, "", name, 604800.0 * week + 34200.0, 0.0);
    }
    return t;
}

static void open_resampler(struct resampler *r, const struct trace *t)
{
    const struct resample_source source = {t, 1.0};
    struct err e;

    assert_int_equal(resampler_make(r, &source, 1, RESAMPLE_RUNS, &e), ERR_OK);
}

static void test_the_rate_is_that_of_the_starts(void **state)
{
    struct trace t = record(), s = known_starts();
    struct resampler r;
    (void)state;

    open_resampler(&r, &t);
    assert_true(resampler_rates(&r, 0)[24 + 12] == 0.0); /* no Tuesday */
    resampler_take_starts(&r, &s);
    const double *per_h = resampler_rates(&r, 0);

    /* Weights 1 2 3 2 1 over nine, by hand: four Mondays in four. */
    assert_close(per_h[9], 3.0 / 9.0, 1e-12);
    assert_close(per_h[10], 2.0 / 9.0, 1e-12);
    assert_close(per_h[24 + 12], 3.0 / 9.0 / 4.0, 1e-12); /* one run in four */
    assert_close(per_h[24 + 15], 0.0, 0.0);
    resampler_free(&r);
    trace_free(&t);
    trace_free(&s);
}

/* Builds of the run that starts at at_s; they are gone through in order. */
static size_t run_at(const struct trace *t, size_t *i, double at_s)
{
    size_t first = *i;

    assert_true(*i < t->n);
    assert_int_equal(t->builds[*i].asked_us, us_from_s(at_s));
    if (t->builds[*i].work_us == us_from_s(7.0)) {
        ++*i;
        return *i - first;
    }
    assert_int_equal(t->builds[*i].work_us, us_from_s(30.0));
    assert_int_equal(t->builds[*i + 1].work_us, us_from_s(40.0));
    assert_int_equal(t->builds[*i + 1].asked_us, us_from_s(at_s + 60.0));
    *i += 2;
    return *i - first;
}

static void test_each_start_has_a_run_of_the_record(void **state)
{
    struct trace t = record(), s = known_starts(), out;
    size_t n_builds[3] = {0};
    struct resampler r;
    (void)state;

    open_resampler(&r, &t);
    for (uint64_t seed = 1; seed < 9; seed++) {
        const struct random_world w = {.seed = seed};
        size_t i = 0;
        resample_on_starts(&out, &r, &s, &w);
        assert_int_equal(out.span_us, s.span_us);
        assert_int_equal(out.origin_us, s.origin_us);
        n_builds[run_at(&out, &i, 34200.0)]++;
        n_builds[run_at(&out, &i, 129600.0)]++;
        for (int week = 1; week < 4; week++)
            n_builds[run_at(&out, &i, 604800.0 * week + 34200.0)]++;
        assert_int_equal(i, out.n);
        trace_free(&out);
    }
    assert_int_equal(n_builds[1] + n_builds[2], 8 * 5);
    assert_true(n_builds[1] > 9 && n_builds[2] > 9); /* both are drawn */
    resampler_free(&r);
    trace_free(&t);
    trace_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_rate_is_that_of_the_starts),
        cmocka_unit_test(test_each_start_has_a_run_of_the_record),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
