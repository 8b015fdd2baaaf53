#include "sim/drive/compare.h"
#include "tests/support.h"

enum { N = 4 };

struct sides {
    struct build_result model[N], real[N];
    struct compare_pair pairs[N];
    struct compare_builds out;
};

/* Served at 10, 20, 30 and 40 s on both sides, in two attempts of three dials
 * each, after a wait of 7 s.
 */
static int begin(void **state)
{
    static struct sides s;

    s = (struct sides){.out = {0}};
    for (int i = 0; i < N; i++) {
        s.model[i] = (struct build_result){.served_us = (i + 1) * 10 * US_PER_S,
                                           .waited_us = 7 * US_PER_S,
                                           .attempts = 2,
                                           .dials = 6,
                                           .end = END_SERVED};
        s.real[i] = s.model[i];
        s.pairs[i] = (struct compare_pair){&s.model[i], &s.real[i]};
    }
    *state = &s;
    return 0;
}

static struct compare_builds *compare(struct sides *s, double reach_s)
{
    compare_builds(&s->out, s->pairs, N, us_from_s(reach_s));
    return &s->out;
}

static void test_equal_sides_do_not_differ(void **state)
{
    const struct compare_builds *c = compare(*state, 0.0);

    assert_int_equal(c->n, 4);
    assert_int_equal(c->n_ends + c->n_order + c->n_attempts, 0);
    assert_int_equal(c->attempts_most + c->dials_most, 0);
    assert_int_equal(c->model_attempts, 8);
    assert_int_equal(c->real_dials, 24);
    assert_close(c->model_wait_s, 7.0, 1e-12);
    assert_int_equal(c->wait_most_us, 0);
}

static void test_other_attempts_dials_and_waits_are_counted(void **state)
{
    struct sides *s = *state;

    s->real[1].attempts = 5;
    s->real[2].attempts = 1;
    s->real[2].dials = 1;
    s->real[3].waited_us = 6250 * US_PER_MS;
    const struct compare_builds *c = compare(s, 0.0);
    assert_int_equal(c->n_attempts, 2);
    assert_int_equal(c->attempts_most, 3);
    assert_int_equal(c->dials_most, 5);
    assert_int_equal(c->wait_most_us, 750 * US_PER_MS);
    assert_close(c->real_wait_s, 6.8125, 1e-12); /* (21 + 6.25) / 4 */
}

static void test_two_that_change_places_are_one_out_of_order(void **state)
{
    struct sides *s = *state;

    s->real[0].served_us = 25 * US_PER_S; /* after the second */
    assert_int_equal(compare(s, 0.0)->n_order, 1);
    assert_int_equal(compare(s, 9.999999)->n_order, 1);
    assert_int_equal(compare(s, 10.0)->n_order, 0); /* 10 s apart there */
}

static void
test_one_that_is_served_early_puts_all_before_it_behind(void **state)
{
    struct sides *s = *state;

    s->real[3].served_us = US_PER_S;
    assert_int_equal(compare(s, 0.0)->n_order, 3);
    assert_int_equal(compare(s, 15.0)->n_order, 2); /* not the third */
}

static void test_a_shift_of_all_keeps_the_order(void **state)
{
    struct sides *s = *state;

    for (int i = 0; i < N; i++)
        s->real[i].served_us += 35 * US_PER_S;
    assert_int_equal(compare(s, 0.0)->n_order, 0);
}

static void test_another_end_counts_and_has_no_place_in_the_order(void **state)
{
    struct sides *s = *state;

    s->real[0].end = END_GAVE_UP;
    s->real[0].served_us = SIM_NEVER;
    const struct compare_builds *c = compare(s, 0.0);
    assert_int_equal(c->n_ends, 1);
    assert_int_equal(c->n_order, 0);
}

/* ------------------------------------------------------------ series */

static const struct timeline_row rows[] = {
    {.at_us = 0, .state.sessions = 2},
    {.at_us = 10 * US_PER_S, .state.sessions = 9},
};

static void test_readings_are_held_against_all_within_reach(void **state)
{
    const struct compare_reading readings[] = {
        {9500 * US_PER_MS, 8}, /* between 2 and 9, half a second away */
        {11 * US_PER_S, 12},
        {20 * US_PER_S, 8},
    };
    struct compare_model m = {rows, 2, 0,
                              offsetof(struct pool_state, sessions)};
    struct compare_series c;

    (void)state;
    compare_series(&c, readings, 3, &m, US_PER_S, 1);
    assert_int_equal(c.n, 3);
    assert_int_equal(c.instant_most, 6); /* 8 against 2 */
    assert_int_equal(c.outside_most, 3); /* 12 against 9 */
    assert_int_equal(c.outside_at_us, 11 * US_PER_S);
    assert_int_equal(c.n_outside, 1); /* 8 against 9 is within 1 */
    assert_close(c.model_mean, 20.0 / 3.0, 1e-12);
    assert_close(c.real_mean, 28.0 / 3.0, 1e-12);
    compare_series(&c, readings, 3, &m, US_PER_S, 0);
    assert_int_equal(c.n_outside, 2);
    compare_series(&c, readings, 3, &m, 499 * US_PER_MS, 3);
    assert_int_equal(c.n_outside, 1); /* the first, now beyond reach */
}

static void test_no_reading_is_no_difference(void **state)
{
    struct compare_model m = {rows, 2, 0,
                              offsetof(struct pool_state, sessions)};
    struct compare_series c;

    (void)state;
    compare_series(&c, NULL, 0, &m, US_PER_S, 0);
    assert_int_equal(c.n, 0);
    assert_int_equal(c.n_outside, 0);
    assert_true(c.outside_at_us == SIM_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_equal_sides_do_not_differ, begin),
        cmocka_unit_test_setup(test_other_attempts_dials_and_waits_are_counted,
                               begin),
        cmocka_unit_test_setup(test_two_that_change_places_are_one_out_of_order,
                               begin),
        cmocka_unit_test_setup(
            test_one_that_is_served_early_puts_all_before_it_behind, begin),
        cmocka_unit_test_setup(test_a_shift_of_all_keeps_the_order, begin),
        cmocka_unit_test_setup(
            test_another_end_counts_and_has_no_place_in_the_order, begin),
        cmocka_unit_test(test_readings_are_held_against_all_within_reach),
        cmocka_unit_test(test_no_reading_is_no_difference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
