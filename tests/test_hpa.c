/* Proposal, branches, conditions, status and timing of one reconcile. */
#include "models/hpa.h"
#include "models/hpa_rules.h"
#include "tests/support.h"

struct fixture {
    struct hpa_params p;
    struct hpa h;
};

static int setup(void **state)
{
    static struct fixture f;

    hpa_defaults(&f.p);
    f.p.min = 2;
    f.p.max = 1000;
    f.p.n_metrics = 1;
    f.p.metrics[0].target_milli = 1000;
    hpa_init(&f.h, &f.p);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    hpa_free(&f->h);
    return 0;
}

static struct hpa_reading reading(uint32_t spec, uint32_t status,
                                  int64_t usage_milli)
{
    return (struct hpa_reading){
        .spec = spec, .status = status, .metrics = {{true, usage_milli}}};
}

static uint32_t proposal(struct fixture *f, uint32_t status, int64_t usage)
{
    struct hpa_reading r = reading(status, status, usage);
    int64_t average[HPA_METRICS];
    int32_t p;

    assert_true(hpa_propose(&f->p, &r, average, &p));
    return (uint32_t)p;
}

static void test_usage_is_divided_by_the_target_and_rounded_up(void **state)
{
    struct fixture *f = *state;

    f->p.metrics[0].target_milli = 2500;
    assert_int_equal(proposal(f, 2, 37250), 15); /* 14.9 */
    assert_int_equal(proposal(f, 2, 37500), 15); /* 15 exactly */
    assert_int_equal(proposal(f, 2, 37501), 16);
}

static void test_eleven_tenths_scales_up_to_1_32_and_stays_after(void **state)
{
    struct fixture *f = *state;
    static const uint32_t sizes[] = {10, 20, 50, 100};

    for (size_t i = 0; i < 4; i++) {
        uint32_t n = sizes[i];
        f->p.kubernetes_minor = 32;
        assert_int_equal(proposal(f, n, 1100 * n), n * 11 / 10);
        f->p.kubernetes_minor = 33;
        assert_int_equal(proposal(f, n, 1100 * n), n);
    }
}

static void test_nine_tenths_stays_in_every_version(void **state)
{
    struct fixture *f = *state;

    for (uint32_t v = 32; v <= 35; v++) {
        f->p.kubernetes_minor = v;
        assert_int_equal(proposal(f, 10, 9000), 10);
        assert_int_equal(proposal(f, 20, 18000), 20);
        assert_int_equal(proposal(f, 10, 8999), 9);
    }
}

static void test_fallback_lands_on_its_count_only_outside_the_band(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(proposal(f, 21, 20000), 21);
    assert_int_equal(proposal(f, 22, 20000), 22);
    assert_int_equal(proposal(f, 23, 20000), 20);
    assert_int_equal(proposal(f, 19, 20000), 19);
    assert_int_equal(proposal(f, 18, 20000), 20);
}

static void test_own_tolerance_replaces_the_flag_from_1_35(void **state)
{
    struct fixture *f = *state;

    f->p.has_behavior = true;
    f->p.up.has_tolerance = true;
    f->p.up.tolerance_frac = 0.02;
    hpa_behavior_defaults(&f->p);
    f->p.kubernetes_minor = 34;
    assert_int_equal(proposal(f, 50, 52000), 50);
    f->p.kubernetes_minor = 35;
    assert_int_equal(proposal(f, 50, 51000), 50); /* 1.02 is inside */
    assert_int_equal(proposal(f, 50, 51001), 52);
    assert_int_equal(proposal(f, 50, 46000), 50); /* down keeps the flag */
}

static void test_no_pods_yet_proposes_from_usage_alone(void **state)
{
    struct fixture *f = *state;

    for (uint32_t v = 32; v <= 33; v++) {
        f->p.kubernetes_minor = v;
        assert_int_equal(proposal(f, 0, 7001), 8);
        assert_int_equal(proposal(f, 0, 0), 0);
    }
}

static void test_too_large_a_proposal_is_clamped_from_1_34(void **state)
{
    struct fixture *f = *state;

    f->p.kubernetes_minor = 34;
    assert_int_equal(proposal(f, 5, INT64_MAX), INT32_MAX);
    f->p.kubernetes_minor = 33; /* becomes INT32_MIN, then 0 */
    assert_int_equal(proposal(f, 5, INT64_MAX), 0);
}

static void test_a_negative_metric_proposes_zero_up_to_1_33(void **state)
{
    struct fixture *f = *state;

    f->p.kubernetes_minor = 33;
    assert_int_equal(proposal(f, 5, -4000), 0);
    assert_int_equal(proposal(f, 5, INT64_MIN), 0);
}

static void test_a_negative_metric_counts_as_overflow_from_1_34(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(5, 5, -1);

    f->p.kubernetes_minor = 34;
    assert_int_equal(proposal(f, 5, -1), INT32_MAX);
    assert_true(hpa_on_sync(&f->h, 0, &r).average_milli[0] == INT64_MAX);
}

