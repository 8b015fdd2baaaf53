#include "sim/drive/dialer_rules.h"

#include "models/system_event.h"
#include "sim/engine/random.h"
#include "tests/support.h"

static void test_the_draws_are_those_of_replication_0(void **state)
{
    struct random_world world = {.seed = 7};
    struct client c = {.dials = 3, .waited = true};

    (void)state;
    assert_close(dialer_gap_u(7, 11, &c), random_u01(&world, DRAW_GAP, 11, 7),
                 0.0);
    c.waited = false;
    assert_close(dialer_gap_u(7, 11, &c), random_u01(&world, DRAW_GAP, 11, 6),
                 0.0);
    assert_close(dialer_end_u(7, 11), random_u01(&world, DRAW_BUILD_END, 11, 0),
                 0.0);
}

static void test_no_retry_holds_in_its_interval_and_its_pool(void **state)
{
    struct fault f = {
        .kind = FAULT_NO_RETRY, .at_us = 10, .until_us = 20, .pool = 1};
    struct system_params p = {.faults = &f, .n_faults = 1};
    struct client again = {.fresh = true, .attempt = 1};
    struct client first = {.fresh = true}, redial = {.attempt = 1};

    (void)state;
    assert_false(dialer_gives_up(&p, 1, &again, 9));
    assert_true(dialer_gives_up(&p, 1, &again, 10));
    assert_true(dialer_gives_up(&p, 1, &again, 19));
    assert_false(dialer_gives_up(&p, 1, &again, 20));
    assert_false(dialer_gives_up(&p, 0, &again, 15));
    assert_false(dialer_gives_up(&p, 1, &first, 15));
    assert_false(dialer_gives_up(&p, 1, &redial, 15));
    f.pool = NO_INDEX;
    assert_true(dialer_gives_up(&p, 0, &again, 15));
    f.kind = FAULT_ROLLOUT;
    assert_false(dialer_gives_up(&p, 0, &again, 15));
}

static void test_a_build_dials_as_its_caller_says_else_as_its_pool(void **state)
{
    struct pool_params pools[] = {{.backend = 2}, {.backend = 0}};
    struct caller_params callers[] = {{.name = "default"},
                                      {.has_backend = true, .backend = 1}};
    struct trace_build builds[] = {{.pool = 0, .caller = 2},
                                   {.pool = 1, .caller = 2},
                                   {.pool = 0, .caller = 3},
                                   {.pool = 1, .caller = 3}};
    uint32_t pool_of[] = {1, 0, NO_INDEX, NO_INDEX}, caller_of[] = {0, 0, 0, 1};
    struct scenario s = {.trace = {.builds = builds, .n = 4},
                         .pool_of = pool_of,
                         .caller_of = caller_of};

    (void)state;
    s.system.pools = pools;
    s.system.n_pools = 2;
    s.system.callers = callers;
    s.system.n_callers = 2;
    assert_int_equal(dialer_backend(&s, 0), 0); /* the second pool's */
    assert_int_equal(dialer_backend(&s, 1), 2);
    assert_int_equal(dialer_backend(&s, 2), 1);
    assert_int_equal(dialer_backend(&s, 3), 1);
}

static void test_builds_chatter_four_times_in_the_shortest_limit(void **state)
{
    struct lb_backend_params backends[] = {{.inactivity_us = 7200 * US_PER_S},
                                           {.inactivity_us = 10 * US_PER_S}};
    struct system_params p = {.lb = {.backends = backends, .n_backends = 1}};

    (void)state;
    assert_int_equal(dialer_chatter_us(&p), 1800 * US_PER_S);
    p.lb.n_backends = 2;
    assert_int_equal(dialer_chatter_us(&p), 2500 * US_PER_MS);
    backends[0].inactivity_us = 24 * US_PER_DAY;
    p.lb.n_backends = 1;
    assert_int_equal(dialer_chatter_us(&p), US_PER_H);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_draws_are_those_of_replication_0),
        cmocka_unit_test(
            test_a_build_dials_as_its_caller_says_else_as_its_pool),
        cmocka_unit_test(test_builds_chatter_four_times_in_the_shortest_limit),
        cmocka_unit_test(test_no_retry_holds_in_its_interval_and_its_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
