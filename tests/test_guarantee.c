#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/plan/guarantee.h"

enum { REPETITIONS = 1000 };

static double draw(uint64_t repetition, uint64_t ordinal)
{
    struct random_world w = {.seed = 53};

    return random_u01(&w, 1, repetition, ordinal);
}

/* ------------------------------------------------------------ closed forms */

static void test_no_miss_in_n_is_a_power(void **state)
{
    (void)state;
    /* 1 - 0.05^(1 / 59) and 1 - (0.01 / 1000)^(1 / 225). */
    assert_close(guarantee_share(59, 0, 1, 0.05), 0.0495076, 1e-7);
    assert_close(guarantee_share(225, 0, 1000, 0.01), 0.0498815, 1e-7);
    /* Close to 3 / n. */
    assert_close(guarantee_share(1000, 0, 1, 0.05), 0.0029912, 1e-7);
}

static void test_the_worked_number_of_histories(void **state)
{
    (void)state;
    assert_int_equal(guarantee_histories(0.05, 0, 1000, 0.01), 225);
    assert_int_equal(guarantee_histories(0.05, 0, 1, 0.05), 59);
    assert_int_equal(guarantee_histories(0.5, 0, 1, 0.5), 1);
}

static void test_misses_that_are_allowed_need_more_histories(void **state)
{
    (void)state;
    /* 0.95^93 + 93 * 0.05 * 0.95^92 is 0.04996, with 92 it is 0.05205. */
    assert_int_equal(guarantee_histories(0.05, 1, 1, 0.05), 93);
    assert_close(guarantee_share(93, 1, 1, 0.05), 0.05, 1e-4);
    assert_true(guarantee_share(93, 1, 1, 0.05) <= 0.05);
    assert_true(guarantee_share(92, 1, 1, 0.05) > 0.05);
}

static void test_only_misses_prove_nothing(void **state)
{
    (void)state;
    assert_close(guarantee_share(7, 7, 1, 0.05), 1.0, 0.0);
    assert_true(guarantee_share(7, 6, 1, 0.05) < 1.0);
}

static void test_the_two_questions_answer_each_other(void **state)
{
    (void)state;
    for (size_t allowed = 0; allowed < 5; allowed++)
        for (size_t m = 1; m < 300; m = 3 * m + 1) {
            size_t n = guarantee_histories(0.083, allowed, m, 0.02);
            assert_true(guarantee_share(n, allowed, m, 0.02) <= 0.083);
            assert_true(guarantee_share(n - 1, allowed, m, 0.02) > 0.083);
        }
}

static void
test_an_interval_of_a_share_is_that_of_clopper_and_pearson(void **state)
{
    struct share s = guarantee_interval(8, 40, 0.05);
    (void)state;

    assert_close(s.low, 0.0905, 5e-5); /* published: 0.0905 to 0.3565 */
    assert_close(s.high, 0.3565, 5e-5);
    s = guarantee_interval(0, 10, 0.05);
    assert_close(s.low, 0.0, 0.0);
    assert_close(s.high, 0.3085, 5e-5); /* 1 - 0.025^(1/10) */
    s = guarantee_interval(10, 10, 0.05);
    assert_close(s.low, 0.6915, 5e-5);
    assert_close(s.high, 1.0, 0.0);
}

static void test_small_samples_have_no_limit_of_a_high_quantile(void **state)
{
    (void)state;
    assert_int_equal(guarantee_upper_rank(58, 0.95, 0.05), 0);
    assert_int_equal(guarantee_upper_rank(59, 0.95, 0.05), 59);
    assert_int_equal(guarantee_ranks(71, 0.95, 0.05).high, 0);
    assert_int_equal(guarantee_ranks(72, 0.95, 0.05).high, 72);
}

