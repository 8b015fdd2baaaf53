#include "plots/plots.h"

#include "tests/figure_rig.h"
#include "tests/plot_rig.h"

static const char *const FIGURES[] = {"timeline", "burst", "waits", "week"};
static const char *const ENDS[] = {"gp", "dat", "svg", "png"};

enum { N_FIGURES_DRAWN = 4, N_ENDS = 4 };

static bool exists(size_t figure, size_t end)
{
    char path[64];

    (void)snprintf(path, sizeof path, "out/plots/%s.%s", FIGURES[figure],
                   ENDS[end]);
    return access(path, F_OK) == 0;
}

static char *content(size_t figure, size_t end, size_t *n)
{
    return figure_file(FIGURES[figure], ENDS[end], n);
}

static void remove_output(void)
{
    for (size_t i = 0; i < N_FIGURES_DRAWN; i++)
        figure_remove(FIGURES[i]);
    figure_leave();
}

/* Draws, and says whether each picture came out well. */
static void draw_well(const struct rig *r)
{
    struct err e = {{0}};

    if (plots_draw("out", &r->in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    for (size_t i = 0; i < N_FIGURES_DRAWN; i++)
        figure_is_whole(FIGURES[i]);
}

static void assert_says(size_t figure, const char *words, bool want)
{
    figure_says(FIGURES[figure], words, want);
}

/* Two builds on one pod, one of them in back-off for half of its wait. */
static void fill(struct rig *r)
{
    rig_build(r, 0, 60, 0);
    rig_build(r, 0, 60, 100);
    rig_row(r, 0, 0, (struct pool_state){.ready = 1, .wanted = 1, .nodes = 1},
            6);
    rig_row(r, 60, 0,
            (struct pool_state){.demand = 2,
                                .waiting = 1,
                                .running = 1,
                                .sessions = 2,
                                .ready = 1,
                                .wanted = 2,
                                .nodes = 1},
            6);
    rig_row(r, 110, 0,
            (struct pool_state){.waiting = 1,
                                .running = 1,
                                .sessions = 1,
                                .ready = 1,
                                .wanted = 2,
                                .nodes = 1},
            6);
    rig_row(
        r, 160, 0,
        (struct pool_state){
            .running = 1, .sessions = 1, .ready = 1, .wanted = 2, .nodes = 2},
        12);
}

/* The burst: 50 s with 2 of 2 seen, 50 s with 1 of 2. The cost: 160 s at 6 and
 * 440 s at 12 of 600 s. Pods: one, idle for 60 s.
 */
static void test_each_title_states_the_finding(void **state)
{
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 1, 600);
    fill(&r);
    draw_well(&r);
    assert_says(0,
                "amd64: demand peaks at 2 builds; at most 1 pod ready and 2 "
                "nodes",
                true);
    assert_says(
        1, "amd64: 1 build waits at worst; the scaler sees 75 % of the clients",
        true);
    assert_says(
        2, "amd64: 50 % of builds do not wait; 95 % wait at most 1m 40s", true);
    assert_says(3,
                "10.4 USD/h on average, 10.4 in hour 1; pods are idle 10 % of "
                "their time",
                true);
    remove_output();
    rig_free(&r);
}

static void test_every_figure_says_that_a_trace_is_synthetic(void **state)
{
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 1, 600);
    fill(&r);
    for (int synthetic = 0; synthetic < 2; synthetic++) {
        r.in.synthetic = synthetic;
        draw_well(&r);
        for (size_t i = 0; i < N_FIGURES_DRAWN; i++)
            assert_says(i, "synthetic trace", synthetic);
    }
    remove_output();
    rig_free(&r);
}

static void test_a_hostile_name_runs_nothing_and_is_shown(void **state)
{
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 4, 600);
    fill(&r);
    r.names[0] = "\"; system(\"touch x\"); #";
    r.names[1] = "`touch x`";
    r.names[2] = "'.system('touch x').'";
    r.names[3] = "\n!touch x\n@x $x %s <&>";
    r.in.title_prefix = "\";`touch x`\n!touch x\n";
    draw_well(&r);
    assert_int_not_equal(access("out/plots/x", F_OK), 0);
    assert_int_not_equal(access("x", F_OK), 0);
    assert_says(0, "?; system(?touch", true);
    assert_says(2, "?touch x?", true);
    assert_says(2, "??touch x?@x ?x %s &lt;&amp;", false); /* too long: cut */
    assert_says(2, "?!touch x?@x ?x %...", true);
    remove_output();
    rig_free(&r);
}

