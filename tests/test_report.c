#include "sim/app/report.h"
#include "tests/run_rig.h"

/* ------------------------------------------------------------ answers */

static void test_without_targets_the_answer_is_no_verdict(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    judge(&x);
    assert_answer(&x, "p95 wait 3m10s in pool0, nobody gave up, nobody was "
                      "killed; $8,123 over 14.0 days");
    done(&x);
}

static void test_a_met_target_is_a_yes(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    aim(&x, GOAL_P95_WAIT, 300.0);
    aim(&x, GOAL_GAVE_UP, 0.0);
    aim(&x, GOAL_COST_USD, 9000.0);
    assert_answer(&x, "yes: p95 wait 3m10s in pool0 (target 5m), nobody gave "
                      "up, cost $8,123 (target $9,000); $8,123 over 14.0 days");
    done(&x);
}

static void test_a_no_begins_with_what_was_missed(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.figures[1].at[FIG_KILLS] = 1.0;
    x.figures[1].at[FIG_GAVE_UP] = 3.0;
    aim(&x, GOAL_P95_WAIT, 300.0);
    aim(&x, GOAL_GAVE_UP, 0.0);
    aim(&x, GOAL_KILLED, 0.0);
    assert_answer(&x, "no: 3 builds gave up (target 0), 1 build was killed "
                      "(target 0), p95 wait 3m10s in pool0 (target 5m); $8,123 "
                      "over 14.0 days");
    done(&x);
}

static void test_a_mean_near_its_target_is_too_close_to_call(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.results.n_reps = 2;
    x.figures[0].at[FIG_WAIT_P95] = 299.0;
    x.figures[2].at[FIG_WAIT_P95] = 299.2;
    aim(&x, GOAL_P95_WAIT, 300.0);
    assert_answer(&x, "yes: p95 wait 4m59s \u00b1 1.3s in pool0 (target 5m, "
                      "too close to call); $8,123 \u00b1 $0.00 over 14.0 days");
    done(&x);
}

static void test_a_short_window_is_told_in_minutes(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.results.horizon_us = us_from_s(7801.0);
    judge(&x);
    assert_answer(&x, "p95 wait 3m10s in pool0, nobody gave up, nobody was "
                      "killed; $8,123 over 2h10m");
    done(&x);
}

/* ------------------------------------------------------------ report */

static void test_the_report_begins_with_the_answer(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    aim(&x, GOAL_P95_WAIT, 120.0);
    const char *text = written(&x, put_report);
    assert_memory_equal(text, "# drydock: story\n\n**no: p95 wait 3m10s", 38);
    assert_has(text, "\n| p95\\_wait | 2m | 3m10s | **missed** |\n");
    assert_has(text, "\n| builds | 4,120 | 0 |\n");
    assert_has(text, "\nTrace some.csv: 4,120 builds, 14.0 days, 0s to 336h. "
                     "Seed 1, 1 replication.\n");
    done(&x);
}

static void test_the_picture_is_first_and_figures_are_folded(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.has_plots = true;
    judge(&x);
    const char *text = written(&x, put_report);
    assert_has(text, "# drydock: story\n\n![Demand, pods and nodes over time]"
                     "(plots/timeline.png)\n\n**p95 wait");
    assert_has(text, "<details><summary>All figures</summary>\n\n| | pool0 |");
    assert_has(text, "![How long builds waited](plots/waits.png)\n");
    assert_null(strstr(text, ".svg"));
    done(&x);
}

static void test_a_synthetic_trace_is_called_so(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.scenario.trace.synthetic = true;
    judge(&x);
    assert_has(written(&x, put_report),
               "\nSynthetic trace (made up, not recorded) some.csv");
    assert_has(written(&x, run_print), "synthetic trace some.csv");
    assert_has(written(&x, out_summary), "\"synthetic\": true");
    done(&x);
}

static void test_foreign_names_are_harmless_in_the_report(void **state)
{
    char evil[] = "<img src=x>@someone|`x`[a](b)\n# head\033[31m";
    struct rig x;
    (void)state;

    init(&x);
    x.r.scenario.question = evil;
    x.r.scenario.name = evil;
    x.r.scenario.trace_path = evil;
    (void)snprintf(x.f.pools[0].name, POOL_NAME, "%s", "a|b<c>");
    judge(&x);
    const char *text = written(&x, put_report);
    assert_null(strchr(text, '\033'));
    assert_null(strstr(text, "<img"));
    assert_null(strstr(text, "[a](b)"));
    assert_null(strstr(text, "\n# head"));
    assert_null(strstr(text, "a|b"));
    assert_null(strchr(written(&x, run_print), '\033'));
    done(&x);
}