static void test_ranks_of_a_median_are_symmetric(void **state)
{
    struct ranks r = guarantee_ranks(20, 0.5, 0.05);
    (void)state;

    assert_int_equal(r.low, 6); /* tables of the sign test: 6 and 15 */
    assert_int_equal(r.high, 15);
    r = guarantee_ranks(5, 0.5, 0.05); /* 2 * 2^-5 is more than 0.05 */
    assert_int_equal(r.low, 0);
    assert_int_equal(r.high, 0);
}

/* ------------------------------------------------------------ coverage */

/* Misses of a candidate that misses a share of fresh histories. */
static size_t misses(uint64_t repetition, uint64_t from, size_t n, double share)
{
    size_t missed = 0;

    for (size_t i = 0; i < n; i++)
        missed += draw(repetition, from + i) < share;
    return missed;
}

/* Repetitions in which one of m bad candidates is chosen since it did not
 * miss, although it does in a share just above the guaranteed one.
 */
static void test_a_bad_candidate_is_rarely_chosen(void **state)
{
    enum { N = 60, M = 20 };
    double share = guarantee_share(N, 0, M, 0.1), n_wrong = 0.0;
    (void)state;

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        bool wrong = false;
        for (uint64_t m = 0; m < M; m++)
            wrong = wrong || misses(r, m * N, N, share) == 0;
        n_wrong += wrong;
    }
    /* Independent candidates: 1 - (1 - 0.1 / 20)^20; four standard errors. */
    double want = 1.0 - pow(1.0 - 0.1 / M, M);
    assert_close(n_wrong / REPETITIONS, want,
                 4.0 * sqrt(want * (1.0 - want) / REPETITIONS));
}

/* The first of rising maxima that never missed: the largest of n needs. */
static void test_rising_maxima_count_as_one(void **state)
{
    enum { N = 45 };
    double eps = guarantee_share(N, 0, 1, 0.05), n_wrong = 0.0;
    (void)state;

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        double most = 0.0;
        for (uint64_t i = 0; i < N; i++)
            most = fmax(most, draw(r, i));
        n_wrong += 1.0 - most > eps; /* share of needs above it */
    }
    assert_close(n_wrong / REPETITIONS, 0.05,
                 4.0 * sqrt(0.05 * 0.95 / REPETITIONS));
}

static void test_intervals_cover_at_least_at_their_rate(void **state)
{
    double n_low = 0.0, n_quantile = 0.0;
    struct ranks rank = guarantee_ranks(80, 0.9, 0.1);
    (void)state;

    for (uint64_t r = 0; r < REPETITIONS; r++) {
        struct share s = guarantee_interval(misses(r, 0, 40, 0.3), 40, 0.1);
        n_low += s.low <= 0.3 && 0.3 <= s.high;
        /* u of rank l is below 0.9 if at least l values are. */
        size_t below = misses(r, 100, 80, 0.9);
        n_quantile += below >= rank.low && below < rank.high;
    }
    double slack = 4.0 * sqrt(0.1 * 0.9 / REPETITIONS);
    assert_true(n_low / REPETITIONS >= 0.9 - slack);
    assert_true(n_quantile / REPETITIONS >= 0.9 - slack);
    assert_true(n_low / REPETITIONS <= 0.97); /* and not by being empty talk */
    assert_true(n_quantile / REPETITIONS <= 0.97);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_miss_in_n_is_a_power),
        cmocka_unit_test(test_the_worked_number_of_histories),
        cmocka_unit_test(test_misses_that_are_allowed_need_more_histories),
        cmocka_unit_test(test_only_misses_prove_nothing),
        cmocka_unit_test(test_the_two_questions_answer_each_other),
        cmocka_unit_test(
            test_an_interval_of_a_share_is_that_of_clopper_and_pearson),
        cmocka_unit_test(test_small_samples_have_no_limit_of_a_high_quantile),
        cmocka_unit_test(test_ranks_of_a_median_are_symmetric),
        cmocka_unit_test(test_a_bad_candidate_is_rarely_chosen),
        cmocka_unit_test(test_rising_maxima_count_as_one),
        cmocka_unit_test(test_intervals_cover_at_least_at_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
