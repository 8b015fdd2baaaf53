/* What the real KEDA is given of a pool: here the model plays it. */
#define _GNU_SOURCE
#include "sim/upstream/real_keda.h"
#include "tests/real_loop_rig.h"

#include <signal.h>

/* From 00:15 to 00:30 on 1 January, which begins 0.25 s before the history; the
 * programs' clocks cannot stand in 1970.
 */
static void test_cron_triggers_act_on_the_calendar(void **state)
{
    struct fixture f;
    struct err e;

    (void)state;
    init(&f);
    struct keda_params *k = &f.pools[0].keda;
    struct keda_trigger *t = &k->triggers[k->n_triggers++];
    keda_trigger_defaults(t);
    t->kind = KEDA_CRON;
    t->cron_replicas = 6;
    assert_int_equal(
        keda_cron_parse(&t->cron, "15 * 1 1 *", "30 * 1 1 *", "UTC", &e),
        ERR_OK);
    k->origin_us = 250 * US_PER_MS;
    f.pools[0].hpa.metrics[f.pools[0].hpa.n_metrics++].target_milli = 1000;
    struct driven d = drive(&f, "");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 0);
}

static void make_newer(struct fixture *f)
{
    for (uint32_t i = 0; i < 2; i++) {
        f->pools[i].keda.minor = 20;
        f->pools[i].keda.patch = 2;
    }
}

/* Who asks after a restart finds no record, even before the first poll. */
static void test_cached_records_end_with_the_operator(void **state)
{
    struct fault restart = {.kind = FAULT_KEDA_RESTART,
                            .at_us = S(300.0),
                            .until_us = S(347.0),
                            .pool = NO_INDEX};
    struct fixture f;

    (void)state;
    init(&f);
    make_newer(&f);
    for (uint32_t i = 0; i < 2; i++)
        f.pools[i].keda.triggers[0].use_cached = true;
    f.p.faults = &restart;
    f.p.n_faults = 1;
    struct driven d = drive_as(&f, &newer, "newer");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 0);
}

/* From 2.18. */
static void test_a_fallback_of_type_value_counts_ready_pods(void **state)
{
    struct fault down = {.kind = FAULT_METRICS_DOWN,
                         .at_us = S(70.0),
                         .until_us = S(400.0),
                         .pool = NO_INDEX};
    struct fixture f;

    (void)state;
    init(&f);
    make_newer(&f);
    for (uint32_t i = 0; i < 2; i++) {
        f.pools[i].keda.triggers[0].is_value = true;
        f.pools[i].keda.has_fallback = true;
        f.pools[i].keda.fallback_threshold = 1;
        f.pools[i].keda.fallback_replicas = 23;
    }
    f.p.faults = &down;
    f.p.n_faults = 1;
    struct driven d = drive_as(&f, &newer, "newer");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 0);
}

static void test_a_failed_read_of_cached_metrics_is_refused(void **state)
{
    struct fault fault = {
        .kind = FAULT_METRICS_DOWN, .at_us = S(9.0), .until_us = S(70.0)};
    struct real_loop *l;
    struct fixture f;
    struct err e;

    (void)state;
    init(&f);
    f.pools[1].keda.triggers[0].use_cached = true;
    f.p.faults = &fault;
    f.p.n_faults = 1;
    fault.pool = 0; /* the other one */
    assert_null(real_keda_refuses(&f.p, 1));
    fault.pool = 1;
    assert_int_equal(real_loop_open(&l, &f.p, &fakes, NULL, &e), ERR_INPUT);
    assert_memory_equal(e.msg,
                        "pool pool1 cannot be driven: with useCachedMetrics "
                        "what follows a failed read is chance",
                        86);
    fixture_free(&f);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cron_triggers_act_on_the_calendar),
        cmocka_unit_test(test_cached_records_end_with_the_operator),
        cmocka_unit_test(test_a_fallback_of_type_value_counts_ready_pods),
        cmocka_unit_test(test_a_failed_read_of_cached_metrics_is_refused),
    };

    if (fake_driver_wanted(argc, argv))
        return fake_driver_main();
    signal(SIGPIPE, SIG_IGN); /* a driver that died */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