/* ------------------------------------------------------------ the page */

/* A pool with a row; its window is a day. */
static void add_rows(struct rig *x, struct timeline_row rows[2])
{
    rows[0] = (struct timeline_row){0, 0, {.ready = 2}, 1.25};
    rows[1] = (struct timeline_row){
        US_PER_DAY / 2, 0, {.ready = 7, .waiting = 3}, 2.5};
    x->r.log.rows = rows;
    x->r.log.n_rows = 2;
    x->r.results.horizon_us = US_PER_DAY;
}

static void test_the_page_has_the_report_its_numbers_and_levels(void **state)
{
    struct timeline_row rows[2];
    struct rig x;
    (void)state;

    init(&x);
    add_rows(&x, rows);
    aim(&x, GOAL_P95_WAIT, 120.0);
    const char *text = written(&x, put_page);
    assert_has(text, "<header class=\"bad\">\n<h1>drydock: story</h1>\n"
                     "<p><strong>no: p95 wait 3m10s");
    assert_has(text, "<tr><th scope=\"row\">builds </th>"
                     "<td class=\"number\">4,120 </td>");
    assert_has(text, "id=\"numbers\">\n{\n \"schema\": 1,");
    assert_has(text, "\"absolute\": false, \"from_s\": 0.000000, "
                     "\"width_s\": 86400.000000, \"points\": 131072,");
    assert_has(text, "{\"name\": \"pool0\",\n\"demand\": [0,131072],\n"
                     "\"waiting\": [0,65536,3,65536],\n"
                     "\"wanted\": [0,131072],\n"
                     "\"ready\": [2,65536,7,65536],\n");
    assert_has(text, "\"cost\": [125,65536,250,65536]}");
    assert_has(text, "Copyright (c) 2022 Leon Sorokin");
    assert_null(strstr(text, "has the same, with"));
    assert_has(written(&x, put_report), "\nreport.html has the same");
    done(&x);
}

static void test_a_page_without_an_interval_has_no_timeline(void **state)
{
    struct rig x;
    (void)state;

    init(&x);
    x.r.results.horizon_us = x.r.scenario.system.warm_up_us;
    judge(&x);
    const char *text = written(&x, put_page);
    assert_has(text, "<header class=\"plain\">");
    assert_null(strstr(text, "<section id=\"timeline\""));
    assert_null(strstr(text, "uPlot"));
    done(&x);
}

/* The other side ends after half of the time, to the column. */
static void test_two_sides_are_on_the_same_axis(void **state)
{
    struct timeline_row rows[2];
    struct rig x, y;
    char *text = NULL;
    size_t n;
    (void)state;

    init(&x);
    init(&y);
    add_rows(&x, rows);
    add_rows(&y, rows);
    y.r.results.horizon_us = 2 * US_PER_DAY;
    const struct report report = {.sides = {{"base", &x.r}, {"head", &y.r}},
                                  .n_sides = 2};
    FILE *out = open_memstream(&text, &n);
    report_timeline(&report, out);
    (void)fclose(out);
    assert_has(text, "\"width_s\": 172800.000000, \"points\": 131072,");
    assert_has(text, "{\"name\": \"base\", \"pools\": [\n"
                     "{\"name\": \"pool0\",\n\"demand\": [0,65536],\n"
                     "\"waiting\": [0,32768,3,32768],\n");
    assert_has(text, "{\"name\": \"head\", \"pools\": [\n"
                     "{\"name\": \"pool0\",\n\"demand\": [0,131072],\n"
                     "\"waiting\": [0,32768,3,98304],\n");
    free(text);
    done(&y);
    done(&x);
}

