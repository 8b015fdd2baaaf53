/* How the scaler reads the balancer when something is wrong with either. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

static struct fault fault_of(enum fault_kind kind, double at_s, double until_s)
{
    return (struct fault){.kind = kind,
                          .at_us = S(at_s),
                          .until_us = S(until_s),
                          .gap_us = S(until_s - at_s),
                          .pool = NO_INDEX};
}

/* A pool of two that gets two builds at 60 s, on a KEDA of that version: with
 * half a build a pod it grows to its maximum of four.
 */
static struct watch burst(struct fixture *f, uint32_t minor,
                          struct fault *faults, size_t n)
{
    f->pools[0].keda.minor = minor;
    f->pools[0].keda.triggers[0].target = 0.5;
    f->pools[0].hpa.metrics[0].target_milli = 500;
    for (int i = 0; i < 2; i++)
        fixture_build(f, 0, 0, 60.0, 900.0);
    f->p.faults = faults;
    f->p.n_faults = n;
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, 0);
    system_free(s);
    fixture_free(f);
    return w;
}

static sim_us first_scale_us(uint32_t minor, struct fault *faults, size_t n)
{
    struct fixture f;

    fixture_init(&f, 1, 2, 4);
    struct watch w = burst(&f, minor, faults, n);
    sim_us at_us = watch_from(&w, NOTE_SCALE, S(60.0))->at_us;
    watch_free(&w);
    return at_us;
}

/* The write comes 20 ms after the metric. */
static void test_a_slow_get_delays_the_decision_by_its_time(void **state)
{
    sim_us alone_us = first_scale_us(20, NULL, 0);
    struct fault slow = fault_of(FAULT_METRICS_SLOW, 0.0, 10000.0);
    (void)state;

    slow.at_us = alone_us - S(0.02);
    slow.latency_us = S(1.25);
    assert_int_equal(first_scale_us(20, &slow, 1), alone_us + S(1.25));
}

/* A GET that takes its 3 s fails, and so does the second. */
static void test_a_get_that_hangs_is_lost(void **state)
{
    struct fault slow = fault_of(FAULT_METRICS_SLOW, 50.0, 400.0);
    (void)state;

    for (int i = 0; i < 2; i++) {
        slow.latency_us = i * S(3.0);
        sim_us at_us = first_scale_us(20, &slow, 1);
        /* A sync each 15 s from the end of the last; 6 s and 70 ms of it. */
        assert_true(at_us >= S(400.0) && at_us <= S(421.1));
    }
}

/* On average a quarter of the evaluations finds both GETs failing. */
static void test_an_evaluation_fails_with_p_squared(void **state)
{
    struct fault flaky = fault_of(FAULT_METRICS_FLAKY, 0.0, 15000.0);
    size_t n_lost = 0;
    (void)state;

    flaky.frac = 0.5;
    for (uint64_t i = 0; i < 4; i++) {
        struct fixture f;
        fixture_init(&f, 1, 2, 2);
        f.p.settle_us = S(14999.0);
        f.p.faults = &flaky;
        f.p.n_faults = 1;
        fixture_build(&f, 0, 0, 1.0, 10.0);
        struct system *s = fixture_system(&f);
        struct watch w = watch_run(s, i);
        n_lost += watch_count(&w, NOTE_METRIC_LOST);
        watch_free(&w);
        system_free(s);
        fixture_free(&f);
    }
    /* 4 x 15000 s / 15.055 s = 3985; 4 standard errors are 0.0275. */
    assert_in_range(n_lost, 887, 1105); /* 3985 * 0.2225 to 3985 * 0.2775 */
}

static void test_certain_failure_is_no_metric_at_all(void **state)
{
    struct fault flaky = fault_of(FAULT_METRICS_FLAKY, 50.0, 400.0);
    struct fault down = fault_of(FAULT_METRICS_DOWN, 50.0, 400.0);
    (void)state;

    flaky.frac = 1.0;
    assert_int_equal(first_scale_us(20, &flaky, 1),
                     first_scale_us(20, &down, 1));
}

/* The adapter holds the query until there is an operator. From 2.20 it hears
 * of it at once, before it looks each half second.
 */
static void test_a_query_waits_for_its_operator(void **state)
{
    struct fault restart = fault_of(FAULT_KEDA_RESTART, 100.0, 140.0);
    struct fault down = fault_of(FAULT_METRICS_DOWN, 59.0, 100.0);
    struct fault both[] = {down, restart};
    (void)state;

    assert_int_equal(first_scale_us(20, both, 2), S(140.02));
    sim_us at_us = first_scale_us(17, both, 2);
    assert_true(at_us > S(140.02) && at_us < S(140.52));
    assert_int_equal(first_scale_us(19, both, 2), at_us);
}

/* Away for 100 s: the first query in it fails after 60 s, the next waits. */
static void test_a_query_waits_for_a_minute_at_most(void **state)
{
    struct fault faults[] = {fault_of(FAULT_METRICS_DOWN, 59.0, 100.0),
                             fault_of(FAULT_KEDA_RESTART, 100.0, 200.0)};
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 4);
    struct watch w = burst(&f, 20, faults, 2);
    const struct note *lost = watch_from(&w, NOTE_METRIC_LOST, S(100.0));
    assert_true(lost->at_us >= S(100.0) && lost->at_us <= S(115.06));
    assert_int_equal(watch_from(&w, NOTE_SCALE, 0)->at_us, S(200.02));
    watch_free(&w);
}

