/* Replica counts of two runs, compared. */
#include "sim/upstream/sizes.h"
#include "tests/support.h"

static void add(struct sizes *z, sim_us at_us, uint32_t pool, uint32_t from,
                uint32_t to)
{
    struct note n = {at_us, NOTE_SCALE, pool, from, to};

    sizes_on_note(z, &n);
}

static struct sizes a, b;

static int setup(void **state)
{
    (void)state;
    add(&a, 100, 0, 2, 5);
    add(&a, 150, 1, 7, 8);
    add(&a, 300, 0, 5, 3);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sizes_free(&a);
    sizes_free(&b);
    return 0;
}

static void test_other_notes_are_not_kept(void **state)
{
    struct note n = {0, NOTE_DIAL, 0, 1, 2};

    (void)state;
    sizes_on_note(&a, &n);
    assert_int_equal(a.n, 3);
}

static void test_a_history_is_like_itself(void **state)
{
    (void)state;
    struct sizes_verdict v = sizes_compare(&a, &a, 0, 1000);
    assert_int_equal(v.n_a, 2);
    assert_int_equal(v.n_b, 2);
    assert_int_equal(v.apart_us, 0);
    assert_int_equal(v.most, 0);
    assert_int_equal(v.first_us, SIM_NEVER);
}

/* From 100 to 140 apart by 3, from 300 to 310 by 2; then never again. */
static void test_time_apart_and_size_apart(void **state)
{
    (void)state;
    add(&b, 140, 0, 2, 5);
    add(&b, 150, 1, 9, 9);
    add(&b, 310, 0, 5, 3);
    struct sizes_verdict v = sizes_compare(&a, &b, 0, 1000);
    assert_int_equal(v.apart_us, 50);
    assert_int_equal(v.most, 3);
    assert_int_equal(v.first_us, 100);
}

/* The other run stays at 2: apart by 3 for 200, then by 1 for 700. */
static void test_a_pool_that_never_scales(void **state)
{
    (void)state;
    struct sizes_verdict v = sizes_compare(&a, &b, 0, 1000);
    assert_int_equal(v.n_a, 2);
    assert_int_equal(v.n_b, 0);
    assert_int_equal(v.apart_us, 900);
    assert_int_equal(v.most, 3);
    v = sizes_compare(&b, &a, 0, 1000);
    assert_int_equal(v.n_b, 2);
    assert_int_equal(v.apart_us, 900);
}

static void test_what_comes_at_the_end_or_later_does_not_count(void **state)
{
    (void)state;
    struct sizes_verdict v = sizes_compare(&a, &b, 0, 101);
    assert_int_equal(v.n_a, 1);
    assert_int_equal(v.apart_us, 1);
    v = sizes_compare(&a, &b, 0, 100);
    assert_int_equal(v.apart_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_other_notes_are_not_kept, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_history_is_like_itself, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_time_apart_and_size_apart, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_a_pool_that_never_scales, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            test_what_comes_at_the_end_or_later_does_not_count, setup,
            teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
