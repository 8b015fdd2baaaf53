/* The JSON-lines tools: whole answers, whole messages. */
#include "sim/app/decide.h"
#include "sim/app/json_lines.h"
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

typedef int (*tool)(FILE *, const char *, FILE *, struct err *);

/* Output of a tool for some input; to be freed. */
static char *run_tool(tool run, const char *input, int *rc, struct err *e)
{
    char *text = NULL;
    size_t n = 0;
    FILE *in = fmemopen((char *)input, strlen(input), "r");
    FILE *out = open_memstream(&text, &n);

    e->msg[0] = '\0';
    *rc = run(in, "<stdin>", out, e);
    fclose(in);
    fclose(out);
    return text;
}

static void answers(tool run, const char *input, const char *output)
{
    struct err e;
    int rc;
    char *text = run_tool(run, input, &rc, &e);

    assert_string_equal(e.msg, "");
    assert_int_equal(rc, ERR_OK);
    assert_string_equal(text, output);
    free(text);
}

static void refuses(tool run, const char *input, const char *message)
{
    struct err e;
    int rc;
    char *text = run_tool(run, input, &rc, &e);

    assert_string_equal(e.msg, message);
    assert_int_equal(rc, ERR_INPUT);
    free(text);
}

#define HEAD                                                                   \
    "{\"kubernetes\":\"1.34\",\"specReplicas\":20,\"statusReplicas\":20,"      \
    "\"minReplicas\":2,\"maxReplicas\":40"
#define METRIC ",\"targetMilli\":1000,\"metricMilli\":[30000]"

static void test_hpa_answers_whole_without_behavior(void **state)
{
    (void)state;
    answers(decide_hpa, "\n" HEAD METRIC ",\"recommendations\":[[7,10]]}\n",
            "{\"proposal\":30,\"stabilized\":30,\"desired\":30,"
            "\"averageMilli\":1500,\"scalingLimited\":\"DesiredWithinRange\","
            "\"ableToScale\":\"SucceededRescale\","
            "\"scalingActive\":\"ValidMetricFound\","
            "\"recommendationsAfter\":[[7,10],[30,0]],"
            "\"scaleUpEventsAfter\":[],\"scaleDownEventsAfter\":[],"
            "\"effectiveBehavior\":null}\n");
}

static void test_hpa_shows_events_and_effective_behavior(void **state)
{
    (void)state;
    answers(
        decide_hpa,
        HEAD ",\"proposal\":4,\"recommendations\":[[20,300],[5,60.2]],"
             "\"scaleDownEvents\":[[2,60.2],[3,15.5,true]],"
             "\"behavior\":{\"scaleDown\":{\"policies\":[{\"type\":\"Pods\","
             "\"value\":2,\"periodSeconds\":60}]}}}",
        "{\"proposal\":4,\"stabilized\":5,\"desired\":20,"
        "\"averageMilli\":null,\"scalingLimited\":\"ScaleDownLimit\","
        "\"ableToScale\":\"ScaleDownStabilized\","
        "\"scalingActive\":\"ValidMetricFound\","
        "\"recommendationsAfter\":[[20,300],[5,60.2],[4,0]],"
        "\"scaleUpEventsAfter\":[],"
        "\"scaleDownEventsAfter\":[[2,60.2],[3,15.5,true]],"
        "\"effectiveBehavior\":{\"scaleUp\":{"
        "\"stabilizationWindowSeconds\":0,\"selectPolicy\":\"Max\","
        "\"policies\":[{\"type\":\"Pods\",\"value\":4,\"periodSeconds\":15},"
        "{\"type\":\"Percent\",\"value\":100,\"periodSeconds\":15}]},"
        "\"scaleDown\":{\"stabilizationWindowSeconds\":null,"
        "\"selectPolicy\":\"Max\",\"policies\":[{\"type\":\"Pods\","
        "\"value\":2,\"periodSeconds\":60}]}}}\n");
}

static void test_hpa_starts_a_log_and_freezes_on_error(void **state)
{
    (void)state;
    const char *frozen =
        "{\"proposal\":null,\"stabilized\":null,\"desired\":20,"
        "\"averageMilli\":null,\"scalingLimited\":null,"
        "\"ableToScale\":\"SucceededGetScale\","
        "\"scalingActive\":\"FailedGetExternalMetric\","
        "\"recommendationsAfter\":[[20,0]],\"scaleUpEventsAfter\":[],"
        "\"scaleDownEventsAfter\":[],\"effectiveBehavior\":null}\n";

    answers(decide_hpa, HEAD ",\"targetMilli\":1000,\"metricMilli\":\"error\"}",
            frozen);
    answers(decide_hpa, HEAD ",\"targetMilli\":1000,\"metricMilli\":[]}",
            frozen);
}