static void test_sum_of_series_saturates(void **state)
{
    (void)state;
    int64_t up[] = {INT64_MAX, 1}, down[] = {INT64_MIN, -1};
    int64_t some[] = {1500, 250, -50};

    assert_int_equal(hpa_sum_milli(some, 3), 1700);
    assert_true(hpa_sum_milli(up, 2) == INT64_MAX);
    assert_true(hpa_sum_milli(down, 2) == INT64_MIN);
}

static void test_largest_metric_wins_and_a_lost_one_blocks_down(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(10, 10, 20000);
    int64_t average[HPA_METRICS];
    int32_t p;

    f->p.n_metrics = 2;
    f->p.metrics[1].target_milli = 1000;
    r.metrics[1] = (struct hpa_usage){true, 30000};
    assert_true(hpa_propose(&f->p, &r, average, &p));
    assert_int_equal(p, 30);
    r.metrics[1].ok = false;
    assert_true(hpa_propose(&f->p, &r, average, &p));
    assert_int_equal(p, 20);
    r.metrics[0].usage_milli = 4000;
    assert_false(hpa_propose(&f->p, &r, average, &p));
    assert_int_equal(average[0], 400);
    assert_int_equal(average[1], 0);
}

static void test_average_is_rounded_up(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(7, 7, 30000);
    struct hpa_decision d = hpa_on_sync(&f->h, 0, &r);

    assert_int_equal(d.average_milli[0], 4286); /* 4285.71 */
    r.status = 0;
    d = hpa_on_sync(&f->h, US_PER_S, &r);
    assert_true(d.average_milli[0] == INT64_MIN);
}

static void test_zero_replicas_switch_the_hpa_off(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(0, 0, 30000);
    struct hpa_decision d = hpa_on_sync(&f->h, 7, &r);

    assert_false(d.write);
    assert_false(d.has_proposal);
    assert_int_equal(d.desired, 0);
    assert_int_equal(d.conditions.active, HPA_SCALING_DISABLED);
    assert_int_equal(f->h.n_log, 1); /* the first entry is made all the same */
    assert_int_equal(f->h.log[0].replicas, 0);
}

static void test_bounds_come_before_metric_and_rules(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(1200, 1200, 1200000);
    struct hpa_decision d;

    f->p.has_behavior = true;
    f->p.down.has_select = true;
    f->p.down.select = HPA_SELECT_DISABLED;
    hpa_behavior_defaults(&f->p);
    r.metrics[0].ok = false;
    d = hpa_on_sync(&f->h, 0, &r);
    assert_true(d.write);
    assert_int_equal(d.desired, 1000);
    assert_int_equal(d.conditions.active, HPA_NOT_SET);
    hpa_on_scaled(&f->h, 0, 1200, 1000);
    assert_int_equal(f->h.downs.at[0].change, 200);
    r.spec = 1;
    d = hpa_on_sync(&f->h, US_PER_S, &r);
    assert_int_equal(d.desired, 2);
    assert_int_equal(f->h.n_log, 1);
}

static void test_metric_error_freezes_and_logs_nothing(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(20, 20, 20000);
    struct hpa_decision d = hpa_on_sync(&f->h, 0, &r);

    assert_int_equal(f->h.n_log, 2);
    assert_int_equal(d.conditions.active, HPA_VALID_METRIC_FOUND);
    r.metrics[0].ok = false;
    d = hpa_on_sync(&f->h, 15 * US_PER_S, &r);
    assert_false(d.write);
    assert_int_equal(d.desired, 20);
    assert_int_equal(f->h.n_log, 2);
    assert_int_equal(d.conditions.able, HPA_SUCCEEDED_GET_SCALE);
    assert_int_equal(d.conditions.active, HPA_FAILED_GET_EXTERNAL_METRIC);
    assert_int_equal(d.conditions.limited, HPA_DESIRED_WITHIN_RANGE);
}

static void test_lost_scale_does_not_even_start_the_log(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(20, 20, 20000);
    struct hpa_decision d;

    r.scale_lost = true;
    d = hpa_on_sync(&f->h, 0, &r);
    assert_int_equal(d.conditions.able, HPA_FAILED_GET_SCALE);
    assert_int_equal(f->h.n_log, 0);
    assert_false(f->h.has_log);
    assert_true(d.status);
    assert_false(hpa_on_sync(&f->h, 1, &r).status);
}

static void test_failed_write_keeps_the_log_entry_only(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(4, 4, 8000);
    struct hpa_decision d;

    f->p.has_behavior = true;
    hpa_behavior_defaults(&f->p);
    d = hpa_on_sync(&f->h, 0, &r);
    assert_true(d.write);
    assert_int_equal(d.conditions.able, HPA_SUCCEEDED_RESCALE);
    hpa_on_write_failed(&f->h);
    assert_int_equal(f->h.status.conditions.able, HPA_FAILED_UPDATE_SCALE);
    assert_int_equal(f->h.status.desired, 0);
    assert_int_equal(f->h.n_log, 2);
    assert_int_equal(f->h.log[1].replicas, 8);
    assert_int_equal(f->h.ups.n, 0);
}

