/* Recordings of the real controllers, played through the models: same reads,
 * same decisions, same times. models/upstream/README.md says how they are made.
 */
#include "sim/upstream/hpa_replay.h"
#include "sim/upstream/karp_replay.h"
#include "sim/upstream/keda_replay.h"
#include "tests/support.h"

#include "sim/app/json_lines.h"
#include "sim/base/mem.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* All lines of a recording. Owned. */
static json_t *lines_of(const char *path)
{
    struct json_lines l;
    struct err e = {.msg = ""};
    json_t *all = json_array(), *o;
    FILE *in = fopen(path, "r");

    assert_non_null(in);
    json_lines_open(&l, in, path);
    while (json_lines_next(&l, &o, &e) > 0)
        json_array_append_new(all, o);
    assert_string_equal(e.msg, "");
    json_lines_close(&l);
    fclose(in);
    return all;
}

/* Plays lines through the model; r tells how it went. */
static void play(struct hpa_replay *r, const json_t *lines)
{
    const json_t *line;
    size_t i;

    *r = (struct hpa_replay){0};
    for (i = 0; (line = json_array_get(lines, i)); i++)
        if (!hpa_replay_line(r, line))
            break;
    hpa_free(&r->h);
}

static void keda_model_decides_as_recorded(void **state)
{
    json_t *lines = lines_of(*state);
    struct keda_replay r = {0};
    const json_t *line;
    size_t i;

    for (i = 0; (line = json_array_get(lines, i)); i++)
        if (!keda_replay_line(&r, line))
            break;
    json_decref(lines);
    if (r.why[0] != '\0')
        fail_msg("%s: evaluation %u: %s", (const char *)*state, r.n_steps,
                 r.why);
    assert_true(r.n_steps > 0);
}

static void model_decides_as_recorded(void **state)
{
    json_t *lines = lines_of(*state);
    struct hpa_replay r;

    play(&r, lines);
    json_decref(lines);
    if (r.why[0] != '\0')
        fail_msg("%s: reconcile %u: %s", (const char *)*state, r.n_steps,
                 r.why);
    assert_true(r.n_steps > 0);
}

static void karpenter_model_decides_as_recorded(void **state)
{
    json_t *lines = lines_of(*state);
    unsigned long n_steps = 0;
    char why[600];

    if (!karp_replay(lines, why, sizeof why, &n_steps))
        fail_msg("%s: decision %lu: %s", (const char *)*state, n_steps, why);
    json_decref(lines);
}

/* ------------------------------------------------------------ the comparison
 */

/* The first line from `from` on that has key. */
static json_t *line_with(json_t *lines, const char *key, size_t from)
{
    json_t *line;
    size_t i;

    for (i = from; (line = json_array_get(lines, i)); i++)
        if (json_object_get(line, key))
            return line;
    fail_msg("no line has \"%s\"", key);
    return NULL;
}

static void differs(json_t *lines, const char *why)
{
    struct hpa_replay r;

    play(&r, lines);
    assert_string_equal(r.why, why);
    json_decref(lines);
}

#define STEP_EMPTY "tests/recorded/hpa-1.35/step-empty.jsonl"
#define CONFLICTS "tests/recorded/hpa-1.35/conflicts.jsonl"

static void test_a_start_one_microsecond_late_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(STEP_EMPTY);
    json_t *t = json_object_get(line_with(lines, "t", 4), "t");

    json_array_set_new(
        t, 0, json_integer(json_integer_value(json_array_get(t, 0)) + 1));
    differs(lines, "start: real 30755142, model 30755141");
}

static void test_another_written_size_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(STEP_EMPTY);

    json_object_set_new(line_with(lines, "n", 0), "n", json_integer(7));
    differs(lines, "written size: real 7, model 6");
}

static void test_a_status_that_was_not_written_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(STEP_EMPTY);

    json_object_del(line_with(lines, "s", 0), "s");
    differs(lines, "status written: real 0, model 1");
}

static void test_another_condition_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(STEP_EMPTY);
    json_t *s = json_object_get(line_with(lines, "n", 0), "s");

    json_object_set_new(s, "limited", json_string("TooManyReplicas"));
    differs(lines, "limited: real TooManyReplicas, model ScaleUpLimit");
}

static void test_a_missing_attempt_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(CONFLICTS);
    json_t *line = line_with(lines, "w", 0);
    json_t *w = json_object_get(line, "w");

    json_array_remove(w, json_array_size(w) - 1);
    differs(lines, "attempts: real 1, model 5");
}