static void test_hpa_needs_no_metric_beyond_a_bound(void **state)
{
    (void)state;
    answers(decide_hpa,
            "{\"kubernetes\":\"1.34\",\"specReplicas\":41,"
            "\"statusReplicas\":41,\"minReplicas\":2,\"maxReplicas\":40,"
            "\"recommendations\":[]}",
            "{\"proposal\":null,\"stabilized\":null,\"desired\":40,"
            "\"averageMilli\":null,\"scalingLimited\":null,"
            "\"ableToScale\":\"SucceededRescale\",\"scalingActive\":null,"
            "\"recommendationsAfter\":[],\"scaleUpEventsAfter\":[],"
            "\"scaleDownEventsAfter\":[],\"effectiveBehavior\":null}\n");
}

static void test_hpa_tolerance_by_flag_and_by_behavior(void **state)
{
    (void)state;
    struct err e;
    int rc;
    char *text = run_tool(
        decide_hpa,
        HEAD ",\"targetMilli\":1000,\"metricMilli\":[20000,1000],"
             "\"tolerance\":{\"up\":0.04}}\n"
             "{\"kubernetes\":\"1.35.2\",\"specReplicas\":20,"
             "\"statusReplicas\":20,\"minReplicas\":2,\"maxReplicas\":40,"
             "\"targetMilli\":1000,\"metricMilli\":[21000],"
             "\"behavior\":{\"scaleUp\":{\"tolerance\":\"50m\"}}}",
        &rc, &e);

    assert_int_equal(rc, ERR_OK);
    assert_non_null(strstr(text, "{\"proposal\":21,"));
    assert_non_null(strstr(text, "{\"proposal\":20,")); /* 1.05 is inside */
    assert_non_null(strstr(text, "\"tolerance\":0.05}"));
    free(text);
}

static void test_hpa_refuses_with_the_line(void **state)
{
    (void)state;
    refuses(decide_hpa, HEAD METRIC "}\n[1]\n",
            "<stdin>:2: a JSON object is needed");
    refuses(decide_hpa, "\n\n{\"specReplicas\":1}",
            "<stdin>:3: \"kubernetes\" is missing");
    refuses(decide_hpa, "{\"a\":1,\"a\":2}",
            "<stdin>:1: column 10: duplicate object key near '\"a\"'");
    refuses(decide_hpa, HEAD "}",
            "<stdin>:1: \"targetMilli\" and \"metricMilli\", or \"proposal\", "
            "are missing");
    refuses(decide_hpa, HEAD METRIC ",\"behaviour\":{}}",
            "<stdin>:1: unknown field \"behaviour\"; did you mean "
            "\"behavior\"?");
    refuses(decide_hpa, HEAD ",\"targetMilli\":0,\"metricMilli\":[1]}",
            "<stdin>:1: \"targetMilli\" must be a whole number from 1 to "
            "9223372036854775807");
    refuses(decide_hpa, HEAD ",\"targetMilli\":1,\"metricMilli\":[1.5]}",
            "<stdin>:1: \"metricMilli\" must be a list of whole numbers or "
            "\"error\"");
    refuses(decide_hpa, HEAD METRIC ",\"recommendations\":[[1,2,true]]}",
            "<stdin>:1: \"recommendations\" must be a list of [replicas, "
            "ageSeconds]");
    refuses(decide_hpa, HEAD METRIC ",\"scaleUpEvents\":[[0,2]]}",
            "<stdin>:1: \"scaleUpEvents\" must be a list of [change, "
            "ageSeconds] or [change, ageSeconds, stale]");
    refuses(decide_hpa,
            "{\"kubernetes\":\"2.1\",\"specReplicas\":1,"
            "\"statusReplicas\":1,\"minReplicas\":1,\"maxReplicas\":2}",
            "<stdin>:1: \"kubernetes\" is \"2.1\"; a version like \"1.18\" is "
            "needed");
    refuses(decide_hpa,
            "{\"kubernetes\":\"1.34\",\"specReplicas\":1,"
            "\"statusReplicas\":1,\"minReplicas\":3,\"maxReplicas\":2}",
            "<stdin>:1: \"maxReplicas\" must be at least 1 and not below "
            "\"minReplicas\"");
}

