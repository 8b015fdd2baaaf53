#include "plots/pareto.h"

#include "tests/figure_rig.h"

/* Today's setting, a beaten one, one that waits less, one that gives up. */
static const struct pareto_point four[] = {
    {100.5, 3.5, 310.0, 12.0, 4.0, true, false},
    {120.0, 3.5, 312.0, 12.0, 1.0, false, false},
    {150.0, 2.5, 95.0, 3.0, 0.0, true, false},
    {20.0, 0.0, 9000.0, 0.0, 2.0, false, true},
};
static const struct pareto_fixed fixed[] = {{400.0, 60.0}, {90.0, 9000.0}};

static struct pareto_input input(void)
{
    return (struct pareto_input){
        .title_prefix = "prod",
        .days = 14.1,
        .n_reps = 20,
        .points = four,
        .n = 4,
        .best = 2,
        .bound_usd = 12.5,
        .fixed = fixed,
        .n_fixed = 2,
    };
}

static void remove_output(void)
{
    figure_remove("pareto");
    figure_leave();
}

static void draw_well(const struct pareto_input *in)
{
    struct err e = {{0}};

    if (pareto_draw("out", in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    figure_is_whole("pareto");
}

/* ------------------------------------------------------------ pictures */

static void test_the_figure_says_what_is_not_beaten(void **state)
{
    struct pareto_input in = input();
    (void)state;

    need_gnuplot();
    draw_well(&in);
    figure_says("pareto",
                "2 of 4 settings are not beaten; that of today is one of them",
                true);
    figure_says("pareto", "prod | 20 replications | bars: 95 % interval", true);
    figure_says("pareto", "cost of 14.1 days, USD", true);
    figure_says("pareto", "cheapest that meets the targets", true);
    figure_says("pareto", "regretted removals a day, at most 4", true);
    remove_output();
}

static void test_today_may_be_the_only_one_and_the_best(void **state)
{
    struct pareto_input in = input();
    (void)state;

    need_gnuplot();
    in.n = 1;
    in.n_reps = 1;
    in.best = 0;
    in.n_fixed = 0;
    in.bound_usd = 0.0;
    in.days = 0.5;
    in.synthetic = true;
    draw_well(&in);
    figure_says("pareto", "Of 1 settings only that of today is not beaten",
                true);
    figure_says("pareto", "today, cheapest that meets the targets", true);
    figure_says("pareto", "cost of 12.0 hours, USD", true);
    figure_says("pareto", "prod | synthetic trace | 1 replication", true);
    remove_output();
}

static void test_a_pool_that_does_nothing_can_be_drawn(void **state)
{
    const struct pareto_point nothing = {0};
    struct pareto_input in = {
        .title_prefix = "", .points = &nothing, .n = 1, .best = SIZE_MAX};
    (void)state;

    need_gnuplot();
    draw_well(&in);
    figure_says("pareto",
                "0 of 1 settings are not beaten; that of today "
                "is not one of them",
                true);
    figure_says("pareto", "no removal is regretted", true);
    remove_output();
}

static void test_a_hostile_name_stays_text(void **state)
{
    struct pareto_input in = input();
    (void)state;

    need_gnuplot();
    in.title_prefix = "\"; system(\"x\")";
    draw_well(&in);
    assert_true(access("x", F_OK) != 0);
    remove_output();
}

static void test_the_same_input_gives_the_same_bytes(void **state)
{
    struct pareto_input in = input();
    (void)state;

    need_gnuplot();
    draw_well(&in);
    size_t n;
    char *first = figure_file("pareto", "svg", &n);
    draw_well(&in);
    char *second = figure_file("pareto", "svg", &n);
    assert_string_equal(first, second);
    free(first);
    free(second);
    remove_output();
}

/* ------------------------------------------------------------ data */

static void test_points_stand_in_three_blocks(void **state)
{
    struct pareto_input in = input();
    struct err e;
    (void)state;

    assert_int_equal(pareto_draw("out", &in, &e), ERR_OK);
    /* Colours: not beaten, beaten, gives up. Sizes from 0.8 to 2.2. */
    figure_has("pareto", "dat",
               "# today\n100.5 310 97 104 298 322 2.200 29362\n");
    figure_has("pareto", "dat",
               "# beaten\n120 312 116.5 123.5 300 324 1.500 10921638\n"
               "20 9000 20 20 9000 9000 1.790 13983232\n");
    figure_has("pareto", "dat", "150 95 147.5 152.5 92 98 0.800 29362\n");
    figure_has("pareto", "dat", "# fixed pools: usd wait_s\n400 60\n90 9000\n");
    remove_output();
}

static void assert_range(const struct pareto_input *in, double from_s,
                         double until_s)
{
    double from, until;

    pareto_range(in, &from, &until);
    assert_close(from, from_s, 0.0);
    assert_close(until, until_s, 0.0);
}

static void test_the_axis_holds_every_wait(void **state)
{
    struct pareto_point p[2] = {{.wait_s = 95.0}, {.wait_s = 9000.0}};
    struct pareto_input in = {.points = p, .n = 2};
    (void)state;

    assert_range(&in, 60.0, 14400.0);
    p[0].wait_s = 65.0; /* too near to a minute for a point on the axis */
    assert_range(&in, 30.0, 14400.0);
    p[0].wait_s = p[1].wait_s = 0.0;
    assert_range(&in, 1.0, 2.0);
    p[1].wait_s = 1e12; /* beyond all ticks */
    assert_range(&in, 1.0, 31536000.0);
    p[0].wait_s = 1e12;
    assert_range(&in, 2592000.0, 31536000.0);
}

static void test_without_gnuplot_the_script_is_there(void **state)
{
    struct pareto_input in = input();
    const char *set = getenv("PATH");
    char *path = set ? strdup(set) : NULL;
    struct err e;
    (void)state;

    setenv("PATH", "/nowhere", 1);
    int rc = pareto_draw("out", &in, &e);
    if (path)
        setenv("PATH", path, 1);
    free(path);
    assert_int_equal(rc, ERR_OK);
    figure_has("pareto", "gp", "wait_from = 60");
    assert_true(access("out/plots/pareto.svg", F_OK) != 0);
    remove_output();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_the_figure_says_what_is_not_beaten),
        IN_FOLDER(test_today_may_be_the_only_one_and_the_best),
        IN_FOLDER(test_a_pool_that_does_nothing_can_be_drawn),
        IN_FOLDER(test_a_hostile_name_stays_text),
        IN_FOLDER(test_the_same_input_gives_the_same_bytes),
        IN_FOLDER(test_points_stand_in_three_blocks),
        cmocka_unit_test(test_the_axis_holds_every_wait),
        IN_FOLDER(test_without_gnuplot_the_script_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
