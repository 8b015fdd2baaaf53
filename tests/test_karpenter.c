/* Defaults and latencies. */
#include "models/karpenter.h"

#include "tests/karpenter_types.h"

static const double HIGH = 0.9, LOW = 0.1;

static void assert_latency(const struct dist *d, double p50_s, double p90_s)
{
    assert_close(s_from_us(dist_us(d, 0.5, 1.0)), p50_s, 1e-5);
    assert_close(s_from_us(dist_us(d, HIGH, 1.0)), p90_s, 1e-5);
}

static void test_default_latencies_have_the_published_quantiles(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_latency(&p.trigger, 0.2, 0.5);
    assert_latency(&p.solve, 0.2, 0.5);
    assert_latency(&p.launch, 1.5, 3);
    assert_latency(&p.refusal, 2, 4);
    assert_latency(&p.registration, 35, 60);
    assert_latency(&p.initialization, 10, 18);
    assert_latency(&p.daemon_drain, 35, 38);
    assert_latency(&p.termination, 60, 120);
    assert_close(p.daemon_drain.min_s, 31, 0);
    assert_close(p.registration.max_s, 900, 0);
}

static void test_default_timers_are_upstreams(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_int_equal(p.batch_idle_us, S(1));
    assert_int_equal(p.batch_max_us, S(10));
    assert_int_equal(p.validation_us, S(15));
    assert_int_equal(p.ice_ttl_us, S(180));
    assert_int_equal(p.launch_timeout_us, S(300));
    assert_int_equal(p.register_timeout_us, S(900));
}

static void test_a_pool_starts_from_what_the_api_server_fills_in(void **state)
{
    struct karp_params p;
    struct karp_pool pool;

    (void)state;
    world_types(&p);
    karp_pool_defaults(&pool, &p);
    assert_int_equal(pool.types, 7);
    assert_int_equal(pool.zones, 7);
    assert_true(pool.limit.mcpu == KARP_NO_LIMIT);
    assert_int_equal(pool.consolidate_after_us, 0);
    assert_int_equal(pool.expire_after_us, 720 * US_PER_H);
    assert_int_equal(pool.n_budgets, 1);
    assert_true(pool.budgets[0].percent);
    assert_close(pool.budgets[0].value, 10, 0);
    p.n_types = KARP_TYPES;
    karp_pool_defaults(&pool, &p);
    assert_true(pool.types == (UINT64_C(1) << 60) - 1);
}

/* exp(0.2 * 1.2815515655) = 1.29216, by hand. */
static void test_nodes_of_a_fleet_share_a_factor(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_int_equal(karp_launch_us(&p, 0.5, 0.5), S(1.5));
    assert_close(s_from_us(karp_registration_us(&p, 0.5, HIGH, 0.5, 1.0)),
                 35 * 1.29216, 1e-3);
    assert_close(s_from_us(karp_registration_us(&p, 0.5, LOW, 0.5, 1.0)),
                 35 / 1.29216, 1e-3);
    assert_close(s_from_us(karp_initialization_us(&p, 0.5, HIGH, 1.0)),
                 10 * 1.29216, 1e-3);
    p.fleet_sigma = 0.0;
    assert_int_equal(karp_registration_us(&p, 0.5, HIGH, 0.5, 1.0), S(35));
}

static void test_the_boot_factor_stretches_a_boot(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_int_equal(karp_registration_us(&p, 0.5, 0.5, 0.5, 1.6), S(56));
    assert_int_equal(karp_initialization_us(&p, 0.5, 0.5, 3.2), S(32));
    assert_int_equal(karp_launch_us(&p, 0.5, 0.5), S(1.5)); /* no boot */
}

static void test_a_boot_may_fail_or_come_too_late(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_true(karp_registration_us(&p, 0.5, 0.5, 0.0009, 1.0) == SIM_NEVER);
    assert_int_equal(karp_registration_us(&p, 0.5, 0.5, 0.001, 1.0), S(35));
    assert_true(karp_registration_us(&p, 0.5, 0.5, 0.5, 26.0) == SIM_NEVER);
    assert_int_equal(karp_registration_us(&p, 0.5, 0.5, 0.5, 25.0), S(875));
}

static void test_foreign_commands_come_at_their_rate(void **state)
{
    struct karp_params p;

    (void)state;
    karp_defaults(&p);
    assert_true(karp_foreign_us(&p, 0.5) == SIM_NEVER);
    p.foreign_per_h = 6.0; /* ln 2 of ten minutes */
    assert_close(s_from_us(karp_foreign_us(&p, 0.5)), 415.888308, 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_latencies_have_the_published_quantiles),
        cmocka_unit_test(test_default_timers_are_upstreams),
        cmocka_unit_test(test_a_pool_starts_from_what_the_api_server_fills_in),
        cmocka_unit_test(test_nodes_of_a_fleet_share_a_factor),
        cmocka_unit_test(test_the_boot_factor_stretches_a_boot),
        cmocka_unit_test(test_a_boot_may_fail_or_come_too_late),
        cmocka_unit_test(test_foreign_commands_come_at_their_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
