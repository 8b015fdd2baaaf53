#include "models/keda.h"

#include "tests/support.h"

static struct keda_params params(uint32_t minor, bool fallback)
{
    struct keda_params p;

    keda_defaults(&p);
    p.minor = minor;
    p.has_min = p.has_max = true;
    p.min = 2;
    p.max = 50;
    p.n_triggers = 1;
    keda_trigger_defaults(&p.triggers[0]);
    p.has_fallback = fallback;
    p.fallback_threshold = 1;
    p.fallback_replicas = 7;
    return p;
}

static void query(struct keda *k, enum keda_read read, double value)
{
    struct keda_sample s = {.first = read, .second = read, .value = value};
    struct keda_context c = {2, 2};

    (void)keda_on_hpa_query(k, 0, 0, &s, &c);
}

static void poll(struct keda *k, enum keda_read read, double value)
{
    struct keda_sample s = {.first = read, .second = read, .value = value};
    struct keda_context c = {2, 2};

    (void)keda_on_poll(k, 0, &s, &c);
}

static void test_a_failed_query_keeps_the_value(void **state)
{
    struct keda_params p = params(16, false);
    struct keda k;
    (void)state;

    keda_init(&k, &p, 0);
    assert_false(k.seen.triggers[0].has_value);
    query(&k, KEDA_READ_OK, 11.5);
    query(&k, KEDA_READ_FAILS, 0.0);
    assert_true(k.seen.triggers[0].has_value);
    assert_int_equal(k.seen.triggers[0].value_milli, 11500);
    assert_int_equal(k.seen.triggers[0].errors, 1);
    assert_int_equal(k.seen.errors, 1);
}

static void test_a_failed_poll_counts_twice_for_the_object(void **state)
{
    struct keda_params p = params(16, false);
    struct keda k;
    (void)state;

    keda_init(&k, &p, 0);
    poll(&k, KEDA_READ_FAILS, 0.0);
    assert_int_equal(k.seen.triggers[0].errors, 1);
    assert_int_equal(k.seen.errors, 2);
    poll(&k, KEDA_READ_OK, 3.0);
    assert_int_equal(k.seen.errors, 2);
    assert_int_equal(k.seen.triggers[0].value_milli, 3000);
}

/* The error rate falls to 0 while the fallback is in force. */
static void test_a_query_in_fallback_is_no_error(void **state)
{
    struct keda_params p = params(16, true);
    struct keda k;
    (void)state;

    keda_init(&k, &p, 0);
    query(&k, KEDA_READ_FAILS, 0.0); /* 1: not beyond the threshold */
    query(&k, KEDA_READ_FAILS, 0.0); /* 2: fallback, 7 at target 1 */
    assert_int_equal(k.seen.triggers[0].errors, 1);
    assert_int_equal(k.seen.triggers[0].value_milli, 7000);
    poll(&k, KEDA_READ_FAILS, 0.0); /* up to 2.18 a poll has no fallback */
    assert_int_equal(k.seen.triggers[0].errors, 2);
}

static void test_idle_polls_count_as_if_they_ran(void **state)
{
    struct keda_params p = params(16, false);
    struct keda_sample s = {.first = KEDA_READ_FAILS,
                            .second = KEDA_READ_FAILS};
    struct keda_context c = {2, 2};
    struct keda k, one_by_one;
    (void)state;

    keda_init(&k, &p, 0);
    keda_init(&one_by_one, &p, 0);
    (void)keda_on_idle(&k, 100, 5, &s, &c);
    for (int i = 0; i < 5; i++)
        poll(&one_by_one, KEDA_READ_FAILS, 0.0);
    assert_int_equal(one_by_one.seen.errors, 10);
    assert_int_equal(k.seen.errors, one_by_one.seen.errors);
    assert_int_equal(k.seen.triggers[0].errors, 5);
}

static void test_a_restart_of_the_operator_starts_anew(void **state)
{
    struct keda_params p = params(16, false);
    struct keda k;
    (void)state;

    keda_init(&k, &p, 0);
    query(&k, KEDA_READ_OK, 4.0);
    query(&k, KEDA_READ_FAILS, 0.0);
    keda_on_restart(&k);
    assert_false(k.seen.triggers[0].has_value);
    assert_int_equal(k.seen.triggers[0].errors, 0);
    assert_int_equal(k.seen.errors, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_query_keeps_the_value),
        cmocka_unit_test(test_a_failed_poll_counts_twice_for_the_object),
        cmocka_unit_test(test_a_query_in_fallback_is_no_error),
        cmocka_unit_test(test_idle_polls_count_as_if_they_ran),
        cmocka_unit_test(test_a_restart_of_the_operator_starts_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
