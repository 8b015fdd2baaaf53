/* KEDA and HPA together: outages of the metric, worked by hand.
 *
 * Target 1, min 2, max 40, fallback 5. Syncs at 5, 20, 35 ... s, polls at 10,
 * 40, 70 ... s, the metric fails fast from 0, the last good sync was at -10 s
 * with 20 replicas. Pods come and go at once.
 */
#include "models/hpa.h"
#include "models/keda.h"
#include "tests/support.h"

#define S US_PER_S

struct world {
    struct keda_params kp;
    struct hpa_params hp;
    struct keda k;
    struct hpa h;
    uint32_t size;
    int now_s;     /* everything before this is done */
    int until_s;   /* the metric works again from here */
    double builds; /* then */
};

static int setup(void **state)
{
    static struct world w;

    keda_defaults(&w.kp);
    w.kp.has_min = w.kp.has_max = w.kp.has_fallback = true;
    w.kp.min = 2;
    w.kp.max = 40;
    w.kp.fallback_threshold = 3;
    w.kp.fallback_replicas = 5;
    w.kp.n_triggers = 1;
    keda_trigger_defaults(&w.kp.triggers[0]);
    hpa_defaults(&w.hp);
    w.until_s = 100000;
    *state = &w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;

    hpa_free(&w->h);
    return 0;
}

static void sync_once(struct world *w, int t, const struct keda_sample *s)
{
    struct keda_context c = {.spec = w->size, .ready = w->size};
    struct keda_answer a = keda_on_hpa_query(&w->k, t * S, 0, s, &c);
    struct hpa_reading r = {
        .spec = w->size, .status = w->size, .metrics = {{a.ok, a.value_milli}}};
    struct hpa_decision d = hpa_on_sync(&w->h, t * S, &r);

    if (d.write)
        hpa_on_scaled(&w->h, t * S, w->size, d.desired);
    w->size = d.desired;
}

static void poll_once(struct world *w, int t, const struct keda_sample *s)
{
    struct keda_context c = {.spec = w->size, .ready = w->size};

    w->size = keda_on_poll(&w->k, t * S, s, &c).replicas;
}

static void begin(struct world *w, uint32_t size)
{
    struct keda_hpa bounds;
    struct keda_sample good = {.value = size};

    keda_hpa_bounds(&w->kp, &bounds);
    w->hp.min = bounds.min;
    w->hp.max = bounds.max;
    w->hp.n_metrics = 1;
    w->hp.metrics[0].target_milli = bounds.metrics[0].target_milli;
    hpa_behavior_defaults(&w->hp);
    keda_init(&w->k, &w->kp, -100 * S);
    hpa_init(&w->h, &w->hp);
    w->size = size;
    w->now_s = 0;
    sync_once(w, -10, &good);
}

/* The size right after everything at t has happened. */
static uint32_t size_at(struct world *w, int t)
{
    for (; w->now_s <= t; w->now_s++) {
        struct keda_sample s = {.first = KEDA_READ_FAILS,
                                .second = KEDA_READ_FAILS};
        if (w->now_s >= w->until_s)
            s = (struct keda_sample){.value = w->builds};
        if (w->now_s % 15 == 5)
            sync_once(w, w->now_s, &s);
        if (w->now_s % 30 == 10)
            poll_once(w, w->now_s, &s);
    }
    return w->size;
}

static void test_a_2_16_jumps_at_the_first_poll(void **state)
{
    struct world *w = *state;

    w->hp.has_behavior = true;
    w->until_s = 100;
    w->builds = 12;
    begin(w, 20);
    assert_int_equal(size_at(w, 9), 20);
    assert_int_equal(size_at(w, 10), 5);
    assert_int_equal(size_at(w, 49), 5);
    assert_int_equal(size_at(w, 50), 5);
    assert_int_equal(w->k.status.api.health[0].failures, 4);
    assert_int_equal(size_at(w, 109), 5);
    assert_int_equal(size_at(w, 110), 10);
    assert_int_equal(size_at(w, 125), 12);
}

static void test_b_2_16_without_behavior_saws(void **state)
{
    struct world *w = *state;

    w->hp.has_behavior = false;
    begin(w, 20);
    assert_int_equal(size_at(w, 49), 5);
    assert_int_equal(size_at(w, 50), 10);
    assert_int_equal(size_at(w, 65), 20);
    assert_int_equal(size_at(w, 70), 5);
    assert_int_equal(size_at(w, 80), 10);
    assert_int_equal(size_at(w, 95), 20);
    assert_int_equal(size_at(w, 100), 5);
    assert_int_equal(size_at(w, 275), 20);
    assert_int_equal(size_at(w, 280), 5);
    assert_int_equal(size_at(w, 290), 10);
    assert_int_equal(size_at(w, 310), 5);
    assert_int_equal(size_at(w, 1000), 5); /* the 20s are forgotten */
}

