/* Windows, rate policies and the worked examples of the specification. */
#include "models/hpa.h"
#include "models/hpa_rules.h"
#include "tests/support.h"

#define S US_PER_S

struct fixture {
    struct hpa_params p;
    struct hpa h;
    uint32_t size; /* spec and status alike */
};

static int setup(void **state)
{
    static struct fixture f;

    hpa_defaults(&f.p);
    f.p.min = 1;
    f.p.max = 1000;
    f.p.n_metrics = 1;
    f.p.metrics[0].target_milli = 1000;
    hpa_init(&f.h, &f.p);
    f.size = 0;
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    hpa_free(&f->h);
    return 0;
}

/* One cycle in a world where pods appear at once; the new size. */
static uint32_t cycle(struct fixture *f, sim_us now_us, int64_t builds)
{
    struct hpa_reading r = {
        .spec = f->size, .status = f->size, .metrics = {{true, builds * 1000}}};
    struct hpa_decision d = hpa_on_sync(&f->h, now_us, &r);

    if (d.write)
        hpa_on_scaled(&f->h, now_us, f->size, d.desired);
    f->size = d.desired;
    return d.desired;
}

static void use_behavior(struct fixture *f)
{
    f->p.has_behavior = true;
    hpa_behavior_defaults(&f->p);
}

static void set_policy(struct hpa_rules *r, enum hpa_policy_type type,
                       int32_t value, sim_us period_us)
{
    if (!r->has_policies)
        r->n_policies = 0;
    r->has_policies = true;
    r->policies[r->n_policies++] = (struct hpa_policy){type, value, period_us};
}

static void log_add(struct hpa *h, sim_us at_us, int32_t replicas)
{
    hpa_log(h, at_us, replicas);
    h->has_log = true;
}

static void test_absent_behavior_stays_absent(void **state)
{
    struct fixture *f = *state;

    hpa_behavior_defaults(&f->p);
    assert_false(f->p.has_behavior);
    assert_int_equal(f->p.up.n_policies, 0);
}

static void test_empty_behavior_fills_both_directions(void **state)
{
    struct fixture *f = *state;

    use_behavior(f);
    assert_true(f->p.up.has_window);
    assert_int_equal(f->p.up.window_us, 0);
    assert_int_equal(f->p.up.n_policies, 2);
    assert_int_equal(f->p.up.policies[0].type, HPA_PODS);
    assert_int_equal(f->p.up.policies[0].value, 4);
    assert_int_equal(f->p.up.policies[1].type, HPA_PERCENT);
    assert_int_equal(f->p.up.policies[1].value, 100);
    assert_int_equal(f->p.down.n_policies, 1);
    assert_int_equal(f->p.down.policies[0].period_us, 15 * S);
    assert_false(f->p.down.has_window);
    assert_int_equal(hpa_down_window_us(&f->p), 300 * S);
}

static void test_written_policies_replace_the_whole_list(void **state)
{
    struct fixture *f = *state;

    set_policy(&f->p.up, HPA_PODS, 7, 30 * S);
    f->p.down.has_window = true;
    f->p.down.window_us = 0;
    use_behavior(f);
    assert_int_equal(f->p.up.n_policies, 1);
    assert_int_equal(f->p.up.policies[0].value, 7);
    assert_int_equal(hpa_down_window_us(&f->p), 0);
    assert_int_equal(f->p.down.policies[0].value, 100);
}

static void test_e1_without_behavior_each_step_doubles(void **state)
{
    struct fixture *f = *state;
    static const uint32_t sizes[] = {4, 8, 16, 30, 30};

    f->p.min = 2;
    f->p.max = 40;
    f->size = 2;
    for (int i = 0; i < 5; i++)
        assert_int_equal(cycle(f, i * 15 * S, 30), sizes[i]);
}

