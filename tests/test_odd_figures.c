/* Every figure, drawn from what it was not made for: gnuplot has nothing to
 * say, the pictures are small, and the words are those that were meant.
 */
#include "plots/bars.h"
#include "plots/curve.h"
#include "plots/pair.h"
#include "plots/pareto.h"

#include "tests/figure_rig.h"
#include "tests/plot_rig.h"

enum { DENSE = 6000 };

static const char *const of_a_run[] = {"timeline", "burst", "waits", "week"};
static const char *const of_a_pair[] = {"pair_burst", "pair_waits"};

static void look(const char *const figures[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        figure_is_whole(figures[i]);
        figure_is_quiet(figures[i]);
    }
}

static void leave(const char *const figures[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        figure_remove(figures[i]);
    figure_leave();
}

static void draw_run(const struct rig *r)
{
    struct err e = {""};

    if (plots_draw("out", &r->in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    look(of_a_run, 4);
}

static void draw_pair(const struct rig *before, const struct rig *after)
{
    struct err e = {""};

    if (pair_draw("out", &before->in, &after->in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    look(of_a_pair, 2);
}

/* Levels that change all the time and rise and fall 14 times. */
static struct timeline_row *dense(struct rig *r, sim_us window_us)
{
    struct timeline_row *rows = mem_array(DENSE, sizeof *rows);
    uint32_t x = 1;

    for (size_t i = 0; i < DENSE; i++) {
        x = x * 1664525 + 1013904223;
        int32_t n =
            (int32_t)(140 - 100 * cos(14 * 6.2832 * (double)i / DENSE)) +
            (int32_t)(x >> 8) % 40;
        rows[i] = (struct timeline_row){(sim_us)i * (window_us / DENSE),
                                        (uint32_t)(i % r->in.n_pools),
                                        {.demand = n,
                                         .waiting = n / 3,
                                         .running = n / 2,
                                         .sessions = n / 2 + n % 7,
                                         .ready = n / 2 + n % 5,
                                         .wanted = n,
                                         .nodes = n / 4},
                                        n / 2.0};
    }
    r->in.rows = rows;
    r->in.n_rows = DENSE;
    return rows;
}

static void draw_dense(size_t n_pools, double window_s, bool dates)
{
    struct timeline_row *rows;
    struct rig r;

    rig_init(&r, n_pools, window_s);
    r.t.absolute = dates;
    r.t.origin_us = S(1781024400);
    rows = dense(&r, r.in.window_us);
    for (size_t i = 0; i < RIG_BUILDS; i++)
        rig_build(&r, (uint32_t)(i % n_pools), window_s * (double)i / 70.0,
                  i % 3 == 0 ? 0 : (double)(i * i));
    draw_run(&r);
    draw_pair(&r, &r);
    rig_free(&r);
    free(rows);
}

static void test_a_run_without_builds(void **state)
{
    struct rig r;
    (void)state;

    need_gnuplot();
    rig_init(&r, 0, 3600);
    draw_run(&r);
    figure_says("timeline", "No pool to show", true);
    r.in.n_pools = 1;
    draw_run(&r);
    figure_says("burst", "No build was asked for", true);
    leave(of_a_run, 4);
    draw_pair(&r, &r);
    figure_says("pair_burst", "Nobody waits, before or after", true);
    figure_says("pair_burst", "prod | first replication", true);
    figure_says("pair_burst", "nobody waits", true);
    leave(of_a_pair, 2);
    rig_free(&r);
}

static void test_a_single_build(void **state)
{
    struct rig r;
    (void)state;

    need_gnuplot();
    rig_init(&r, 1, 3600);
    rig_build(&r, 0, 60, 30);
    rig_row(&r, 60, 0, (struct pool_state){.waiting = 1, .demand = 1}, 1);
    rig_row(&r, 90, 0, (struct pool_state){.running = 1, .ready = 1}, 1);
    draw_run(&r);
    figure_says("waits", "p95 30 s", true);
    figure_says("waits",
                "amd64: 0 % of 1 build at once; p95 30 s, longest 30 s", true);
    leave(of_a_run, 4);
    draw_pair(&r, &r);
    figure_says("pair_burst",
                "Builds waiting in the worst burst: 1 for 30 s; before the "
                "change 1 for 30 s",
                true);
    figure_says("pair_waits", "before p95 30 s", true);
    figure_says("pair_waits", "after p50 30 s", true);
    leave(of_a_pair, 2);
    rig_free(&r);
}

static void test_an_hour_and_a_year_of_one_and_of_six_pools(void **state)
{
    (void)state;

    need_gnuplot();
    draw_dense(1, 3600, true);
    draw_dense(6, 365 * 86400.0, true);
    figure_says("timeline", "the 4 biggest of 6 pools", true);
    figure_says("week", "other pools", true);
    draw_dense(6, 365 * 86400.0, false);
    figure_says("timeline", "days since the start", true);
    for (size_t i = 0; i < 4; i++)
        figure_remove(of_a_run[i]);
    leave(of_a_pair, 2);
}

/* What gnuplot's enhanced text, its strings, SVG and a shell would take for
 * something else is shown as it is, or as a question mark.
 */
static void test_hostile_names(void **state)
{
    struct rig r;
    (void)state;

    need_gnuplot();
    rig_init(&r, 4, 3600);
    r.names[0] = "{/Symbol a}^2_3@x";
    r.names[1] = "</text><script>&";
    r.names[2] = "\"; system('touch x')";
    r.names[3] = "`touch x` %s %d \\n\n";
    r.in.title_prefix = "a_b^{c}&<d>~@";
    for (uint32_t i = 0; i < 4; i++) {
        rig_build(&r, i, 60, 100.0 * (i + 1));
        rig_row(&r, 60, i, (struct pool_state){.waiting = (int32_t)i + 1}, 1);
    }
    draw_run(&r);
    figure_says("waits", "{/Symbol a}^2_3@x:", true);
    figure_says("waits", "&lt;/text>&lt;script>&amp;:", true);
    figure_says("week", "a_b^{c}&amp;&lt;d>~@ |", true);
    assert_true(access("out/plots/x", F_OK) != 0 && access("x", F_OK) != 0);
    leave(of_a_run, 4);
    draw_pair(&r, &r);
    leave(of_a_pair, 2);
    rig_free(&r);
}

static void test_a_curve_of_one_point(void **state)
{
    static const char *const name[] = {"minimum"};
    const struct curve_point point = {2.0, {0.0, 0.0}, {0.0, 0.0}};
    struct curve_input in = {.name = name[0],
                             .title_prefix = "`x`{}^",
                             .title = "A minimum of 2 pods, {/Bold no} more",
                             .subtitle = "1 history",
                             .x_label = "minReplicaCount",
                             .y_label = {"p95 wait, minutes", "cost, USD"},
                             .points = &point,
                             .n = 1,
                             .target = {NAN, 5.0}};
    struct err e = {""};
    (void)state;

    need_gnuplot();
    assert_int_equal(curve_draw("out", &in, &e), ERR_OK);
    look(name, 1);
    figure_says("minimum", "A minimum of 2 pods, {/Bold no} more", true);
    in.n_marks = CURVE_MARKS;
    for (size_t i = 0; i < CURVE_MARKS; i++)
        in.marks[i] = (struct curve_mark){2.0 * (double)i, "'today'\"\\"};
    assert_int_equal(curve_draw("out", &in, &e), ERR_OK);
    look(name, 1);
    leave(name, 1);
}

static void test_bars_of_one_of_nothing_and_of_many(void **state)
{
    static const char *const name[] = {"causes"};
    struct bars_input in = {.name = name[0],
                            .title_prefix = "",
                            .title = "Most waiting is for the scaler",
                            .x_label = "%s",
                            .y_label = "hours that builds waited",
                            .labels = {"{scaler}"},
                            .n = 1,
                            .n_series = 1,
                            .series = {"today"},
                            .mark = 0.0,
                            .mark_text = "%d"};
    struct err e = {""};
    (void)state;

    need_gnuplot();
    in.series[1] = in.series[2] = "`x`";
    for (int i = 0; i < 4; i++) {
        bool many = i >= 2;

        in.lying = i % 2;
        in.n = !many ? 1 : in.lying ? BARS_LYING : BARS_MOST;
        in.n_series = many ? BARS_SERIES : 1;
        in.y[0][0] = many ? 1e6 : 0.0;
        in.y[1][2] = 0.001;
        assert_int_equal(bars_draw("out", &in, &e), ERR_OK);
        look(name, 1);
        figure_says("causes", "Most waiting is for the scaler", true);
        figure_says("causes", "{scaler}", true);
    }
    leave(name, 1);
}

static void test_a_front_of_one_and_of_a_thousand_points(void **state)
{
    static const char *const name[] = {"pareto"};
    struct pareto_point *points = mem_array(1000, sizeof *points);
    struct pareto_input in = {
        .title_prefix = "{a}^b_c", .points = points, .n = 1, .best = SIZE_MAX};
    struct err e = {""};
    (void)state;

    need_gnuplot();
    assert_int_equal(pareto_draw("out", &in, &e), ERR_OK);
    look(name, 1);
    for (size_t i = 0; i < 1000; i++)
        points[i] = (struct pareto_point){.usd = (double)(i * 7919 % 1000),
                                          .usd_half_width = 3.0,
                                          .wait_s = (double)(i * i % 7001),
                                          .regretted = (double)(i % 50),
                                          .front = i % 3 == 0,
                                          .gives_up = i % 7 == 0};
    in.n = 1000;
    in.best = 500;
    assert_int_equal(pareto_draw("out", &in, &e), ERR_OK);
    look(name, 1);
    figure_says("pareto", "{a}^b_c |", true);
    figure_says("pareto", "builds give up", true);
    leave(name, 1);
    free(points);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_run_without_builds),
        IN_FOLDER(test_a_single_build),
        IN_FOLDER(test_an_hour_and_a_year_of_one_and_of_six_pools),
        IN_FOLDER(test_hostile_names),
        IN_FOLDER(test_a_curve_of_one_point),
        IN_FOLDER(test_bars_of_one_of_nothing_and_of_many),
        IN_FOLDER(test_a_front_of_one_and_of_a_thousand_points),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
