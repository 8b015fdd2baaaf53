#include "models/billing.h"
#include "tests/support.h"

#define S(seconds) us_from_s(seconds)

static void test_an_hour_costs_the_price(void **state)
{
    struct billing_params p;

    (void)state;
    billing_defaults(&p);
    assert_close(billing_usd(&p, 5.6952, S(7), S(3607)), 5.6952, 1e-12);
    p.price_factor = 0.5;
    assert_close(billing_usd(&p, 5.6952, S(7), S(3607)), 2.8476, 1e-12);
}

static void test_seconds_are_rounded_up(void **state)
{
    struct billing_params p;

    (void)state;
    billing_defaults(&p);
    assert_close(billing_usd(&p, 3.6, 0, S(100)), 0.1, 1e-12);
    assert_close(billing_usd(&p, 3.6, 0, S(100) + 1), 0.101, 1e-12);
    assert_close(billing_usd(&p, 3.6, 0, S(101)), 0.101, 1e-12);
}

static void test_a_minute_is_the_least(void **state)
{
    struct billing_params p;

    (void)state;
    billing_defaults(&p);
    assert_close(billing_usd(&p, 3.6, S(5), S(5)), 0.06, 1e-12);
    assert_close(billing_usd(&p, 3.6, 0, S(60)), 0.06, 1e-12);
    assert_close(billing_usd(&p, 3.6, 0, S(60) + 1), 0.061, 1e-12);
}

static void test_the_account_counts_running_and_stopped_nodes(void **state)
{
    struct billing_params p;
    struct billing b;

    (void)state;
    billing_defaults(&p);
    billing_init(&b, &p);
    billing_on_start(&b, S(10), 4, 3.6);
    billing_on_start(&b, S(20), 2, 7.2);
    assert_close(billing_rate_usd_per_h(&b), 10.8, 1e-12);
    billing_on_stop(&b, S(110.5), 4); /* 100.5 s: 101 are paid */
    billing_on_stop(&b, S(120), 4);
    billing_on_stop(&b, S(120), 99);
    assert_close(billing_rate_usd_per_h(&b), 7.2, 1e-12);
    assert_close(billing_total_usd(&b, S(120)), 0.101 + 0.2, 1e-12);
    billing_free(&b);
    billing_free(&b);
}

static void test_a_reset_forgets_what_lies_before(void **state)
{
    struct billing_params p;
    struct billing b;

    (void)state;
    billing_defaults(&p);
    billing_init(&b, &p);
    billing_on_start(&b, 0, 0, 3.6);
    billing_on_start(&b, 0, 1, 3.6);
    billing_on_stop(&b, S(500), 1);
    billing_reset(&b, S(1000));
    assert_close(billing_total_usd(&b, S(1000)), 0.0, 1e-15);
    billing_on_stop(&b, S(1250), 0);
    assert_close(billing_total_usd(&b, S(2000)), 0.25, 1e-12);
    billing_free(&b);
}

static void test_a_node_may_start_again_under_its_index(void **state)
{
    struct billing_params p;
    struct billing b;

    (void)state;
    billing_defaults(&p);
    billing_init(&b, &p);
    billing_on_start(&b, 0, 0, 3.6);
    billing_on_stop(&b, S(100), 0);
    billing_on_start(&b, S(200), 0, 3.6);
    billing_on_stop(&b, S(230), 0);
    assert_close(billing_total_usd(&b, S(300)), 0.1 + 0.06, 1e-12);
    billing_free(&b);
}

static void test_the_delays_are_those_of_a_running_instance(void **state)
{
    struct billing_params p;

    (void)state;
    billing_defaults(&p);
    assert_int_equal(dist_us(&p.start_delay, 0.5, 1.0), S(6.5));
    assert_int_equal(dist_us(&p.stop_delay, 0.5, 1.0), S(1));
}

static void test_the_account_knows_the_price_factor(void **state)
{
    struct billing_params p;
    struct billing b;

    (void)state;
    billing_defaults(&p);
    p.price_factor = 0.25;
    billing_init(&b, &p);
    billing_on_start(&b, 0, 1, 3.6);
    assert_close(billing_rate_usd_per_h(&b), 0.9, 1e-12);
    assert_close(billing_total_usd(&b, S(100)), 0.025, 1e-12);
    billing_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_hour_costs_the_price),
        cmocka_unit_test(test_seconds_are_rounded_up),
        cmocka_unit_test(test_a_minute_is_the_least),
        cmocka_unit_test(test_the_account_counts_running_and_stopped_nodes),
        cmocka_unit_test(test_a_reset_forgets_what_lies_before),
        cmocka_unit_test(test_a_node_may_start_again_under_its_index),
        cmocka_unit_test(test_the_delays_are_those_of_a_running_instance),
        cmocka_unit_test(test_the_account_knows_the_price_factor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
