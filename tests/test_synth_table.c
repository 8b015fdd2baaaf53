#include "tests/support.h"

#include "tests/make_synth.h"

#include <stdlib.h>
#include <string.h>

static void assert_refused(const char *assignment, const char *message)
{
    struct synth_params p, before;
    struct err e = {0};

    synth_defaults(&p);
    before = p;
    assert_int_equal(synth_set(&p, assignment, &e), ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_memory_equal(&p, &before, sizeof p);
}

static void test_defaults_are_the_calibrated_ones(void **state)
{
    struct synth_params p;

    (void)state;
    synth_defaults(&p);
    assert_int_equal(p.seed, 1);
    assert_int_equal(p.from_us, INT64_C(1779667200) * US_PER_S);
    assert_close(p.days, 14.0, 0.0);
    assert_close(p.runs_per_day, 14.3, 0.0);
    assert_close(p.weekday_weight[0], 1.2, 1e-12);
    assert_close(p.weekday_weight[6], 0.3, 1e-12);
    /* The published hours add up to 24.02. */
    assert_close(p.hour_weight[18], 2.02 * 24.0 / 24.02, 1e-12);
    assert_close(p.stack_frac, 0.15, 0.0);
    assert_close(p.skew_s, 120.0, 0.0);
    assert_close(p.work_median_s, 1500.0, 0.0);
    assert_close(p.work_sigma, 0.7, 0.0);
    assert_close(p.work_min_s, 120.0, 0.0);
    assert_close(p.work_max_s, 7200.0, 0.0);
    assert_close(p.cancel_age_s, 1200.0, 0.0);
    assert_close(p.nightly_median_s, 900.0, 0.0);
}

static void test_each_kind_of_value_is_read(void **state)
{
    struct synth_params p;

    (void)state;
    synth_defaults(&p);
    set(&p, "seed=18446744073709551615");
    set(&p, "from=2026-07-27T06:30:00Z");
    set(&p, "days=0.5");
    set(&p, "amd64_per_run=29");
    set(&p, "skew=1m30s");
    set(&p, "weekday_weights=0,2,0,0,0,0,1.5");
    assert_true(p.seed == UINT64_MAX);
    assert_int_equal(p.from_us, INT64_C(1785133800) * US_PER_S);
    assert_close(p.days, 0.5, 0.0);
    assert_close(p.amd64_per_run, 29.0, 0.0);
    assert_close(p.skew_s, 90.0, 0.0);
    assert_close(p.weekday_weight[0], 0.0, 0.0);
    assert_close(p.weekday_weight[1], 4.0, 1e-12); /* 2 / 3.5 of 7 */
    assert_close(p.weekday_weight[6], 3.0, 1e-12);
}

static void test_bounds_belong_to_the_range(void **state)
{
    struct synth_params p;

    (void)state;
    synth_defaults(&p);
    set(&p, "days=0.01");
    set(&p, "days=3660");
    set(&p, "stack_frac=0");
    set(&p, "stack_frac=0.9");
    set(&p, "work_median=1s");
    set(&p, "work_median=24h");
    set(&p, "from=1971-01-01T00:00:00Z");
    set(&p, "from=2199-12-31T23:59:59Z");
}

static void test_values_out_of_range_are_refused(void **state)
{
    (void)state;
    assert_refused("days=0", "days: '0' is outside 0.01 to 3660");
    assert_refused("days=nan", "days: 'nan' is outside 0.01 to 3660");
    assert_refused("stack_frac=0.91", "stack_frac: '0.91' is outside 0 to 0.9");
    assert_refused("weekly_run=2", "weekly_run: '2' is outside 0 to 1");
    assert_refused("skew=25h", "skew: '25h' is outside 0 to 24h");
    assert_refused("work_max=0", "work_max: '0' is outside 1s to 24h");
    assert_refused("from=1970-12-31T23:59:59Z",
                   "from: '1970-12-31T23:59:59Z' is outside 1971 to 2199");
    assert_refused("from=2200-01-01T00:00:00Z",
                   "from: '2200-01-01T00:00:00Z' is outside 1971 to 2199");
}

static void test_values_of_the_wrong_kind_are_refused(void **state)
{
    (void)state;
    assert_refused("days=", "days: '' is not a number");
    assert_refused("days=14x", "days: '14x' is not a number");
    assert_refused("days=1,2", "days: '1,2' is not a number");
    assert_refused("nightly_min=4.5",
                   "nightly_min: '4.5' is not a whole number");
    assert_refused("seed=-1", "seed: '-1' is not a whole number below 2^64");
    assert_refused("seed=7 ", "seed: '7 ' is not a whole number below 2^64");
    assert_refused("seed=18446744073709551616",
                   "seed: '18446744073709551616' is not a whole number below "
                   "2^64");
}

static void test_a_duration_without_a_unit_is_refused(void **state)
{
    struct synth_params p;
    struct err e = {0}, own = {0};
    sim_us us;

    (void)state;
    synth_defaults(&p);
    assert_int_equal(synth_set(&p, "skew=120", &e), ERR_INPUT);
    assert_int_equal(duration_parse("120", &us, &own), ERR_INPUT);
    err_prefix(&own, "skew", 0);
    assert_string_equal(e.msg, own.msg);
    assert_close(p.skew_s, 120.0, 0.0);
}

static void test_an_instant_that_is_none_is_refused(void **state)
{
    struct synth_params p;
    struct err e = {0}, own = {0};
    sim_us us;

    (void)state;
    synth_defaults(&p);
    assert_int_equal(synth_set(&p, "from=monday", &e), ERR_INPUT);
    assert_int_equal(timestamp_parse("monday", &us, &own), ERR_INPUT);
    err_prefix(&own, "from", 0);
    assert_string_equal(e.msg, own.msg);
}

static void test_weights_come_in_full_number(void **state)
{
    const char *full = "weekday_weights: want exactly 7 numbers with commas "
                       "between";

    (void)state;
    assert_refused("weekday_weights=1,1,1,1,1,1", full);
    assert_refused("weekday_weights=1,1,1,1,1,1,1,1", full);
    assert_refused("weekday_weights=", full);
    assert_refused("weekday_weights=1,1,x,1,1,1,1",
                   "weekday_weights: 'x,1,1,1,1' is not a number");
    assert_refused("weekday_weights=1,-1,1,1,1,1,1",
                   "weekday_weights: '-1,1,1,1,1,1' is outside 0 to 1000");
    assert_refused("weekday_weights=0,0,0,0,0,0,0",
                   "weekday_weights: all weights are zero");
}

static void test_unknown_keys_are_refused_with_the_nearest(void **state)
{
    (void)state;
    assert_refused("runs_pr_day=3",
                   "no parameter 'runs_pr_day'; did you mean 'runs_per_day'?");
    assert_refused("quantum_entanglement=3",
                   "no parameter 'quantum_entanglement'; the help lists all "
                   "of them");
    assert_refused("=3", "no parameter ''; the help lists all of them");
    assert_refused("days", "'days' is not KEY=VALUE");
}

static void test_a_key_of_any_length_is_survived(void **state)
{
    struct synth_params p;
    struct err e = {0};
    char long_key[5000];

    (void)state;
    memset(long_key, 'a', sizeof long_key);
    memcpy(long_key + sizeof long_key - 3, "=1", 3);
    synth_defaults(&p);
    assert_int_equal(synth_set(&p, long_key, &e), ERR_INPUT);
}

/* The help is made of the table, so each line can be set again. */
static void test_help_shows_each_parameter_with_its_default(void **state)
{
    struct synth_params p, defaults;
    char *text = NULL, *rest;
    size_t size, n_rows = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    synth_help(out);
    fclose(out);
    synth_defaults(&defaults);
    p = defaults;
    for (char *s = strtok_r(text, "\n", &rest); s;
         s = strtok_r(NULL, "\n", &rest)) {
        if (strncmp(s, "      ", 6) == 0)
            continue;
        s[strcspn(s + 2, " ") + 2] = '\0';
        set(&p, s + 2);
        n_rows++;
    }
    assert_int_equal(n_rows, 25);
    assert_memory_equal(&p, &defaults, sizeof p);
    free(text);
}

static void test_help_names_unit_range_and_meaning(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    synth_help(out);
    fclose(out);
    assert_non_null(strstr(text, "  days=14 (0.01 to 3660 days)\n"
                                 "      length of the record\n"));
    assert_non_null(strstr(text, "  skew=2m (0 to 24h)\n"));
    assert_non_null(strstr(text, "  work_max=2h (1s to 24h)\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_the_calibrated_ones),
        cmocka_unit_test(test_each_kind_of_value_is_read),
        cmocka_unit_test(test_bounds_belong_to_the_range),
        cmocka_unit_test(test_values_out_of_range_are_refused),
        cmocka_unit_test(test_values_of_the_wrong_kind_are_refused),
        cmocka_unit_test(test_a_duration_without_a_unit_is_refused),
        cmocka_unit_test(test_an_instant_that_is_none_is_refused),
        cmocka_unit_test(test_weights_come_in_full_number),
        cmocka_unit_test(test_unknown_keys_are_refused_with_the_nearest),
        cmocka_unit_test(test_a_key_of_any_length_is_survived),
        cmocka_unit_test(test_help_shows_each_parameter_with_its_default),
        cmocka_unit_test(test_help_names_unit_range_and_meaning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
