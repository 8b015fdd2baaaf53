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

static void test_misses_that_are_allowed_need_more_histories(void **state)
{
    (void)state;
    /* 0.95^93 + 93 * 0.05 * 0.95^92 is 0.04996, with 92 it is 0.05205. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_miss_in_n_is_a_power),
        cmocka_unit_test(test_misses_that_are_allowed_need_more_histories),
        cmocka_unit_test(test_only_misses_prove_nothing),
        cmocka_unit_test(test_a_bad_candidate_is_rarely_chosen),
        cmocka_unit_test(test_rising_maxima_count_as_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
