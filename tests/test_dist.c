#include "tests/support.h"

#include "sim/engine/dist.h"
#include "sim/engine/tally.h"

#include <stdio.h>
#include <string.h>

#define FORMS                                                                  \
    "; write it like 2s, uniform(0s, 6s), exponential(90s) or "                \
    "lognormal(p50=35s, p90=60s, min=15s, max=900s)"

static const struct dist constant = {DIST_CONSTANT, 2.385, 0, 0, 100};
static const struct dist uniform = {DIST_UNIFORM, 1, 7, 0, DIST_NO_BOUND_S};
static const struct dist exponential = {DIST_EXPONENTIAL, 90, 0, 0,
                                        DIST_NO_BOUND_S};
static const struct dist lognormal = {DIST_LOGNORMAL, 35, 60, 0,
                                      DIST_NO_BOUND_S};

static void test_variates_are_found_by_inversion(void **state)
{
    (void)state;
    assert_int_equal(dist_us(&constant, 0.3, 1.0), 2385000);
    assert_int_equal(dist_us(&uniform, 0.25, 1.0), 2500000);
    /* -90 ln 0.5 and -90 ln 0.1 */
    assert_int_equal(dist_us(&exponential, 0.5, 1.0), 62383246);
    assert_int_equal(dist_us(&exponential, 0.9, 1.0), 207232658);
    assert_int_equal(dist_us(&lognormal, 0.5, 1.0), 35000000);
    assert_int_equal(dist_us(&lognormal, 0.9, 1.0), 60000000);
    /* The lognormal law is symmetric in the logarithm: 35^2 / 60. */
    assert_int_equal(dist_us(&lognormal, 0.1, 1.0), 20416667);
}

static void test_a_variate_never_falls_when_u_grows(void **state)
{
    const struct dist *all[] = {&constant, &uniform, &exponential, &lognormal};

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        sim_us last = 0;

        for (int i = 0; i < 1024; i++) {
            sim_us us = dist_us(all[k], 0x1p-53 + i / 1024.0, 1.0);

            assert_true(us >= last);
            last = us;
        }
        assert_true(dist_us(all[k], 1.0 - 0x1p-53, 1.0) >= last);
    }
}

static sim_us drawn(const struct dist *d, const struct random_stream *s,
                    uint64_t entity)
{
    return dist_us(d, random_stream_u01(s, entity, 0), 1.0);
}

static void test_many_variates_are_those_of_their_entities(void **state)
{
    const struct dist *all[] = {&constant, &uniform, &exponential, &lognormal};
    const struct random_world w = {.seed = 3};
    const struct random_stream s = random_stream(&w, 4);
    sim_us us[8];

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        us[7] = -1;
        dist_fill(all[k], s, 5, us, 7);
        for (uint64_t i = 0; i < 7; i++)
            assert_int_equal(us[i], drawn(all[k], &s, 5 + i));
        assert_int_equal(us[7], -1);
    }
}

static void test_a_row_goes_on_behind_what_was_drawn_ahead(void **state)
{
    const struct random_world w = {.seed = 3, .antithetic = true};
    struct dist_row r = {.d = uniform, .s = random_stream(&w, 4)};

    (void)state;
    for (uint64_t i = 0; i < 3 * DIST_AHEAD + 1; i++)
        assert_int_equal(dist_next(&r), drawn(&uniform, &r.s, i));
}

static void test_the_factor_stretches_before_the_bounds_hold(void **state)
{
    const struct dist d = {DIST_UNIFORM, 1, 7, 2, 5};

    (void)state;
    assert_int_equal(dist_us(&d, 0.5, 1.0), 4000000);
    assert_int_equal(dist_us(&d, 0.5, 1.1), 4400000);
    assert_int_equal(dist_us(&d, 0.5, 1.4), 5000000);
    assert_int_equal(dist_us(&d, 0.5, 0.4), 2000000);
    assert_int_equal(dist_us(&d, 0.5, 0.0), 2000000);
    assert_int_equal(dist_us(&exponential, 1.0 - 0x1p-53, 1e300),
                     INT64_C(9000000000000000000));
}

/* Mean over N equally likely values of u: another way to the same figure. */
static double mean_by_cells(const struct dist *d)
{
    enum { N = 200000 };
    double sum = 0;

    for (int i = 0; i < N; i++)
        sum += s_from_us(dist_us(d, (i + 0.5) / N, 1.0));
    return sum / N;
}

