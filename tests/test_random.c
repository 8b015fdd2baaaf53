#include "tests/support.h"

#include "sim/engine/random.h"
#include "sim/engine/tally.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 256, DRAWS = 1 << 16 };

/* The parts of a key, so that a test may let one of them run. */
enum part { SEED, REPLICATION, PURPOSE, ENTITY, ORDINAL, N_PARTS };

static uint64_t bits_of(const uint64_t key[N_PARTS])
{
    struct random_world w = {key[SEED], key[REPLICATION], false};

    return random_bits(&w, (uint32_t)key[PURPOSE], key[ENTITY], key[ORDINAL]);
}

/* A sum of squares that a fair generator exceeds once in a million tests;
 * the seeds are fixed, so a pass stays a pass.
 */
static void assert_fair(const unsigned count[], unsigned cells, double want)
{
    double sum = 0;

    for (unsigned i = 0; i < cells; i++)
        sum += (count[i] - want) * (count[i] - want) / want;
    assert_true(sum < gsl_cdf_chisq_Qinv(1e-6, cells - 1.0));
    assert_true(sum > gsl_cdf_chisq_Pinv(1e-6, cells - 1.0));
}

static void test_a_draw_depends_on_its_key_alone(void **state)
{
    const struct random_world w = {7, 3, false};
    uint64_t first = random_bits(&w, 2, 11, 5);

    (void)state;
    random_bits(&w, 2, 11, 6);
    assert_int_equal(random_bits(&w, 2, 11, 5), first);
}

static void test_the_same_seed_gives_the_same_numbers_everywhere(void **state)
{
    const struct random_world w = {7, 3, false};

    (void)state;
    /* Written down once: a change here changes every result there is. */
    assert_int_equal(random_bits(&w, 2, 11, 5), UINT64_C(0x0d2155f58669b455));
    assert_int_equal(random_bits(&(struct random_world){0}, 0, 0, 0),
                     UINT64_C(0x8095aa2a28800d7a));
    assert_int_equal(random_bits(&w, UINT32_MAX, UINT64_MAX, UINT64_MAX),
                     UINT64_C(0x68fe1104a5ea0dcc));
}

static void test_each_part_of_the_key_gives_uniform_draws(void **state)
{
    (void)state;
    for (int part = 0; part < N_PARTS; part++) {
        uint64_t key[N_PARTS] = {1, 2, 3, 4, 5};
        unsigned high[CELLS] = {0}, low[CELLS] = {0};

        for (key[part] = 0; key[part] < DRAWS; key[part]++) {
            uint64_t bits = bits_of(key);

            high[bits >> 56]++;
            low[bits & 255]++;
        }
        assert_fair(high, CELLS, DRAWS / (double)CELLS);
        assert_fair(low, CELLS, DRAWS / (double)CELLS);
    }
}

static void test_neighbours_in_any_part_are_independent(void **state)
{
    (void)state;
    for (int part = 0; part < N_PARTS; part++) {
        uint64_t key[N_PARTS] = {9, 0, 1, 0, 0};
        unsigned pairs[CELLS] = {0};

        for (key[part] = 0; key[part] < DRAWS;) {
            uint64_t a = bits_of(key) >> 60;

            key[part]++;
            pairs[a << 4 | bits_of(key) >> 60]++;
        }
        assert_fair(pairs, CELLS, DRAWS / (double)CELLS);
    }
}

/* Sample correlation of two streams, of the order 1/sqrt(DRAWS) if none. */
static double correlation(const uint64_t a[N_PARTS], const uint64_t b[N_PARTS])
{
    uint64_t ka[N_PARTS], kb[N_PARTS];
    double sum = 0;

    memcpy(ka, a, sizeof ka);
    memcpy(kb, b, sizeof kb);
    for (int i = 0; i < DRAWS; i++) {
        double x = (double)bits_of(ka) * 0x1p-64 - 0.5;
        double y = (double)bits_of(kb) * 0x1p-64 - 0.5;

        sum += x * y * 12;
        ka[ORDINAL]++;
        kb[ORDINAL]++;
    }
    return sum / DRAWS;
}

/* Within 5 standard errors of 1/256. */
static void assert_unrelated(const uint64_t a[N_PARTS],
                             const uint64_t b[N_PARTS])
{
    assert_close(correlation(a, b), 0.0, 5.0 / 256);
}

static void test_streams_are_uncorrelated(void **state)
{
    const uint64_t base[N_PARTS] = {1, 1, 1, 1, 0};

    (void)state;
    for (int i = 0; i < N_PARTS * 7; i++) {
        uint64_t other[N_PARTS];

        memcpy(other, base, sizeof other);
        other[i / 7] += UINT64_C(1) << i % 7 * 5;
        assert_unrelated(base, other);
    }
}

static void test_parts_of_the_key_do_not_stand_for_each_other(void **state)
{
    const struct random_world a = {1, 2, false}, b = {2, 1, false};

    (void)state;
    assert_int_not_equal(random_bits(&a, 3, 4, 5), random_bits(&b, 3, 4, 5));
    assert_int_not_equal(random_bits(&a, 4, 3, 5), random_bits(&a, 3, 4, 5));
    assert_int_not_equal(random_bits(&a, 3, 5, 4), random_bits(&a, 3, 4, 5));
    assert_int_not_equal(random_bits(&a, 3, 4, 5), random_bits(&a, 3, 5, 5));
}

