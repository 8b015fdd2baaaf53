#include "tests/plot_rig.h"

#include "plots/pair.h"
#include "tests/figure_rig.h"

struct pair_rig {
    struct rig side[2];
};

static void init(struct pair_rig *x)
{
    for (int i = 0; i < 2; i++)
        rig_init(&x->side[i], 2, 7200);
}

static void draw(struct pair_rig *x)
{
    struct err e = {""};

    if (pair_draw("out", &x->side[0].in, &x->side[1].in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void done(struct pair_rig *x)
{
    figure_remove("pair_burst");
    figure_remove("pair_waits");
    figure_leave();
    for (int i = 0; i < 2; i++)
        trace_free(&x->side[i].t);
}

static void test_the_worse_burst_is_shown_for_both(void **state)
{
    struct pair_rig x;
    (void)state;

    need_gnuplot();
    init(&x);
    /* Before: 3 wait for 1000 s; after: 7 wait for 90 s, in the other pool. */
    rig_row(&x.side[0], 1000, 0, (struct pool_state){.waiting = 3, .ready = 2},
            0);
    rig_row(&x.side[0], 2000, 0, (struct pool_state){.ready = 5}, 0);
    rig_row(&x.side[1], 3000, 1, (struct pool_state){.waiting = 7, .ready = 1},
            0);
    rig_row(&x.side[1], 3090, 1, (struct pool_state){.ready = 8}, 0);
    draw(&x);
    figure_says("pair_burst",
                "Builds waiting in the worst burst: 7 for 1m 30s; before the "
                "change 3 for 16m 40s",
                true);
    figure_says("pair_burst", "| pool arm64 |", true);
    /* 2400 to 3690 s in 360 columns of 3.583 s; nothing of arm64 before. */
    figure_has("pair_burst", "dat", " 0.000 7.000 0.000 1.000\n");
    figure_has("pair_burst", "dat", " 0.000 0.000 0.000 8.000\n");
    done(&x);
}

static void test_waits_of_both_are_told(void **state)
{
    struct pair_rig x;
    (void)state;

    need_gnuplot();
    init(&x);
    for (int i = 0; i < 2; i++)
        rig_row(&x.side[i], 10, 0, (struct pool_state){.waiting = 1}, 0);
    rig_build(&x.side[0], 0, 10, 300);
    rig_build(&x.side[1], 0, 10, 45);
    draw(&x);
    figure_says("pair_waits",
                "95 % of builds wait at most 45 s after the change, 5m 00s "
                "before",
                true);
    figure_says("pair_waits", "before: 0 % of 1 build at once; p95 5m 00s",
                true);
    done(&x);
}

static void test_nobody_waits(void **state)
{
    struct pair_rig x;
    (void)state;

    need_gnuplot();
    init(&x);
    draw(&x);
    figure_says("pair_burst", "Nobody waits, before or after", true);
    done(&x);
}

static void test_names_stay_in_their_quotes(void **state)
{
    struct pair_rig x;
    (void)state;

    need_gnuplot();
    init(&x);
    x.side[0].names[0] = x.side[1].names[0] = "a\"'; `x` $y";
    rig_row(&x.side[0], 10, 0, (struct pool_state){.waiting = 1}, 0);
    draw(&x);
    size_t n;
    char *text = figure_file("pair_burst", "gp", &n);
    assert_null(strstr(text, "a\"'"));
    assert_null(strstr(text, "`x`"));
    free(text);
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_the_worse_burst_is_shown_for_both),
        IN_FOLDER(test_waits_of_both_are_told),
        IN_FOLDER(test_nobody_waits),
        IN_FOLDER(test_names_stay_in_their_quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
