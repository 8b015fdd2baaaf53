#include "models/client.h"
#include "tests/support.h"

#include <stdbool.h>

/* A far end that closes every dial after so long; SIM_NEVER: it is silent. */
struct far_end {
    sim_us closes_us;
    double u;
};

enum { MAX_DIALS = 64 };

struct story { /* one attempt that never gets a slot */
    double dials_s[MAX_DIALS];
    int n_dials, n_left;
    double next_s;           /* first dial of the next attempt, or the end */
    struct client_todo last; /* that */
};

static struct client_params params(enum client_tool tool)
{
    struct client_params p;

    client_defaults(&p, tool);
    return p;
}

static struct client_todo dial_once(struct client *c, const struct far_end *f,
                                    sim_us dial_us)
{
    struct client_todo hold = client_on_dial(c, dial_us);

    assert_int_equal(hold.what, CLIENT_DO_HOLD);
    if (f->closes_us < SIM_NEVER && dial_us + f->closes_us < hold.at_us)
        return client_on_closed(c, dial_us + f->closes_us, f->u);
    return client_on_deadline(c, hold.at_us, f->u);
}

/* Runs the attempt that begins with the planned dial t. */
static struct story attempt(struct client *c, struct client_todo t,
                            const struct far_end *f)
{
    struct story s = {.n_dials = 0};
    sim_us start_us = t.at_us;

    do {
        assert_int_equal(t.what, CLIENT_DO_DIAL);
        assert_true(s.n_dials < MAX_DIALS);
        s.dials_s[s.n_dials++] = s_from_us(t.at_us - start_us);
        t = dial_once(c, f, t.at_us);
        s.n_left += t.leave;
    } while (t.what == CLIENT_DO_DIAL && !c->fresh);
    s.next_s = s_from_us(t.at_us - start_us);
    s.last = t;
    return s;
}

static struct story first_attempt(const struct client_params *p,
                                  const struct far_end *f)
{
    struct client c = {0};

    return attempt(&c, client_on_start(&c, p, 0), f);
}

static void assert_dials(const struct story *s, const double want_s[], int n)
{
    assert_int_equal(s->n_dials, n);
    for (int i = 0; i < n; i++)
        assert_close(s->dials_s[i], want_s[i], 1e-9);
}

/* Sleep and command line between the failure and the next dial. */
#define BUILDX_REST_S 15.2

static void test_buildx_behind_a_5_s_queue_redials_for_25_s(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct far_end quick = {5 * US_PER_S, 0.01}, slow = {5 * US_PER_S, 0.9};
    struct story s = first_attempt(&p, &quick);
    struct story t = first_attempt(&p, &slow);

    /* By hand: 0, 5 + 1.0, then 5 s and 0.01 s, or 5 s and 0.9 s. */
    assert_dials(&s, (double[]){0, 6, 11.01, 16.02, 21.03}, 5);
    assert_dials(&t, (double[]){0, 6, 11.9, 17.8, 23.7}, 5);
    assert_close(s.next_s, 25.0 + BUILDX_REST_S, 1e-9);
    assert_close(t.next_s, 25.0 + BUILDX_REST_S, 1e-9);
    assert_int_equal(s.n_left, 1); /* the ghost of the last dial */
}

static void test_a_wait_that_ends_in_a_gap_leaves_nothing_behind(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    /* 0, 10, 19.999; closed at 28.999, and 29.998 is after 29. */
    struct far_end gap = {9 * US_PER_S, 0.999};
    /* 0, 10, 19.5; closed at 28.5, and 29.0 is the end exactly. */
    struct far_end tie = {9 * US_PER_S, 0.5};
    struct story s = first_attempt(&p, &gap);

    assert_dials(&s, (double[]){0, 10, 19.999}, 3);
    assert_int_equal(s.n_left, 0);
    assert_close(s.next_s, 29.0 + BUILDX_REST_S, 1e-9);
    s = first_attempt(&p, &tie);
    assert_int_equal(s.n_dials, 3);
    assert_int_equal(s.n_left, 0);
    tie.u = 0.499999; /* a dial of 2 us that is left at once */
    s = first_attempt(&p, &tie);
    assert_int_equal(s.n_dials, 4);
    assert_close(s.dials_s[3], 28.999998, 1e-9);
    assert_int_equal(s.n_left, 1);
}

static void test_a_silent_far_end_costs_40_s_and_two_dials(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct far_end f = {SIM_NEVER, 0.5};
    struct story s = first_attempt(&p, &f);

    assert_dials(&s, (double[]){0, 21}, 2);
    assert_int_equal(s.n_left, 2); /* both sockets are closed by the client */
    assert_close(s.next_s, 40.0 + BUILDX_REST_S, 1e-9);
}

static void test_a_refusal_costs_20_s_and_a_dial_a_second(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct far_end refused = {0, 0.3}, closed = {US_PER_MS, 0.3};
    struct story s = first_attempt(&p, &refused);

    assert_int_equal(s.n_dials, 20); /* 0 to 19 s */
    for (int i = 0; i < s.n_dials; i++)
        assert_close(s.dials_s[i], i, 1e-9);
    assert_close(s.next_s, 20.0 + BUILDX_REST_S, 1e-9);
    assert_int_equal(s.n_left, 0);
    s = first_attempt(&p, &closed);
    assert_int_equal(s.n_dials, 20); /* 0, 1.001, 2.001 ... 19.001 */
    assert_close(s.next_s, 20.001 + BUILDX_REST_S, 1e-9);
}

/* One attempt against each of the four ways to fail. */
static const struct far_end failures[] = {
    {5 * US_PER_S, 0.5}, {SIM_NEVER, 0.5}, {0, 0.5}, {US_PER_MS, 0.5}};

