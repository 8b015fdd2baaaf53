#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/plan/stop.h"

#include <gsl/gsl_cdf.h>
#include <stdbool.h>

/* 1 and 3 in turn: mean 2, and the variance is n / (n - 1) for even n. */
static void fill(double y[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] = i % 2 == 0 ? 1.0 : 3.0;
}

static const struct stop_rule rule = {
    .half_width = 0.5, .error = 0.05, .first = 10, .every = 6, .at_most = 40};

static void test_two_looks_in_a_row_must_be_content(void **state)
{
    double y[40];
    (void)state;

    fill(y, 40);
    /* t(15) / sqrt(15) = 2.1314 / 3.873 = 0.5503, with 22 it is 0.4538, so
     * that 22 and 28 are the two looks.
     */
    assert_int_equal(stop_after(&rule, y, 27).state, STOP_GO_ON);
    struct stopped s = stop_after(&rule, y, 28);
    assert_int_equal(s.state, STOP_PRECISE);
    assert_int_equal(s.n, 28);
    assert_close(s.mean, 2.0, 1e-12);
    assert_close(s.half_width, 2.0518 / sqrt(27.0), 1e-4); /* t(27) */
}

static void test_what_comes_later_changes_nothing(void **state)
{
    double y[40];
    (void)state;

    fill(y, 40);
    for (size_t n = 28; n <= 40; n++)
        assert_int_equal(stop_after(&rule, y, n).n, 28);
    y[39] = 1e9;
    assert_int_equal(stop_after(&rule, y, 40).n, 28);
}

static void test_a_look_that_is_not_content_starts_anew(void **state)
{
    double y[40];
    (void)state;

    fill(y, 40);
    /* Content at 22, not at 28 (2.0518 * sqrt(46 / 27 / 28) is 0.506), and
     * again at 34 and 40.
     */
    y[25] = 6.5;
    struct stopped s = stop_after(&rule, y, 39);
    assert_int_equal(s.state, STOP_GO_ON);
    assert_int_equal(s.n, 39);
    s = stop_after(&rule, y, 40);
    assert_int_equal(s.state, STOP_PRECISE);
    assert_int_equal(s.n, 40);
}

static void test_the_limit_stops_and_says_so(void **state)
{
    double y[40];
    struct stop_rule r = rule;
    (void)state;

    fill(y, 40);
    r.half_width = 0.01;
    assert_int_equal(stop_after(&r, y, 39).state, STOP_GO_ON);
    struct stopped s = stop_after(&r, y, 40);
    assert_int_equal(s.state, STOP_AT_MOST);
    assert_int_equal(s.n, 40);
    assert_int_equal(stop_after(&r, y, 1).state, STOP_GO_ON);
    assert_close(stop_after(&r, y, 1).half_width, 0.0, 0.0);
}

static void test_a_relative_error_is_of_the_unknown_mean(void **state)
{
    double y[40];
    struct stop_rule r = rule;
    (void)state;

    fill(y, 40);
    r.half_width = 0.0;
    /* 0.4538 / 2 = 0.2269 at 22: needs gamma / (1 + gamma) of at least that,
     * so gamma of 0.2935.
     */
    r.relative = 0.2936;
    assert_int_equal(stop_after(&r, y, 40).n, 28);
    r.relative = 0.2934;
    assert_int_equal(stop_after(&r, y, 40).n, 34);
    r.half_width = 0.38; /* both: at 34 it is 0.3542, at 28 0.3949 */
    assert_int_equal(stop_after(&r, y, 40).n, 40);
}

static void test_intervals_cover_at_nearly_their_rate(void **state)
{
    enum { REPETITIONS = 1000, MOST = 400 };
    const struct stop_rule r = {.half_width = 0.25,
                                .error = 0.1,
                                .first = 20,
                                .every = 10,
                                .at_most = MOST};
    double n_in = 0.0, n_mean = 0.0;
    (void)state;

    for (uint64_t k = 0; k < REPETITIONS; k++) {
        struct random_world w = {.seed = 79};
        double y[MOST];
        for (size_t i = 0; i < MOST; i++)
            y[i] = 7.0 + gsl_cdf_ugaussian_Pinv(random_u01(&w, 1, k, i));
        struct stopped s = stop_after(&r, y, MOST);
        assert_int_equal(s.state, STOP_PRECISE);
        n_in += fabs(s.mean - 7.0) <= s.half_width;
        n_mean += (double)s.n / REPETITIONS;
    }
    assert_close(n_in / REPETITIONS, 0.9, 4.0 * sqrt(0.09 / REPETITIONS));
    /* About (1.645 / 0.25)^2 = 43, and one look more. */
    assert_true(n_mean > 45.0 && n_mean < 65.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_looks_in_a_row_must_be_content),
        cmocka_unit_test(test_what_comes_later_changes_nothing),
        cmocka_unit_test(test_a_look_that_is_not_content_starts_anew),
        cmocka_unit_test(test_the_limit_stops_and_says_so),
        cmocka_unit_test(test_a_relative_error_is_of_the_unknown_mean),
        cmocka_unit_test(test_intervals_cover_at_nearly_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