static void test_the_mean_is_that_of_the_bounded_variate(void **state)
{
    const struct dist all[] = {
        {DIST_CONSTANT, 2.385, 0, 0, 100}, {DIST_CONSTANT, 2.385, 0, 3, 100},
        {DIST_CONSTANT, 2.385, 0, 0, 1.5}, {DIST_UNIFORM, 1, 7, 0, 100},
        {DIST_UNIFORM, 1, 7, 2.5, 6},      {DIST_UNIFORM, 1, 7, 8, 9},
        {DIST_UNIFORM, 1, 7, 0, 0.5},      {DIST_UNIFORM, 3, 3, 0, 100},
        {DIST_EXPONENTIAL, 9, 0, 0, 60},   {DIST_EXPONENTIAL, 9, 0, 4, 20},
        {DIST_LOGNORMAL, 35, 60, 0, 900},  {DIST_LOGNORMAL, 35, 60, 30, 50},
        {DIST_LOGNORMAL, 5, 50, 15, 100},
    };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_close(dist_mean_s(&all[i]), mean_by_cells(&all[i]),
                     1e-5 * mean_by_cells(&all[i]));
}

static void test_the_mean_without_bounds_is_that_of_the_law(void **state)
{
    double sigma = log(60.0 / 35.0) / 1.2815515655446004;

    (void)state;
    assert_close(dist_mean_s(&uniform), 4.0, 1e-12);
    assert_close(dist_mean_s(&exponential), 90.0, 1e-9);
    assert_close(dist_mean_s(&lognormal), 35.0 * exp(sigma * sigma / 2), 1e-9);
}

static void assert_parsed(const char *text, struct dist want)
{
    struct dist got;
    struct err e;

    assert_int_equal(dist_parse(text, &got, &e), ERR_OK);
    assert_int_equal(got.kind, want.kind);
    assert_true(got.a == want.a && got.b == want.b);
    assert_true(got.min_s == want.min_s && got.max_s == want.max_s);
}

static void test_each_form_is_read(void **state)
{
    const double max = DIST_NO_BOUND_S;

    (void)state;
    assert_parsed("2s", (struct dist){DIST_CONSTANT, 2, 0, 0, max});
    assert_parsed("0", (struct dist){DIST_CONSTANT, 0, 0, 0, max});
    assert_parsed("uniform(0s, 6s)", (struct dist){DIST_UNIFORM, 0, 6, 0, max});
    assert_parsed("uniform(1s,1m30s,max=1m)",
                  (struct dist){DIST_UNIFORM, 1, 90, 0, 60});
    assert_parsed("exponential(90s)",
                  (struct dist){DIST_EXPONENTIAL, 90, 0, 0, max});
    assert_parsed("exponential(min=1s, 90s)",
                  (struct dist){DIST_EXPONENTIAL, 90, 0, 1, max});
    assert_parsed("lognormal(p50=35s, p90=60s)",
                  (struct dist){DIST_LOGNORMAL, 35, 60, 0, max});
    assert_parsed("lognormal ( max=900s , p90 = 60s,p50= 35s,\tmin=15s )",
                  (struct dist){DIST_LOGNORMAL, 35, 60, 15, 900});
}

static void refuse(const char *text, const char *message)
{
    struct dist d = {.a = 77};
    struct err e;

    assert_int_equal(dist_parse(text, &d, &e), ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_true(d.a == 77);
}

static void test_a_wrong_form_says_what_is_wrong(void **state)
{
    static const char *const rows[][2] = {
        {"", "neither a duration nor a known form"},
        {"normal(1s, 2s)", "neither a duration nor a known form"},
        {"fast", "neither a duration nor a known form"},
        {"(1s)", "neither a duration nor a known form"},
        {"uniform(0s, 6s", "the text must end with its only )"},
        {"uniform(0s, 6s) ", "the text must end with its only )"},
        {"uniform)0s(", "the text must end with its only )"},
        {"uniform(0s)", "an argument is missing"},
        {"exponential(min=1s)", "an argument is missing"},
        {"lognormal(p50=35s)", "an argument is missing"},
        {"uniform(0s, 6s, 7s)", "an argument is out of place"},
        {"uniform(a=0s, 6s)", "an argument is out of place"},
        {"lognormal(35s, 60s)", "an argument is out of place"},
        {"lognormal(p50=1s, p50=2s)", "an argument is out of place"},
        {"exponential(9s, max=1s, max=2s)", "an argument is out of place"},
        {"uniform(6s, 0s)", "the first bound lies above the second"},
        {"exponential(0s)", "the mean must be above 0"},
        {"lognormal(p50=0s, p90=1s)", "0 < p50 < p90 must hold"},
        {"lognormal(p50=2s, p90=2s)", "0 < p50 < p90 must hold"},
        {"exponential(9s, min=3s, max=2s)", "min lies above max"},
    };
    char want[400];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        snprintf(want, sizeof want, "distribution \"%s\": %s" FORMS, rows[i][0],
                 rows[i][1]);
        refuse(rows[i][0], want);
    }
}

