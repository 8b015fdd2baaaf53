#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/plan/control.h"

#include <gsl/gsl_cdf.h>

enum { REPETITIONS = 1000 };

/* A standard normal number. */
static double draw(uint64_t repetition, uint64_t ordinal)
{
    struct random_world w = {.seed = 59};

    return gsl_cdf_ugaussian_Pinv(random_u01(&w, 1, repetition, ordinal));
}

/* ------------------------------------------------------------ pairs */

static void test_the_gain_is_a_ratio_of_variances(void **state)
{
    const double a[] = {1.0, 2.0, 4.0, 5.0}, b[] = {2.0, 2.5, 5.5, 6.0};
    (void)state;

    /* Variances 10/3 and 4.16667 (sum of squares 12.5); differences -1, -0.5,
     * -1.5, -1 with 0.5 / 3.
     */
    assert_close(control_pairing_gain(a, b, 4), (10.0 + 12.5) / 0.5, 1e-9);
}

static void test_a_pairing_may_do_harm(void **state)
{
    const double a[] = {1.0, 2.0, 3.0}, b[] = {3.0, 2.0, 1.0};
    (void)state;

    assert_close(control_pairing_gain(a, b, 3), 0.5, 1e-12);
}

static void test_what_does_not_vary_has_no_gain(void **state)
{
    const double a[] = {1.0, 2.0, 4.0}, b[] = {2.0, 3.0, 5.0}, c[3] = {0};
    (void)state;

    assert_true(isinf(control_pairing_gain(a, b, 3)));
    assert_true(isnan(control_pairing_gain(c, c, 3)));
    assert_true(isnan(control_pairing_gain(a, b, 2)));
    assert_close(control_pairing_gain(a, c, 3), 1.0, 1e-12);
}

/* ------------------------------------------------------------ control */

static void test_a_line_leaves_no_doubt(void **state)
{
    const double x[] = {1.0, 2.0, 3.0, 6.0}, y[] = {5.0, 7.0, 9.0, 15.0};
    (void)state;

    struct controlled c = control_variate(y, x, 4, 4.0, 0.05);
    assert_close(c.slope, 2.0, 1e-12);
    assert_close(c.mean, 11.0, 1e-12); /* 3 + 2 * 4 */
    assert_close(c.half_width, 0.0, 1e-6);
    assert_close(c.correlation, 1.0, 1e-12);
}

static void test_figures_by_hand(void **state)
{
    const double x[] = {0.0, 1.0, 2.0, 3.0}, y[] = {1.0, 0.0, 3.0, 2.0};
    (void)state;

    /* Means 1.5 and 1.5; sums 5, 5, 3; slope 0.6; error 5 - 9 / 5 = 3.2. */
    struct controlled c = control_variate(y, x, 4, 2.0, 0.05);
    assert_close(c.slope, 0.6, 1e-12);
    assert_close(c.mean, 1.8, 1e-12);
    assert_close(c.correlation, 0.6, 1e-12);
    /* t(0.975, 2) = 4.302653; variance 1.6 * (1/4 + 0.25 / 5). */
    assert_close(c.half_width, 4.302653 * sqrt(0.48), 1e-5);
    assert_close(c.gain, 5.0 / 3.0 / 4.0 / 0.48, 1e-9);
}

static void test_without_a_control_it_is_the_plain_mean(void **state)
{
    const double x[] = {7.0, 7.0, 7.0, 7.0}, y[] = {1.0, 2.0, 4.0, 5.0};
    (void)state;

    struct controlled c = control_variate(y, x, 4, 9.0, 0.05);
    assert_close(c.mean, 3.0, 1e-12);
    assert_close(c.half_width, 3.182446 * sqrt(10.0 / 3.0 / 4.0), 1e-5);
    assert_close(c.gain, 1.0, 0.0);
    assert_true(isnan(c.correlation));
    c = control_variate(y, y, 3, 0.0, 0.05); /* a line, but too few */
    assert_close(c.mean, 7.0 / 3.0, 1e-12);
    assert_close(control_variate(y, y, 1, 0.0, 0.05).half_width, 0.0, 0.0);
}

static void test_intervals_cover_at_their_rate(void **state)
{
    enum { N = 12 };
    double n_in = 0.0, gain = 0.0;
    (void)state;

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        double x[N], y[N];
        for (uint64_t i = 0; i < N; i++) {
            x[i] = 5.0 + draw(r, 2 * i);
            y[i] = 3.0 + 2.0 * (x[i] - 5.0) + draw(r, 2 * i + 1);
        }
        struct controlled c = control_variate(y, x, N, 5.0, 0.1);
        n_in += fabs(c.mean - 3.0) <= c.half_width;
        gain += c.gain / REPETITIONS;
    }
    assert_close(n_in / REPETITIONS, 0.9, 4.0 * sqrt(0.9 * 0.1 / REPETITIONS));
    /* 5 without estimation of the slope, and a little less with it. */
    assert_true(gain > 3.5 && gain < 6.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_gain_is_a_ratio_of_variances),
        cmocka_unit_test(test_a_pairing_may_do_harm),
        cmocka_unit_test(test_what_does_not_vary_has_no_gain),
        cmocka_unit_test(test_a_line_leaves_no_doubt),
        cmocka_unit_test(test_figures_by_hand),
        cmocka_unit_test(test_without_a_control_it_is_the_plain_mean),
        cmocka_unit_test(test_intervals_cover_at_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