/* Two that differ by turns in every column take more runs than there may be. */
static void test_too_many_changes_are_joined(void **state)
{
    enum { MANY = 200000 };
    struct timeline_row *rows = calloc(MANY, sizeof *rows);
    struct rig x;
    (void)state;

    init(&x);
    for (int i = 0; i < MANY; i++)
        rows[i] = (struct timeline_row){
            .at_us = i * (US_PER_DAY / MANY),
            .state = {.demand = i % 2,
                      .waiting = i % 3,
                      .sessions = i % 2,
                      .queue = i % 3,
                      .wanted = i % 2,
                      .ready = i % 3},
            .usd_per_h = i % 5,
        };
    rows[MANY / 2].state.ready = 4711;
    x.r.log.rows = rows;
    x.r.log.n_rows = MANY;
    x.r.results.horizon_us = US_PER_DAY;
    judge(&x);
    const char *text = written(&x, put_page);
    assert_has(text, "\"points\": 32768,");
    assert_has(text, ",4711,");
    assert_true(strlen(text) < 3 << 20);
    done(&x);
    free(rows);
}

static void test_foreign_names_are_harmless_in_the_page(void **state)
{
    static const char evil[] = "</script><script>alert(1)</script><!--\"'>";
    struct timeline_row rows[2];
    struct rig x;
    (void)state;

    init(&x);
    add_rows(&x, rows);
    x.r.scenario.question = x.r.scenario.name = x.r.scenario.trace_path =
        (char *)evil;
    (void)snprintf(x.f.pools[0].name, POOL_NAME, "%s", "</script><img>\"");
    judge(&x);
    const char *text = written(&x, put_page);
    assert_null(strstr(text, "alert(1)</script><!--"));
    assert_null(strstr(text, "<img>"));
    assert_has(text, "<title>drydock: &lt;/script&gt;&lt;script&gt;alert(1)");
    assert_has(text, "{\"name\": \"\\u003c/script\\u003e\\u003cimg\\u003e");
    done(&x);
}

static void test_the_worst_report_is_below_sixty_kilobytes(void **state)
{
    enum { MANY = 32 };
    static struct pool_params pools[MANY];
    static struct pool_figures figures[2 * MANY];
    char long_text[8000];
    struct rig x;
    (void)state;

    init(&x);
    memset(long_text, '<', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    for (int i = 0; i < MANY; i++)
        memset(pools[i].name, '<', POOL_NAME - 1);
    for (int i = 0; i < 2 * MANY; i++)
        for (int k = 0; k < N_FIGURES; k++)
            figures[i].at[k] = 123456789.0 * (i + 2.5);
    x.r.scenario.name = x.r.scenario.question = x.r.scenario.trace_path =
        long_text;
    x.r.scenario.system.pools = pools;
    x.r.scenario.system.n_pools = x.r.results.n_pools = MANY;
    x.r.results.figures = figures;
    x.r.results.n_reps = 2;
    x.r.has_plots = true;
    for (int i = 0; i < SCENARIO_TARGETS; i++)
        aim(&x, (enum scenario_goal)(i % GOALS), 1.0);
    x.r.hazards.n = x.r.hazards.n_level[HAZARD_ERROR] = 100;
    x.r.hazards.at = calloc(100, sizeof *x.r.hazards.at);
    for (int i = 0; i < 100; i++) {
        memset(x.r.hazards.at[i].what, '<', HAZARD_TEXT - 1);
        memset(x.r.hazards.at[i].advice, '<', HAZARD_TEXT - 1);
    }
    size_t n = strlen(written(&x, put_report));
    assert_true(n > 20000 && n < 60000); /* GitHub takes 65,536 */
    assert_has(x.text, "8 of 32 pools: those that lost the most");
    assert_has(x.text, "and 94 more");
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_targets_the_answer_is_no_verdict),
        cmocka_unit_test(test_a_met_target_is_a_yes),
        cmocka_unit_test(test_a_no_begins_with_what_was_missed),
        cmocka_unit_test(test_a_mean_near_its_target_is_too_close_to_call),
        cmocka_unit_test(test_a_short_window_is_told_in_minutes),
        cmocka_unit_test(test_the_report_begins_with_the_answer),
        cmocka_unit_test(test_the_picture_is_first_and_figures_are_folded),
        cmocka_unit_test(test_a_synthetic_trace_is_called_so),
        cmocka_unit_test(test_foreign_names_are_harmless_in_the_report),
        cmocka_unit_test(test_the_page_has_the_report_its_numbers_and_levels),
        cmocka_unit_test(test_a_page_without_an_interval_has_no_timeline),
        cmocka_unit_test(test_two_sides_are_on_the_same_axis),
        cmocka_unit_test(test_too_many_changes_are_joined),
        cmocka_unit_test(test_foreign_names_are_harmless_in_the_page),
        cmocka_unit_test(test_the_worst_report_is_below_sixty_kilobytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
