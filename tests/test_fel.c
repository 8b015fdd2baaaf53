#include "tests/support.h"

#include "sim/engine/fel.h"
#include "sim/engine/random.h"

#include <malloc.h>
#include <stdlib.h>

static int make_list(void **state)
{
    *state = fel_new();
    return 0;
}

static int free_list(void **state)
{
    fel_free(*state);
    return 0;
}

static void plan(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity)
{
    fel_push(f, (struct event){at_us, kind, entity, entity + 100});
}

/* Pops the next event, which must be this one. */
static void expect(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity)
{
    struct event e;

    assert_int_equal(fel_next_us(f), at_us);
    assert_true(fel_pop(f, &e));
    assert_int_equal(e.at_us, at_us);
    assert_int_equal(e.kind, kind);
    assert_int_equal(e.entity, entity);
    assert_int_equal(e.generation, entity + 100);
}

static void test_an_empty_list_has_no_next_event(void **state)
{
    struct fel *f = *state;
    struct event e;

    assert_false(fel_pop(f, &e));
    assert_int_equal(fel_next_us(f), SIM_NEVER);
    assert_int_equal(fel_length(f), 0);
    plan(f, 5, 1, 1);
    expect(f, 5, 1, 1);
    assert_int_equal(fel_next_us(f), SIM_NEVER);
    assert_false(fel_pop(f, &e));
    assert_false(fel_pop(f, &e));
    assert_int_equal(fel_count(f), 1);
}

static void test_events_leave_in_order_of_time(void **state)
{
    struct fel *f = *state;

    plan(f, 30, 1, 1);
    plan(f, 0, 1, 2);
    plan(f, SIM_NEVER, 1, 3);
    plan(f, 20, 1, 4);
    expect(f, 0, 1, 2);
    expect(f, 20, 1, 4);
    expect(f, 30, 1, 1);
    expect(f, SIM_NEVER, 1, 3);
}

static void test_at_one_instant_the_smaller_kind_runs_first(void **state)
{
    struct fel *f = *state;

    plan(f, 7, FEL_KINDS - 1, 1);
    plan(f, 7, 2, 2);
    plan(f, 6, FEL_KINDS - 1, 3);
    plan(f, 7, 0, 4);
    expect(f, 6, FEL_KINDS - 1, 3);
    expect(f, 7, 0, 4);
    expect(f, 7, 2, 2);
    expect(f, 7, FEL_KINDS - 1, 1);
}

static void test_equal_events_leave_as_they_came(void **state)
{
    struct fel *f = *state;

    for (uint32_t i = 0; i < 1000; i++)
        plan(f, 9, 3, i);
    for (uint32_t i = 0; i < 1000; i++)
        expect(f, 9, 3, i);
}

static void test_an_event_may_be_planned_for_the_present(void **state)
{
    struct fel *f = *state;

    plan(f, 5, 2, 1);
    plan(f, 5, 2, 2);
    plan(f, 8, 2, 3);
    expect(f, 5, 2, 1);
    plan(f, 5, 1, 4); /* a smaller kind overtakes */
    plan(f, 5, 2, 5);
    expect(f, 5, 1, 4);
    expect(f, 5, 2, 2);
    expect(f, 5, 2, 5);
    expect(f, 8, 2, 3);
}

static void test_numbers_of_full_width_pass_through(void **state)
{
    struct fel *f = *state;
    struct event e;

    fel_push(f, (struct event){3, FEL_KINDS - 1, UINT32_MAX, UINT32_MAX - 1});
    assert_true(fel_pop(f, &e));
    assert_int_equal(e.kind, FEL_KINDS - 1);
    assert_int_equal(e.entity, UINT32_MAX);
    assert_int_equal(e.generation, UINT32_MAX - 1);
}

static void test_length_and_count_follow_every_step(void **state)
{
    struct fel *f = *state;

    plan(f, 1, 1, 1);
    plan(f, 2, 1, 2);
    plan(f, 3, 1, 3);
    assert_int_equal(fel_length(f), 3);
    assert_int_equal(fel_count(f), 0);
    expect(f, 1, 1, 1);
    assert_int_equal(fel_length(f), 2);
    assert_int_equal(fel_next_us(f), 2);
    plan(f, 9, 1, 4);
    assert_int_equal(fel_length(f), 3);
    assert_int_equal(fel_count(f), 1);
    expect(f, 2, 1, 2);
    expect(f, 3, 1, 3);
    expect(f, 9, 1, 4);
    assert_int_equal(fel_length(f), 0);
    assert_int_equal(fel_count(f), 4);
}

