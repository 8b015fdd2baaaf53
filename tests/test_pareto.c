#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/engine/tally.h"
#include "sim/plan/pareto.h"

#include <gsl/gsl_cdf.h>

static void test_a_difference_is_paired(void **state)
{
    const double a[] = {11.0, 22.0, 30.0, 41.0}, b[] = {10.0, 20.0, 31.0, 39.0};
    struct paired p = paired_difference(a, b, 4, 0.05);
    (void)state;

    /* Differences 1, 2, -1, 2: mean 1, s^2 = 2; t(0.975, 3) = 3.18245. */
    assert_close(p.mean, 1.0, 1e-12);
    assert_close(p.half_width, 3.182446 * sqrt(2.0 / 4.0), 1e-5);
    assert_close(p.correlation, 479.0 / 482.0, 1e-12);
}

static void test_a_smaller_error_widens_the_interval(void **state)
{
    const double a[] = {1.0, 2.0, -1.0, 2.0}, b[] = {0.0, 0.0, 0.0, 0.0};
    struct paired p = paired_difference(a, b, 4, 0.01);
    (void)state;

    assert_close(p.half_width, 5.840909 * sqrt(0.5), 1e-5);
    assert_true(isnan(p.correlation)); /* b does not vary */
}

static void test_one_replication_has_no_interval(void **state)
{
    const double a[] = {3.5}, b[] = {1.25};
    struct paired p = paired_difference(a, b, 1, 0.05);
    (void)state;

    assert_close(p.mean, 2.25, 0.0);
    assert_close(p.half_width, 0.0, 0.0);
    assert_true(isnan(p.correlation));
}

static void test_two_replications_have_no_correlation(void **state)
{
    const double a[] = {3.5, 4.0}, b[] = {1.25, 1.5};
    (void)state;

    assert_true(isnan(paired_difference(a, b, 2, 0.05).correlation));
}

/* ------------------------------------------------------------ dominance */

enum { REPS = 3, OBJECTIVES = 2 };

static struct pareto_task task(const double *y, size_t n)
{
    return (struct pareto_task){y, n, OBJECTIVES, REPS, 0.05};
}

/* Half-widths of differences by hand: t(0.975, 2) = 4.30265. */
static void test_a_clear_gain_without_a_clear_loss_beats(void **state)
{
    const double y[] = {
        10.0, 11.0, 12.0, /* a, first objective */
        5.0,  6.0,  7.0,  /* a, second */
        12.0, 13.1, 13.9, /* b: 2.1, 1.9 worse, surely */
        5.5,  5.0,  7.6,  /* b: +0.5, -1, +0.6: cannot be told */
    };
    struct pareto_task t = task(y, 2);
    (void)state;

    assert_true(pareto_beats(&t, 0, 1));
    assert_false(pareto_beats(&t, 1, 0));
}

static void test_a_clear_loss_in_one_objective_saves(void **state)
{
    const double y[] = {
        10.0, 11.0, 12.0, 9.0, 9.5, 9.9, /* cheaper, waits longer */
        12.0, 13.1, 13.9, 5.5, 6.0, 6.4,
    };
    struct pareto_task t = task(y, 2);
    (void)state;

    assert_false(pareto_beats(&t, 0, 1));
    assert_false(pareto_beats(&t, 1, 0));
}

static void test_a_better_mean_alone_does_not_beat(void **state)
{
    const double y[] = {
        10.0, 15.0, 10.0, 5.0, 5.0, 5.0, /* -5, +3, -3: 3.6 wide and more */
        15.0, 12.0, 13.0, 5.0, 5.0, 5.0,
    };
    struct pareto_task t = task(y, 2);
    (void)state;

    assert_false(pareto_beats(&t, 0, 1));
    t.n_reps = 1; /* then the bare numbers decide: rows of one */
    t.n_objectives = 1;
    t.n_settings = 6;
    assert_true(pareto_beats(&t, 0, 1));
}

