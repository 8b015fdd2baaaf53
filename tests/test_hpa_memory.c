/* Reuse of slots in the log and in the event lists; skipped reconciles. */
#include "tests/draw.h"
#include "tests/hpa_rig.h"

#include <stdlib.h>
#include <string.h>

#define S US_PER_S

static void test_log_overwrites_the_last_slot_that_is_too_old(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;

    with_windows(&p, 20 * S, 60 * S);
    hpa_init(&h, &p);
    hpa_log(&h, 0, 1);
    hpa_log(&h, 10 * S, 2);
    hpa_log(&h, 60 * S, 3); /* age exactly 60: not reusable */
    assert_int_equal(h.n_log, 3);
    hpa_log(&h, 71 * S, 4); /* ages 71 and 61: the second slot */
    assert_int_equal(h.n_log, 3);
    assert_int_equal(h.log[0].replicas, 1);
    assert_int_equal(h.log[1].replicas, 4);
    hpa_log(&h, 71 * S, 5);
    assert_int_equal(h.log[0].replicas, 5);
    hpa_free(&h);
}

static void test_first_entry_dates_from_the_reading_of_the_scale(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;
    struct hpa_reading r = {.scale_age_us = 6 * S,
                            .spec = 5,
                            .status = 5,
                            .metrics = {{true, 3000}}};

    with_windows(&p, 0, 60 * S);
    hpa_init(&h, &p);
    hpa_on_sync(&h, 100 * S, &r);
    assert_int_equal(h.n_log, 2);
    assert_true(h.log[0].at_us == 94 * S && h.log[0].replicas == 5);
    assert_true(h.log[1].at_us == 100 * S && h.log[1].replicas == 3);
    hpa_free(&h);
}

static void test_log_without_behavior_keeps_the_flag_s_window(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;

    hpa_defaults(&p);
    hpa_init(&h, &p);
    hpa_log(&h, 0, 9);
    hpa_log(&h, 300 * S, 8);
    assert_int_equal(h.n_log, 2);
    hpa_log(&h, 300 * S + 1, 7);
    assert_int_equal(h.n_log, 2);
    assert_int_equal(h.log[0].replicas, 7);
    hpa_free(&h);
}

static void test_event_slots_follow_their_own_longest_period(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa_events e = {0};

    with_windows(&p, 0, 0);
    p.up.policies[1].period_us = 60 * S; /* longest of 15 and 60 */
    hpa_events_store(&e, &p.up, 0, 4);
    hpa_events_store(&e, &p.up, 60 * S, 5);
    assert_int_equal(e.n, 2); /* age exactly 60 is not stale */
    assert_false(e.at[0].stale);
    hpa_events_store(&e, &p.up, 60 * S + 1, 6);
    assert_int_equal(e.n, 2);
    assert_int_equal(e.at[0].change, 6);
    assert_false(e.at[0].stale);
    free(e.at);
}

static void test_stale_event_counts_until_it_is_overwritten(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa_events e = {0};

    with_windows(&p, 0, 0);
    hpa_events_store(&e, &p.up, 0, 4);
    hpa_events_store(&e, &p.up, 10 * S, 3);
    hpa_events_store(&e, &p.up, 40 * S, 2); /* both stale; the last goes */
    assert_true(e.at[0].stale);
    assert_int_equal(hpa_events_sum(&e, 50 * S, 300 * S), 6);
    assert_int_equal(hpa_events_sum(&e, 50 * S, 10 * S), 0);
    assert_int_equal(hpa_events_sum(&e, 50 * S, 10 * S + 1), 2);
    free(e.at);
}

static void test_stale_flag_stays_when_the_period_grows(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa_events e = {0};

    with_windows(&p, 0, 0);
    hpa_events_store(&e, &p.down, 0, 4);
    e.at[0].stale = true;
    p.down.policies[0].period_us = 1800 * S;
    hpa_events_store(&e, &p.down, 1 * S, 5);
    assert_int_equal(e.n, 1);
    assert_int_equal(e.at[0].change, 5);
    free(e.at);
}

static void test_bound_branches_store_events_only_with_behavior(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;

    with_windows(&p, 0, 0);
    hpa_init(&h, &p);
    hpa_on_scaled(&h, 5, 30, 10);
    assert_int_equal(h.downs.at[0].change, 20);
    p.has_behavior = false;
    hpa_on_scaled(&h, 6, 10, 30);
    assert_int_equal(h.ups.n, 0);
    hpa_free(&h);
}

