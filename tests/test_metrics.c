/* What is written is compared with the history's own rows, and with what the
 * exporters' pages say.
 */
#include "sim/app/metrics.h"

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include "sim/app/metric_labels.h"

#include <stdlib.h>

struct rig {
    struct fixture f;
    struct scenario s;
    struct metrics m;
    struct pool_state rows[4000]; /* of pool 0, by its changes */
    sim_us at_us[4000];
    size_t n_rows;
    sim_us launched_us[16]; /* instances, in the order of their launch */
    size_t n_launched;
    char *text; /* owned */
};

static void on_row(void *context, const struct timeline_row *r)
{
    struct rig *x = context;

    if (r->pool != 0)
        return;
    assert_true(x->n_rows < 4000);
    x->rows[x->n_rows] = r->state;
    x->at_us[x->n_rows++] = r->at_us;
}

static void on_note(void *context, const struct note *n)
{
    struct rig *x = context;

    if (n->kind != NOTE_NODE_LAUNCHED)
        return;
    assert_true(x->n_launched < 16);
    x->launched_us[x->n_launched++] = n->at_us;
}

/* Eight builds on a pool of two, two pods a node, looked at each 17 s. */
static struct rig *rig_new(void)
{
    struct rig *x = calloc(1, sizeof *x);

    assert_non_null(x);
    fixture_init(&x->f, 1, 2, 8);
    x->f.backends[0].name = "bk_amd64";
    x->f.p.settle_us = 600 * US_PER_S;
    for (int i = 0; i < 8; i++)
        fixture_build(&x->f, 0, 0, 30.0 + i, 700.0);
    return x;
}

static void run(struct rig *x, const char *words)
{
    const char *const list[] = {words};
    struct random_world w = {.seed = 3};
    struct err e;
    size_t n;

    x->s = scenario_of(&x->f);
    x->s.scrape =
        (struct scenario_scrape){.interval_us = 17 * US_PER_S, .pods = true};
    assert_int_equal(
        metrics_open(&x->m, &x->s, list, words ? 1 : 0, "build", &e), ERR_OK);
    struct replicate_watch watch = metrics_watch(&x->m);
    struct system *s = fixture_system(&x->f);
    struct replicate_task task = replicate_task_of(&x->s, w.seed);
    struct replications results;

    task.watch = &watch;
    replicate(&results, &task);
    replications_free(&results);
    struct system_observer o = {
        .context = x, .on_note = on_note, .on_row = on_row};
    system_run(s, &w, &o);
    system_free(s);
    FILE *out = open_memstream(&x->text, &n);
    metrics_write(&x->m, out);
    fclose(out);
    assert_int_equal(metrics_check(&x->m, &e), ERR_OK);
}

static void rig_free(struct rig *x)
{
    metrics_close(&x->m);
    fixture_free(&x->f);
    free(x->text);
    free(x);
}

/* The state that held at an instant: the last row at or before it. */
static const struct pool_state *state_at(const struct rig *x, sim_us at_us)
{
    size_t i = 0;

    while (i + 1 < x->n_rows && x->at_us[i + 1] <= at_us)
        i++;
    return &x->rows[i];
}

/* The sample of a series at an instant; -1: there is none. */
static double sample(const struct rig *x, const char *series, int at_s)
{
    char end[32];
    size_t n = strlen(series);

    (void)snprintf(end, sizeof end, " %d\n", at_s);
    for (const char *line = x->text; *line; line = strchr(line, '\n') + 1) {
        if (strncmp(line, series, n) != 0 || line[n] != ' ')
            continue;
        char *tail;
        double value = strtod(line + n, &tail);
        if (strncmp(tail, end, strlen(end)) == 0)
            return value;
    }
    return -1.0;
}

static void has(const struct rig *x, const char *part)
{
    if (!strstr(x->text, part))
        fail_msg("not there: %s", part);
}

static void assert_sample(const struct rig *x, const char *series, int at_s,
                          double want)
{
    assert_close(sample(x, series, at_s), want, 0.0);
}

