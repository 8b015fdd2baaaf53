#include "tests/run_rig.h"

#include <jansson.h>

static void test_the_summary_has_the_stable_keys(void **state)
{
    static const char *const keys[] = {"builds",
                                       "served",
                                       "gave_up",
                                       "killed",
                                       "cut",
                                       "timed_out",
                                       "unfinished",
                                       "attempts_max",
                                       "wait_s",
                                       "demand_peak",
                                       "demand_mean",
                                       "sessions_peak",
                                       "queue_peak",
                                       "replicas_peak",
                                       "ready_peak",
                                       "nodes_peak",
                                       "pod_hours",
                                       "node_hours",
                                       "cost_usd",
                                       "idle_frac",
                                       "cold_frac",
                                       "pods_started",
                                       "reachable_peak",
                                       "left",
                                       "oracle_cost_usd",
                                       "regretted_removals_per_day"};
    struct rig x;
    (void)state;

    init(&x);
    judge(&x);
    x.r.wall_s = 12.5; /* differs from run to run */
    json_t *o = json_loads(written(&x, out_summary), 0, NULL);
    assert_non_null(o);
    assert_int_equal(json_integer_value(json_object_get(o, "schema")), 1);
    assert_int_equal(json_integer_value(json_object_get(o, "seed")), 1);
    const json_t *pool = json_object_get(json_object_get(o, "pools"), "pool0");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        assert_non_null(json_object_get(pool, keys[i]));
    assert_null(json_object_get(pool, "half_width"));
    const json_t *totals = json_object_get(o, "totals");
    assert_close(json_real_value(json_object_get(totals, "wall_s")), 0.0, 0.0);
    assert_close(json_real_value(json_object_get(totals, "cost_usd")), 8123.0,
                 0.0);
    assert_int_equal(json_integer_value(json_object_get(totals, "builds")),
                     4120);
    assert_int_equal(json_integer_value(json_object_get(totals, "events")),
                     12345);
    assert_true(
        json_is_null(json_object_get(json_object_get(o, "verdict"), "met")));
    json_decref(o);
    done(&x);
}

static void test_a_figure_without_meaning_is_null(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    judge(&x);
    x.figures[0].at[FIG_GAP_CLOSED] = NAN;
    x.figures[0].at[FIG_CHURN] = 16.0;
    json_t *o = json_loads(written(&x, out_summary), 0, NULL);
    const json_t *pool = json_object_get(json_object_get(o, "pools"), "pool0");
    const json_t *fixed = json_object_get(pool, "static");
    assert_true(json_is_null(json_object_get(fixed, "gap_closed")));
    const json_t *flap = json_object_get(pool, "flap");
    assert_int_equal(json_integer_value(json_object_get(flap, "churn")), 16);
    json_decref(o);
    assert_has(written(&x, put_report), "| gap closed between the two | - |");
    done(&x);
}

static void test_timing_is_written_on_request(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    judge(&x);
    x.o.timing = true;
    x.r.wall_s = 12.5;
    assert_has(written(&x, out_summary), "\"wall_s\": 12.5");
    done(&x);
}

static void test_several_replications_have_half_widths(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.results.n_reps = 2;
    x.figures[0].at[FIG_SERVED] = 7.0;
    x.figures[2].at[FIG_SERVED] = 8.0;
    judge(&x);
    json_t *o = json_loads(written(&x, out_summary), 0, NULL);
    const json_t *pool = json_object_get(json_object_get(o, "pools"), "pool0");
    assert_close(json_real_value(json_object_get(pool, "served")), 7.5, 0.0);
    const json_t *half = json_object_get(pool, "half_width");
    /* t(0.975, 1) = 12.7062 times sqrt(1/2) / sqrt(2) */
    assert_close(json_real_value(json_object_get(half, "served")), 6.3531,
                 1e-4);
    json_decref(o);
    done(&x);
}

static void test_builds_are_listed_with_their_times(void **state)
{
    struct build_result builds[2] = {
        {.first_dial_us = 0,
         .waited_us = us_from_s(1.25),
         .served_us = us_from_s(1.5),
         .end_us = us_from_s(101.5),
         .attempts = 2,
         .dials = 9,
         .pod = 3,
         .node = 1,
         .end = END_SERVED,
         .counted = true,
         .cold = true},
        {.first_dial_us = us_from_s(3600.0),
         .served_us = SIM_NEVER,
         .end_us = us_from_s(3700.0),
         .attempts = 1,
         .dials = 5,
         .pod = NO_INDEX,
         .node = NO_INDEX,
         .end = END_GAVE_UP},
    };
    struct rig x;
    (void)state;

    init(&x);
    x.r.log.builds = builds;
    x.r.log.n_builds = 2;
    x.f.t.builds[0].name = strings_add(&x.f.t.strings, "=1+1", 4);
    x.r.scenario.trace = x.f.t;
    assert_string_equal(
        written(&x, out_builds),
        "build,run,pool,caller,name,outcome,asked_at,first_dial_at,served_at,"
        "done_at,wait_s,attempts,dials,pod,node,start,counted\n"
        ",,pool0,caller0,'=1+1,served,0.000000,0.000000,1.500000,101.500000,"
        "1.250000,2,9,3,1,cold,yes\n"
        ",,pool1,caller0,,gave_up,3600.000000,3600.000000,,3700.000000,"
        "0.000000,1,5,,,,no\n");
    done(&x);
}

static void test_the_timeline_names_every_level(void **state)
{
    struct timeline_row row = {
        .at_us = us_from_s(2.25),
        .pool = 1,
        .state = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12},
        .usd_per_h = 5.6952,
    };
    struct rig x;
    (void)state;

    init(&x);
    x.r.log.rows = &row;
    x.r.log.n_rows = 1;
    assert_string_equal(
        written(&x, out_timeline),
        "at,pool,demand,waiting,running,sessions,queue,wanted,pending,"
        "starting,ready,draining,reachable,nodes,usd_per_h\n"
        "2.250000,pool1,1,2,3,4,5,6,7,8,9,10,11,12,5.6952\n");
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_summary_has_the_stable_keys),
        cmocka_unit_test(test_a_figure_without_meaning_is_null),
        cmocka_unit_test(test_timing_is_written_on_request),
        cmocka_unit_test(test_several_replications_have_half_widths),
        cmocka_unit_test(test_builds_are_listed_with_their_times),
        cmocka_unit_test(test_the_timeline_names_every_level),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
