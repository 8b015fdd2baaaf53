#include "sim/drive/gauge.h"
#include "tests/support.h"

static const char table[] = "# pxname,svname,qcur,qmax,scur,smax,act\n"
                            "fe_amd64,FRONTEND,,,3,4,\n"
                            "bk_amd64,BACKEND,2,5,7,9,4\n"
                            "bk_amd64x,BACKEND,1,1,1,1,1\n"
                            "\n";

static void test_a_backend_is_found_by_its_whole_name(void **state)
{
    struct gauge g;
    struct err e;

    (void)state;
    assert_int_equal(gauge_read(&g, table, "bk_amd64", &e), ERR_OK);
    assert_int_equal(g.sessions, 7);
    assert_int_equal(g.queue, 2);
    assert_int_equal(g.servers, 4);
    assert_int_equal(gauge_read(&g, table, "bk_amd64x", &e), ERR_OK);
    assert_int_equal(g.sessions, 1);
}

static void test_what_is_not_there_is_an_error(void **state)
{
    struct gauge g;
    struct err e;

    (void)state;
    assert_int_equal(gauge_read(&g, table, "fe_amd64", &e), ERR_IO);
    assert_string_equal(e.msg,
                        "HAProxy has no statistics of the backend fe_amd64");
    assert_int_equal(gauge_read(&g, "", "bk_amd64", &e), ERR_IO);
    assert_int_equal(gauge_read(&g, "# pxname,scur\n", "bk_amd64", &e), ERR_IO);
    assert_string_equal(e.msg, "HAProxy's table of statistics is not there");
}

/* Sessions of pool 1: 3 from 0 s, 8 from 10 s, 2 from 12 s. */
static const struct timeline_row rows[] = {
    {.at_us = 0, .pool = 1, .state.sessions = 3},
    {.at_us = 9 * US_PER_S, .pool = 0, .state.sessions = 99},
    {.at_us = 10 * US_PER_S, .pool = 1, .state.sessions = 8, .state.queue = 5},
    {.at_us = 12 * US_PER_S, .pool = 1, .state.sessions = 2},
};

static struct gauge_range at(double s, double reach_s)
{
    return gauge_range(rows, 4, 1, offsetof(struct pool_state, sessions),
                       us_from_s(s), us_from_s(reach_s));
}

static void assert_range(struct gauge_range r, int32_t least, int32_t most)
{
    assert_int_equal(r.least, least);
    assert_int_equal(r.most, most);
}

static void test_a_range_holds_what_was_shown_within_reach(void **state)
{
    (void)state;
    assert_range(at(9.0, 0.0), 3, 3);
    assert_range(at(9.0, 0.999999), 3, 3);
    assert_range(at(9.0, 1.0), 3, 8);
    assert_range(at(11.0, 1.0), 2, 8); /* 3 ended as 10 s began */
    assert_range(at(11.0, 1.000001), 2, 8);
    assert_range(at(10.5, 0.75), 3, 8);
    assert_range(at(10.0, 0.0), 8, 8);
    assert_range(at(50.0, 1.0), 2, 2);
}

static void test_another_gauge_of_the_same_rows(void **state)
{
    (void)state;
    assert_range(gauge_range(rows, 4, 1, offsetof(struct pool_state, queue),
                             us_from_s(11.0), 0),
                 5, 5);
}

static void test_the_distance_from_a_range(void **state)
{
    struct gauge_range r = {3, 8};

    (void)state;
    assert_int_equal(gauge_outside(1, r), 2);
    assert_int_equal(gauge_outside(3, r), 0);
    assert_int_equal(gauge_outside(8, r), 0);
    assert_int_equal(gauge_outside(9, r), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_backend_is_found_by_its_whole_name),
        cmocka_unit_test(test_what_is_not_there_is_an_error),
        cmocka_unit_test(test_a_range_holds_what_was_shown_within_reach),
        cmocka_unit_test(test_another_gauge_of_the_same_rows),
        cmocka_unit_test(test_the_distance_from_a_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