static void test_e2_with_behavior_four_pods_or_double(void **state)
{
    struct fixture *f = *state;
    static const uint32_t sizes[] = {6, 12, 24, 30, 30};

    f->p.min = 2;
    f->p.max = 40;
    f->size = 2;
    use_behavior(f);
    for (int i = 0; i < 5; i++)
        assert_int_equal(cycle(f, i * 15 * S, 30), sizes[i]);
}

static void test_e2_first_steps_by_start_size(void **state)
{
    struct fixture *f = *state;
    static const uint32_t absent[] = {4, 4, 6, 8, 10};
    static const uint32_t present[] = {5, 6, 7, 8, 10};

    for (uint32_t i = 0; i < 5; i++) {
        f->size = i + 1;
        assert_int_equal(cycle(f, i * 1000 * S, 900), absent[i]);
    }
    use_behavior(f);
    for (uint32_t i = 0; i < 5; i++) {
        f->size = i + 1;
        assert_int_equal(cycle(f, (i + 9) * 1000 * S, 900), present[i]);
    }
}

/* Cycle k starts at k x 15.05 s; first change at cycle 20, age 301.0 s. */
static void test_e3_two_pods_a_minute_after_the_window(void **state)
{
    struct fixture *f = *state;
    sim_us step = 15050 * US_PER_MS;

    set_policy(&f->p.down, HPA_PODS, 2, 60 * S);
    use_behavior(f);
    f->size = 20;
    cycle(f, 0, 20);
    for (int k = 1; k < 20; k++)
        assert_int_equal(cycle(f, k * step, 4), 20);
    for (uint32_t want = 18, k = 20; k < 48; want -= 2)
        for (int i = 0; i < 4; i++, k++)
            assert_int_equal(cycle(f, k * step, 4), want);
    assert_int_equal(cycle(f, 48 * step, 4), 4); /* 722 s */
    assert_int_equal(cycle(f, 52 * step, 4), 4);
}

static void test_e4_the_more_permissive_policy_wins(void **state)
{
    struct fixture *f = *state;
    static const uint32_t sizes[] = {72, 64, 57, 51, 45, 40, 36, 32,
                                     28, 24, 20, 16, 12, 10, 10};

    f->p.down.has_window = true;
    set_policy(&f->p.down, HPA_PODS, 4, 60 * S);
    set_policy(&f->p.down, HPA_PERCENT, 10, 60 * S);
    use_behavior(f);
    f->size = 80;
    for (int i = 0; i < 15; i++)
        assert_int_equal(cycle(f, i * 60200 * US_PER_MS, 10), sizes[i]);
}

static void test_e5_and_e6_events_of_both_directions_count(void **state)
{
    struct fixture *f = *state;
    enum hpa_reason why;

    set_policy(&f->p.up, HPA_PERCENT, 300, 300 * S);
    set_policy(&f->p.down, HPA_PERCENT, 50, 180 * S);
    use_behavior(f);
    hpa_events_store(&f->h.ups, &f->p.up, 40 * S, 4);
    hpa_events_store(&f->h.downs, &f->p.down, 40 * S, 2);
    assert_int_equal(hpa_limit(&f->h, 100 * S, 6, 900, &why), 16);
    assert_int_equal(why, HPA_SCALE_UP_LIMIT);
    f->h.ups.at[0].change = 2;
    f->h.downs.at[0].change = 4;
    assert_int_equal(hpa_limit(&f->h, 100 * S, 10, 1, &why), 6);
    assert_int_equal(why, HPA_SCALE_DOWN_LIMIT);
}

static void test_e7_windows_in_both_directions_hold_the_size(void **state)
{
    struct fixture *f = *state;

    f->p.up.has_window = f->p.down.has_window = true;
    f->p.up.window_us = f->p.down.window_us = 300 * S;
    use_behavior(f);
    log_add(&f->h, 0, 2);
    log_add(&f->h, 5820 * S, 3);
    assert_int_equal(f->h.n_log, 1); /* the old slot was taken */
    log_add(&f->h, 5821 * S - 400 * S, 2);
    assert_int_equal(hpa_stabilize(&f->h, 6000 * S, 2, 1), 2);
    assert_int_equal(hpa_stabilize(&f->h, 6000 * S, 4, 1), 3);
    assert_int_equal(hpa_stabilize(&f->h, 6000 * S, 1, 7), 3);
}

