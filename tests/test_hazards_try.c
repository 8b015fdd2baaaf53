#include "tests/hazard_rig.h"

#include "sim/plan/hazards_try.h"
#include "sim/plan/trial.h"

static const struct hazard *tried(struct rig *x, const char *code)
{
    struct scenario s = scenario_of(&x->f);

    hazards_free(&x->h);
    hazards_try(&x->h, &s, 1);
    for (size_t i = 0; i < x->h.n; i++) {
        assert_true(x->h.at[i].simulated);
        if (strcmp(x->h.at[i].code, code) == 0)
            return &x->h.at[i];
    }
    return NULL;
}

static void test_the_base_shows_nothing(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* a fallback to 8 would come in less than two minutes */
    x.f.pools[0].keda.fallback_replicas = 2;
    assert_null(tried(&x, "none"));
    for (size_t i = 0; i < x.h.n; i++)
        print_message("%s: %s\n", x.h.at[i].code, x.h.at[i].what);
    assert_int_equal(x.h.n, 0);
    assert_string_equal(
        x.h.simulation,
        "1 builds from 0s on, the busiest day of the history, and again with "
        "two minutes without the metric at the peak and with settings at "
        "their defaults; a burst to every maximum; an update of the idle "
        "pools. One replication each, seed 1, without the scenario's faults");
    done(&x);
}

static void test_too_many_pods_are_not_tried(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.pools[0].keda.max = x.f.pools[0].keda.min = TRIAL_PODS + 1;
    assert_null(tried(&x, "none"));
    assert_string_equal(x.h.simulation, "");
    done(&x);
}

static void test_a_short_outage_moves_a_pool_of_keda_2_16(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    x.f.pools[0].keda.minor = 16;
    const struct hazard *h = tried(&x, "outage-moves-pool");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_string_equal(h->what,
                        "two minutes without the metric at the peak of the "
                        "busiest day of this history take pool amd64 to 8 "
                        "replicas, with it there are 2; builds wait 0.0 hours "
                        "in all in place of 0.0");
    x.f.pools[0].keda.minor = 17; /* a fourth failure in a row: 45 to 60 s */
    x.f.pools[0].keda.fallback_threshold = 12;
    assert_null(tried(&x, "outage-moves-pool"));
    done(&x);
}

static void test_an_update_of_one_pod_stops_the_service(void **state)
{
    struct rig x = {0};
    struct pool_params *p = &x.f.pools[0];
    (void)state;

    init(&x);
    p->keda.min = p->replicas = p->hpa.min = 1;
    assert_null(tried(&x, "update-stops-service")); /* it surges */
    p->rollout.max_surge = (struct rollout_amount){0, false};
    const struct hazard *h = tried(&x, "update-stops-service");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_memory_equal(h->what,
                        "an update of the idle pool amd64 with its 1 pods "
                        "leaves the balancer without a server for ",
                        90);
    p->keda.min = p->replicas = p->hpa.min = 2;
    assert_null(tried(&x, "update-stops-service"));
    done(&x);
}

static void test_a_burst_past_the_answer_loses_the_servers(void **state)
{
    struct rig x = {0};
    struct pool_params *p = &x.f.pools[0];
    (void)state;

    init(&x); /* 1232 bytes hold 41 records */
    x.f.backends[0].payload_bytes = 1232;
    p->keda.max = p->hpa.max = p->keda.fallback_replicas = 41;
    assert_null(tried(&x, "servers-lost"));
    p->keda.max = p->hpa.max = 46;
    const struct hazard *h = tried(&x, "servers-lost");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_memory_equal(h->what,
                        "in a burst of 46 builds at once the balancer knew no "
                        "server of pool amd64 for ",
                        78);
    for (int i = 0; i < 45; i++)
        fixture_build(&x.f, 0, 0, 1.0, 1500.0);
    h = tried(&x, "servers-lost");
    assert_int_equal(h->level, HAZARD_ERROR);
    assert_memory_equal(h->what, "on the busiest day of this history ", 35);
    done(&x);
}

static void test_blind_drain_hooks_kill_builds(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    for (int i = 0; i < 7; i++)
        fixture_build(&x.f, 0, 0, 1.0 + i, i % 2 ? 4000.0 : 60.0);
    assert_null(tried(&x, "builds-killed"));
    x.f.pools[0].drain.blind = true;
    const struct hazard *h = tried(&x, "builds-killed");
    assert_int_equal(h->level, HAZARD_ERROR);
    assert_memory_equal(h->what, "on the busiest day of this history ", 35);
    done(&x);
}

static void test_waiting_that_the_queue_does_not_show(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x); /* four times the pods that there may be */
    for (int i = 0; i < 32; i++)
        fixture_build(&x.f, 0, 0, 1.0, 600.0);
    x.f.backends[0].queue_us = us_from_s(5.0);
    const struct hazard *h = tried(&x, "queue-unseen");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_non_null(strstr(h->what, " % of that did not show"));
    /* Queued for an hour, nobody sleeps between two tries. */
    x.f.backends[0].queue_us = US_PER_H;
    x.f.callers[0].client.connect_timeout_us = US_PER_H;
    assert_null(tried(&x, "queue-unseen"));
    done(&x);
}

static void test_settings_that_change_nothing_are_told(void **state)
{
    struct rig x = {0};
    struct hpa_params *p = &x.f.pools[0].hpa;
    (void)state;

    init(&x);
    for (int i = 0; i < 7; i++)
        fixture_build(&x.f, 0, 0, 1.0, 600.0);
    p->has_behavior = true;
    p->up = (struct hpa_rules){
        .has_policies = true,
        .n_policies = 1,
        .policies = {{HPA_PODS, 100, 15 * US_PER_S}},
    };
    hpa_behavior_defaults(p);
    const struct hazard *h = tried(&x, "changed-nothing");
    /* From two pods four a sync is enough to reach eight by the next one. */
    assert_null(h);
    p->up.policies[0] = (struct hpa_policy){HPA_PODS, 4, 15 * US_PER_S};
    h = tried(&x, "changed-nothing"); /* the default has 100 % besides */
    assert_int_equal(h->level, HAZARD_NOTE);
    assert_string_equal(h->what,
                        "behavior.scaleUp of pool amd64 changed nothing on "
                        "the busiest day of this history: with the default "
                        "every event is the same");
    done(&x);
}

static void test_pods_wanted_back_soon_are_regretted(void **state)
{
    struct rig x = {0};
    (void)state;

    init(&x);
    for (int i = 0; i < 6; i++)
        for (int k = 0; k < 7; k++)
            fixture_build(&x.f, 0, 0, 1.0 + 900.0 * i, 60.0);
    const struct hazard *h = tried(&x, "removals-regretted");
    assert_int_equal(h->level, HAZARD_WARNING);
    assert_non_null(strstr(h->what, "were wanted back within 10m"));
    x.f.p.regret_us = 1;
    assert_null(tried(&x, "removals-regretted"));
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_base_shows_nothing),
        cmocka_unit_test(test_too_many_pods_are_not_tried),
        cmocka_unit_test(test_a_short_outage_moves_a_pool_of_keda_2_16),
        cmocka_unit_test(test_an_update_of_one_pod_stops_the_service),
        cmocka_unit_test(test_a_burst_past_the_answer_loses_the_servers),
        cmocka_unit_test(test_blind_drain_hooks_kill_builds),
        cmocka_unit_test(test_waiting_that_the_queue_does_not_show),
        cmocka_unit_test(test_settings_that_change_nothing_are_told),
        cmocka_unit_test(test_pods_wanted_back_soon_are_regretted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
