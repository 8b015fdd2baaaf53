#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/engine/tally.h"
#include "sim/plan/gpd.h"

enum { REPETITIONS = 1000, MOST = 200 };

/* n excesses of a law. */
static void draw(double y[], size_t n, const struct gpd *g, uint64_t repetition)
{
    struct random_world w = {.seed = 67};

    for (size_t i = 0; i < n; i++)
        y[i] = gpd_level(g, 1.0 / random_u01(&w, 1, repetition, i));
}

/* ------------------------------------------------------------ closed forms */

static void test_tails_by_hand(void **state)
{
    const struct gpd heavy = {0.5, 3.0}, bounded = {-0.5, 3.0},
                     none = {0.0, 3.0};
    (void)state;

    assert_close(gpd_level(&heavy, 4.0), 6.0, 1e-12);
    assert_close(gpd_level(&bounded, 4.0), 3.0, 1e-12);
    assert_close(gpd_level(&none, 4.0), 3.0 * log(4.0), 1e-12);
    assert_close(gpd_level(&none, 1.0), 0.0, 0.0);
}

static void test_the_exponential_law_joins_its_neighbours(void **state)
{
    const struct gpd none = {0.0, 2.0}, little = {1e-7, 2.0};
    const double y[] = {0.3, 1.0, 4.5};
    (void)state;

    assert_close(gpd_level(&little, 50.0), gpd_level(&none, 50.0), 1e-5);
    assert_close(gpd_log_likelihood(&little, y, 3),
                 gpd_log_likelihood(&none, y, 3), 1e-5);
    /* 3 ln 2 + 5.8 / 2 */
    assert_close(gpd_log_likelihood(&none, y, 3), -3.0 * log(2.0) - 2.9, 1e-12);
}

static void test_a_likelihood_by_hand(void **state)
{
    const struct gpd g = {0.5, 3.0}, bounded = {-0.5, 3.0};
    const double y[] = {6.0, 0.0001, 18.0}, out[] = {1.0, 6.0};
    (void)state;

    /* Factors 2, about 1 and 4, to the power of -3; 3^-3 before. */
    assert_close(gpd_log_likelihood(&g, y, 3), -3.0 * log(3.0) - 3.0 * log(8.0),
                 1e-4);
    assert_true(isinf(gpd_log_likelihood(&bounded, out, 2)));
}

/* ------------------------------------------------------------ fits */

static void test_no_neighbour_is_more_likely(void **state)
{
    const double d = 0.002;
    const double offs[8][2] = {{-d, -d}, {-d, 0}, {-d, d}, {0, -d},
                               {0, d},   {d, -d}, {d, 0},  {d, d}};
    const struct gpd truths[] = {{-0.3, 4.0}, {0.0, 1.0}, {0.4, 9.0}};
    double y[60];
    (void)state;

    for (uint64_t r = 0; r < 60; r++) {
        draw(y, 60, &truths[r % 3], r);
        struct gpd g = gpd_fit(y, 60);
        double best = gpd_log_likelihood(&g, y, 60);
        assert_true(g.shape >= GPD_LEAST && g.shape <= GPD_MOST);
        for (size_t i = 0; i < 8; i++) {
            struct gpd other = {g.shape + offs[i][0],
                                g.scale * (1.0 + offs[i][1])};
            double likely = gpd_log_likelihood(&other, y, 60);
            assert_true(other.shape < GPD_LEAST || likely <= best + 1e-6);
        }
    }
}

/* Standard errors of Smith 1987: (1 + shape) / sqrt(n) for the shape. */
static void test_estimates_are_right_on_average(void **state)
{
    const struct gpd truth = {0.2, 5.0};
    struct tally likely = {0}, scale = {0};
    double y[MOST];
    (void)state;

    for (uint64_t r = 0; r < 300; r++) {
        draw(y, MOST, &truth, r);
        struct gpd g = gpd_fit(y, MOST);
        tally_add(&likely, g.shape);
        tally_add(&scale, g.scale);
    }
    double se = 1.2 / sqrt(MOST);
    assert_close(sqrt(tally_variance(&likely)), se, 0.15 * se);
    /* Bias is of the order of 1 / n. */
    assert_close(likely.mean, 0.2, 4.0 * se / sqrt(300.0) + 1.0 / MOST);
    assert_close(scale.mean, 5.0, 0.15);
}

/* ------------------------------------------------------------ intervals */

/* The highest likelihood with a level, by trying shapes. */
static double profile(const double y[], size_t n, double once_in, double level)
{
    double best = -INFINITY;

    for (int i = 0; i <= 3000; i++) {
        struct gpd g = {-0.5 + 0.0005 * i, 1.0};
        g.scale = level / gpd_level(&g, once_in);
        best = fmax(best, gpd_log_likelihood(&g, y, n));
    }
    return best;
}

/* 3.841459 is the 95 % quantile of chi-square with one degree. */
static void test_an_interval_ends_where_the_likelihood_has_fallen(void **state)
{
    const struct gpd truth = {0.1, 3.0};
    double y[40];
    (void)state;

    draw(y, 40, &truth, 1);
    struct gpd g = gpd_fit(y, 40);
    double fall = 3.841459 / 2.0 * (1.0 + 5.0 / 40.0);
    double least = gpd_log_likelihood(&g, y, 40) - fall;
    struct gpd_interval i = gpd_level_interval(y, 40, 500.0, 0.05);
    assert_close(profile(y, 40, 500.0, i.low), least, 1e-3);
    assert_close(profile(y, 40, 500.0, i.high), least, 1e-3);
    assert_true(i.low < gpd_level(&g, 500.0) && gpd_level(&g, 500.0) < i.high);
}

/* ------------------------------------------------------------ coverage */

static double coverage(const struct gpd *truth, size_t n, double once_in,
                       double error)
{
    double y[MOST], n_in = 0.0, want = gpd_level(truth, once_in);

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        draw(y, n, truth, r);
        struct gpd_interval i = gpd_level_interval(y, n, once_in, error);
        n_in += i.low <= want && want <= i.high;
    }
    return n_in / REPETITIONS;
}

static void test_intervals_of_a_level_cover_at_their_rate(void **state)
{
    const struct gpd truth = {-0.2, 4.0};
    (void)state;

    assert_close(coverage(&truth, 40, 1000.0, 0.1), 0.9,
                 4.0 * sqrt(0.9 * 0.1 / REPETITIONS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tails_by_hand),
        cmocka_unit_test(test_the_exponential_law_joins_its_neighbours),
        cmocka_unit_test(test_a_likelihood_by_hand),
        cmocka_unit_test(test_no_neighbour_is_more_likely),
        cmocka_unit_test(test_estimates_are_right_on_average),
        cmocka_unit_test(test_an_interval_ends_where_the_likelihood_has_fallen),
        cmocka_unit_test(test_intervals_of_a_level_cover_at_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