/* An operator that comes at the deadline comes too late. */
static void test_a_wait_of_a_whole_minute_is_too_long(void **state)
{
    struct fault restart = fault_of(FAULT_KEDA_RESTART, 0.0, 0.0);
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 4);
    struct fault down = fault_of(FAULT_METRICS_DOWN, 50.0, 100.0);
    struct watch w = burst(&f, 20, &down, 1);
    sim_us query_us = watch_from(&w, NOTE_SCALE, 0)->at_us - S(0.02);
    watch_free(&w);
    restart.at_us = query_us - 1;
    restart.until_us = query_us + S(60.0);
    struct fault faults[] = {down, restart};
    fixture_init(&f, 1, 2, 4);
    w = burst(&f, 20, faults, 2);
    assert_int_equal(watch_from(&w, NOTE_METRIC_LOST, S(100.0))->at_us,
                     query_us);
    watch_free(&w);
    faults[1].until_us--;
    assert_int_equal(first_scale_us(20, faults, 2), query_us + S(60.02) - 1);
}

/* Before 2.17 a failed poll writes the fallback's size by itself. */
static void test_the_first_poll_may_find_no_scaler(void **state)
{
    (void)state;

    for (uint32_t minor = 16; minor <= 17; minor++)
        for (int sure = 0; sure < 2; sure++) {
            struct fixture f;
            fixture_init(&f, 1, 2, 4);
            f.pools[0].keda.has_fallback = true;
            f.pools[0].keda.fallback_threshold = 3;
            f.pools[0].keda.fallback_replicas = 5;
            f.pools[0].keda.race_frac = sure;
            struct watch w = burst(&f, minor, NULL, 0);
            const struct note *n = watch_from(&w, NOTE_SCALE, 0);
            bool jumps = sure && minor == 16;
            assert_true((n->at_us < S(30.0)) == jumps);
            assert_int_equal(n->b, jumps ? 5 : 4);
            watch_free(&w);
        }
}

/* Threshold 3: the fourth failed sync gives the fallback's value, from 2.19 on
 * the third, since a poll has counted meanwhile. The pool of 2 gets 4.
 */
static void falls_back(uint32_t minor, double least_s, double most_s)
{
    struct fault down = fault_of(FAULT_METRICS_DOWN, 100.0, 1000.0);
    struct fixture f;

    fixture_init(&f, 1, 2, 4);
    f.pools[0].keda.has_fallback = true;
    f.pools[0].keda.fallback_threshold = 3;
    f.pools[0].keda.fallback_replicas = 4;
    f.pools[0].keda.minor = minor;
    fixture_build(&f, 0, 0, 2000.0, 10.0);
    f.p.faults = &down;
    f.p.n_faults = 1;
    for (uint64_t i = 0; i < 10; i++) {
        struct system *s = fixture_system(&f);
        struct watch w = watch_run(s, i);
        const struct note *n = watch_from(&w, NOTE_SCALE, 0);
        assert_int_equal(n->b, 4);
        assert_true(n->at_us > S(100.0 + least_s));
        assert_true(n->at_us < S(100.0 + most_s));
        watch_free(&w);
        system_free(s);
    }
    fixture_free(&f);
}

static void test_the_fallback_comes_with_its_failures(void **state)
{
    (void)state;
    falls_back(17, 45.0, 60.3);
    falls_back(18, 45.0, 60.3);
    falls_back(19, 30.0, 45.3);
}

/* Five attempts from 1.34, one before; the first reconcile after the end of
 * the conflicts writes.
 */
static void test_a_write_that_conflicts_is_made_up_for(void **state)
{
    struct fault conflicts = fault_of(FAULT_API_CONFLICTS, 50.0, 400.0);
    (void)state;

    for (uint32_t minor = 33; minor <= 34; minor++) {
        struct fixture f;
        fixture_init(&f, 1, 2, 4);
        f.pools[0].hpa.kubernetes_minor = minor;
        struct watch w = burst(&f, 16, &conflicts, 1);
        sim_us at_us = watch_from(&w, NOTE_SCALE, 0)->at_us;
        assert_true(at_us >= S(400.0) && at_us <= S(415.3));
        watch_free(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_slow_get_delays_the_decision_by_its_time),
        cmocka_unit_test(test_a_get_that_hangs_is_lost),
        cmocka_unit_test(test_an_evaluation_fails_with_p_squared),
        cmocka_unit_test(test_certain_failure_is_no_metric_at_all),
        cmocka_unit_test(test_a_query_waits_for_its_operator),
        cmocka_unit_test(test_a_query_waits_for_a_minute_at_most),
        cmocka_unit_test(test_a_wait_of_a_whole_minute_is_too_long),
        cmocka_unit_test(test_the_first_poll_may_find_no_scaler),
        cmocka_unit_test(test_the_fallback_comes_with_its_failures),
        cmocka_unit_test(test_a_write_that_conflicts_is_made_up_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