#define RULES(text) HEAD METRIC ",\"behavior\":{\"scaleUp\":" text "}}"

static void test_behavior_is_checked_as_the_api_does(void **state)
{
    (void)state;
    refuses(decide_hpa, HEAD METRIC ",\"behavior\":[]}",
            "<stdin>:1: \"behavior\" must be an object");
    refuses(decide_hpa, RULES("{\"tolerance\":0.1}"),
            "<stdin>:1: behavior: scaleUp: \"tolerance\" needs Kubernetes "
            "1.35");
    refuses(decide_hpa, RULES("{\"stabilizationWindowSeconds\":3601}"),
            "<stdin>:1: behavior: scaleUp: \"stabilizationWindowSeconds\" "
            "must be a whole number from 0 to 3600");
    refuses(decide_hpa, RULES("{\"selectPolicy\":\"max\"}"),
            "<stdin>:1: behavior: scaleUp: \"selectPolicy\" is \"max\"; it "
            "must be one of Max, Min, Disabled");
    refuses(decide_hpa, RULES("{\"policies\":[]}"),
            "<stdin>:1: behavior: scaleUp: \"policies\" has 0 entries; 1 to "
            "16 are possible");
    refuses(decide_hpa,
            RULES("{\"policies\":[{\"type\":\"Pods\",\"value\":1,"
                  "\"periodSeconds\":1801}]}"),
            "<stdin>:1: behavior: scaleUp: policies[0]: \"periodSeconds\" "
            "must be a whole number from 1 to 1800");
    refuses(decide_hpa, RULES("{\"policies\":[{\"type\":\"Pods\"}]}"),
            "<stdin>:1: behavior: scaleUp: policies[0]: \"value\" is missing");
}

static void test_an_endless_line_is_refused(void **state)
{
    (void)state;
    char *line = malloc(JSON_LINE_MAX + 2);

    assert_non_null(line);
    memset(line, '[', JSON_LINE_MAX + 1);
    line[JSON_LINE_MAX + 1] = '\0';
    refuses(decide_hpa, line, "<stdin>:1: the line is longer than 1 MiB");
    free(line);
}

#define OBJECT                                                                 \
    "{\"kedaVersion\":\"2.16.1\",\"minReplicaCount\":2,\"fallback\":{"         \
    "\"failureThreshold\":1,\"replicas\":5}}\n"

static void test_keda_counts_falls_back_and_jumps(void **state)
{
    (void)state;
    answers(decide_keda,
            OBJECT
            "{\"t\":0,\"who\":\"hpa\",\"result\":7,\"spec\":20}\n"
            "{\"t\":15,\"who\":\"hpa\",\"result\":\"error\",\"spec\":20}\n"
            "{\"t\":20.5,\"who\":\"poll\",\"result\":\"error\"}\n"
            "{\"t\":30,\"who\":\"hpa\",\"result\":\"hang\"}\n",
            "{\"t\":0,\"who\":\"hpa\",\"value\":7000,\"failures\":0,"
            "\"fallback\":false,\"setReplicas\":null,\"gets\":1}\n"
            "{\"t\":15,\"who\":\"hpa\",\"value\":\"error\",\"failures\":1,"
            "\"fallback\":false,\"setReplicas\":null,\"gets\":2}\n"
            "{\"t\":20.5,\"who\":\"poll\",\"value\":\"error\",\"failures\":1,"
            "\"fallback\":true,\"setReplicas\":5,\"gets\":2}\n"
            "{\"t\":30,\"who\":\"hpa\",\"value\":5000,\"failures\":2,"
            "\"fallback\":true,\"setReplicas\":null,\"gets\":2}\n");
}

static void test_keda_takes_a_whole_object_with_two_triggers(void **state)
{
    (void)state;
    answers(decide_keda,
            "{\"kedaVersion\":\"2.20.2\",\"origin\":\"2026-06-09T00:00:00Z\","
            "\"metadata\":{\"annotations\":{\"autoscaling.keda.sh/"
            "paused-scale-out\":\"true\"}},\"spec\":{\"triggers\":[{\"type\":"
            "\"metrics-api\",\"metadata\":{\"targetValue\":\"2\"}},{\"type\":"
            "\"cron\",\"metadata\":{\"timezone\":\"UTC\",\"start\":\"0 8 * * "
            "*\",\"end\":\"0 18 * * *\",\"desiredReplicas\":\"12\"}}]}}\n"
            "{\"t\":28800,\"who\":\"poll\",\"result\":\"error\",\"spec\":0}\n"
            "{\"t\":28801,\"who\":\"hpa\",\"result\":[3.5,0],\"trigger\":1}\n",
            "{\"t\":28800,\"who\":\"poll\",\"value\":[\"error\",12000],"
            "\"failures\":[0,0],\"fallback\":false,\"setReplicas\":null,"
            "\"gets\":2}\n"
            "{\"t\":28801,\"who\":\"hpa\",\"value\":12000,\"failures\":0,"
            "\"fallback\":false,\"setReplicas\":null,\"gets\":0}\n");
}

