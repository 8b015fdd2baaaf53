#include "plots/bars.h"
#include "plots/curve.h"

#include "tests/figure_rig.h"

static const struct curve_point points[] = {
    {2.0, {5.5, 100.25}, {0.5, 3.0}},
    {4.0, {4.25, 120.0}, {0.25, 2.0}},
    {10.0, {3.0, 190.0}, {0.0, 0.0}},
};

static struct curve_input curve(void)
{
    return (struct curve_input){
        .name = "minimum",
        .title_prefix = "prod\"`$(touch x)",
        .title = "A minimum of 4 \"pods\" `id`",
        .subtitle = "20 histories",
        .x_label = "minReplicaCount",
        .y_label = {"p95 wait", "cost"},
        .points = points,
        .n = 3,
        .target = {5.0, NAN},
        .marks = {{12.0, "recommended"}, {2.0, "today"}},
        .n_marks = 2,
    };
}

static struct bars_input bars(void)
{
    return (struct bars_input){
        .name = "peaks",
        .title_prefix = "prod",
        .synthetic = true,
        .title = "The demand may peak",
        .subtitle = "225 histories",
        .x_label = "builds",
        .y_label = "histories",
        .labels = {"80", "90"},
        .y = {{3.0, 4.5}, {0.0, 7.0}},
        .n = 2,
        .n_series = 2,
        .series = {"runs", "days"},
        .mark = 0.75,
        .mark_text = "recorded: \\ 87",
    };
}

static void remove_all(const char *name)
{
    figure_remove(name);
    figure_leave();
}

static void assert_drawn(int rc, const struct err *e)
{
    if (rc != ERR_OK)
        fail_msg("%s", e->msg);
}

static void test_a_curve_has_its_points_and_marks(void **state)
{
    struct curve_input in = curve();
    struct err e = {""};
    (void)state;

    assert_drawn(curve_draw("out", &in, &e), &e);
    figure_has("minimum", "dat", "\n2 5.5 5 6 100.25 97.25 103.25\n");
    figure_has("minimum", "dat", "\n10 3 3 3 190 190 190\n");
    figure_has("minimum", "gp", "mark[2] = \"recommended\"");
    figure_has("minimum", "gp", "mark_x[2] = 12\n");
    figure_has("minimum", "gp", "target[1] = 5\n");
    figure_has("minimum", "gp", "target[2] = -1\n");
    /* 0.04 of 2 to 12 on either side */
    figure_has("minimum", "gp", "x_from = 1.6\n");
    figure_has("minimum", "gp", "x_until = 12.4\n");
    if (figure_have_gnuplot())
        figure_says("minimum", "recommended", true);
    remove_all("minimum");
}

static void test_foreign_names_do_not_reach_the_script(void **state)
{
    struct curve_input in = curve();
    struct err e = {""};
    (void)state;

    assert_drawn(curve_draw("out", &in, &e), &e);
    size_t n;
    char *text = figure_file("minimum", "gp", &n);
    assert_null(strchr(strstr(text, "title["), '`'));
    assert_null(strstr(text, "$(touch"));
    free(text);
    assert_int_not_equal(access("out/plots/x", F_OK), 0);
    remove_all("minimum");
}

static void test_bars_stand_side_by_side_and_may_have_a_mark(void **state)
{
    struct bars_input in = bars();
    struct err e = {""};
    (void)state;

    assert_drawn(bars_draw("out", &in, &e), &e);
    figure_has("peaks", "dat", "\n0 3 4.5\n1 0 7\n");
    figure_has("peaks", "gp", "label[2] = \"90\"");
    figure_has("peaks", "gp", "has_mark = 1\nmark = 0.75\n");
    figure_has("peaks", "gp", "synthetic trace");
    if (figure_have_gnuplot())
        figure_says("peaks", "The demand may peak", true);
    in.mark = NAN;
    assert_drawn(bars_draw("out", &in, &e), &e);
    figure_has("peaks", "gp", "has_mark = 0\nmark = 0\n");
    remove_all("peaks");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_curve_has_its_points_and_marks),
        IN_FOLDER(test_foreign_names_do_not_reach_the_script),
        IN_FOLDER(test_bars_stand_side_by_side_and_may_have_a_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
