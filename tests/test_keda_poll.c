/* The poll's decisions, cached metrics and skipped polls. */
#include "tests/draw.h"
#include "tests/keda_rig.h"

static const struct keda_context at20 = {.spec = 20, .ready = 20};

static void test_2_16_jumps_at_the_first_failed_poll(void **state)
{
    struct fixture *f = *state;
    struct keda_poll a = poll(f, 0, refused, 20);

    assert_int_equal(a.move, KEDA_JUMP);
    assert_int_equal(a.replicas, 5);
    assert_int_equal(a.gets, 2);
    assert_true(f->k.status.api.fallback);
    assert_int_equal(poll(f, 0, refused, 5).move, KEDA_STAY);
    assert_int_equal(poll(f, 0, refused, 3).replicas, 5); /* up, too */
    f->p.triggers[0].is_value = true;
    assert_int_equal(poll(f, 0, refused, 20).move, KEDA_JUMP);
    version(f, 17, 0);
    assert_int_equal(poll(f, 0, refused, 20).move, KEDA_STAY);
}

static void test_2_16_does_not_jump_past_an_active_trigger(void **state)
{
    struct fixture *f = *state;
    struct keda_sample s[] = {refused, good(3)};
    struct keda_poll a;

    f->p.n_triggers = 2;
    keda_trigger_defaults(&f->p.triggers[1]);
    a = keda_on_poll(&f->k, 0, s, &at20);
    assert_int_equal(a.move, KEDA_STAY);
    assert_true(a.active && a.error);
    assert_false(f->k.has_last_active);
    s[1].value = 0;
    a = keda_on_poll(&f->k, 0, s, &at20);
    assert_int_equal(a.move, KEDA_JUMP);
}

static void test_zero_fallback_lets_an_error_scale_to_zero(void **state)
{
    struct fixture *f = *state;

    f->p.fallback_replicas = 0;
    assert_int_equal(poll(f, 1, refused, 20).move, KEDA_STAY);
    f->p.min = 0;
    assert_int_equal(poll(f, 1, refused, 20).move, KEDA_TO_IDLE);
    f->p.has_fallback = false;
    assert_int_equal(poll(f, 1, refused, 20).move, KEDA_STAY);
}

static void test_activation_is_strict_and_wakes_from_zero(void **state)
{
    struct fixture *f = *state;
    struct keda_poll a;

    f->p.triggers[0].activation = 4;
    a = poll(f, 0, good(4), 0);
    assert_false(a.active);
    assert_int_equal(a.move, KEDA_TO_MIN);
    assert_int_equal(a.replicas, 2);
    f->p.min = 0;
    assert_int_equal(poll(f, 0, good(4), 0).move, KEDA_STAY);
    a = poll(f, 7, good(4.5), 0);
    assert_int_equal(a.move, KEDA_FROM_ZERO);
    assert_int_equal(a.replicas, 1);
    assert_int_equal(f->k.last_active_us, 7);
}

static void test_zero_comes_after_the_cooldown(void **state)
{
    struct fixture *f = *state;

    f->p.min = 0;
    poll(f, 10 * S, good(1), 3);
    assert_int_equal(poll(f, 310 * S, good(0), 3).move, KEDA_STAY);
    assert_int_equal(poll(f, 310 * S + 1, good(0), 3).move, KEDA_TO_IDLE);
    keda_init(&f->k, &f->p, 0);
    f->p.initial_cooldown_us = 60 * S;
    assert_int_equal(poll(f, 60 * S, good(0), 3).move, KEDA_STAY);
    struct keda_poll a = poll(f, 60 * S + 1, good(0), 3);
    assert_int_equal(a.move, KEDA_TO_IDLE);
    assert_int_equal(a.replicas, 0);
}

static void test_idle_count_is_left_for_the_minimum(void **state)
{
    struct fixture *f = *state;

    f->p.has_idle = true;
    f->p.idle = 1;
    assert_int_equal(poll(f, 1, good(0), 2).replicas, 1);
    assert_int_equal(poll(f, 1, good(0), 1).move, KEDA_STAY);
    struct keda_poll a = poll(f, 1, good(3), 1);
    assert_int_equal(a.move, KEDA_FROM_ZERO);
    assert_int_equal(a.replicas, 2);
}

static void test_fallback_is_activity_from_2_19(void **state)
{
    struct fixture *f = *state;

    version(f, 19, 0);
    f->p.min = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(poll(f, 1, refused, 0).move, KEDA_STAY);
    struct keda_poll a = poll(f, 1, refused, 0);
    assert_true(a.active && a.fallback && !a.error);
    assert_int_equal(a.replicas, 1);
}