static void test_equal_settings_do_not_beat_each_other(void **state)
{
    const double y[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0,
                        1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
    const bool all[] = {true, true};
    bool front[2];
    struct pareto_task t = task(y, 2);
    (void)state;

    pareto_front(&t, all, front);
    assert_true(front[0] && front[1]);
}

/* ------------------------------------------------------------ front */

/* Cost and wait of five settings, one replication. */
static const double five[] = {10.0, 5.0,  12.0, 4.0, 12.0,
                              5.5,  20.0, 1.0,  9.0, 9.0};

static struct pareto_task points(void)
{
    return (struct pareto_task){five, 5, 2, 1, 0.05};
}

static void test_the_front_holds_what_nothing_beats(void **state)
{
    const bool all[] = {true, true, true, true, true};
    bool front[5];
    struct pareto_task t = points();
    (void)state;

    pareto_front(&t, all, front);
    assert_true(front[0]);
    assert_true(front[1]);
    assert_false(front[2]); /* dearer than 0, as dear as 1, waits longer */
    assert_true(front[3]);
    assert_true(front[4]);
}

static void test_who_is_no_candidate_neither_beats_nor_stands(void **state)
{
    const bool some[] = {false, false, true, true, false};
    bool front[5];
    struct pareto_task t = points();
    (void)state;

    pareto_front(&t, some, front);
    assert_false(front[0]);
    assert_false(front[1]);
    assert_true(front[2]);
    assert_true(front[3]);
    assert_false(front[4]);
}

/* ------------------------------------------------------------ coverage */

enum { REPETITIONS = 1000, SAMPLE = 12 };

static double normal(const struct random_world *w, uint64_t k, uint64_t which)
{
    return gsl_cdf_ugaussian_Pinv(random_u01(w, 1, k, which));
}

/* Two systems in the same worlds, 0.7 apart; both spread by their worlds. */
static void draw(const struct random_world *w, double a[SAMPLE],
                 double b[SAMPLE])
{
    for (uint64_t k = 0; k < SAMPLE; k++) {
        double world = 5.0 * normal(w, k, 0);
        a[k] = 10.7 + world + normal(w, k, 1);
        b[k] = 10.0 + world + normal(w, k, 2);
    }
}

static void assert_rate(size_t n_covered)
{
    double error = 4.0 * sqrt(0.95 * 0.05 / REPETITIONS); /* standard errors */

    assert_close((double)n_covered / REPETITIONS, 0.95, error);
}

static void test_intervals_cover_at_their_rate(void **state)
{
    size_t n_difference = 0, n_mean = 0;
    (void)state;

    for (uint64_t i = 0; i < REPETITIONS; i++) {
        const struct random_world w = {.seed = 17, .replication = i};
        double a[SAMPLE], b[SAMPLE];
        struct tally t = {0};
        draw(&w, a, b);
        struct paired d = paired_difference(a, b, SAMPLE, 0.05);
        n_difference += fabs(d.mean - 0.7) <= d.half_width;
        for (size_t k = 0; k < SAMPLE; k++)
            tally_add(&t, a[k]);
        n_mean += fabs(t.mean - 10.7) <= tally_half_width(&t);
    }
    assert_rate(n_difference);
    assert_rate(n_mean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_difference_is_paired),
        cmocka_unit_test(test_a_smaller_error_widens_the_interval),
        cmocka_unit_test(test_one_replication_has_no_interval),
        cmocka_unit_test(test_two_replications_have_no_correlation),
        cmocka_unit_test(test_a_clear_gain_without_a_clear_loss_beats),
        cmocka_unit_test(test_a_clear_loss_in_one_objective_saves),
        cmocka_unit_test(test_a_better_mean_alone_does_not_beat),
        cmocka_unit_test(test_equal_settings_do_not_beat_each_other),
        cmocka_unit_test(test_the_front_holds_what_nothing_beats),
        cmocka_unit_test(test_who_is_no_candidate_neither_beats_nor_stands),
        cmocka_unit_test(test_intervals_cover_at_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