static void test_a_cleared_list_starts_again_at_zero(void **state)
{
    struct fel *f = *state;

    fel_clear(f);
    for (uint32_t i = 0; i < 100; i++)
        plan(f, 1000 + i, 1, i);
    expect(f, 1000, 1, 0);
    fel_clear(f);
    assert_int_equal(fel_length(f), 0);
    assert_int_equal(fel_count(f), 0);
    assert_int_equal(fel_next_us(f), SIM_NEVER);
    plan(f, 0, 1, 7); /* before the last event popped */
    plan(f, 0, 1, 8);
    expect(f, 0, 1, 7);
    expect(f, 0, 1, 8);
}

/* An event and its rank among those planned. */
struct planned {
    struct event e;
    uint32_t sequence;
    bool gone;
};

static bool goes_before(const struct planned *a, const struct planned *b)
{
    if (a->e.at_us != b->e.at_us)
        return a->e.at_us < b->e.at_us;
    if (a->e.kind != b->e.kind)
        return a->e.kind < b->e.kind;
    return a->sequence < b->sequence;
}

/* The next of x[n] by looking at all of them. */
static struct planned *next_of(struct planned x[], uint32_t n)
{
    struct planned *next = NULL;

    for (uint32_t i = 0; i < n; i++)
        if (!x[i].gone && (!next || goes_before(&x[i], next)))
            next = &x[i];
    return next;
}

static void compare_one_pop(struct fel *f, struct planned x[], uint32_t n,
                            sim_us *now_us)
{
    struct planned *want = next_of(x, n);
    struct event got;

    assert_int_equal(fel_next_us(f), want ? want->e.at_us : SIM_NEVER);
    assert_int_equal(fel_pop(f, &got), want != NULL);
    if (!want)
        return;
    assert_int_equal(got.entity, want->sequence);
    assert_int_equal(got.kind, want->e.kind);
    *now_us = got.at_us;
    want->gone = true;
}

/* How long from now an event is planned. */
typedef sim_us delay_of(uint64_t r);

static void compare_history(struct fel *f, delay_of *delay)
{
    enum { N = 3000 };
    struct planned *x = calloc(N, sizeof *x);
    struct random_world w = {.seed = 20};
    sim_us now_us = 0;
    uint32_t n = 0;

    assert_non_null(x);
    for (uint64_t step = 0; n < N; step++) {
        uint64_t r = random_bits(&w, 1, 0, step);
        bool filling = step / 300 % 2 == 0; /* the list swells and ebbs */

        if (r % 10 < (filling ? 8 : 3)) {
            x[n].sequence = n;
            x[n].e = (struct event){.at_us = now_us + delay(r >> 8),
                                    .kind = (uint16_t)(r >> 40) % 4,
                                    .entity = n};
            fel_push(f, x[n++].e);
        } else {
            compare_one_pop(f, x, n, &now_us);
        }
    }
    while (fel_length(f) > 0)
        compare_one_pop(f, x, n, &now_us);
    assert_null(next_of(x, n));
    free(x);
}

static sim_us short_delay(uint64_t r)
{
    return (sim_us)(r % 50);
}

/* Of every magnitude up to a century, none often. */
static sim_us any_delay(uint64_t r)
{
    return (sim_us)((r & 0xffffff) << 32 >> r % 56);
}

/* As a build pool has them: sleeps, timers, a few measured times. */
static sim_us usual_delay(uint64_t r)
{
    static const sim_us timers[] = {0, 5, 15, 15, 15, 30, 10800};

    return r % 8 < 7 ? timers[r % 8] * US_PER_S : (sim_us)(r >> 8) % US_PER_H;
}

static void test_a_random_history_equals_that_of_a_plain_list(void **state)
{
    compare_history(*state, short_delay);
    fel_clear(*state);
    compare_history(*state, any_delay);
    fel_clear(*state);
    compare_history(*state, usual_delay);
}