static void test_an_attempt_without_its_back_off_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(CONFLICTS);
    json_t *w = json_object_get(line_with(lines, "w", 0), "w");
    json_t *second = json_array_get(w, 1);
    json_int_t at_us = json_integer_value(json_array_get(second, 0));
    char why[64];

    json_array_set_new(second, 0, json_integer(at_us - 1001));
    (void)snprintf(why, sizeof why, "attempt 1 at %lld",
                   (long long)at_us - 1001);
    differs(lines, why);
}

#define KARPENTER "tests/recorded/karpenter-1.12.0/"

static void karpenter_differs(json_t *lines, const char *why)
{
    unsigned long n_steps = 0;
    char told[600];

    assert_false(karp_replay(lines, told, sizeof told, &n_steps));
    assert_string_equal(told, why);
    json_decref(lines);
}

static void test_a_node_marked_a_microsecond_late_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(KARPENTER "loop-idle-node.jsonl");

    json_object_set_new(line_with(lines, "marked", 1), "t",
                        json_integer(318141594));
    karpenter_differs(
        lines,
        "real {\"ask\":\"marked\",\"marked\":[0],\"t\":318141594}, model "
        "{\"ask\":\"marked\",\"marked\":[0],\"t\":318141593}");
}

static void test_a_claim_of_another_type_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(KARPENTER "solve-two-types-1-pods.jsonl");
    json_t *claim =
        json_array_get(json_object_get(json_array_get(lines, 1), "claims"), 0);

    json_array_remove(json_object_get(claim, "types"), 0);
    karpenter_differs(
        lines,
        "real {\"ask\":\"solved\",\"claims\":[{\"pods\":[0],\"pool\":0,"
        "\"types\":[1]}],\"t\":0}, model {\"ask\":\"solved\",\"claims\":[{"
        "\"pods\":[0],\"pool\":0,\"types\":[0,1]}],\"t\":0}");
}

static void test_a_window_too_few_is_a_difference(void **state)
{
    (void)state;
    json_t *lines = lines_of(KARPENTER "batch-45-one-pod.jsonl");

    json_array_remove(lines, json_array_size(lines) - 1);
    karpenter_differs(lines,
                      "real nothing, model {\"ask\":\"solve\",\"t\":45300030}");
}

/* ------------------------------------------------------------ running */

static const struct CMUnitTest comparison[] = {
    cmocka_unit_test(test_a_start_one_microsecond_late_is_a_difference),
    cmocka_unit_test(test_another_written_size_is_a_difference),
    cmocka_unit_test(test_a_status_that_was_not_written_is_a_difference),
    cmocka_unit_test(test_another_condition_is_a_difference),
    cmocka_unit_test(test_a_missing_attempt_is_a_difference),
    cmocka_unit_test(test_an_attempt_without_its_back_off_is_a_difference),
    cmocka_unit_test(test_a_node_marked_a_microsecond_late_is_a_difference),
    cmocka_unit_test(test_a_claim_of_another_type_is_a_difference),
    cmocka_unit_test(test_a_window_too_few_is_a_difference),
};

/* Versions whose recordings must be there. */
static const char *const folders[] = {"hpa-1.35", "hpa-1.32", "keda-2.16.1",
                                      "keda-2.20.2", "karpenter-1.12.0"};

static void test_every_version_has_recordings(void **state)
{
    const glob_t *found = *state;

    for (size_t k = 0; k < sizeof folders / sizeof *folders; k++) {
        size_t n = 0;
        for (size_t i = 0; i < found->gl_pathc; i++)
            n += strstr(found->gl_pathv[i], folders[k]) != NULL;
        assert_true(n >= 30);
    }
}

static struct CMUnitTest test_of(char *path)
{
    bool keda = strstr(path, "/keda-") != NULL;

    if (strstr(path, "/karpenter-"))
        return (struct CMUnitTest){path, karpenter_model_decides_as_recorded,
                                   NULL, NULL, path};
    return (struct CMUnitTest){
        path, keda ? keda_model_decides_as_recorded : model_decides_as_recorded,
        NULL, NULL, path};
}

int main(void)
{
    glob_t found;
    int rc = glob("tests/recorded/*/*.jsonl", 0, NULL, &found);

    if (rc != 0)
        found = (glob_t){0};
    struct CMUnitTest *tests = mem_array(found.gl_pathc + 1, sizeof *tests);
    for (size_t i = 0; i < found.gl_pathc; i++)
        tests[i] = test_of(found.gl_pathv[i]);
    tests[found.gl_pathc] = (struct CMUnitTest){
        "test_every_version_has_recordings", test_every_version_has_recordings,
        NULL, NULL, &found};
    int failed = _cmocka_run_group_tests("recorded", tests, found.gl_pathc + 1,
                                         NULL, NULL);
    failed += cmocka_run_group_tests(comparison, NULL, NULL);
    free(tests);
    if (rc == 0)
        globfree(&found);
    return failed;
}
