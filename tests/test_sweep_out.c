#include "tests/support.h"

#include "sim/app/sweep_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENARIO "scenarios/staging-scale-test.yaml"

/* A sweep of three settings, whose figures a test chooses. */
struct rig {
    struct options o;
    struct sweep_job j;
    char *text; /* owned; what was written last */
};

static void init(struct rig *x, const char *vary, uint32_t n_reps)
{
    struct err e = {""};

    memset(x, 0, sizeof *x);
    options_defaults(&x->o);
    x->j.options = &x->o;
    if (scenario_load(&x->j.scenario, SCENARIO, NULL, &e) != ERR_OK ||
        sweep_vary(&x->j.sweep, vary, &e) != ERR_OK ||
        sweep_make(&x->j.sweep, &x->j.scenario, n_reps, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    struct sweep *s = &x->j.sweep;
    s->values = calloc(s->n * SWEEP_METRICS * n_reps, sizeof *s->values);
    for (size_t i = 0; i < s->n; i++)
        s->settings[i].done = true;
}

/* Cost and p95 wait of a setting; replication r adds r to both. */
static void put(struct rig *x, size_t setting, double usd, double wait_s)
{
    struct sweep *s = &x->j.sweep;

    for (uint32_t r = 0; r < s->n_reps; r++) {
        double *v = &s->values[setting * SWEEP_METRICS * s->n_reps];
        v[GOAL_COST_USD * s->n_reps + r] = usd + r;
        v[GOAL_P95_WAIT * s->n_reps + r] = wait_s + r;
    }
}

static void judge(struct rig *x, double most_s)
{
    x->j.scenario.n_targets = most_s > 0.0;
    x->j.scenario.targets[0] = (struct scenario_target){GOAL_P95_WAIT, most_s};
    sweep_verdict_free(&x->j.verdict);
    sweep_judge(&x->j.verdict, &x->j.sweep);
}

static void done(struct rig *x)
{
    free(x->text);
    sweep_verdict_free(&x->j.verdict);
    sweep_free(&x->j.sweep);
    scenario_free(&x->j.scenario);
}

static const char *written(struct rig *x,
                           void (*write)(const struct sweep_job *, FILE *))
{
    size_t n;

    free(x->text);
    FILE *out = open_memstream(&x->text, &n);
    write(&x->j, out);
    (void)fclose(out);
    return x->text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void three(struct rig *x, uint32_t n_reps)
{
    init(x, "amd64.max_replicas=6,8,12", n_reps);
    put(x, 0, 100.0, 300.0); /* 8, today's */
    put(x, 1, 80.0, 400.0);  /* 6 */
    put(x, 2, 130.0, 200.0); /* 12 */
}

/* ------------------------------------------------------------ answers */

static void assert_answer(struct rig *x, const char *want)
{
    char got[SWEEP_ANSWER];

    sweep_answer(&x->j, got);
    assert_string_equal(got, want);
}

static void test_the_answer_names_the_cheapest_that_meets_all(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 1);
    judge(&x, 250.0);
    assert_answer(&x, "amd64.max_replicas=12 is the cheapest of the 1 that "
                      "meet the targets: $130, p95 wait 3m20s; today $100, "
                      "p95 wait 5m");
    judge(&x, 350.0);
    assert_answer(&x, "today's setting is the cheapest of the 2 that meet the "
                      "targets: $100, p95 wait 5m");
    judge(&x, 100.0);
    assert_answer(&x, "no: none of 3 settings meets the targets");
    judge(&x, 0.0);
    assert_answer(&x, "3 settings side by side; the scenario has no targets to "
                      "judge them by");
    done(&x);
}

static void test_the_table_is_in_the_order_of_cost(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 2);
    judge(&x, 350.0);
    const char *text = written(&x, sweep_print);
    assert_has(text, "today's setting is the cheapest");
    assert_has(text, "\nstaging-scale-test: seed 1, 2 replications a setting, "
                     "the same worlds in all\n");
    const char *six = strstr(text, "\n                 6  $80.50 \u00b1 "
                                   "$6.35"),
               *eight = strstr(text, "\n                 8    $100 \u00b1 "),
               *twelve = strstr(text, "\n                12    $130 \u00b1 ");
    assert_true(six && eight && twelve && six < eight && eight < twelve);
    assert_has(text, "today, front, cheapest\n");
    assert_null(strstr(text, " \n")); /* no blanks at the end of a line */
    done(&x);
}

static void test_one_replication_is_a_warning(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 1);
    judge(&x, 0.0);
    assert_has(written(&x, sweep_print),
               "one replication has no intervals: small differences mean "
               "nothing (--reps 20)");
    done(&x);
}