static int compare_bits(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void test_no_two_keys_of_a_large_grid_meet(void **state)
{
    enum { SIDE = 23, N = SIDE * SIDE * SIDE * SIDE };
    uint64_t *x = test_malloc(N * sizeof *x);
    int n = 0;

    (void)state;
    for (int i = 0; i < N; i++) {
        uint64_t key[N_PARTS] = {1, i % SIDE, i / SIDE % SIDE,
                                 i / SIDE / SIDE % SIDE,
                                 i / SIDE / SIDE / SIDE};

        x[n++] = bits_of(key);
    }
    qsort(x, N, sizeof *x, compare_bits);
    for (int i = 1; i < N; i++)
        assert_int_not_equal(x[i - 1], x[i]);
    test_free(x);
}

/* Bits of 256 draws that change with one bit of one part of the key. */
static int flips_of(int part, int bit)
{
    int flips = 0;

    for (uint64_t i = 0; i < 256; i++) {
        uint64_t key[N_PARTS] = {i, i * 3, i * 5, i * 7, i * 11};
        uint64_t before = bits_of(key);

        key[part] ^= UINT64_C(1) << bit;
        flips += __builtin_popcountll(before ^ bits_of(key));
    }
    return flips;
}

static void test_each_bit_of_the_key_flips_half_of_the_draw(void **state)
{
    (void)state;
    for (int part = 0; part < N_PARTS; part++) {
        int width = part == PURPOSE ? 32 : 64;

        /* 256 * 64 coins: mean 8192, standard deviation 64 */
        for (int bit = 0; bit < width; bit++)
            assert_in_range(flips_of(part, bit), 8192 - 5 * 64, 8192 + 5 * 64);
    }
}

static void test_u_is_an_odd_multiple_of_two_to_minus_53(void **state)
{
    const struct random_world w = {5, 0, false};

    (void)state;
    for (uint64_t i = 0; i < DRAWS; i++) {
        uint64_t bits = random_bits(&w, 1, 2, i);
        double u = random_u01(&w, 1, 2, i);

        assert_true(u > 0.0 && u < 1.0);
        assert_true(u == (double)(bits >> 11 | 1) / 9007199254740992.0);
    }
}

static void test_the_antithetic_world_draws_the_rest_to_one(void **state)
{
    const struct random_world w = {5, 1, false}, anti = {5, 1, true};

    (void)state;
    for (uint64_t i = 0; i < 1000; i++) {
        double u = random_u01(&w, 1, i, 0);

        assert_true(random_u01(&anti, 1, i, 0) == 1.0 - u);
        assert_int_equal(random_bits(&anti, 1, i, 0),
                         ~random_bits(&w, 1, i, 0));
    }
}

static void test_gsl_draws_the_same_numbers(void **state)
{
    const struct random_world worlds[] = {{8, 4, false}, {8, 4, true}};
    gsl_rng *r = gsl_rng_alloc(random_gsl_type);

    (void)state;
    for (int k = 0; k < 2; k++) {
        random_gsl_key(r, &worlds[k], 6, 77);
        for (uint64_t i = 0; i < 100; i += 2) {
            assert_int_equal(gsl_rng_get(r), random_bits(&worlds[k], 6, 77, i));
            assert_true(gsl_rng_uniform(r) ==
                        random_u01(&worlds[k], 6, 77, i + 1));
        }
    }
    gsl_rng_free(r);
}

static void test_gsl_set_selects_the_first_stream_of_a_seed(void **state)
{
    const struct random_world w = {1234, 0, false};
    gsl_rng *r = gsl_rng_alloc(random_gsl_type);

    (void)state;
    gsl_rng_get(r);
    gsl_rng_set(r, 1234);
    for (uint64_t i = 0; i < 10; i++)
        assert_int_equal(gsl_rng_get(r), random_bits(&w, 0, 0, i));
    gsl_rng_free(r);
}

static void test_gsl_samplers_follow_their_laws(void **state)
{
    const struct random_world w = {2, 0, false};
    gsl_rng *r = gsl_rng_alloc(random_gsl_type);
    struct tally gamma = {0}, normal = {0};
    unsigned faces[6] = {0};

    (void)state;
    random_gsl_key(r, &w, 1, 1);
    for (int i = 0; i < 60000; i++) {
        tally_add(&gamma, gsl_ran_gamma(r, 2.385, 1.5));
        tally_add(&normal, gsl_ran_gaussian_ziggurat(r, 2.0));
        faces[gsl_rng_uniform_int(r, 6)]++;
    }
    /* Means k theta and 0, with four standard errors. */
    assert_close(gamma.mean, 3.5775, 4 * 1.5 * sqrt(2.385 / 60000));
    assert_close(normal.mean, 0.0, 4 * 2.0 / sqrt(60000));
    assert_close(sqrt(tally_variance(&normal)), 2.0, 4 * 2.0 / sqrt(120000));
    assert_fair(faces, 6, 10000);
    gsl_rng_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_draw_depends_on_its_key_alone),
        cmocka_unit_test(test_the_same_seed_gives_the_same_numbers_everywhere),
        cmocka_unit_test(test_each_part_of_the_key_gives_uniform_draws),
        cmocka_unit_test(test_neighbours_in_any_part_are_independent),
        cmocka_unit_test(test_streams_are_uncorrelated),
        cmocka_unit_test(test_parts_of_the_key_do_not_stand_for_each_other),
        cmocka_unit_test(test_no_two_keys_of_a_large_grid_meet),
        cmocka_unit_test(test_each_bit_of_the_key_flips_half_of_the_draw),
        cmocka_unit_test(test_u_is_an_odd_multiple_of_two_to_minus_53),
        cmocka_unit_test(test_the_antithetic_world_draws_the_rest_to_one),
        cmocka_unit_test(test_gsl_draws_the_same_numbers),
        cmocka_unit_test(test_gsl_set_selects_the_first_stream_of_a_seed),
        cmocka_unit_test(test_gsl_samplers_follow_their_laws),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