static void copy(struct hpa *to, const struct hpa *from)
{
    hpa_init(to, from->p);
    to->has_log = from->has_log;
    to->status = from->status;
    for (size_t i = 0; i < from->n_log; i++)
        hpa_log(to, INT64_MAX / 2, 0); /* never old: appends */
    memcpy(to->log, from->log, from->n_log * sizeof *from->log);
    for (size_t i = 0; i < from->ups.n; i++)
        hpa_events_store(&to->ups, &from->p->up, INT64_MAX / 2, 1);
    for (size_t i = 0; i < from->downs.n; i++)
        hpa_events_store(&to->downs, &from->p->down, INT64_MAX / 2, 1);
    for (size_t i = 0; i < from->ups.n; i++)
        to->ups.at[i] = from->ups.at[i];
    for (size_t i = 0; i < from->downs.n; i++)
        to->downs.at[i] = from->downs.at[i];
}

static void same_log(const struct hpa *a, const struct hpa *b)
{
    assert_int_equal(a->n_log, b->n_log);
    for (size_t i = 0; i < a->n_log; i++) {
        assert_int_equal(a->log[i].at_us, b->log[i].at_us);
        assert_int_equal(a->log[i].replicas, b->log[i].replicas);
    }
}

static void test_repeated_logging_fills_the_same_slots(void **state)
{
    (void)state;
    uint64_t x = 1;

    for (int round = 0; round < 400; round++) {
        struct hpa_params p;
        struct hpa a, b;
        sim_us t = 0, step = 1 + draw(&x, 20);
        with_windows(&p, draw(&x, 30), draw(&x, 100));
        hpa_init(&a, &p);
        for (uint32_t i = draw(&x, 30) + 1; i > 0; i--) {
            hpa_log(&a, t, (int32_t)draw(&x, 50));
            t += draw(&x, 4) == 0 ? draw(&x, 150) : draw(&x, 12);
        }
        copy(&b, &a);
        uint32_t n = draw(&x, 600);
        hpa_log_repeat(&a, t, step, n, 7);
        for (uint32_t i = 0; i < n; i++)
            hpa_log(&b, t + i * step, 7);
        same_log(&a, &b);
        hpa_free(&a);
        hpa_free(&b);
    }
}

static struct hpa_params random_params(uint64_t *x)
{
    struct hpa_params p;

    with_windows(&p, draw(x, 3) * 40 * S, draw(x, 4) * 100 * S);
    p.has_behavior = draw(x, 3) > 0;
    p.kubernetes_minor = 32 + draw(x, 4);
    p.min = draw(x, 3);
    p.max = 12 + draw(x, 20);
    p.up.policies[0].period_us = (1 + draw(x, 90)) * S;
    p.down.policies[0] =
        (struct hpa_policy){draw(x, 2) ? HPA_PODS : HPA_PERCENT,
                            1 + (int32_t)draw(x, 30), (1 + draw(x, 120)) * S};
    p.up.select = (enum hpa_select)draw(x, 3);
    p.down.select = (enum hpa_select)draw(x, 3);
    return p;
}

/* Some history in which the load jumps about. */
static sim_us live(struct hpa *h, uint64_t *x, struct hpa_reading *r)
{
    sim_us t = 0;

    *r = (struct hpa_reading){.spec = 5, .status = 5, .metrics = {{true, 0}}};
    for (uint32_t i = 20 + draw(x, 60); i > 0; i--, t += 15050 * US_PER_MS) {
        if (draw(x, 3) == 0)
            r->metrics[0].usage_milli = 250 * (int64_t)draw(x, 120);
        r->metrics[0].ok = draw(x, 10) > 0;
        struct hpa_decision d = hpa_on_sync(h, t, r);
        if (d.write)
            hpa_on_scaled(h, t + 1000, r->spec, d.desired);
        r->spec = r->status = d.desired;
    }
    return t;
}

static void same_decision(const struct hpa_decision *a,
                          const struct hpa_decision *b)
{
    assert_int_equal(a->proposal, b->proposal);
    assert_int_equal(a->stabilized, b->stabilized);
    assert_int_equal(a->desired, b->desired);
    assert_int_equal(a->conditions.able, b->conditions.able);
    assert_int_equal(a->conditions.active, b->conditions.active);
    assert_int_equal(a->conditions.limited, b->conditions.limited);
}

/* Executes what `a` skips on a copy. Returns whether there was anything. */
static bool check_idle(struct hpa *a, sim_us t, const struct hpa_reading *r)
{
    sim_us step = 15050 * US_PER_MS;
    sim_us until = hpa_idle_until(a, t, r);
    struct hpa b;

    if (until <= t)
        return false;
    uint64_t n = 300;
    if (until != SIM_NEVER && (uint64_t)((until - t - 1) / step) + 1 < n)
        n = (uint64_t)((until - t - 1) / step) + 1;
    copy(&b, a);
    struct hpa_decision first = {0};
    for (uint64_t i = 0; i < n; i++) {
        struct hpa_decision d = hpa_on_sync(&b, t + (sim_us)i * step, r);
        assert_false(d.write);
        assert_false(d.status);
        if (i == 0)
            first = d;
        same_decision(&d, &first);
    }
    hpa_on_idle(a, t, step, n, r);
    same_log(a, &b);
    hpa_free(&b);
    return true;
}