/* In microseconds a double does not hold all that a duration may be. */
static void test_two_hundred_years_are_the_longest_duration(void **state)
{
    struct dist d, again;
    char printed[128];
    struct err e;
    (void)state;

    assert_int_equal(dist_parse("1752000h", &d, &e), ERR_OK);
    dist_print(&d, printed);
    assert_int_equal(dist_parse(printed, &again, &e), ERR_OK);
    assert_true(again.a == d.a && d.a == 6307200000.0);
    refuse("1752000h1us", "duration \"1752000h1us\" is longer than 200 years");
    refuse("9223372036854775us",
           "duration \"9223372036854775us\" is longer than 200 years");
}

static void test_a_wrong_duration_inside_is_named(void **state)
{
    (void)state;
    refuse("90", "duration \"90\" lacks a unit; write it like 45s, 1h30m or "
                 "250ms");
    refuse("exponential(90)",
           "distribution \"exponential(90)\": duration \"90\" lacks a unit; "
           "write it like 45s, 1h30m or 250ms");
    refuse("exponential()",
           "distribution \"exponential()\": duration \"\" is empty; write it "
           "like 45s, 1h30m or 250ms");
    refuse("uniform(1 s, 2s)",
           "distribution \"uniform(1 s, 2s)\": duration \"1 s\" has a unit "
           "other than ns, us, ms, s, m, h, d; write it like 45s, 1h30m or "
           "250ms");
}

static void test_an_overlong_form_is_refused(void **state)
{
    char text[300] = "uniform(";
    char want[500];

    (void)state;
    memset(text + 8, ' ', 200);
    snprintf(want, sizeof want, "distribution \"%.60s\": too long" FORMS, text);
    refuse(text, want);
}

static void test_a_printed_form_reads_back_the_same(void **state)
{
    static const char longest[] =
        "lognormal(p50=100000h47m16.854775s, p90=100000h47m16.854776s, "
        "min=100000h47m16.1s, max=100000h47m16.2s)";
    static const char *const texts[] = {
        "2s",
        "0s",
        "uniform(0s, 6s)",
        "uniform(1.5s, 1m30s, min=2s, max=1m)",
        "exponential(1m30s)",
        "lognormal(p50=35s, p90=1m, min=15s, max=15m)",
        longest,
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[128];
        struct dist d;
        struct err e;

        assert_int_equal(dist_parse(texts[i], &d, &e), ERR_OK);
        dist_print(&d, out);
        assert_string_equal(out, texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_variates_are_found_by_inversion),
        cmocka_unit_test(test_a_variate_never_falls_when_u_grows),
        cmocka_unit_test(test_many_variates_are_those_of_their_entities),
        cmocka_unit_test(test_a_row_goes_on_behind_what_was_drawn_ahead),
        cmocka_unit_test(test_the_factor_stretches_before_the_bounds_hold),
        cmocka_unit_test(test_the_mean_is_that_of_the_bounded_variate),
        cmocka_unit_test(test_the_mean_without_bounds_is_that_of_the_law),
        cmocka_unit_test(test_each_form_is_read),
        cmocka_unit_test(test_a_wrong_form_says_what_is_wrong),
        cmocka_unit_test(test_two_hundred_years_are_the_longest_duration),
        cmocka_unit_test(test_a_wrong_duration_inside_is_named),
        cmocka_unit_test(test_an_overlong_form_is_refused),
        cmocka_unit_test(test_a_printed_form_reads_back_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