static void compare(const struct rig *x, int at_s, const struct pool_state *p)
{
    assert_sample(x, "haproxy_backend_current_sessions{proxy=\"bk_amd64\"}",
                  at_s, p->sessions);
    assert_sample(x, "haproxy_backend_current_queue{proxy=\"bk_amd64\"}", at_s,
                  p->queue);
    assert_sample(x,
                  "kube_deployment_spec_replicas{namespace=\"default\","
                  "deployment=\"pool0\"}",
                  at_s, p->wanted);
    assert_sample(x,
                  "kube_deployment_status_replicas_available{namespace="
                  "\"default\",deployment=\"pool0\"}",
                  at_s, p->ready);
}

static void test_samples_are_the_state_at_their_instants(void **state)
{
    struct rig *x = rig_new();
    bool grew = false;
    (void)state;

    run(x, NULL);
    for (int at_s = 0; at_s <= 629; at_s += 17) { /* 37 s + 600 s, 17 k */
        const struct pool_state *p = state_at(x, at_s * US_PER_S);
        compare(x, at_s, p);
        grew = grew || (p->wanted == 8 && p->queue > 0);
    }
    assert_true(grew); /* or nothing was compared */
    rig_free(x);
}

/* The last instant is within the window; then nothing. */
static void test_the_window_bounds_the_samples(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    x->f.p.settle_us = 646 * US_PER_S - x->f.t.span_us;
    run(x, NULL);
    assert_int_equal(x->m.n_ticks, 39); /* 38 * 17 = 646 */
    assert_true(sample(x, "karpenter_cluster_state_node_count", 646) > 0.0);
    assert_close(sample(x, "karpenter_cluster_state_node_count", 663), -1.0,
                 0.0);
    assert_string_equal(x->text + strlen(x->text) - 6, "# EOF\n");
    rig_free(x);
}

static double instances_at(const struct rig *x, sim_us at_us)
{
    double n = 1.0; /* of the start */

    for (size_t i = 0; i < x->n_launched; i++)
        n += x->launched_us[i] <= at_us;
    return n;
}

/* Claims are asked for at once and become instances a moment later. */
static void test_a_node_counts_once_it_is_an_instance(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    x->f.p.karpenter.launch =
        (struct dist){.kind = DIST_CONSTANT, .a = 60.0, .max_s = 60.0};
    run(x, NULL);
    assert_int_equal(x->n_launched, 3);
    for (int at_s = 0; at_s <= 629; at_s += 17)
        assert_sample(x, "karpenter_cluster_state_node_count", at_s,
                      instances_at(x, at_s * US_PER_S));
    rig_free(x);
}

static void test_an_event_at_the_instant_of_a_scrape_is_seen(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    x->f.t.builds[0].asked_us = 17 * US_PER_S;
    run(x, NULL);
    const struct pool_state *p = state_at(x, 17 * US_PER_S);
    assert_close(
        sample(x, "haproxy_backend_current_sessions{proxy=\"bk_amd64\"}", 17),
        p->sessions, 0.0);
    assert_close(
        sample(x, "haproxy_backend_current_sessions{proxy=\"bk_amd64\"}", 0),
        0.0, 0.0);
    rig_free(x);
}

static void test_counters_are_named_without_their_ending(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    run(x, NULL);
    has(x, "# TYPE haproxy_backend_sessions counter\n# HELP "
           "haproxy_backend_sessions Sessions since the process started.\n"
           "haproxy_backend_sessions_total{proxy=\"bk_amd64\"} 0 0\n");
    has(x, "# TYPE haproxy_backend_current_sessions gauge\n");
    has(x, "# TYPE karpenter_nodes_created counter\n");
    /* Two pods a node: six more pods are three more nodes. */
    assert_close(sample(x, "karpenter_nodes_created_total{nodepool=\"\"}", 629),
                 3.0, 0.0);
    assert_close(sample(x,
                        "karpenter_nodeclaims_created_total{nodepool=\"\","
                        "min_values_relaxed=\"false\",reason=\"provisioned\"}",
                        629),
                 3.0, 0.0);
    assert_close(sample(x, "karpenter_cluster_state_node_count", 629), 4.0,
                 0.0);
    assert_close(sample(x,
                        "karpenter_nodepools_usage{nodepool=\"\","
                        "resource_type=\"cpu\"}",
                        629),
                 4 * 96.0, 0.0);
    rig_free(x);
}