static void check_c(struct world *w, uint32_t minor, bool behavior, int drop_s)
{
    w->kp.minor = minor;
    w->kp.patch = 0;
    w->hp.has_behavior = behavior;
    begin(w, 20);
    assert_int_equal(size_at(w, 34), 20);
    assert_int_equal(w->k.status.api.health[0].failures, minor >= 19 ? 3 : 2);
    assert_int_equal(size_at(w, drop_s - 1), 20);
    assert_int_equal(size_at(w, drop_s), 5);
    hpa_free(&w->h);
}

static void test_c_from_2_17_the_window_holds_the_size(void **state)
{
    struct world *w = *state;

    check_c(w, 17, false, 305);
    check_c(w, 17, true, 290);
    check_c(w, 18, true, 290);
    check_c(w, 19, false, 305);
    check_c(w, 20, true, 290);
}

static void test_d_a_short_blip_changes_nothing_from_2_17(void **state)
{
    struct world *w = *state;

    w->hp.has_behavior = true;
    w->until_s = 12; /* over the sync at 5 and the poll at 10 */
    w->builds = 20;
    begin(w, 20);
    assert_int_equal(size_at(w, 10), 5);
    hpa_free(&w->h);
    w->kp.minor = 17;
    begin(w, 20);
    for (int t = 0; t < 200; t++)
        assert_int_equal(size_at(w, t), 20);
}

static void test_e_a_higher_fallback_scales_up_by_the_rules(void **state)
{
    struct world *w = *state;

    w->kp.minor = 17;
    w->kp.fallback_replicas = 30;
    w->hp.has_behavior = false;
    begin(w, 10);
    assert_int_equal(size_at(w, 49), 10);
    assert_int_equal(size_at(w, 50), 20);
    assert_int_equal(size_at(w, 65), 30);
}

static void test_g_a_cut_target_lets_the_pool_fall_to_min(void **state)
{
    struct world *w = *state;

    w->kp.minor = 17;
    w->kp.triggers[0].target = 0.8;
    w->hp.has_behavior = true;
    w->hp.down.has_window = true;
    begin(w, 20);
    assert_int_equal(size_at(w, 50), 2);
    hpa_free(&w->h);
    w->kp.minor = 18;
    begin(w, 20);
    assert_int_equal(size_at(w, 50), 5);
    hpa_free(&w->h);
    w->kp.minor = 17;
    w->kp.triggers[0].target = 1.5;
    begin(w, 20);
    assert_int_equal(size_at(w, 50), 4); /* ceil(5 / 1.5) */
}

static void test_h_a_long_freeze_forgets_the_window(void **state)
{
    struct world *w = *state;

    w->kp.minor = 17;
    w->kp.has_fallback = false;
    w->hp.has_behavior = false;
    w->until_s = 400;
    w->builds = 3;
    begin(w, 20);
    assert_int_equal(size_at(w, 409), 20);
    assert_int_equal(size_at(w, 410), 3);
}

static void test_i_a_counter_at_zero_is_held_by_the_window(void **state)
{
    struct world *w = *state;

    w->hp.has_behavior = true;
    w->until_s = 0;
    w->builds = 0;
    begin(w, 20);
    assert_int_equal(size_at(w, 5), 20);
    w->builds = 20;
    assert_int_equal(size_at(w, 100), 20);
    hpa_free(&w->h);
    w->hp.down.has_window = true; /* 0 s */
    w->builds = 0;
    begin(w, 20);
    assert_int_equal(size_at(w, 5), 2);
}

static void test_n_above_max_oscillates_on_2_16(void **state)
{
    struct world *w = *state;

    w->kp.fallback_replicas = 50;
    w->hp.has_behavior = true;
    begin(w, 20);
    assert_int_equal(size_at(w, 10), 50);
    assert_int_equal(size_at(w, 20), 40); /* although the metric is lost */
    assert_int_equal(size_at(w, 40), 50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_2_16_jumps_at_the_first_poll),
        TEST(test_b_2_16_without_behavior_saws),
        TEST(test_c_from_2_17_the_window_holds_the_size),
        TEST(test_d_a_short_blip_changes_nothing_from_2_17),
        TEST(test_e_a_higher_fallback_scales_up_by_the_rules),
        TEST(test_g_a_cut_target_lets_the_pool_fall_to_min),
        TEST(test_h_a_long_freeze_forgets_the_window),
        TEST(test_i_a_counter_at_zero_is_held_by_the_window),
        TEST(test_n_above_max_oscillates_on_2_16),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
