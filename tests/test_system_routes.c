/* Which pools and backends an event of one of them has to look at. */
#include "tests/support.h"

#include "models/system_routes.h"

static struct pool_params pools[3] = {
    {.backend = 3, .node_pools = 4},
    {.backend = 0, .node_pools = 6},
    {.backend = 3, .node_pools = 2},
};
static struct lb_backend_params backends[4];

/* Backend 1 is dialled by a caller, 2 by nobody; 3 is shared. */
static struct pool_link links[] = {
    {0, 2}, {0, 3}, {0, 1}, {1, 0}, {2, 3}, {2, 1},
};
static struct caller_params callers[2] = {{.has_backend = false, .backend = 2},
                                          {.has_backend = true, .backend = 1}};

static const struct system_params params = {
    .pools = pools,
    .n_pools = 3,
    .links = links,
    .n_links = 6,
    .callers = callers,
    .n_callers = 2,
    .lb = {LB_3_1, backends, 4},
};

static void assert_list(struct group got, const uint32_t want[], size_t n)
{
    assert_int_equal(got.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got.at[i], want[i]);
}

static void test_lists_hold_what_is_linked_and_dialled(void **state)
{
    struct sys_routes r;

    (void)state;
    sys_routes_init(&r, &params);
    assert_list(sys_backends_of(&r, 0), (uint32_t[]){3, 1}, 2);
    assert_list(sys_backends_of(&r, 1), (uint32_t[]){0}, 1);
    assert_list(sys_backends_of(&r, 2), (uint32_t[]){3, 1}, 2);
    assert_list(sys_pools_of(&r, 0), (uint32_t[]){1}, 1);
    assert_list(sys_pools_of(&r, 1), (uint32_t[]){0, 2}, 2);
    assert_list(sys_pools_of(&r, 2), NULL, 0);
    assert_list(sys_pools_of(&r, 3), (uint32_t[]){0, 2}, 2);
    assert_true(r.is_dialled[1]);
    assert_false(r.is_dialled[2]);
    sys_routes_free(&r);
}

static void test_the_first_pool_of_a_node_pool_pays(void **state)
{
    struct sys_routes r;

    (void)state;
    sys_routes_init(&r, &params);
    assert_int_equal(r.payer[0], 0); /* serves nobody */
    assert_int_equal(r.payer[1], 1);
    assert_int_equal(r.payer[2], 0);
    sys_routes_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_hold_what_is_linked_and_dialled),
        cmocka_unit_test(test_the_first_pool_of_a_node_pool_pays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