static void test_a_smaller_kind_overtakes_a_crowd_of_its_instant(void **state)
{
    struct fel *f = *state;

    for (uint32_t i = 0; i < 100; i++)
        plan(f, 7 * US_PER_S, 200, i);
    plan(f, 7 * US_PER_S + 1, 1, 100);
    expect(f, 7 * US_PER_S, 200, 0);
    plan(f, 7 * US_PER_S, 199, 101);
    plan(f, 7 * US_PER_S, 200, 102);
    plan(f, 7 * US_PER_S + 1, 0, 103);
    expect(f, 7 * US_PER_S, 199, 101);
    for (uint32_t i = 1; i < 100; i++)
        expect(f, 7 * US_PER_S, 200, i);
    expect(f, 7 * US_PER_S, 200, 102);
    plan(f, 7 * US_PER_S, 4, 104);
    expect(f, 7 * US_PER_S, 4, 104);
    expect(f, 7 * US_PER_S + 1, 0, 103);
    expect(f, 7 * US_PER_S + 1, 1, 100);
}

/* expect() asks for the time of the next event before it takes it. */
static void test_asking_for_the_next_time_moves_nothing(void **state)
{
    struct fel *f = *state;

    for (uint32_t i = 0; i < 40; i++)
        plan(f, US_PER_DAY + i * US_PER_S, 1, i);
    plan(f, 3, 1, 40);
    expect(f, 3, 1, 40);
    assert_int_equal(fel_next_us(f), US_PER_DAY);
    plan(f, US_PER_DAY - 1, 1, 41);
    assert_int_equal(fel_next_us(f), US_PER_DAY - 1);
    plan(f, 4, 1, 42);
    expect(f, 4, 1, 42);
    expect(f, US_PER_DAY - 1, 1, 41);
    for (uint32_t i = 0; i < 40; i++)
        expect(f, US_PER_DAY + i * US_PER_S, 1, i);
}

static void test_a_crowd_planned_for_the_present_keeps_its_order(void **state)
{
    struct fel *f = *state;

    plan(f, 7, 1, 0);
    plan(f, 8, 0, 100);
    expect(f, 7, 1, 0);
    for (uint32_t i = 1; i < 40; i++)
        plan(f, 7, 1, i);
    for (uint32_t i = 1; i < 40; i++)
        expect(f, 7, 1, i);
    expect(f, 8, 0, 100);
}

/* The front holds them all at first, then some of them, then none. */
static void test_events_planned_backwards_leave_forwards(void **state)
{
    struct fel *f = *state;

    for (uint32_t i = 0; i < 100; i++)
        plan(f, 2 * (100 - i), 1, i);
    expect(f, 2, 1, 99);
    for (uint32_t i = 0; i < 20; i++)
        plan(f, 3 + 2 * i, 1, 100 + i);
    for (uint32_t i = 0; i < 20; i++) {
        expect(f, 3 + 2 * i, 1, 100 + i);
        expect(f, 4 + 2 * i, 1, 98 - i);
    }
    for (uint32_t i = 79; i-- > 0;)
        expect(f, 2 * (100 - i), 1, i);
}

static void test_a_warm_list_takes_no_more_memory(void **state)
{
    struct fel *f = *state;
    struct event e;

    for (uint32_t i = 0; i < 500; i++)
        plan(f, i * 17 % 101, 1, i);
    size_t before = mallinfo2().uordblks;

    for (int i = 0; i < 10000; i++) {
        assert_true(fel_pop(f, &e));
        plan(f, e.at_us + i % 97, 1, e.entity);
    }
    assert_int_equal(mallinfo2().uordblks, before);
}

#define WITH_LIST(test)                                                        \
    cmocka_unit_test_setup_teardown(test, make_list, free_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LIST(test_an_empty_list_has_no_next_event),
        WITH_LIST(test_events_leave_in_order_of_time),
        WITH_LIST(test_at_one_instant_the_smaller_kind_runs_first),
        WITH_LIST(test_equal_events_leave_as_they_came),
        WITH_LIST(test_an_event_may_be_planned_for_the_present),
        WITH_LIST(test_numbers_of_full_width_pass_through),
        WITH_LIST(test_length_and_count_follow_every_step),
        WITH_LIST(test_a_cleared_list_starts_again_at_zero),
        WITH_LIST(test_a_random_history_equals_that_of_a_plain_list),
        WITH_LIST(test_a_smaller_kind_overtakes_a_crowd_of_its_instant),
        WITH_LIST(test_a_crowd_planned_for_the_present_keeps_its_order),
        WITH_LIST(test_asking_for_the_next_time_moves_nothing),
        WITH_LIST(test_events_planned_backwards_leave_forwards),
        WITH_LIST(test_a_warm_list_takes_no_more_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