static void test_e8_restart_protects_the_present_size_again(void **state)
{
    struct fixture *f = *state;

    use_behavior(f);
    f->size = 12;
    cycle(f, 0, 3);
    assert_int_equal(cycle(f, 299 * S, 3), 12);
    hpa_on_restart(&f->h);
    assert_int_equal(cycle(f, 310 * S, 3), 12);
    assert_int_equal(cycle(f, 609 * S, 3), 12);
    assert_int_equal(cycle(f, 610 * S, 3), 3); /* age 300: not counted */
}

static void test_e9_flapping_without_a_window(void **state)
{
    struct fixture *f = *state;

    f->p.down.has_window = true;
    set_policy(&f->p.down, HPA_PERCENT, 50, 15 * S);
    use_behavior(f);
    f->size = 5;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(cycle(f, 2 * i * 15 * S, 10), 10);
        assert_int_equal(cycle(f, (2 * i + 1) * 15 * S, 3), 5);
    }
}

static void test_e10_exact_grid_drops_at_315_or_300_seconds(void **state)
{
    struct fixture *f = *state;

    f->size = 20;
    cycle(f, 0, 20);
    for (int k = 1; k <= 20; k++)
        assert_int_equal(cycle(f, k * 15 * S, 4), 20);
    assert_int_equal(cycle(f, 315 * S, 4), 4);
    hpa_on_restart(&f->h);
    use_behavior(f);
    f->size = 20;
    cycle(f, 1000 * S, 20);
    for (int k = 1; k < 20; k++)
        assert_int_equal(cycle(f, (1000 + k * 15) * S, 4), 20);
    assert_int_equal(cycle(f, 1300 * S, 4), 4);
}

static void test_old_high_raises_again_only_without_behavior(void **state)
{
    struct fixture *f = *state;

    f->size = 20;
    cycle(f, 0, 20);
    f->size = 5; /* by hand */
    assert_int_equal(cycle(f, 15 * S, 5), 10);
    assert_int_equal(cycle(f, 30 * S, 5), 20);
    hpa_on_restart(&f->h);
    use_behavior(f);
    f->size = 20;
    cycle(f, 1000 * S, 20);
    f->size = 5;
    assert_int_equal(cycle(f, 1015 * S, 5), 5);
}

static void test_up_window_waits_for_the_lowest(void **state)
{
    struct fixture *f = *state;

    f->p.up.has_window = true;
    f->p.up.window_us = 60 * S;
    use_behavior(f);
    f->size = 10;
    assert_int_equal(cycle(f, 0, 40), 10); /* the first entry is 10 */
    assert_int_equal(f->h.status.conditions.able, HPA_SCALE_UP_STABILIZED);
    assert_int_equal(cycle(f, 60 * S - 1, 40), 10);
    assert_int_equal(cycle(f, 60 * S, 40), 20);
}

static void check_percent(struct fixture *f, int32_t value, bool up,
                          const int32_t (*rows)[2], size_t n)
{
    enum hpa_reason why;
    struct hpa_rules *r = up ? &f->p.up : &f->p.down;

    f->p.min = 0;
    r->policies[0] = (struct hpa_policy){HPA_PERCENT, value, 15 * S};
    for (size_t i = 0; i < n; i++)
        assert_int_equal(hpa_limit(&f->h, 0, rows[i][0], up ? 1000 : 0, &why),
                         rows[i][1]);
}

