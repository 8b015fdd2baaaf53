#include "plots/waits.h"

#include "tests/plot_rig.h"

static void test_waits_are_those_of_the_pools_counted_builds(void **state)
{
    struct waits w;
    struct rig r;

    (void)state;
    rig_init(&r, 2, 1000);
    rig_build(&r, 0, 0, 30);
    rig_build(&r, 0, 1, 0.25);
    rig_build(&r, 1, 2, 500);
    rig_build(&r, 0, 3, 700)->counted = false;
    rig_build(&r, 0, 4, 1);
    waits_take(&w, &r.in, 0);
    assert_int_equal(w.n, 3);
    assert_int_equal(w.n_builds, 3);
    assert_close(w.sorted_s[0], 0.25, 1e-9);
    assert_close(w.p50_s, 1, 1e-9);
    assert_close(w.p95_s, 30, 1e-9);
    assert_close(w.max_s, 30, 1e-9);
    waits_free(&w);
    rig_free(&r);
}

static void test_one_that_gave_up_waited_until_then(void **state)
{
    struct build_result *b;
    struct waits w;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 1000);
    b = rig_build(&r, 0, 100, 0);
    b->served_us = SIM_NEVER;
    b->waited_us = S(250);
    b->end = END_GAVE_UP;
    b = rig_build(&r, 0, 100, 0); /* its owner left: no wait */
    b->served_us = SIM_NEVER;
    b->end = END_LEFT;
    b = rig_build(&r, 0, 400, 0); /* waits to the horizon */
    b->waited_us = S(600);
    b->served_us = b->end_us = SIM_NEVER;
    b->end = END_UNFINISHED;
    waits_take(&w, &r.in, 0);
    assert_int_equal(w.n, 2);
    assert_int_equal(w.n_builds, 3);
    assert_int_equal(w.n_unserved, 2);
    assert_close(w.sorted_s[0], 250, 1e-9);
    assert_close(w.sorted_s[1], 600, 1e-9);
    waits_free(&w);
    rig_free(&r);
}

static void test_the_share_counts_waits_up_to_and_with_the_limit(void **state)
{
    double waited_s[] = {0, 0.5, 1, 1, 2.385};
    struct waits w = {.sorted_s = waited_s, .n = 5};

    (void)state;
    assert_close(waits_share(&w, -1), 0, 0);
    assert_close(waits_share(&w, 0), 0.2, 1e-12);
    assert_close(waits_share(&w, 0.999), 0.4, 1e-12);
    assert_close(waits_share(&w, NO_WAIT_S), 0.8, 1e-12);
    assert_close(waits_share(&w, 3), 1, 0);
}

static void test_a_pool_without_waits_is_served_at_once(void **state)
{
    struct waits w;
    struct rig r;

    (void)state;
    rig_init(&r, 1, 1000);
    waits_take(&w, &r.in, 0);
    assert_int_equal(w.n, 0);
    assert_close(waits_share(&w, 1), 1, 0);
    assert_close(w.p95_s, 0, 0);
    waits_free(&w);
    waits_free(&w);
    rig_free(&r);
}

static void test_labels_stand_right_of_their_points_and_apart(void **state)
{
    struct mark mark[] = {
        {.x = 100, .y = 200, .width = 60},
        {.x = 120, .y = 195, .width = 60},
        {.x = 300, .y = 200, .width = 60},
        {.x = 660, .y = 200, .width = 60}, /* no room on the right */
    };

    (void)state;
    marks_place(mark, 4, 700);
    assert_close(mark[0].at_x, 108, 0);
    assert_close(mark[0].at_y, 196, 0);
    assert_close(mark[1].at_x, 128, 0);
    assert_close(mark[1].at_y, 195 - 4 - 18, 0); /* one line lower */
    assert_close(mark[2].at_y, 196, 0);
    assert_close(mark[3].at_x, 660 - 8 - 60, 0);
    assert_close(mark[3].at_y, 200 + 12, 0); /* above what rises there */
}

static void test_a_label_does_not_reach_another_line(void **state)
{
    struct mark mark[] = {
        {.x = 268, .y = 95, .width = 60}, /* ends where the next one rises */
        {.x = 336, .y = 95, .width = 60},
        {.x = 404.5, .y = 95, .width = 60}, /* half a pixel out of reach */
        {.x = 67, .y = 50, .width = 60},    /* no room on the left */
        {.x = 100, .y = 50, .width = 60},
    };

    (void)state;
    marks_place(mark, 5, 700);
    assert_close(mark[0].at_x, 268 - 8 - 60, 0);
    assert_close(mark[0].at_y, 95 + 12, 0);
    assert_close(mark[1].at_x, 336 + 8, 0);
    assert_close(mark[3].at_x, 67 + 8, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waits_are_those_of_the_pools_counted_builds),
        cmocka_unit_test(test_one_that_gave_up_waited_until_then),
        cmocka_unit_test(test_the_share_counts_waits_up_to_and_with_the_limit),
        cmocka_unit_test(test_a_pool_without_waits_is_served_at_once),
        cmocka_unit_test(test_labels_stand_right_of_their_points_and_apart),
        cmocka_unit_test(test_a_label_does_not_reach_another_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
