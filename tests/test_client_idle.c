/* Dials that fail at once, made up for by the number, against those that are
 * executed one by one.
 */
#include "models/client_idle.h"
#include "tests/support.h"

#define S(seconds) us_from_s(seconds)

enum { MOST = 200 };

/* A client whose every dial fails, and its dials up to the last one. */
struct walk {
    struct client c;
    sim_us dial_us[MOST + 1];
    struct client after[MOST + 1]; /* it is right before each of them */
    int n;
};

/* One dial that fails; the next one, or SIM_NEVER. */
static sim_us fail_once(struct client *c, sim_us now_us)
{
    (void)client_on_dial(c, now_us);
    struct client_todo t = client_on_closed(c, now_us, 0.999);

    return t.what == CLIENT_DO_DIAL ? t.at_us : SIM_NEVER;
}

/* Walks on from the gap before dial_us, up to the last dial. */
static void walk(struct walk *w, sim_us dial_us)
{
    for (w->n = 0; dial_us != SIM_NEVER && w->n <= MOST; w->n++) {
        w->after[w->n] = w->c;
        w->dial_us[w->n] = dial_us;
        dial_us = fail_once(&w->c, dial_us);
    }
    w->n--;
}

static void assert_same_client(const struct client *a, const struct client *b)
{
    assert_int_equal(a->state, b->state);
    assert_int_equal(a->attempt, b->attempt);
    assert_int_equal(a->dials, b->dials);
    assert_int_equal(a->fresh, b->fresh);
    assert_int_equal(a->waited, b->waited);
    assert_int_equal(a->late, b->late);
    assert_int_equal(a->dial_us, b->dial_us);
    assert_int_equal(a->wait_us, b->wait_us);
}

static void assert_same_walk(const struct client *c, sim_us dial_us)
{
    struct walk w = {.c = *c};
    struct client_chain h = client_chain(c, dial_us);

    walk(&w, dial_us);
    for (int i = 0; i <= w.n; i++) {
        struct client skipped = *c;

        client_chain_skip(&h, &skipped, i);
        assert_same_client(&skipped, &w.after[i]);
        assert_int_equal(client_chain_dial_us(&h, i), w.dial_us[i]);
        assert_int_equal(client_chain_before(&h, w.dial_us[i]), i);
        assert_int_equal(client_chain_before(&h, w.dial_us[i] + 1), i + 1);
    }
    if (w.n < MOST)
        assert_int_equal(h.until_us, w.dial_us[w.n]);
}

/* From each of the first dials on, the one that registers the builder too. */
static void assert_same_dials(const struct client_params *p)
{
    struct client c = {0};
    sim_us dial_us = client_on_start(&c, p, S(7.25)).at_us;

    assert_true(client_fails_evenly(p));
    for (int i = 0; i < 50 && dial_us != SIM_NEVER; i++) {
        dial_us = fail_once(&c, dial_us);
        if (dial_us != SIM_NEVER)
            assert_same_walk(&c, dial_us);
    }
}

static void test_a_chain_is_the_dials_one_by_one(void **state)
{
    static const double budgets_s[] = {0.0, 0.4, 1.0, 2.5, 20.0};
    static const double gaps_s[] = {0.3, 1.0, 1.7, 3.0};
    struct client_params p;
    (void)state;

    for (size_t i = 0; i < 5 * 4 * 2 * 3; i++) {
        client_defaults(&p, i % 2 ? CLIENT_BUILDX : CLIENT_BUILDCTL);
        p.create_dials = i % 3 == 0;
        p.wait_budget_us = S(budgets_s[i % 5]);
        p.first_gap_us = S(gaps_s[i % 4]);
        p.attempts = 1 + (uint32_t)i % 3 * 4;
        if (i % 7 == 0)
            p.retry = CLIENT_RETRY_NONE;
        assert_same_dials(&p);
    }
}

/* An attempt that waited in the queue first: its next dials follow the loss by
 * 0.6 s and then by 1 s each, up to the end of its 20 s, at 120 s.
 */
static void test_a_chain_goes_on_from_a_broken_step(void **state)
{
    struct client_params p;
    struct client c = {0};
    (void)state;

    client_defaults(&p, CLIENT_BUILDX);
    sim_us dial_us = client_on_start(&c, &p, S(95.0)).at_us;
    (void)client_on_dial(&c, dial_us);
    dial_us = client_on_closed(&c, S(100.0), 0.5).at_us;
    (void)client_on_dial(&c, dial_us);
    dial_us = client_on_closed(&c, S(106.0), 0.6).at_us;
    assert_int_equal(dial_us, S(106.6));
    dial_us = fail_once(&c, dial_us);
    assert_int_equal(dial_us, S(107.6));
    assert_same_walk(&c, dial_us);
}

static void test_chance_or_no_pause_makes_no_chain(void **state)
{
    struct client_params p;
    (void)state;

    client_defaults(&p, CLIENT_BUILDX);
    p.redial_gap.b = 1.000001;
    p.redial_gap.max_s = 2.0;
    assert_false(client_fails_evenly(&p));
    p.redial_gap.max_s = 1.0;
    assert_true(client_fails_evenly(&p));
    p.first_gap_us = 0;
    assert_false(client_fails_evenly(&p));
    client_defaults(&p, CLIENT_BUILDCTL);
    p.delay_us = p.exit_us = p.launch_us = 0;
    assert_false(client_fails_evenly(&p));
}

/* One attempt each 15.04 s: a chain ends after 100,000 of them. */
static void test_a_chain_of_very_many_attempts_ends(void **state)
{
    struct client_params p;
    struct client c = {0};
    (void)state;

    client_defaults(&p, CLIENT_BUILDCTL);
    p.attempts = UINT32_MAX;
    sim_us dial_us = fail_once(&c, client_on_start(&c, &p, 0).at_us);
    assert_int_equal(client_chain(&c, dial_us).until_us, 100000 * S(15.04));
}

static void test_common_dials_of_two_chains(void **state)
{
    struct client_params p;
    struct client early = {0}, late = {0};
    (void)state;

    client_defaults(&p, CLIENT_BUILDX);
    sim_us dial_us = fail_once(&early, client_on_start(&early, &p, 0).at_us);
    struct client_chain a = client_chain(&early, dial_us);
    /* its second attempt begins at 35.2 s; so does the other's first */
    dial_us = fail_once(&late, client_on_start(&late, &p, S(35.2)).at_us);
    struct client_chain b = client_chain(&late, dial_us);
    assert_int_equal(client_chain_dial_us(&a, 39), S(70.4)); /* 19 + 20 */
    assert_int_equal(client_chain_dial_us(&b, 19), S(70.4));
    assert_int_equal(client_chain_common(&a, 39, &b, 19), 0);
    assert_int_equal(client_chain_common(&a, 62, &b, 42), 23);
    assert_int_equal(client_chain_common(&a, 62, &b, 41), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_chain_is_the_dials_one_by_one),
        cmocka_unit_test(test_a_chain_goes_on_from_a_broken_step),
        cmocka_unit_test(test_chance_or_no_pause_makes_no_chain),
        cmocka_unit_test(test_a_chain_of_very_many_attempts_ends),
        cmocka_unit_test(test_common_dials_of_two_chains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
