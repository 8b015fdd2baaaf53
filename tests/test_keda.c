/* Values, retries, counting and fallback. */
#include "tests/keda_rig.h"

static void test_the_hpa_never_has_a_minimum_of_zero(void **state)
{
    struct fixture *f = *state;
    struct keda_hpa h;

    f->p.triggers[0].target = 0.8;
    keda_hpa_bounds(&f->p, &h);
    assert_int_equal(h.min, 2);
    assert_int_equal(h.max, 40);
    assert_int_equal(h.n_metrics, 1);
    assert_int_equal(h.metrics[0].target_milli, 800);
    f->p.min = 0;
    f->p.has_max = false;
    keda_hpa_bounds(&f->p, &h);
    assert_int_equal(h.min, 1);
    assert_int_equal(h.max, 100);
    f->p.has_min = false;
    assert_int_equal(keda_min(&f->p), 0);
}

static void test_values_are_cut_then_rounded_by_version(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(keda_milli(&f->p, 0.0019), 1);
    assert_int_equal(keda_milli(&f->p, -4.0), -4000);
    assert_true(keda_milli(&f->p, NAN) == INT64_MIN);
    assert_true(keda_milli(&f->p, INFINITY) == INT64_MIN);
    version(f, 20, 0);
    assert_int_equal(keda_milli(&f->p, 0.0019), 2);
    assert_int_equal(keda_milli(&f->p, -4.0), -4000);
    assert_int_equal(keda_milli(&f->p, NAN), 0);
    version(f, 20, 1);
    assert_int_equal(keda_milli(&f->p, -4.0), -4000);
    version(f, 20, 2);
    assert_int_equal(keda_milli(&f->p, -4.0), 0);
    assert_int_equal(keda_milli(&f->p, -INFINITY), 0);
}

static void test_refused_objects_say_why(void **state)
{
    struct fixture *f = *state;

    assert_null(keda_refuses(&f->p));
    f->p.min = 41;
    assert_string_equal(keda_refuses(&f->p),
                        "minReplicaCount is above maxReplicaCount");
    f->p.min = 2;
    f->p.has_idle = true;
    f->p.idle = 2;
    assert_string_equal(keda_refuses(&f->p),
                        "idleReplicaCount is not below minReplicaCount");
    f->p.idle = 1;
    f->p.triggers[0].target = 0.0004;
    assert_string_equal(keda_refuses(&f->p),
                        "a trigger's target is not above zero");
    f->p.n_triggers = 0;
    assert_string_equal(keda_refuses(&f->p), "there is no trigger");
}

static void test_a_failed_get_is_repeated_once(void **state)
{
    struct fixture *f = *state;
    struct keda_sample s = good(7.25);
    struct keda_answer a = ask(f, s, 20);

    assert_true(a.ok);
    assert_int_equal(a.gets, 1);
    assert_int_equal(a.value_milli, 7250);
    s.first = KEDA_READ_HANGS;
    a = ask(f, s, 20);
    assert_true(a.ok);
    assert_int_equal(a.gets, 2);
    assert_int_equal(a.delay_us, 3 * S);
    s.second = KEDA_READ_HANGS;
    a = ask(f, s, 20);
    assert_false(a.ok);
    assert_int_equal(a.delay_us, 6 * S);
    assert_int_equal(f->k.status.api.health[0].failures, 1);
}

static void test_fallback_needs_more_failures_than_the_threshold(void **state)
{
    struct fixture *f = *state;

    for (uint32_t n = 1; n <= 3; n++) {
        assert_false(ask(f, refused, 20).ok);
        assert_int_equal(f->k.status.api.health[0].failures, n);
    }
    struct keda_answer a = ask(f, refused, 20);
    assert_true(a.ok && a.fallback);
    assert_int_equal(a.value_milli, 5000);
    assert_int_equal(a.gets, 2);
    a = ask(f, good(12), 5);
    assert_false(a.fallback);
    assert_int_equal(a.value_milli, 12000);
    assert_int_equal(f->k.status.api.health[0].failures, 0);
    assert_false(ask(f, refused, 20).ok);
}

static void test_threshold_zero_falls_back_at_once(void **state)
{
    struct fixture *f = *state;

    f->p.fallback_threshold = 0;
    assert_int_equal(ask(f, refused, 20).value_milli, 5000);
}

static void test_a_negative_fallback_is_no_fallback(void **state)
{
    struct fixture *f = *state;

    f->p.fallback_threshold = 0;
    f->p.fallback_replicas = -1;
    assert_false(ask(f, refused, 20).ok);
    assert_int_equal(poll(f, 0, refused, 20).move, KEDA_STAY);
    f->p.fallback_replicas = 5;
    f->p.fallback_threshold = -1;
    assert_false(ask(f, refused, 20).ok);
}

static void test_behaviors_use_the_present_size(void **state)
{
    struct fixture *f = *state;
    static const int64_t at_20[] = {5000, 20000, 20000, 5000};
    static const int64_t at_3[] = {5000, 3000, 5000, 3000};

    f->p.fallback_threshold = 0;
    version(f, 20, 2);
    for (int b = KEDA_STATIC; b <= KEDA_CURRENT_IF_LOWER; b++) {
        f->p.fallback = (enum keda_fallback)b;
        assert_int_equal(ask(f, refused, 20).value_milli, at_20[b]);
        assert_int_equal(ask(f, refused, 3).value_milli, at_3[b]);
    }
    f->p.triggers[0].target = 0.8;
    assert_int_equal(ask(f, refused, 3).value_milli, 2400);
    f->p.fallback = KEDA_MODIFIERS;
    assert_int_equal(ask(f, refused, 3).value_milli, -1000);
    version(f, 16, 1);
    f->p.fallback = KEDA_CURRENT_REPLICAS;
    f->p.triggers[0].target = 1.0;
    assert_int_equal(ask(f, refused, 20).value_milli, 5000);
}

