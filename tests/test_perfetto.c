/* A strict reader of the trace-event format: what it passes, the Perfetto UI
 * shows as it is meant.
 */
#include "sim/app/perfetto.h"

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include <jansson.h>
#include <stdlib.h>

enum { SLICES = 2000 };

struct rig {
    struct fixture f;
    struct scenario s;
    struct perfetto p;
    json_t *root; /* owned */
};

static struct rig *rig_new(uint32_t max)
{
    struct rig *x = calloc(1, sizeof *x);

    assert_non_null(x);
    fixture_init(&x->f, 2, 2, max);
    x->f.p.settle_us = 3600 * US_PER_S;
    return x;
}

static void named(struct rig *x, const char *name, double asked_s)
{
    fixture_build(&x->f, 0, 0, asked_s, 700.0);
    x->f.t.builds[x->f.t.n - 1].name =
        strings_add(&x->f.t.strings, name, strlen(name));
}

static void run(struct rig *x)
{
    char *text = NULL;
    size_t n;
    json_error_t why;

    x->s = scenario_of(&x->f);
    FILE *out = open_memstream(&text, &n);
    perfetto_open(&x->p, &x->s, out);
    struct replicate_watch watch = perfetto_watch(&x->p);
    struct replicate_task task = replicate_task_of(&x->s, 3);
    struct replications results;

    task.watch = &watch;
    replicate(&results, &task);
    replications_free(&results);
    fclose(out);
    perfetto_close(&x->p);
    x->root = json_loads(text, JSON_REJECT_DUPLICATES, &why);
    free(text);
    if (!x->root)
        fail_msg("no JSON: %s at %d", why.text, why.position);
}

static void rig_free(struct rig *x)
{
    json_decref(x->root);
    fixture_free(&x->f);
    free(x);
}

/* ------------------------------------------------------------ the format */

static json_int_t number(const json_t *event, const char *key)
{
    const json_t *v = json_object_get(event, key);

    if (!json_is_integer(v))
        fail_msg("%s is missing in %s", key, json_dumps(event, 0));
    return json_integer_value(v);
}

static const char *text(const json_t *event, const char *key)
{
    const json_t *v = json_object_get(event, key);

    if (!json_is_string(v))
        fail_msg("%s is missing in %s", key, json_dumps(event, 0));
    return json_string_value(v);
}

static bool is(const json_t *event, const char *phase)
{
    return strcmp(text(event, "ph"), phase) == 0;
}

static void check_meta(const json_t *event)
{
    const json_t *args = json_object_get(event, "args");
    const char *name = text(event, "name");

    if (strcmp(name, "process_name") == 0 || strcmp(name, "thread_name") == 0)
        assert_true(text(args, "name")[0] != '\0');
    else if (strcmp(name, "process_sort_index") == 0 ||
             strcmp(name, "thread_sort_index") == 0)
        assert_true(number(args, "sort_index") > 0);
    else
        fail_msg("metadata %s", name);
}

static void check_counter(const json_t *event)
{
    json_t *args = json_object_get(event, "args");
    void *at = json_object_iter(args);

    assert_non_null(at);
    for (; at; at = json_object_iter_next(args, at)) {
        const json_t *value = json_object_iter_value(at);
        assert_true(json_is_integer(value) && json_integer_value(value) >= 0);
    }
}

static void check_event(const json_t *event)
{
    assert_true(number(event, "ts") >= 0);
    assert_true(number(event, "pid") > 0);
    assert_true(number(event, "tid") >= 0);
    assert_true(text(event, "name")[0] != '\0');
    if (is(event, "M")) {
        check_meta(event);
    } else if (is(event, "X")) {
        assert_true(number(event, "dur") >= 0);
    } else if (is(event, "i")) {
        assert_true(strlen(text(event, "s")) == 1 &&
                    strchr("gpt", text(event, "s")[0]));
    } else if (is(event, "C")) {
        check_counter(event);
    } else if (is(event, "b") || is(event, "e")) {
        assert_string_equal(text(event, "cat"), "wait");
        assert_true(number(event, "id") >= 0);
    } else {
        fail_msg("phase %s", text(event, "ph"));
    }
}