static void test_an_axis_without_effect_is_named(void **state)
{
    static const char *const line =
        "\namd64.max_replicas: the outcomes are the same for every value";
    struct rig x;
    (void)state;

    three(&x, 2);
    judge(&x, 0.0);
    assert_null(strstr(written(&x, sweep_print), line));
    put(&x, 1, 100.0, 300.0);
    put(&x, 2, 100.0, 300.0);
    judge(&x, 0.0);
    assert_has(written(&x, sweep_print), line);
    assert_has(x.text, " for every value on this history\n\n");
    for (size_t i = 0; i < x.j.scenario.system.n_pools; i++)
        x.j.scenario.system.pools[i].autoscaled = false;
    assert_has(written(&x, sweep_print),
               " for every value, as nothing scales there\n\n");
    done(&x);
}

static void test_what_is_not_done_is_left_out(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 1);
    x.j.sweep.settings[2].done = false;
    judge(&x, 0.0);
    const char *text = written(&x, sweep_print);
    assert_has(text, "stopped early: 2 of 3 settings are done");
    assert_null(strstr(text, "12  "));
    assert_null(strstr(written(&x, sweep_csv), "\n12,"));
    done(&x);
}

static void test_many_settings_are_cut_to_the_front(void **state)
{
    struct rig x;
    (void)state;

    init(&x,
         "amd64.max_replicas=8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,"
         "24,25,26,27,28,29,30,31,32",
         1);
    for (size_t i = 0; i < x.j.sweep.n; i++)
        put(&x, i, 100.0 + (double)i, 300.0 + (double)i);
    judge(&x, 0.0);
    const char *text = written(&x, sweep_print);
    assert_has(text, "1 of 25 settings are on the Pareto front");
    assert_has(text,
               "\nand 24 settings more; --output DIR writes all of them to "
               "sweep.csv\n");
    done(&x);
}

static size_t count_lines(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void test_a_long_front_is_cut_and_keeps_the_answer(void **state)
{
    char vary[1000] = "amd64.max_replicas=8";
    struct rig x;
    (void)state;

    for (int i = 9; i < 108; i++)
        (void)snprintf(vary + strlen(vary), sizeof vary - strlen(vary), ",%d",
                       i);
    init(&x, vary, 1);
    put(&x, 0, 190.5, 109.5);
    for (size_t i = 1; i < x.j.sweep.n; i++)
        put(&x, i, 100.0 + (double)i, 200.0 - (double)i);
    judge(&x, 105.0); /* only the last five wait so little */
    const char *text = written(&x, sweep_print);
    assert_has(text, "amd64.max_replicas=103 is the cheapest of the 5");
    assert_has(text, "  today, front\n");
    assert_has(text, "  front, cheapest\n");
    assert_has(text, "\nand 50 settings more; ");
    assert_int_equal(count_lines(text), 4 + 2 + 50 + 2);
    done(&x);
}

/* ------------------------------------------------------------ CSV */

static void test_csv_has_a_row_a_setting(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 1);
    judge(&x, 350.0);
    const char *text = written(&x, sweep_csv);
    assert_has(text, "amd64.max_replicas,today,front,meets_targets,"
                     "beats_today,seed,replications,cost_usd,"
                     "cost_usd_half_width,p95_wait_s,");
    assert_has(text, "\n8,1,1,1,0,1,1,100,,300,,0,,0,,0,,0,,0,,0,,0,,0,,0,,0,,,"
                     "\n");
    assert_has(text, "\n6,0,1,0,0,1,1,80,,400,,0,,0,,0,,0,,-20,,100,,0,,0,,0,,"
                     "0,,,\n");
    done(&x);
}

static void test_csv_has_half_widths_of_several_replications(void **state)
{
    struct rig x;
    (void)state;

    three(&x, 3);
    judge(&x, 350.0);
    /* 80, 81, 82: t(0.975, 2) * 1 / sqrt(3); the difference is always 20. */
    assert_has(written(&x, sweep_csv), "\n6,0,1,0,0,1,3,81,2.48413771,401,"
                                       "2.48413771,");
    assert_has(x.text, ",-20,0,100,0,0,0,0,0,0,0,0,0,1,1\n");
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_answer_names_the_cheapest_that_meets_all),
        cmocka_unit_test(test_the_table_is_in_the_order_of_cost),
        cmocka_unit_test(test_one_replication_is_a_warning),
        cmocka_unit_test(test_an_axis_without_effect_is_named),
        cmocka_unit_test(test_what_is_not_done_is_left_out),
        cmocka_unit_test(test_many_settings_are_cut_to_the_front),
        cmocka_unit_test(test_a_long_front_is_cut_and_keeps_the_answer),
        cmocka_unit_test(test_csv_has_a_row_a_setting),
        cmocka_unit_test(test_csv_has_half_widths_of_several_replications),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