static void test_keda_refuses_a_bad_object(void **state)
{
    (void)state;
    refuses(decide_keda, "{}", "<stdin>:1: \"kedaVersion\" is missing");
    refuses(decide_keda, "{\"kedaVersion\":\"3.0\"}",
            "<stdin>:1: \"kedaVersion\" is \"3.0\"; a version like \"2.18\" "
            "is needed");
    refuses(decide_keda, "{\"kedaVersion\":\"2.18\",\"minReplicaCount\":200}",
            "<stdin>:1: minReplicaCount is above maxReplicaCount");
    refuses(decide_keda,
            "{\"kedaVersion\":\"2.18\",\"triggers\":[{\"type\":\"kafka\"}]}",
            "<stdin>:1: triggers[0]: \"type\" is \"kafka\"; it must be one "
            "of metrics-api, cron");
    refuses(decide_keda,
            "{\"kedaVersion\":\"2.18\",\"triggers\":[{\"metadata\":"
            "{\"targetValue\":\"many\"}}]}",
            "<stdin>:1: triggers[0]: metadata: \"targetValue\" must be a "
            "number");
    refuses(decide_keda, "{\"kedaVersion\":\"2.18\",\"fallback\":{}}",
            "<stdin>:1: fallback: \"failureThreshold\" is missing");
    refuses(decide_keda,
            "{\"kedaVersion\":\"2.18\",\"spec\":{},\"metadata\":{"
            "\"annotations\":{\"autoscaling.keda.sh/paused\":\"\"}}}",
            "<stdin>:1: the ScaledObject is paused: KEDA decides nothing");
}

static void test_keda_refuses_a_bad_evaluation(void **state)
{
    (void)state;
    refuses(decide_keda, OBJECT "{\"who\":\"hpa\",\"result\":1}",
            "<stdin>:2: \"t\" is missing");
    refuses(decide_keda, OBJECT "{\"t\":1,\"who\":\"me\",\"result\":1}",
            "<stdin>:2: \"who\" is \"me\"; it must be one of hpa, poll");
    refuses(decide_keda, OBJECT "{\"t\":1,\"who\":\"hpa\"}",
            "<stdin>:2: \"result\" must be a number, \"error\" or \"hang\"");
    refuses(decide_keda, OBJECT "{\"t\":1,\"who\":\"hpa\",\"result\":[1,2]}",
            "<stdin>:2: \"result\" has 2 entries for 1 triggers");
    refuses(decide_keda,
            OBJECT "{\"t\":1,\"who\":\"hpa\",\"result\":1,\"trigger\":1}",
            "<stdin>:2: there is no trigger 1");
    refuses(decide_keda,
            OBJECT "{\"t\":2,\"who\":\"hpa\",\"result\":1}\n"
                   "{\"t\":1.5,\"who\":\"hpa\",\"result\":1}",
            "<stdin>:3: \"t\" runs backward");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hpa_answers_whole_without_behavior),
        cmocka_unit_test(test_hpa_shows_events_and_effective_behavior),
        cmocka_unit_test(test_hpa_starts_a_log_and_freezes_on_error),
        cmocka_unit_test(test_hpa_needs_no_metric_beyond_a_bound),
        cmocka_unit_test(test_hpa_tolerance_by_flag_and_by_behavior),
        cmocka_unit_test(test_hpa_refuses_with_the_line),
        cmocka_unit_test(test_behavior_is_checked_as_the_api_does),
        cmocka_unit_test(test_an_endless_line_is_refused),
        cmocka_unit_test(test_keda_counts_falls_back_and_jumps),
        cmocka_unit_test(test_keda_takes_a_whole_object_with_two_triggers),
        cmocka_unit_test(test_keda_refuses_a_bad_object),
        cmocka_unit_test(test_keda_refuses_a_bad_evaluation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
