#include "sim/drive/poller.h"
#include "tests/support.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct seen {
    struct poller *poller;
    int order[8];
    int n;
    sim_us at_us[8];
};

static int begin(void **state)
{
    static struct seen s;

    s = (struct seen){.poller = poller_new(1000.0, -US_PER_S)};
    *state = &s;
    return 0;
}

static int end(void **state)
{
    poller_free(((struct seen *)*state)->poller);
    return 0;
}

static void on_due(void *context, uint32_t entity, uint32_t generation)
{
    struct seen *s = context;

    s->at_us[s->n] = poller_now_us(s->poller);
    s->order[s->n++] = (int)entity;
    if (generation == 9)
        poller_stop(s->poller);
}

static void test_events_come_in_order_and_never_early(void **state)
{
    struct seen *s = *state;
    struct err e;

    poller_handle(s->poller, 3, on_due, s);
    poller_handle(s->poller, 5, on_due, s);
    poller_plan(s->poller, 2 * US_PER_S, 5, 40, 9);
    poller_plan(s->poller, 2 * US_PER_S, 3, 30, 0); /* kind first */
    poller_plan(s->poller, -900 * US_PER_MS, 5, 10, 0);
    poller_plan(s->poller, SIM_NEVER, 5, 99, 0);
    poller_plan(s->poller, -50 * US_PER_S, 5, 0, 0); /* past: at once */
    assert_int_equal(poller_run(s->poller, &e), ERR_OK);
    assert_int_equal(s->n, 4);
    static const int order[] = {0, 10, 30, 40};
    assert_memory_equal(s->order, order, sizeof order);
    assert_true(s->at_us[1] >= -900 * US_PER_MS);
    assert_true(s->at_us[2] >= 2 * US_PER_S);
    assert_true(poller_late_us(s->poller) >= 0);
}

static void test_a_jump_moves_the_clock(void **state)
{
    struct seen *s = *state;
    struct err e;

    poller_handle(s->poller, 1, on_due, s);
    poller_plan(s->poller, US_PER_H, 1, 1, 9);
    poller_jump(s->poller, US_PER_H - US_PER_S);
    assert_int_equal(poller_run(s->poller, &e), ERR_OK);
    assert_true(s->at_us[0] >= US_PER_H);
    /* 1 s is 1 ms here, an hour would be 3.6 s. */
    assert_true(s->at_us[0] < US_PER_H + 3000 * US_PER_S);
}

static void on_readable(void *context, uint32_t item, uint32_t events)
{
    struct seen *s = context;

    assert_true(events & EPOLLIN);
    s->order[s->n++] = (int)item;
    if (item == 7)
        poller_stop(s->poller);
}

static void test_a_forgotten_descriptor_is_silent(void **state)
{
    struct seen *s = *state;
    int a[2], b[2];
    struct err e;

    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    poller_watch(s->poller, a[0], EPOLLIN, on_readable, s, 6);
    poller_watch(s->poller, b[0], EPOLLIN, on_readable, s, 7);
    assert_int_equal(write(a[1], "x", 1), 1);
    poller_forget(s->poller, a[0]);
    assert_int_equal(write(b[1], "x", 1), 1);
    assert_int_equal(poller_run(s->poller, &e), ERR_OK);
    assert_int_equal(s->n, 1);
    assert_int_equal(s->order[0], 7);
    poller_forget(s->poller, b[0]);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
}

static void test_an_interrupt_ends_the_loop_with_an_error(void **state)
{
    struct seen *s = *state;
    struct err e = {.msg = ""};

    assert_int_equal(raise(SIGTERM), 0); /* held back */
    assert_int_equal(poller_run(s->poller, &e), ERR_IO);
    assert_string_equal(e.msg, "interrupted");
}

static void test_the_first_failure_counts(void **state)
{
    struct seen *s = *state;
    struct err first = {.msg = "first"}, second = {.msg = "second"}, e;

    poller_fail(s->poller, &first);
    poller_fail(s->poller, &second);
    poller_plan(s->poller, 0, 1, 0, 0);
    assert_int_equal(poller_run(s->poller, &e), ERR_IO);
    assert_string_equal(e.msg, "first");
}

int main(void)
{
#define LOOP(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        LOOP(test_events_come_in_order_and_never_early),
        LOOP(test_a_jump_moves_the_clock),
        LOOP(test_a_forgotten_descriptor_is_silent),
        LOOP(test_an_interrupt_ends_the_loop_with_an_error),
        LOOP(test_the_first_failure_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