/* OpenMetrics: a metric's lines stand together, its time goes on. */
static void test_a_metric_stands_together(void **state)
{
    struct rig *x = rig_new();
    char *heads[METRICS];
    size_t n = 0;
    (void)state;

    run(x, NULL);
    for (char *line = strtok(x->text, "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "# TYPE ", 7) != 0)
            continue;
        for (size_t i = 0; i < n; i++)
            assert_string_not_equal(heads[i], line);
        assert_true(n < METRICS);
        heads[n++] = line;
    }
    assert_true(n > 25);
    rig_free(x);
}

static void test_only_what_is_named_is_kept(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    run(x, "sum(haproxy_backend_current_queue) > 20");
    has(x, "haproxy_backend_current_queue{");
    assert_null(strstr(x->text, "current_sessions"));
    assert_null(strstr(x->text, "kube_"));
    rig_free(x);
}

static void test_a_pod_has_the_series_of_its_phase(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    run(x, "kube_pod_status_phase");
    const char *running =
        "kube_pod_status_phase{namespace=\"default\",pod=\"pool0-0\",uid="
        "\"00000000-0000-4000-8000-000000000000\",phase=\"Running\"}";
    const char *new_pending =
        "kube_pod_status_phase{namespace=\"default\",pod=\"pool0-2\",uid="
        "\"00000000-0000-4000-8000-000000000002\",phase=\"Pending\"}";
    assert_close(sample(x, running, 0), 1.0, 0.0);
    assert_close(sample(x, new_pending, 0), -1.0, 0.0); /* not there yet */
    assert_close(sample(x, new_pending, 85), 1.0, 0.0);
    assert_close(sample(x, new_pending, 629), 0.0, 0.0); /* runs */
    rig_free(x);
}

static void test_a_balancer_that_restarts_answers_nobody(void **state)
{
    struct fault down = {
        .kind = FAULT_LB_RESTART,
        .at_us = 100 * US_PER_S,
        .until_us = SIM_NEVER,
        .gap_us = 10 * US_PER_S,
        .pool = NO_INDEX,
    };
    struct rig *x = rig_new();
    (void)state;

    x->f.p.faults = &down;
    x->f.p.n_faults = 1;
    run(x, NULL);
    const char *total = "haproxy_backend_sessions_total{proxy=\"bk_amd64\"}";
    double before = sample(x, total, 85);
    assert_true(before > 8.0);
    assert_close(sample(x, total, 102), -1.0, 0.0);
    assert_true(sample(x, total, 119) >= 0.0);
    assert_true(sample(x, total, 119) < before); /* a new process counts anew */
    rig_free(x);
}

static void test_hostile_names_stay_within_their_quotes(void **state)
{
    struct rig *x = rig_new();
    (void)state;

    x->f.backends[0].name = "a\"} 1\n# EOF\\\xff";
    run(x, "haproxy_backend_current_queue");
    has(x, "haproxy_backend_current_queue{proxy=\"a\\\"} 1?# EOF\\\\?\"} 0 0");
    assert_null(strstr(x->text, "\n# EOF\\"));
    rig_free(x);
}

static void test_rows_of_an_object_stand_together(void **state)
{
    (void)state;
    for (unsigned m = 0; m < METRICS; m++) {
        const struct metric_row *r = metric_row((enum metric)m);
        assert_true(m >= metric_first(r->of) && m < metric_end(r->of));
        for (unsigned k = 0; k + 1 < m; k++) /* names too */
            if (strcmp(metric_row((enum metric)k)->name, r->name) == 0)
                assert_string_equal(metric_row((enum metric)(m - 1))->name,
                                    r->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_samples_are_the_state_at_their_instants),
        cmocka_unit_test(test_the_window_bounds_the_samples),
        cmocka_unit_test(test_a_node_counts_once_it_is_an_instance),
        cmocka_unit_test(test_an_event_at_the_instant_of_a_scrape_is_seen),
        cmocka_unit_test(test_counters_are_named_without_their_ending),
        cmocka_unit_test(test_a_metric_stands_together),
        cmocka_unit_test(test_only_what_is_named_is_kept),
        cmocka_unit_test(test_a_pod_has_the_series_of_its_phase),
        cmocka_unit_test(test_a_balancer_that_restarts_answers_nobody),
        cmocka_unit_test(test_hostile_names_stay_within_their_quotes),
        cmocka_unit_test(test_rows_of_an_object_stand_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
