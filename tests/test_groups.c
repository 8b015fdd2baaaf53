#include "tests/support.h"

#include "sim/base/groups.h"
#include "sim/base/units.h"

static void assert_group(const struct groups *g, uint32_t key,
                         const uint32_t want[], size_t n)
{
    struct group got = groups_of(g, key);

    assert_int_equal(got.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got.at[i], want[i]);
}

/* Key 2 has none; 4 and "none" are not asked for. */
static void test_each_key_has_its_numbers_in_their_order(void **state)
{
    static const uint32_t key_of[] = {3, 0, 3, 4, 1, 0, NO_INDEX, 3};
    struct groups g;

    (void)state;
    groups_init(&g, key_of, 8, 4);
    assert_int_equal(g.n, 4);
    assert_group(&g, 0, (uint32_t[]){1, 5}, 2);
    assert_group(&g, 1, (uint32_t[]){4}, 1);
    assert_group(&g, 2, NULL, 0);
    assert_group(&g, 3, (uint32_t[]){0, 2, 7}, 3);
    groups_free(&g);
    groups_free(&g);
}

static void test_without_numbers_all_groups_are_empty(void **state)
{
    struct groups g;

    (void)state;
    groups_init(&g, NULL, 0, 2);
    assert_group(&g, 0, NULL, 0);
    assert_group(&g, 1, NULL, 0);
    groups_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_key_has_its_numbers_in_their_order),
        cmocka_unit_test(test_without_numbers_all_groups_are_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