static void test_percent_keeps_the_traps_of_binary64(void **state)
{
    struct fixture *f = *state;
    static const int32_t up10[][2] = {{50, 56},   {90, 100}, {100, 111},
                                      {110, 122}, {60, 66},  {10, 11}};
    static const int32_t up12[][2] = {{25, 29}};
    static const int32_t down80[][2] = {{10, 1}, {5, 0}, {11, 2}};
    static const int32_t down90[][2] = {{10, 0}, {20, 1}, {30, 2}};
    static const int32_t down30[][2] = {
        {90, 62}, {170, 118}, {180, 125}, {80, 56}};

    set_policy(&f->p.up, HPA_PERCENT, 1, 15 * S);
    set_policy(&f->p.down, HPA_PERCENT, 1, 15 * S);
    use_behavior(f);
    check_percent(f, 10, true, up10, 6);
    check_percent(f, 12, true, up12, 1);
    check_percent(f, 80, false, down80, 3);
    check_percent(f, 90, false, down90, 3);
    check_percent(f, 30, false, down30, 4);
}

static void test_select_policy_min_and_disabled(void **state)
{
    struct fixture *f = *state;
    enum hpa_reason why;

    set_policy(&f->p.up, HPA_PODS, 4, 15 * S);
    set_policy(&f->p.up, HPA_PERCENT, 100, 15 * S);
    set_policy(&f->p.down, HPA_PODS, 4, 15 * S);
    set_policy(&f->p.down, HPA_PERCENT, 50, 15 * S);
    use_behavior(f);
    f->p.up.select = f->p.down.select = HPA_SELECT_MIN;
    assert_int_equal(hpa_limit(&f->h, 0, 20, 90, &why), 24);
    assert_int_equal(hpa_limit(&f->h, 0, 20, 1, &why), 16);
    assert_int_equal(hpa_limit(&f->h, 0, 6, 1, &why), 3);
    f->p.up.select = f->p.down.select = HPA_SELECT_DISABLED;
    assert_int_equal(hpa_limit(&f->h, 0, 20, 90, &why), 20);
    assert_int_equal(why, HPA_SCALE_UP_LIMIT);
    assert_int_equal(hpa_limit(&f->h, 0, 20, 1, &why), 20);
    assert_int_equal(why, HPA_SCALE_DOWN_LIMIT);
}

static void test_reason_names_the_bound_that_bites(void **state)
{
    struct fixture *f = *state;
    enum hpa_reason why;

    f->p.min = 10;
    f->p.max = 24;
    use_behavior(f);
    assert_int_equal(hpa_limit(&f->h, 0, 12, 30, &why), 24);
    assert_int_equal(why, HPA_TOO_MANY_REPLICAS); /* max equals the limit */
    assert_int_equal(hpa_limit(&f->h, 0, 11, 30, &why), 22);
    assert_int_equal(why, HPA_SCALE_UP_LIMIT);
    assert_int_equal(hpa_limit(&f->h, 0, 12, 3, &why), 10);
    assert_int_equal(why, HPA_TOO_FEW_REPLICAS);
    assert_int_equal(hpa_limit(&f->h, 0, 12, 11, &why), 11);
    assert_int_equal(why, HPA_DESIRED_WITHIN_RANGE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_absent_behavior_stays_absent),
        TEST(test_empty_behavior_fills_both_directions),
        TEST(test_written_policies_replace_the_whole_list),
        TEST(test_e1_without_behavior_each_step_doubles),
        TEST(test_e2_with_behavior_four_pods_or_double),
        TEST(test_e2_first_steps_by_start_size),
        TEST(test_e3_two_pods_a_minute_after_the_window),
        TEST(test_e4_the_more_permissive_policy_wins),
        TEST(test_e5_and_e6_events_of_both_directions_count),
        TEST(test_e7_windows_in_both_directions_hold_the_size),
        TEST(test_e8_restart_protects_the_present_size_again),
        TEST(test_e9_flapping_without_a_window),
        TEST(test_e10_exact_grid_drops_at_315_or_300_seconds),
        TEST(test_old_high_raises_again_only_without_behavior),
        TEST(test_up_window_waits_for_the_lowest),
        TEST(test_percent_keeps_the_traps_of_binary64),
        TEST(test_select_policy_min_and_disabled),
        TEST(test_reason_names_the_bound_that_bites),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