static void assert_gives_up(const struct far_end *f, double want_s)
{
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    p.attempts = 1;
    struct story s = attempt(&c, client_on_start(&c, &p, 0), f);
    assert_int_equal(s.last.what, CLIENT_DO_END);
    assert_int_equal(c.outcome, CLIENT_GAVE_UP);
    assert_int_equal(c.state, CLIENT_ENDED);
    assert_close(s.next_s, want_s, 1e-9);
}

static void test_a_dial_has_20_s_and_no_more_than_the_wait_has(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    client_on_start(&c, &p, 0);
    assert_true(client_deadline_us(&c) == SIM_NEVER); /* nothing is open */
    client_on_dial(&c, 0);
    assert_int_equal(client_deadline_us(&c), 20 * US_PER_S);
    client_on_closed(&c, 5 * US_PER_S, 0.5);
    client_on_dial(&c, 6 * US_PER_S);
    assert_int_equal(client_deadline_us(&c), 25 * US_PER_S); /* 5 + 20 */
    client_on_connected(&c, 7 * US_PER_S);
    assert_true(client_deadline_us(&c) == SIM_NEVER);
}

static void test_the_last_attempt_ends_without_a_sleep(void **state)
{
    (void)state;
    /* Measured 25.06, 40.05, 20.1, 20.06. */
    assert_gives_up(&failures[0], 25.05);
    assert_gives_up(&failures[1], 40.05);
    assert_gives_up(&failures[2], 20.05);
    assert_gives_up(&failures[3], 20.051);
}

static void assert_buildctl_fails(const struct far_end *f, double want_s)
{
    struct client_params p = params(CLIENT_BUILDCTL);
    struct story s = first_attempt(&p, f);

    assert_int_equal(s.n_dials, 1);
    assert_close(s.next_s, want_s + 15.0, 1e-9);
    assert_int_equal(s.n_left, f->closes_us == SIM_NEVER);
}

static void test_buildctl_dials_once_an_attempt(void **state)
{
    (void)state;
    assert_buildctl_fails(&failures[0], 5.04);
    assert_buildctl_fails(&failures[1], 20.04);
    assert_buildctl_fails(&failures[2], 0.04);
    assert_buildctl_fails(&failures[3], 0.041); /* measured 0.05 */
}

/* Minutes from the first dial to the end of a client that never succeeds. */
static double budget_min(struct client_params p, uint32_t attempts,
                         sim_us closes_us)
{
    struct client c = {0};
    struct far_end f = {closes_us, 0.5};

    p.attempts = attempts;
    struct client_todo t = client_on_start(&c, &p, 0);
    while (t.what != CLIENT_DO_END)
        t = attempt(&c, t, &f).last;
    assert_int_equal(c.attempt, attempts);
    return s_from_us(t.at_us) / 60.0;
}

static void test_budgets_are_far_longer_than_their_comments_say(void **state)
{
    (void)state;
    struct client_params x = params(CLIENT_BUILDX);
    struct client_params ctl = params(CLIENT_BUILDCTL);

    /* n attempts of 25.05 and n - 1 pauses of 15.15 s, by hand. */
    assert_close(budget_min(x, 40, 5 * US_PER_S), 26.5475, 1e-9);
    assert_close(budget_min(x, 360, 5 * US_PER_S), 240.9475, 1e-9);
    assert_close(budget_min(x, 480, 5 * US_PER_S), 321.3475, 1e-9);
    assert_close(budget_min(x, 40, 0), 23.0, 0.3);
    assert_close(budget_min(x, 360, 0), 210.0, 1.0);
    x.delay_us = 10 * US_PER_S;
    assert_close(budget_min(x, 20, 5 * US_PER_S), 11.5, 0.1);
    assert_close(budget_min(ctl, 45, 5 * US_PER_S), 14.78, 1e-9);
    assert_close(budget_min(ctl, 45, 0), 11.03, 1e-9);
}

static void test_every_classifier_but_none_retries_a_missing_slot(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct far_end f = {0, 0.5};

    p.retry = CLIENT_RETRY_NEW;
    assert_int_equal(first_attempt(&p, &f).last.what, CLIENT_DO_DIAL);
    p.retry = CLIENT_RETRY_NONE;
    assert_int_equal(first_attempt(&p, &f).last.what, CLIENT_DO_END);
}

static void test_a_long_wait_redials_after_a_silent_dial(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct far_end f = {SIM_NEVER, 0.25};

    p.wait_budget_us = 50 * US_PER_S;
    struct story s = first_attempt(&p, &f);
    /* 0 to 20; 21 to 41; 41.25 to 61.25; 61.5 to the end at 70. */
    assert_dials(&s, (double[]){0, 21, 41.25, 61.5}, 4);
    assert_int_equal(s.n_left, 4);
    assert_close(s.next_s, 70.0 + BUILDX_REST_S, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buildx_behind_a_5_s_queue_redials_for_25_s),
        cmocka_unit_test(test_a_wait_that_ends_in_a_gap_leaves_nothing_behind),
        cmocka_unit_test(test_a_silent_far_end_costs_40_s_and_two_dials),
        cmocka_unit_test(test_a_refusal_costs_20_s_and_a_dial_a_second),
        cmocka_unit_test(test_a_dial_has_20_s_and_no_more_than_the_wait_has),
        cmocka_unit_test(test_the_last_attempt_ends_without_a_sleep),
        cmocka_unit_test(test_buildctl_dials_once_an_attempt),
        cmocka_unit_test(test_budgets_are_far_longer_than_their_comments_say),
        cmocka_unit_test(test_every_classifier_but_none_retries_a_missing_slot),
        cmocka_unit_test(test_a_long_wait_redials_after_a_silent_dial),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
