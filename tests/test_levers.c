#include "tests/size_rig.h"

#include "sim/plan/levers.h"
#include "sim/plan/trials_parts.h"

#define TRACE "traces/data/scale-test.csv"

static const struct lever *find(const struct levers *l, const char *words)
{
    for (size_t i = 0; i < l->n; i++)
        if (strstr(l->at[i].words, words))
            return &l->at[i];
    fail_msg("no lever %s", words);
    return NULL;
}

static void test_each_lever_is_compared_in_pairs(void **state)
{
    const size_t histories[] = {1, 2, 3, 4};
    static struct levers l;
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 4);
    const struct effect_on on = {&r.t, histories, 4};
    l = (struct levers){.n = 0};
    assert_int_equal(levers_work(&l, &on, 0, 6, &r.e), ERR_OK);
    const struct lever *batch = find(&l, "batch window 1 s");
    assert_int_equal(batch->base, rig_setting(&r, NULL, NULL));
    assert_int_equal(batch->setting, rig_setting(&r, "karpenter.batch_idle=1s",
                                                 "karpenter.batch_max=10s"));
    double wait_h =
        effect_mean(&on, batch->setting, NO_INDEX, TRIAL_WAIT_H).mean -
        effect_mean(&on, batch->base, NO_INDEX, TRIAL_WAIT_H).mean;
    assert_close(batch->wait_h.mean, wait_h, 1e-9);
    assert_true(wait_h < 0.0); /* nodes are asked for 44 s earlier */
    /* Today's rule itself changes nothing. */
    assert_close(find(&l, "1200 s, max(10, 20 %)")->usd.mean, 0.0, 0.0);
    rig_close(&r);
}

static void test_fallbacks_are_compared_with_the_outage(void **state)
{
    const size_t histories[] = {0};
    static struct levers l;
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 1);
    const struct effect_on on = {&r.t, histories, 1};
    l = (struct levers){.n = 0};
    assert_int_equal(levers_work(&l, &on, 0, 8, &r.e), ERR_OK);
    const struct lever *outage = find(&l, "metric lost");
    const struct lever *more = find(&l, "recommended fallback");
    assert_int_equal(more->base, outage->setting);
    assert_true(outage->wait_h.mean > 0.0);
    assert_true(more->wait_h.mean < 0.0); /* 8 pods carry more than 4 */
    const struct lever *newer = find(&l, "currentReplicasIfHigher");
    assert_int_equal(newer->setting, SIZE_MAX); /* KEDA 2.16 */
    assert_non_null(strstr(newer->why.msg, "needs KEDA 2.17"));
    rig_close(&r);
}

static void test_a_schedule_keeps_pods_in_its_hours(void **state)
{
    struct size_rig r;
    struct scenario s;
    size_t setting;
    const char *set[] = {"@cron amd64 7 0 8 * * 1-5|0 20 * * 1-5"};
    (void)state;

    rig_open(&r, TRACE, 1, 1);
    assert_int_equal(trials_setting(&r.t, set, 1, &setting, &r.e), ERR_OK);
    trials_scenario(&r.t, setting, &s);
    const struct keda_params *k = &s.system.pools[0].keda;
    assert_int_equal(k->n_triggers, 2);
    assert_int_equal(k->triggers[1].kind, KEDA_CRON);
    assert_int_equal(k->triggers[1].cron_replicas, 7);
    assert_int_equal(s.system.pools[0].hpa.n_metrics, 2);
    assert_int_equal(s.system.pools[1].keda.n_triggers, 1);
    /* Monday 5 January 1970, 08:00 and 20:00. */
    assert_true(
        keda_cron_active(&k->triggers[1].cron, 4 * US_PER_DAY + 8 * US_PER_H));
    assert_false(
        keda_cron_active(&k->triggers[1].cron, 4 * US_PER_DAY + 20 * US_PER_H));
    assert_int_equal(r.s.system.pools[0].keda.n_triggers, 1); /* a copy */
    scenario_free(&s);
    rig_close(&r);
}

static void test_an_outage_is_a_fault_in_its_place(void **state)
{
    struct size_rig r;
    struct scenario s;
    size_t setting;
    const char *set[] = {"@metrics_down 100 250.5", "@metrics_down 50 60"};
    (void)state;

    rig_open(&r, TRACE, 1, 1);
    assert_int_equal(trials_setting(&r.t, set, 2, &setting, &r.e), ERR_OK);
    trials_scenario(&r.t, setting, &s);
    assert_int_equal(s.system.n_faults, 2);
    assert_int_equal(s.system.faults[0].at_us, 50 * US_PER_S);
    assert_int_equal(s.system.faults[1].at_us, 100 * US_PER_S);
    assert_int_equal(s.system.faults[1].until_us, 250500000);
    assert_int_equal(s.system.faults[1].kind, FAULT_METRICS_DOWN);
    assert_int_equal(r.s.system.n_faults, 0);
    scenario_free(&s);
    rig_close(&r);
}

static void assert_refused(struct size_rig *r, const char *text,
                           const char *says)
{
    const char *set[] = {text};
    size_t setting;

    assert_int_equal(trials_setting(&r->t, set, 1, &setting, &r->e), ERR_INPUT);
    assert_non_null(strstr(r->e.msg, says));
}

static void test_what_is_no_lever_is_refused(void **state)
{
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 1);
    assert_refused(&r, "@metrics_down 5 5", "must be FROM UNTIL");
    assert_refused(&r, "@metrics_down -1 5", "must be FROM UNTIL");
    assert_refused(&r, "@cron amd64 seven", "must be POOL REPLICAS");
    assert_refused(&r, "@cron none 7 0 8 * * *|0 9 * * *", "pool none");
    assert_refused(&r, "@cron amd64 7 0 8 * *|0 9 * * *", "");
    assert_refused(&r, "@nothing", "@nothing: no such setting");
    rig_close(&r);
}

static void test_shorter_windows_cost_less_and_flap_more(void **state)
{
    const size_t histories[] = {1, 2, 3, 4, 5, 6};
    struct window_point points[WINDOWS];
    struct size_rig r;
    (void)state;

    rig_open(&r, TRACE, 1, 6);
    const struct effect_on on = {&r.t, histories, 6};
    assert_int_equal(levers_windows(points, &on, &r.e), ERR_OK);
    assert_int_equal(points[0].window_us, 0);
    assert_int_equal(points[WINDOWS - 1].window_us, US_PER_H);
    assert_true(points[0].regretted.mean >= points[WINDOWS - 1].regretted.mean);
    assert_true(points[2].usd.mean < points[WINDOWS - 1].usd.mean);
    assert_true(points[0].churn.mean >= points[WINDOWS - 1].churn.mean);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_lever_is_compared_in_pairs),
        cmocka_unit_test(test_fallbacks_are_compared_with_the_outage),
        cmocka_unit_test(test_a_schedule_keeps_pods_in_its_hours),
        cmocka_unit_test(test_an_outage_is_a_fault_in_its_place),
        cmocka_unit_test(test_what_is_no_lever_is_refused),
        cmocka_unit_test(test_shorter_windows_cost_less_and_flap_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