static void test_the_same_run_gives_the_same_bytes(void **state)
{
    char *before[N_FIGURES_DRAWN * N_ENDS];
    size_t n_before[N_FIGURES_DRAWN * N_ENDS], n;
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 2, 600);
    fill(&r);
    draw_well(&r);
    for (size_t i = 0; i < N_FIGURES_DRAWN * N_ENDS; i++)
        before[i] = content(i / N_ENDS, i % N_ENDS, &n_before[i]);
    draw_well(&r);
    for (size_t i = 0; i < N_FIGURES_DRAWN * N_ENDS; i++) {
        char *now = content(i / N_ENDS, i % N_ENDS, &n);
        assert_int_equal(n, n_before[i]);
        assert_memory_equal(now, before[i], n);
        free(now);
        free(before[i]);
    }
    remove_output();
    rig_free(&r);
}

static void test_histories_without_anything_are_drawn(void **state)
{
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 0, 600);
    draw_well(&r); /* no pools */
    assert_says(0, "No pool to show", true);
    r.in.n_pools = 3;
    draw_well(&r); /* no rows, no builds */
    assert_says(1, "No build was asked for", true);
    assert_says(2, "No build waited or was served", true);
    r.in.window_us = 1;
    draw_well(&r);
    remove_output();
    rig_free(&r);
}

static void test_one_build_and_ninety_days_are_drawn(void **state)
{
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, RIG_POOLS, 90 * 86400.0);
    r.t.absolute = true;
    r.t.origin_us = S(1781024400);
    rig_build(&r, 5, 60, 0);
    rig_row(&r, 60, 5, (struct pool_state){.demand = 1, .running = 1}, 1);
    rig_row(&r, 70, 5, (struct pool_state){0}, 0);
    draw_well(&r);
    assert_says(0, "the 4 biggest of 6 pools", true);
    assert_says(1, "No build waited; the highest demand is 1 on mips", true);
    assert_says(2, "mips: every build is served within 1 s", true);
    remove_output();
    rig_free(&r);
}

static void test_who_gave_up_at_once_was_not_served(void **state)
{
    struct build_result *b;
    struct rig r;

    (void)state;
    need_gnuplot();
    rig_init(&r, 1, 600);
    fill(&r);
    b = rig_build(&r, 0, 60, 0);
    b->served_us = SIM_NEVER;
    b->end = END_GAVE_UP;
    draw_well(&r);
    assert_says(2,
                "amd64: 1 of 3 builds are never served; 95 % wait or try at "
                "most 1m 40s",
                true);
    remove_output();
    rig_free(&r);
}

static void test_without_gnuplot_data_and_scripts_are_left(void **state)
{
    const char *found = getenv("PATH");
    char *path = strdup(found ? found : "");
    struct err e = {{0}};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 600);
    fill(&r);
    setenv("PATH", "/nowhere", 1);
    assert_false(figure_have_gnuplot());
    assert_int_equal(plots_draw("out", &r.in, &e), ERR_OK);
    setenv("PATH", path, 1);
    for (size_t i = 0; i < N_FIGURES_DRAWN; i++) {
        assert_true(exists(i, 0) && exists(i, 1));
        assert_false(exists(i, 2) || exists(i, 3));
    }
    remove_output();
    rig_free(&r);
    free(path);
}

static void test_a_folder_that_cannot_be_made_is_told(void **state)
{
    struct err e = {{0}};
    struct rig r;

    (void)state;
    rig_init(&r, 1, 600);
    write_bytes("out", "a file", 6);
    assert_int_equal(plots_draw("out", &r.in, &e), ERR_IO);
    assert_string_equal(e.msg, "out/plots: Not a directory");
    rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_each_title_states_the_finding),
        IN_FOLDER(test_every_figure_says_that_a_trace_is_synthetic),
        IN_FOLDER(test_a_hostile_name_runs_nothing_and_is_shown),
        IN_FOLDER(test_the_same_run_gives_the_same_bytes),
        IN_FOLDER(test_histories_without_anything_are_drawn),
        IN_FOLDER(test_one_build_and_ninety_days_are_drawn),
        IN_FOLDER(test_who_gave_up_at_once_was_not_served),
        IN_FOLDER(test_without_gnuplot_data_and_scripts_are_left),
        IN_FOLDER(test_a_folder_that_cannot_be_made_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