static size_t n_events(const struct rig *x)
{
    const json_t *events = json_object_get(x->root, "traceEvents");

    assert_true(json_is_array(events));
    return json_array_size(events);
}

static const json_t *event_at(const struct rig *x, size_t i)
{
    return json_array_get(json_object_get(x->root, "traceEvents"), i);
}

/* A track has its name; so has the process of every event. */
static bool has_name(const struct rig *x, const json_t *event, const char *what)
{
    for (size_t i = 0; i < n_events(x); i++) {
        const json_t *m = event_at(x, i);
        if (!is(m, "M") || strcmp(text(m, "name"), what) != 0 ||
            number(m, "pid") != number(event, "pid"))
            continue;
        if (strcmp(what, "process_name") == 0 ||
            number(m, "tid") == number(event, "tid"))
            return true;
    }
    return false;
}

struct slice {
    json_int_t pid, tid, from, until;
};

/* Slices of one track lie behind each other or within each other. */
static void check_nesting(const struct slice s[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct slice *a = &s[i], *b = &s[k];
            if (a->pid != b->pid || a->tid != b->tid)
                continue;
            bool apart = a->until <= b->from || b->until <= a->from;
            bool within = (a->from >= b->from && a->until <= b->until) ||
                          (b->from >= a->from && b->until <= a->until);
            assert_true(apart || within);
        }
}

/* Every b of an id is followed by its e, which is not before it. */
static void check_pairs(const struct rig *x)
{
    json_int_t open_id = -1, from = 0;
    for (size_t i = 0; i < n_events(x); i++) {
        const json_t *event = event_at(x, i);
        if (is(event, "b")) {
            assert_int_equal(open_id, -1);
            open_id = number(event, "id");
            from = number(event, "ts");
        } else if (is(event, "e")) {
            assert_int_equal(open_id, number(event, "id"));
            assert_true(number(event, "ts") >= from);
            open_id = -1;
        }
    }
    assert_int_equal(open_id, -1);
}

static void check_all(const struct rig *x)
{
    struct slice *slices = calloc(SLICES, sizeof *slices);
    size_t n = 0;

    for (size_t i = 0; i < n_events(x); i++) {
        const json_t *event = event_at(x, i);
        check_event(event);
        assert_true(has_name(x, event, "process_name"));
        if (!is(event, "X"))
            continue;
        assert_true(has_name(x, event, "thread_name"));
        assert_true(n < SLICES);
        json_int_t ts = number(event, "ts");
        slices[n++] = (struct slice){number(event, "pid"), number(event, "tid"),
                                     ts, ts + number(event, "dur")};
    }
    check_nesting(slices, n);
    check_pairs(x);
    free(slices);
}

/* ------------------------------------------------------------ the content */

static size_t count(const struct rig *x, const char *phase, const char *name)
{
    size_t n = 0;

    for (size_t i = 0; i < n_events(x); i++)
        n += is(event_at(x, i), phase) &&
             strcmp(text(event_at(x, i), "name"), name) == 0;
    return n;
}

static size_t count_scalings(const struct rig *x)
{
    size_t n = 0;

    for (size_t i = 0; i < n_events(x); i++)
        n += is(event_at(x, i), "i") &&
             strncmp(text(event_at(x, i), "name"), "replicas ", 9) == 0;
    return n;
}

static const json_t *first(const struct rig *x, const char *phase,
                           const char *name)
{
    for (size_t i = 0; i < n_events(x); i++) {
        const json_t *event = event_at(x, i);
        if (is(event, phase) && strcmp(text(event, "name"), name) == 0)
            return event;
    }
    fail_msg("no %s %s", phase, name);
    return NULL;
}