static void test_g_fractional_targets_are_cut_up_to_2_17(void **state)
{
    struct fixture *f = *state;

    f->p.fallback_threshold = 0;
    version(f, 17, 1);
    f->p.triggers[0].target = 0.8;
    assert_int_equal(ask(f, refused, 20).value_milli, 0);
    f->p.triggers[0].target = 1.5;
    assert_int_equal(ask(f, refused, 20).value_milli, 5000);
    version(f, 18, 0);
    assert_int_equal(ask(f, refused, 20).value_milli, 7500);
    f->p.triggers[0].target = 0.8;
    assert_int_equal(ask(f, refused, 20).value_milli, 4000);
}

static void test_value_triggers_fall_back_from_2_18(void **state)
{
    struct fixture *f = *state;
    struct keda_context c = {.spec = 20, .ready = 3};

    f->p.fallback_threshold = 0;
    f->p.triggers[0].is_value = true;
    version(f, 17, 1);
    assert_false(keda_on_hpa_query(&f->k, 0, 0, &refused, &c).ok);
    version(f, 18, 0);
    assert_int_equal(keda_on_hpa_query(&f->k, 0, 0, &refused, &c).value_milli,
                     1666); /* 5000 / 3 */
    /* 29 / 25 * 0.8 = 0.928; in binary64 29 / 25 * 800 is below 928. */
    f->p.fallback_replicas = 29;
    f->p.triggers[0].target = 0.8;
    c.ready = 25;
    assert_int_equal(keda_on_hpa_query(&f->k, 0, 0, &refused, &c).value_milli,
                     927);
    c.ready = 0;
    assert_false(keda_on_hpa_query(&f->k, 0, 0, &refused, &c).ok);
}

static void test_the_condition_is_one_evaluation_late_up_to_2_19(void **state)
{
    struct fixture *f = *state;

    f->p.fallback_threshold = 0;
    version(f, 19, 0);
    ask(f, refused, 20);
    assert_false(f->k.status.api.fallback);
    ask(f, refused, 20);
    assert_true(f->k.status.api.fallback);
    ask(f, good(3), 20);
    assert_true(f->k.status.api.fallback);
    version(f, 20, 0);
    ask(f, refused, 20);
    assert_true(f->k.status.api.fallback);
    ask(f, good(3), 20);
    assert_false(f->k.status.api.fallback);
}

static void test_j_counts_by_version(void **state)
{
    struct fixture *f = *state;
    static const bool ok_16[] = {false, false, false, true, true};

    for (int i = 0; i < 5; i++)
        assert_int_equal(ask(f, refused, 20).ok, ok_16[i]);
    assert_true(ask(f, good(4), 20).ok);
    assert_false(ask(f, refused, 20).ok);
    assert_int_equal(f->k.status.api.health[0].failures, 1);
    keda_init(&f->k, &f->p, 0);
    version(f, 20, 2);
    poll(f, 0, refused, 20);
    assert_false(ask(f, refused, 20).ok);
    assert_false(ask(f, refused, 20).ok);
    poll(f, 0, refused, 20);
    assert_int_equal(f->k.status.api.health[0].failures, 4);
    assert_int_equal(ask(f, refused, 20).value_milli, 5000);
    assert_int_equal(f->k.status.api.health[0].failures, 5);
}

static void test_polls_do_not_count_before_2_19(void **state)
{
    struct fixture *f = *state;

    version(f, 18, 3);
    ask(f, refused, 20);
    poll(f, 0, refused, 20);
    assert_int_equal(f->k.status.api.health[0].failures, 1);
    poll(f, 0, good(1), 20);
    assert_int_equal(f->k.status.api.health[0].failures, 1);
    version(f, 19, 0);
    poll(f, 0, refused, 20);
    assert_int_equal(f->k.status.api.health[0].failures, 2);
    poll(f, 0, good(1), 20);
    assert_int_equal(f->k.status.api.health[0].failures, 0);
}

static void test_forced_activation_works_from_2_18(void **state)
{
    struct fixture *f = *state;

    f->p.force_activation = true;
    version(f, 17, 3);
    assert_false(poll(f, 0, good(0), 2).active);
    version(f, 18, 0);
    assert_true(poll(f, 0, good(0), 2).active);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_hpa_never_has_a_minimum_of_zero),
        TEST(test_values_are_cut_then_rounded_by_version),
        TEST(test_refused_objects_say_why),
        TEST(test_a_failed_get_is_repeated_once),
        TEST(test_fallback_needs_more_failures_than_the_threshold),
        TEST(test_threshold_zero_falls_back_at_once),
        TEST(test_a_negative_fallback_is_no_fallback),
        TEST(test_behaviors_use_the_present_size),
        TEST(test_g_fractional_targets_are_cut_up_to_2_17),
        TEST(test_value_triggers_fall_back_from_2_18),
        TEST(test_the_condition_is_one_evaluation_late_up_to_2_19),
        TEST(test_j_counts_by_version),
        TEST(test_polls_do_not_count_before_2_19),
        TEST(test_forced_activation_works_from_2_18),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