static void test_pausing_a_direction_works_from_2_18(void **state)
{
    struct fixture *f = *state;
    struct keda_hpa h;

    f->p.min = 0;
    f->p.paused_scale_in = f->p.paused_scale_out = true;
    assert_int_equal(poll(f, 1, good(0), 3).move, KEDA_TO_IDLE);
    keda_hpa_bounds(&f->p, &h);
    assert_false(h.up_disabled || h.down_disabled);
    version(f, 18, 0);
    assert_int_equal(poll(f, 1, good(0), 3).move, KEDA_STAY);
    assert_int_equal(poll(f, 1, good(1), 0).move, KEDA_STAY);
    keda_hpa_bounds(&f->p, &h);
    assert_true(h.up_disabled && h.down_disabled);
    f->p.paused_scale_out = false;
    f->p.force_activation = true;
    assert_int_equal(poll(f, 1, good(0), 0).move, KEDA_FROM_ZERO);
}

static void test_polls_keep_a_fixed_rate_unless_they_hang(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(keda_next_poll_us(&f->p, 7, 6 * S), 7 + 30 * S);
    f->p.polling_us = 5 * S;
    assert_int_equal(keda_next_poll_us(&f->p, 7, 6 * S), 7 + 6 * S);
}

static void test_a_cached_value_needs_no_get(void **state)
{
    struct fixture *f = *state;
    struct keda_answer a;

    f->p.triggers[0].use_cached = true;
    assert_int_equal(ask(f, good(7), 20).gets, 1); /* no record yet */
    poll(f, 0, good(8), 20);
    a = ask(f, good(9), 20);
    assert_int_equal(a.value_milli, 8000);
    assert_int_equal(a.gets, 0);
    keda_on_restart(&f->k);
    assert_int_equal(ask(f, good(9), 20).value_milli, 9000);
}

static void test_a_failed_poll_leaves_a_live_read_up_to_2_20(void **state)
{
    struct fixture *f = *state;

    f->p.triggers[0].use_cached = true;
    version(f, 18, 0);
    poll(f, 0, refused, 20);
    assert_int_equal(ask(f, good(9), 20).value_milli, 9000);
    version(f, 21, 0);
    poll(f, 0, refused, 20);
    struct keda_answer a = ask(f, good(9), 20);
    assert_false(a.ok);
    assert_int_equal(a.gets, 0);
    assert_int_equal(f->k.status.api.health[0].failures, 2);
}

/* Polls every second, two queries between them. */
static void test_a_stored_fallback_value_resets_the_counter(void **state)
{
    struct fixture *f = *state;

    f->p.triggers[0].use_cached = true;
    version(f, 20, 2);
    poll(f, 0, refused, 20);
    for (int round = 0; round < 3; round++) {
        assert_false(ask(f, refused, 20).ok);
        assert_false(ask(f, refused, 20).ok);
        assert_true(poll(f, 0, refused, 20).fallback);
        assert_int_equal(ask(f, refused, 20).value_milli, 5000);
        assert_int_equal(f->k.status.api.health[0].failures, 0);
        assert_int_equal(ask(f, refused, 20).value_milli, 5000);
        assert_false(poll(f, 0, refused, 20).fallback);
    }
}

static void test_idle_polls_end_with_the_cooldown(void **state)
{
    struct fixture *f = *state;
    struct keda_sample s = good(0);
    struct keda_context c = {.spec = 3};

    assert_true(keda_idle_until(&f->k, 0, &s, &c) == SIM_NEVER);
    f->p.min = 0;
    poll(f, 10 * S, good(1), 3);
    assert_int_equal(keda_idle_until(&f->k, 40 * S, &s, &c), 310 * S + 1);
    assert_int_equal(keda_idle_until(&f->k, 320 * S, &s, &c), 320 * S);
}