static void test_status_is_written_only_when_it_changes(void **state)
{
    struct fixture *f = *state;
    struct hpa_reading r = reading(20, 20, 20000);

    assert_true(hpa_on_sync(&f->h, 0, &r).status);
    assert_false(hpa_on_sync(&f->h, 15 * US_PER_S, &r).status);
    r.metrics[0].usage_milli = 20020; /* average 1001, nothing else */
    assert_true(hpa_on_sync(&f->h, 30 * US_PER_S, &r).status);
}

static void test_next_start_follows_echo_end_or_resync_tick(void **state)
{
    struct hpa_params *p = &((struct fixture *)*state)->p;
    struct hpa_decision quiet = {0}, wrote = {.write = true, .status = true};
    sim_us t = 100 * US_PER_S, ms = US_PER_MS, end = t + 50 * ms;

    assert_int_equal(hpa_first_sync_us(p, t), t + 15 * US_PER_S);
    assert_int_equal(hpa_next_sync_us(p, t, end, &quiet), t + 15050 * ms);
    assert_int_equal(hpa_next_sync_us(p, t, end, &wrote),
                     t + 15075 * ms); /* read 50, write 20, echo 5 */
    p->resync_us = 10 * ms;           /* ticks at ... 100.010 s: inside */
    assert_int_equal(hpa_next_sync_us(p, t + 5 * ms - 10 * US_PER_S,
                                      t + 55 * ms - 10 * US_PER_S, &quiet),
                     t + 5010 * ms);
    p->resync_us = 10 * US_PER_S; /* exactly at the start: dropped */
    assert_int_equal(hpa_next_sync_us(p, t, end, &quiet), t + 15050 * ms);
    p->resync_ties = true; /* or not */
    assert_int_equal(hpa_next_sync_us(p, t, end, &quiet), t + 15000 * ms);
    assert_int_equal(hpa_next_sync_us(p, t + 1, end, &quiet), t + 15050 * ms);
}

static void test_a_reconcile_longer_than_the_period_runs_again(void **state)
{
    struct fixture *f = *state;
    struct hpa_decision d = {.status = true};

    f->p.resync_us = 1;
    assert_int_equal(hpa_next_sync_us(&f->p, 0, 40 * US_PER_S, &d),
                     40 * US_PER_S + 10 * US_PER_MS);
}

static void test_conflicts_are_retried_from_1_34(void **state)
{
    struct fixture *f = *state;

    f->p.kubernetes_minor = 33;
    assert_int_equal(hpa_write_attempts(&f->p), 1);
    f->p.kubernetes_minor = 34;
    assert_int_equal(hpa_write_attempts(&f->p), 5);
    assert_int_equal(hpa_retry_us(0.5), 10500);
}

static void test_every_reason_has_its_own_name(void **state)
{
    (void)state;
    for (int i = 0; i < HPA_REASONS; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(hpa_reason_name((enum hpa_reason)i),
                                    hpa_reason_name((enum hpa_reason)k));
    assert_string_equal(hpa_reason_name(HPA_NOT_SET), "");
    assert_string_equal(hpa_reason_name(HPA_TOO_FEW_REPLICAS),
                        "TooFewReplicas");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_usage_is_divided_by_the_target_and_rounded_up),
        TEST(test_eleven_tenths_scales_up_to_1_32_and_stays_after),
        TEST(test_nine_tenths_stays_in_every_version),
        TEST(test_fallback_lands_on_its_count_only_outside_the_band),
        TEST(test_own_tolerance_replaces_the_flag_from_1_35),
        TEST(test_no_pods_yet_proposes_from_usage_alone),
        TEST(test_too_large_a_proposal_is_clamped_from_1_34),
        TEST(test_a_negative_metric_proposes_zero_up_to_1_33),
        TEST(test_a_negative_metric_counts_as_overflow_from_1_34),
        TEST(test_sum_of_series_saturates),
        TEST(test_largest_metric_wins_and_a_lost_one_blocks_down),
        TEST(test_average_is_rounded_up),
        TEST(test_zero_replicas_switch_the_hpa_off),
        TEST(test_bounds_come_before_metric_and_rules),
        TEST(test_metric_error_freezes_and_logs_nothing),
        TEST(test_lost_scale_does_not_even_start_the_log),
        TEST(test_failed_write_keeps_the_log_entry_only),
        TEST(test_status_is_written_only_when_it_changes),
        TEST(test_next_start_follows_echo_end_or_resync_tick),
        TEST(test_a_reconcile_longer_than_the_period_runs_again),
        TEST(test_conflicts_are_retried_from_1_34),
        TEST(test_every_reason_has_its_own_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
