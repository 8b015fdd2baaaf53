#include "tests/hazard_rig.h"

static void test_a_pool_that_may_be_empty_never_wakes(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.min = 0;
    assert_hazard(&x, "zero-never-wakes", HAZARD_ERROR,
                  "pool amd64 may go down to 0 pods: a backend without "
                  "servers closes every dial at once, the session metric "
                  "stays 0 and the pool never wakes");
    x.f.pools[0].keda.triggers[1].kind = KEDA_CRON;
    x.f.pools[0].keda.n_triggers = 2;
    assert_int_equal(find(&x, "zero-never-wakes")->level, HAZARD_WARNING);
    x.f.pools[0].keda.min = 1;
    assert_null(find(&x, "zero-never-wakes"));
    x.f.pools[0].keda.has_idle = true;
    assert_string_equal(find(&x, "zero-never-wakes")->advice,
                        "set minReplicaCount to 1 or more and remove "
                        "idleReplicaCount");
    done(&x);
}

static void test_an_update_may_empty_a_pool_of_one(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.min = 1; /* 25 % of one: surge 1, unavailable 0 */
    assert_null(find(&x, "update-empties-pool"));
    x.f.pools[0].rollout.max_surge = (struct rollout_amount){0, false};
    assert_hazard(&x, "update-empties-pool", HAZARD_WARNING,
                  "an update of pool amd64 may take away all of its 1 pods "
                  "before a new one is ready; clients fail meanwhile");
    x.f.pools[0].keda.min = 2;
    assert_null(find(&x, "update-empties-pool"));
    x.f.pools[0].rollout.recreate = true;
    assert_non_null(find(&x, "update-empties-pool"));
    done(&x);
}

static void test_a_maximum_below_the_demand_is_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    for (int i = 0; i < 8; i++)
        fixture_build(&x.f, 0, 0, 1.0, 50.0);
    assert_hazard(&x, "maximum-below-demand", HAZARD_WARNING,
                  "pool amd64 may have 8 pods, but 9 builds of this history "
                  "would run at once if nobody waited");
    x.f.pools[0].keda.max = 9;
    assert_null(find(&x, "maximum-below-demand"));
    done(&x);
}

static void test_keda_2_16_jumps_to_the_fallback(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.minor = 16;
    assert_hazard(&x, "fallback-jump", HAZARD_WARNING,
                  "KEDA 2.16 sets pool amd64 to 8 replicas on the first "
                  "failed poll (one every 30s), whatever failureThreshold 3 "
                  "says and past every scale-down rule");
    x.f.pools[0].keda.minor = 17;
    assert_null(find(&x, "fallback-jump"));
    done(&x);
}

static void test_a_static_fallback_below_the_maximum_lowers(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.fallback_replicas = 7;
    assert_hazard(&x, "fallback-lowers", HAZARD_WARNING,
                  "when the metric is lost, a pool amd64 larger than 7 "
                  "shrinks toward 7 (maximum 8), whatever waits");
    x.f.pools[0].keda.fallback = KEDA_CURRENT_IF_HIGHER;
    assert_null(find(&x, "fallback-lowers"));
    done(&x);
}

static void test_a_fallback_outside_the_bounds_is_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.fallback_replicas = 9;
    assert_hazard(&x, "fallback-out-of-bounds", HAZARD_WARNING,
                  "fallback of pool amd64 is 9 replicas, outside 2 to 8: it "
                  "is moved to the bound");
    x.f.pools[0].keda.fallback_replicas = 2;
    assert_null(find(&x, "fallback-out-of-bounds"));
    done(&x);
}

static void test_keda_2_17_cuts_a_target_below_one_to_zero(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.minor = 17;
    x.f.pools[0].keda.triggers[0].target = 0.8;
    assert_hazard(&x, "fallback-target-cut", HAZARD_ERROR,
                  "in fallback KEDA 2.17 cuts the target 0.8 of pool amd64 "
                  "to 0, so that the pool gets its minimum");
    x.f.pools[0].keda.minor = 18;
    assert_null(find(&x, "fallback-target-cut"));
    done(&x);
}

