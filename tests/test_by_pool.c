#include "tests/fixture.h"
#include "tests/support.h"

#include "traces/by_pool.h"

static void assert_builds(const struct by_pool *b, uint32_t pool,
                          const uint32_t want[], size_t n)
{
    struct group got = by_pool_of(b, pool);

    assert_int_equal(got.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got.at[i], want[i]);
}

/* Pool 2 has none, pool 5 is not asked for. */
static void test_each_pool_has_its_builds_in_their_order(void **state)
{
    static const uint32_t pools[] = {3, 0, 3, 5, 1, 0, 3};
    struct fixture f;
    struct by_pool b;

    (void)state;
    fixture_init(&f, 1, 2, 8);
    for (uint32_t i = 0; i < 7; i++)
        fixture_build(&f, pools[i], 0, i, 10.0);
    by_pool_init(&b, &f.t, f.pool_of, 4);
    assert_ptr_equal(b.trace, &f.t);
    assert_builds(&b, 0, (uint32_t[]){1, 5}, 2);
    assert_builds(&b, 1, (uint32_t[]){4}, 1);
    assert_builds(&b, 2, NULL, 0);
    assert_builds(&b, 3, (uint32_t[]){0, 2, 6}, 3);
    by_pool_free(&b);
    by_pool_free(&b);
    fixture_free(&f);
}

static void test_a_trace_without_builds_has_none_for_any_pool(void **state)
{
    struct fixture f;
    struct by_pool b;

    (void)state;
    fixture_init(&f, 1, 2, 8);
    by_pool_init(&b, &f.t, f.pool_of, 2);
    assert_builds(&b, 0, NULL, 0);
    assert_builds(&b, 1, NULL, 0);
    by_pool_free(&b);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_pool_has_its_builds_in_their_order),
        cmocka_unit_test(test_a_trace_without_builds_has_none_for_any_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