static void test_skipped_reconciles_leave_what_executed_ones_do(void **state)
{
    (void)state;
    uint64_t x = 5;
    int n_idle = 0;

    for (int round = 0; round < 600; round++) {
        struct hpa_params p = random_params(&x);
        struct hpa h;
        struct hpa_reading r;
        hpa_init(&h, &p);
        sim_us t = live(&h, &x, &r);
        for (uint32_t i = draw(&x, 8) + 1; i > 0; i--, t += 15050 * US_PER_MS) {
            struct hpa_decision d = hpa_on_sync(&h, t, &r);
            if (d.write)
                hpa_on_scaled(&h, t + 1000, r.spec, d.desired);
            r.spec = r.status = d.desired;
        }
        n_idle += check_idle(&h, t, &r);
        hpa_free(&h);
    }
    assert_true(n_idle > 150); /* else the test shows nothing */
}

static void test_a_hold_ends_when_the_last_high_leaves_the_window(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;
    struct hpa_reading r = {.spec = 9, .status = 9, .metrics = {{true, 9000}}};

    with_windows(&p, 0, 300 * S);
    hpa_init(&h, &p);
    assert_int_equal(hpa_idle_until(&h, 0, &r), 0); /* no log yet */
    hpa_on_sync(&h, 0, &r);
    hpa_on_sync(&h, 20 * S, &r);
    r.metrics[0].usage_milli = 3000;
    assert_int_equal(hpa_idle_until(&h, 35 * S, &r), 35 * S); /* status */
    hpa_on_sync(&h, 35 * S, &r);
    assert_int_equal(hpa_idle_until(&h, 50 * S, &r), 320 * S);
    r.metrics[0].usage_milli = 9000;
    hpa_on_sync(&h, 50 * S, &r);
    assert_true(hpa_idle_until(&h, 65 * S, &r) == SIM_NEVER);
    r.metrics[0].ok = false;
    hpa_on_sync(&h, 65 * S, &r);
    assert_true(hpa_idle_until(&h, 80 * S, &r) == SIM_NEVER);
    hpa_free(&h);
}

static void test_no_write_is_idle(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;
    struct hpa_reading r = {.spec = 4, .status = 4, .metrics = {{true, 9000}}};

    with_windows(&p, 0, 300 * S);
    hpa_init(&h, &p);
    assert_true(hpa_on_sync(&h, 0, &r).write);
    hpa_on_write_failed(&h);
    assert_int_equal(hpa_idle_until(&h, 15 * S, &r), 15 * S);
    hpa_free(&h);
}

static void test_log_keeps_the_longer_of_both_windows(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;

    with_windows(&p, 60 * S, 20 * S);
    hpa_init(&h, &p);
    hpa_log(&h, 0, 1);
    hpa_log(&h, 30 * S, 2); /* age 30: out of one window only */
    assert_int_equal(h.n_log, 2);
    hpa_free(&h);
}

/* Without behavior an entry of age exactly 300 s still counts. */
static void test_a_hold_without_behavior_lasts_a_tick_longer(void **state)
{
    (void)state;
    struct hpa_params p;
    struct hpa h;
    struct hpa_reading r = {.spec = 9, .status = 9, .metrics = {{true, 9000}}};

    hpa_defaults(&p);
    p.n_metrics = 1;
    p.metrics[0].target_milli = 1000;
    hpa_init(&h, &p);
    hpa_on_sync(&h, 20 * S, &r);
    r.metrics[0].usage_milli = 3000;
    hpa_on_sync(&h, 35 * S, &r);
    assert_int_equal(hpa_idle_until(&h, 50 * S, &r), 320 * S + 1);
    hpa_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_overwrites_the_last_slot_that_is_too_old),
        cmocka_unit_test(test_first_entry_dates_from_the_reading_of_the_scale),
        cmocka_unit_test(test_log_without_behavior_keeps_the_flag_s_window),
        cmocka_unit_test(test_event_slots_follow_their_own_longest_period),
        cmocka_unit_test(test_stale_event_counts_until_it_is_overwritten),
        cmocka_unit_test(test_stale_flag_stays_when_the_period_grows),
        cmocka_unit_test(test_bound_branches_store_events_only_with_behavior),
        cmocka_unit_test(test_repeated_logging_fills_the_same_slots),
        cmocka_unit_test(test_skipped_reconciles_leave_what_executed_ones_do),
        cmocka_unit_test(test_a_hold_ends_when_the_last_high_leaves_the_window),
        cmocka_unit_test(test_no_write_is_idle),
        cmocka_unit_test(test_log_keeps_the_longer_of_both_windows),
        cmocka_unit_test(test_a_hold_without_behavior_lasts_a_tick_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