static void test_a_pool_without_fallback_is_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.has_fallback = false;
    assert_hazard(&x, "no-fallback", HAZARD_NOTE,
                  "pool amd64 has no fallback: it keeps its size while the "
                  "metric is lost");
    done(&x);
}

static void test_settings_without_effect_are_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.cooldown_us = us_from_s(1200.0);
    assert_hazard(&x, "no-effect", HAZARD_NOTE,
                  "cooldownPeriod of pool amd64 has no effect on its size: "
                  "it only delays the step to zero, and the minimum is above "
                  "zero; the scale-down window is what counts");
    x.f.pools[0].keda.cooldown_us = us_from_s(300.0);
    x.f.pools[0].keda.polling_us = us_from_s(5.0);
    assert_hazard(&x, "no-effect", HAZARD_NOTE,
                  "pollingInterval of pool amd64 has no effect on its size: "
                  "the HPA reads the metric by itself, every 15 s; polls only "
                  "count failures");
    x.f.pools[0].keda.triggers[0].use_cached = true;
    assert_null(find(&x, "no-effect"));
    x.f.pools[0].keda.triggers[0].activation = 3.0;
    assert_hazard(&x, "no-effect", HAZARD_NOTE,
                  "activationTargetValue of pool amd64 has no effect on its "
                  "size: it only decides about leaving zero");
    x.f.pools[0].keda.min = 0;
    assert_null(find(&x, "no-effect"));
    done(&x);
}

static void test_a_target_above_maxconn_is_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].keda.triggers[0].target = 1.5;
    assert_hazard(&x, "target-above-maxconn", HAZARD_WARNING,
                  "the scaler gives pool amd64 one pod for 1.5 sessions, but "
                  "a pod takes only 1: the rest waits and the pool does not "
                  "grow");
    x.f.backends[0].maxconn = 2;
    assert_null(find(&x, "target-above-maxconn"));
    done(&x);
}

static void test_disabled_directions_and_pauses_are_told(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].hpa.has_behavior = true;
    hpa_behavior_defaults(&x.f.pools[0].hpa);
    x.f.pools[0].hpa.up.select = HPA_SELECT_DISABLED;
    x.f.pools[0].hpa.down.select = HPA_SELECT_DISABLED;
    x.f.pools[0].keda.paused = true;
    assert_hazard(&x, "growth-disabled", HAZARD_ERROR,
                  "pool amd64 never grows: scaleUp is Disabled");
    assert_hazard(&x, "shrink-disabled", HAZARD_WARNING,
                  "pool amd64 never shrinks: scaleDown is Disabled");
    assert_hazard(&x, "paused", HAZARD_WARNING,
                  "scaling of pool amd64 is paused: its size is fixed");
    done(&x);
}

static void test_a_fixed_pool_has_no_hazards_of_scaling(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.f.pools[0].autoscaled = false;
    x.f.pools[0].keda.min = 0;
    x.f.pools[0].keda.paused = true;
    x.f.pools[0].has_drain = false;
    search(&x);
    assert_int_equal(x.h.n, 0);
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pool_that_may_be_empty_never_wakes),
        cmocka_unit_test(test_an_update_may_empty_a_pool_of_one),
        cmocka_unit_test(test_a_maximum_below_the_demand_is_told),
        cmocka_unit_test(test_keda_2_16_jumps_to_the_fallback),
        cmocka_unit_test(test_a_static_fallback_below_the_maximum_lowers),
        cmocka_unit_test(test_a_fallback_outside_the_bounds_is_told),
        cmocka_unit_test(test_keda_2_17_cuts_a_target_below_one_to_zero),
        cmocka_unit_test(test_a_pool_without_fallback_is_told),
        cmocka_unit_test(test_settings_without_effect_are_told),
        cmocka_unit_test(test_a_target_above_maxconn_is_told),
        cmocka_unit_test(test_disabled_directions_and_pauses_are_told),
        cmocka_unit_test(test_a_fixed_pool_has_no_hazards_of_scaling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
