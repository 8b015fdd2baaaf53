#include "tests/support.h"

#include "tests/make_synth.h"

#include <string.h>

static void test_nothing_asked_for_is_an_empty_trace(void **state)
{
    struct trace t = make_with("runs_per_day=0", "weekly_run=0", "days=1");

    (void)state;
    assert_true(t.n >= 4 && t.n <= 8); /* the release images */
    trace_free(&t);
    struct synth_params p;
    synth_defaults(&p);
    p.runs_per_day = p.weekly_run = p.nightly_min = p.nightly_max = 0.0;
    t = make(&p);
    assert_int_equal(t.n, 0);
    assert_int_equal(t.span_us, 14 * US_PER_DAY);
    trace_free(&t);
}

static void test_the_weekly_run_comes_on_wednesdays(void **state)
{
    struct trace t =
        make_with("runs_per_day=0", "nightly_min=0", "nightly_max=0");
    sim_us first_us = 2 * US_PER_DAY + 181 * 60 * US_PER_S;

    (void)state;
    assert_int_equal(t.n, 2 * 29);
    assert_true(t.builds[0].asked_us >= first_us);
    assert_true(t.builds[28].asked_us <= first_us + 120 * US_PER_S);
    assert_true(t.builds[29].asked_us >= first_us + 7 * US_PER_DAY);
    for (size_t i = 0; i < t.n; i++)
        assert_int_not_equal(t.builds[i].outcome, TRACE_CANCELLED);
    trace_free(&t);
}

static void test_a_record_from_midday_keeps_the_clock(void **state)
{
    struct trace t = make_with("runs_per_day=0", "nightly_max=4",
                               "from=2026-05-27T03:00:30Z");

    (void)state;
    /* Wednesday 03:01:00 is 30 s in, the first 07:30 four and a half hours. */
    assert_true(t.builds[0].asked_us >= 30 * US_PER_S);
    assert_true(t.builds[0].asked_us < 45 * US_PER_S);
    assert_int_equal(t.n, 2 * 29 + 14 * 4);
    assert_true(t.builds[29].asked_us >= 269 * 60 * US_PER_S + 30 * US_PER_S);
    trace_free(&t);
}

static void test_release_images_come_once_a_day_in_their_number(void **state)
{
    struct trace t = make_with("runs_per_day=0", "weekly_run=0", "days=400");
    size_t of_day[400] = {0}, seen[9] = {0};

    (void)state;
    for (size_t i = 0; i < t.n; i++) {
        const struct trace_build *b = &t.builds[i];
        sim_us minute = b->asked_us % US_PER_DAY / (60 * US_PER_S);

        assert_true(minute >= 450 && minute <= 452);
        assert_string_equal(at(&t, b->pool), "amd64");
        assert_string_equal(at(&t, b->caller), "docker-release");
        of_day[b->asked_us / US_PER_DAY]++;
    }
    for (size_t day = 0; day < 400; day++) {
        assert_true(of_day[day] >= 4 && of_day[day] <= 8);
        seen[of_day[day]]++;
    }
    /* 80 days each, standard deviation sqrt(400 * 0.2 * 0.8) = 8. */
    for (size_t k = 4; k <= 8; k++)
        assert_close((double)seen[k], 80.0, 4 * 8.0);
    trace_free(&t);
}

static void test_runs_follow_the_weights_of_day_and_hour(void **state)
{
    struct synth_params p;

    (void)state;
    synth_defaults(&p);
    set(&p, "weekday_weights=0,0,0,0,1,0,0");
    set(&p, "hour_weights=0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0");
    set(&p, "weekly_run=0");
    set(&p, "nightly_min=0");
    set(&p, "nightly_max=0");
    set(&p, "skew=0");
    struct trace t = make(&p);

    assert_true(t.n > 29 * 100);
    for (size_t i = 0; i < t.n; i++) {
        sim_us of_week_us = t.builds[i].asked_us % (7 * US_PER_DAY);

        assert_true(of_week_us >= 4 * US_PER_DAY + 14 * US_PER_H);
        assert_true(of_week_us < 4 * US_PER_DAY + 15 * US_PER_H);
    }
    trace_free(&t);
}

/* Runs and groups of stacked runs in a trace of pushes alone. */
static void count_runs(double stack_frac, double *runs, double *groups)
{
    struct synth_params p;

    synth_defaults(&p);
    p.days = 1400.0;
    p.weekly_run = p.nightly_min = p.nightly_max = p.arm64_per_run = 0.0;
    p.amd64_per_run = 1.0;
    p.skew_s = p.cancel_frac = 0.0;
    p.stack_frac = stack_frac;
    struct trace t = make(&p);

    *runs = (double)t.n;
    *groups = 0.0;
    for (size_t i = 0; i < t.n; i++)
        *groups += i == 0 || t.builds[i].asked_us != t.builds[i - 1].asked_us;
    trace_free(&t);
}

static void test_stacking_keeps_the_number_of_runs(void **state)
{
    double runs, groups;

    (void)state;
    count_runs(0.0, &runs, &groups);
    assert_close(runs, 20020.0, 4 * sqrt(20020.0));
    assert_close(groups, runs, 5.0); /* chance ties in a millisecond */
    count_runs(0.15, &runs, &groups);
    assert_close(groups, 17017.0, 4 * sqrt(17017.0));
    /* Geometric sizes: variance of the sum is 17017 (1 + 0.15) / 0.85^2. */
    assert_close(runs, 20020.0, 4 * sqrt(17017.0 * 1.15 / 0.7225));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_asked_for_is_an_empty_trace),
        cmocka_unit_test(test_the_weekly_run_comes_on_wednesdays),
        cmocka_unit_test(test_a_record_from_midday_keeps_the_clock),
        cmocka_unit_test(test_release_images_come_once_a_day_in_their_number),
        cmocka_unit_test(test_runs_follow_the_weights_of_day_and_hour),
        cmocka_unit_test(test_stacking_keeps_the_number_of_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