static void test_idle_polls_end_with_the_cron_interval(void **state)
{
    struct fixture *f = *state;
    struct keda_trigger *t = &f->p.triggers[0];
    struct keda_context c = {.spec = 3};
    struct keda_sample s = good(0);
    struct err e;

    t->kind = KEDA_CRON;
    t->cron_replicas = 12;
    f->p.origin_us = 3 * US_PER_H;
    assert_int_equal(
        keda_cron_parse(&t->cron, "0 8 * * *", "0 18 * * *", "UTC", &e),
        ERR_OK);
    assert_int_equal(keda_idle_until(&f->k, 0, &s, &c), 5 * US_PER_H);
    assert_int_equal(ask(f, s, 3).value_milli, 1000);
    version(f, 18, 0);
    assert_int_equal(ask(f, s, 3).value_milli, 0);
    struct keda_answer a = keda_on_hpa_query(&f->k, 5 * US_PER_H, 0, &s, &c);
    assert_int_equal(a.value_milli, 12000);
    assert_int_equal(a.gets, 0);
    assert_true(keda_on_poll(&f->k, 15 * US_PER_H - 1, &s, &c).active);
    assert_false(keda_on_poll(&f->k, 15 * US_PER_H, &s, &c).active);
}

static void randomize(struct fixture *f, uint64_t *x)
{
    keda_defaults(&f->p);
    version(f, 16 + draw(x, 6), 0);
    f->p.has_min = true;
    f->p.min = draw(x, 3);
    f->p.has_idle = f->p.min > 0 && draw(x, 3) == 0;
    f->p.has_fallback = draw(x, 2);
    f->p.fallback_threshold = (int32_t)draw(x, 4);
    f->p.fallback_replicas = (int32_t)draw(x, 4);
    f->p.n_triggers = 2;
    for (int i = 0; i < 2; i++) {
        keda_trigger_defaults(&f->p.triggers[i]);
        f->p.triggers[i].use_cached = draw(x, 2);
    }
    keda_init(&f->k, &f->p, 0);
}

static struct keda_sample any_sample(uint64_t *x)
{
    return draw(x, 4) == 0 ? refused : good(draw(x, 3));
}

/* Executes the polls that `k` may skip on a copy. */
static bool check_idle(struct fixture *f, sim_us t, const struct keda_sample *s,
                       const struct keda_context *c)
{
    struct keda slow = f->k;
    sim_us until = keda_idle_until(&f->k, t, s, c);
    uint64_t n = 0, gets = 0;

    for (; n < 40 && t < until; n++, t += 30 * S) {
        struct keda_poll a = keda_on_poll(&slow, t, s, c);
        assert_int_equal(a.move, KEDA_STAY);
        gets += a.gets;
    }
    if (n == 0)
        return false;
    assert_int_equal(keda_on_idle(&f->k, t - 30 * S, n, s, c), gets);
    assert_int_equal(f->k.last_active_us, slow.last_active_us);
    assert_true(keda_status_same(&f->k.status, &slow.status));
    for (int i = 0; i < 2; i++) {
        struct keda_record *a = &f->k.records[i], *b = &slow.records[i];
        assert_int_equal(a->stored, b->stored);
        assert_int_equal(a->v.value_milli, b->v.value_milli);
    }
    return true;
}

static void test_skipped_polls_leave_what_executed_ones_do(void **state)
{
    struct fixture *f = *state;
    uint64_t x = 3;
    int n_idle = 0;

    for (int round = 0; round < 2000; round++) {
        struct keda_context c = {.spec = draw(&x, 5)};
        struct keda_sample s[2];
        sim_us t = 0;
        randomize(f, &x);
        for (uint32_t i = draw(&x, 8); i > 0; i--, t += 30 * S) {
            s[0] = any_sample(&x);
            s[1] = any_sample(&x);
            keda_on_poll(&f->k, t, s, &c);
        }
        s[0] = any_sample(&x);
        s[1] = any_sample(&x);
        keda_on_poll(&f->k, t, s, &c);
        n_idle += check_idle(f, t + 30 * S, s, &c);
    }
    assert_in_range(n_idle, 500, 1900);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_2_16_jumps_at_the_first_failed_poll),
        TEST(test_2_16_does_not_jump_past_an_active_trigger),
        TEST(test_zero_fallback_lets_an_error_scale_to_zero),
        TEST(test_activation_is_strict_and_wakes_from_zero),
        TEST(test_zero_comes_after_the_cooldown),
        TEST(test_idle_count_is_left_for_the_minimum),
        TEST(test_fallback_is_activity_from_2_19),
        TEST(test_pausing_a_direction_works_from_2_18),
        TEST(test_polls_keep_a_fixed_rate_unless_they_hang),
        TEST(test_a_cached_value_needs_no_get),
        TEST(test_a_failed_poll_leaves_a_live_read_up_to_2_20),
        TEST(test_a_stored_fallback_value_resets_the_counter),
        TEST(test_idle_polls_end_with_the_cooldown),
        TEST(test_idle_polls_end_with_the_cron_interval),
        TEST(test_skipped_polls_leave_what_executed_ones_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