static void test_a_growing_pool_is_a_good_trace(void **state)
{
    struct rig *x = rig_new(8);
    (void)state;

    for (int i = 0; i < 9; i++)
        named(x, "image", 30.0 + i);
    run(x);
    check_all(x);
    assert_int_equal(count(x, "X", "image"), 9);
    assert_true(count(x, "b", "image") >= 7); /* two pods were there */
    assert_int_equal(count(x, "X", "pending"), 6);
    assert_int_equal(count(x, "X", "booting"), 3); /* two pods a node */
    assert_true(count_scalings(x) >= 1);
    assert_true(count(x, "C", "pods") > 5);
    rig_free(x);
}

static void test_a_slice_is_as_long_as_its_build(void **state)
{
    struct rig *x = rig_new(2);
    (void)state;

    named(x, "image", 30.0);
    run(x);
    check_all(x);
    const json_t *slice = first(x, "X", "image");
    /* 700 s of work and the moments around it */
    assert_true(number(slice, "dur") >= 700 * US_PER_S);
    assert_true(number(slice, "dur") < 702 * US_PER_S);
    assert_true(number(slice, "ts") >= 30 * US_PER_S);
    const json_t *args = json_object_get(slice, "args");
    assert_int_equal(number(args, "build"), 0);
    assert_string_equal(text(args, "caller"), "caller0");
    rig_free(x);
}

static void test_builds_that_share_a_pod_have_tracks_of_their_own(void **state)
{
    struct rig *x = rig_new(2);
    (void)state;

    x->f.backends[0].maxconn = 3;
    for (int i = 0; i < 6; i++)
        named(x, "image", 30.0 + i);
    run(x);
    check_all(x); /* overlapping slices of one track would not nest */
    assert_int_equal(count(x, "X", "image"), 6);
    rig_free(x);
}

static void test_what_goes_wrong_is_shown(void **state)
{
    struct fault faults[] = {
        {.kind = FAULT_LB_RESTART,
         .at_us = 100 * US_PER_S,
         .until_us = SIM_NEVER,
         .gap_us = 10 * US_PER_S,
         .pool = NO_INDEX},
        {.kind = FAULT_NODE_LOST,
         .at_us = 900 * US_PER_S,
         .until_us = SIM_NEVER,
         .n_nodes = 1,
         .pool = 0},
    };
    struct rig *x = rig_new(8);
    (void)state;

    x->f.p.faults = faults;
    x->f.p.n_faults = 2;
    for (int i = 0; i < 9; i++)
        named(x, "image", 30.0 + i);
    run(x);
    check_all(x);
    assert_string_equal(text(first(x, "i", "fault lb_restart"), "s"), "g");
    assert_int_equal(count(x, "i", "fault node_lost"), 1);
    assert_int_equal(count(x, "i", "lost"), 1);
    assert_true(count(x, "X", "image") > 9); /* cut, and begun again */
    rig_free(x);
}

static void test_hostile_names_are_harmless(void **state)
{
    struct rig *x = rig_new(2);
    (void)state;

    (void)snprintf(x->f.pools[0].name, POOL_NAME, "a\"},{\"ph\":\"B\\");
    named(x, "</script>\"\\\n\x1b[31m\xff", 30.0);
    run(x);
    check_all(x);
    assert_int_equal(count(x, "X", "</script>\"\\??[31m?"), 1);
    rig_free(x);
}

static void test_a_history_without_builds_is_a_trace_too(void **state)
{
    struct rig *x = rig_new(2);
    (void)state;

    run(x);
    check_all(x);
    assert_int_equal(count(x, "X", "ready"), 6); /* 2 x 2 pods, 2 nodes */
    rig_free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_growing_pool_is_a_good_trace),
        cmocka_unit_test(test_a_slice_is_as_long_as_its_build),
        cmocka_unit_test(test_builds_that_share_a_pod_have_tracks_of_their_own),
        cmocka_unit_test(test_what_goes_wrong_is_shown),
        cmocka_unit_test(test_hostile_names_are_harmless),
        cmocka_unit_test(test_a_history_without_builds_is_a_trace_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
