#include "models/client.h"
#include "tests/support.h"

#include <stdbool.h>

static struct client_params params(enum client_tool tool)
{
    struct client_params p;

    client_defaults(&p, tool);
    return p;
}

static void test_a_free_slot_starts_the_work_at_once(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    client_on_start(&c, &p, 7 * US_PER_S);
    client_on_dial(&c, 7 * US_PER_S);
    struct client_todo t = client_on_connected(&c, 7 * US_PER_S);
    assert_int_equal(t.what, CLIENT_DO_WORK);
    assert_int_equal(t.at_us, 7050 * US_PER_MS);
    assert_int_equal(client_on_work(&c, t.at_us).what, CLIENT_DO_RUN);
    assert_int_equal(c.state, CLIENT_BUILDING);
    t = client_on_build_end(&c, 600 * US_PER_S, CLIENT_BUILD_OK, 0.5);
    assert_int_equal(t.what, CLIENT_DO_END);
    assert_int_equal(t.at_us, 600 * US_PER_S);
    assert_false(t.leave);
    assert_int_equal(c.outcome, CLIENT_DONE);
    assert_int_equal(c.dials, 1);
}

/* A buildx client whose probe, dialled at 0, is closed at 5 s, and whose
 * second dial, at 6 s, is served at served_us.
 */
static struct client_todo served_while_waiting(struct client *c,
                                               const struct client_params *p,
                                               sim_us served_us)
{
    client_on_start(c, p, 0);
    client_on_dial(c, 0);
    struct client_todo t = client_on_closed(c, 5 * US_PER_S, 0.5);
    assert_int_equal(t.at_us, 6 * US_PER_S);
    client_on_dial(c, t.at_us);
    return client_on_connected(c, served_us);
}

static void test_a_probe_served_from_the_queue_starts_at_once(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    struct client_todo t = client_on_connected(&c, 4321 * US_PER_MS);
    assert_int_equal(t.at_us, 4371 * US_PER_MS);
}

static void test_work_starts_at_the_next_poll_of_the_wait(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};
    struct client_todo t = served_while_waiting(&c, &p, 8300 * US_PER_MS);

    assert_int_equal(t.what, CLIENT_DO_WORK);
    assert_int_equal(t.at_us, 9 * US_PER_S); /* polls at 5, 6, 7 ... */
    c = (struct client){0};
    t = served_while_waiting(&c, &p, 8950 * US_PER_MS); /* tie: seen at 9 */
    assert_int_equal(t.at_us, 9 * US_PER_S);
    c = (struct client){0};
    t = served_while_waiting(&c, &p, 8950 * US_PER_MS + 1);
    assert_int_equal(t.at_us, 10 * US_PER_S);
}

static void test_a_slot_after_the_last_poll_is_wasted(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};
    struct client_todo t = served_while_waiting(&c, &p, 23950 * US_PER_MS);

    assert_int_equal(t.what, CLIENT_DO_WORK);
    assert_int_equal(t.at_us, 24 * US_PER_S);
    c = (struct client){0};
    t = served_while_waiting(&c, &p, 24100 * US_PER_MS);
    assert_int_equal(t.what, CLIENT_DO_HOLD);
    assert_int_equal(t.at_us, 25 * US_PER_S);
    t = client_on_deadline(&c, t.at_us, 0.5);
    assert_true(t.leave);
    assert_int_equal(t.what, CLIENT_DO_DIAL);
    assert_int_equal(t.at_us, 40200 * US_PER_MS);
    client_on_dial(&c, t.at_us);
    assert_int_equal(c.attempt, 2);
    assert_false(c.waited);
    assert_false(c.late);
}

static void test_a_wasted_slot_that_is_cut_still_fails_at_the_end(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    served_while_waiting(&c, &p, 24100 * US_PER_MS);
    struct client_todo t = client_on_closed(&c, 24500 * US_PER_MS, 0.5);
    assert_int_equal(t.what, CLIENT_DO_DIAL);
    assert_int_equal(t.at_us, 40200 * US_PER_MS);
    assert_false(t.leave);
}

static void test_a_connection_lost_before_the_work_is_a_lost_dial(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    client_on_connected(&c, 2 * US_PER_S);
    struct client_todo t = client_on_closed(&c, 2010 * US_PER_MS, 0.5);
    assert_int_equal(t.what, CLIENT_DO_DIAL);
    assert_int_equal(t.at_us, 3010 * US_PER_MS);
    assert_int_equal(c.state, CLIENT_GAP);
    assert_true(c.waited);
    client_on_dial(&c, t.at_us);
    assert_int_equal(c.attempt, 1);
}

/* How a build that started ends, after a wait or without one: true if it is
 * tried again.
 */
static bool retried(enum client_retry retry, bool waited,
                    enum client_build_end how, double u)
{
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};
    struct client_todo t;

    p.retry = retry;
    p.error_retry_frac = 0.02;
    if (waited) {
        t = served_while_waiting(&c, &p, 8 * US_PER_S);
    } else {
        client_on_start(&c, &p, 0);
        client_on_dial(&c, 0);
        t = client_on_connected(&c, 0);
    }
    client_on_work(&c, t.at_us);
    t = client_on_build_end(&c, 100 * US_PER_S, how, u);
    if (t.what == CLIENT_DO_DIAL) {
        assert_int_equal(t.at_us, 115200 * US_PER_MS);
        return true;
    }
    assert_int_equal(t.at_us, 100050 * US_PER_MS);
    assert_int_equal(c.outcome,
                     how == CLIENT_BUILD_CUT ? CLIENT_CUT : CLIENT_ERROR);
    return false;
}

static void test_the_old_classifier_retries_cuts_and_waits(void **state)
{
    (void)state;
    enum client_retry old = CLIENT_RETRY_OLD;

    assert_true(retried(old, false, CLIENT_BUILD_CUT, 0.9));
    assert_true(retried(old, true, CLIENT_BUILD_CUT, 0.9));
    assert_false(retried(old, false, CLIENT_BUILD_ERROR, 0.9));
    assert_true(retried(old, true, CLIENT_BUILD_ERROR, 0.9));
    assert_true(retried(old, false, CLIENT_BUILD_ERROR, 0.019));
    assert_false(retried(old, false, CLIENT_BUILD_ERROR, 0.02));
}

static void test_the_new_classifier_never_repeats_progress(void **state)
{
    (void)state;
    for (int waited = 0; waited < 2; waited++) {
        assert_false(retried(CLIENT_RETRY_NEW, waited, CLIENT_BUILD_CUT, 0.01));
        assert_false(
            retried(CLIENT_RETRY_NEW, waited, CLIENT_BUILD_ERROR, 0.01));
        assert_false(
            retried(CLIENT_RETRY_NONE, waited, CLIENT_BUILD_CUT, 0.01));
        assert_true(retried(CLIENT_RETRY_ANY, waited, CLIENT_BUILD_ERROR, 0.9));
    }
}

static void test_a_close_while_building_is_a_cut(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    p.retry = CLIENT_RETRY_NEW;
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    struct client_todo t = client_on_connected(&c, 0);
    client_on_work(&c, t.at_us);
    t = client_on_closed(&c, 60 * US_PER_S, 0.5);
    assert_int_equal(t.what, CLIENT_DO_END);
    assert_int_equal(c.outcome, CLIENT_CUT);
}

static void test_a_retried_cut_waits_anew_in_its_own_attempt(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};
    struct client_todo t = served_while_waiting(&c, &p, 8 * US_PER_S);

    client_on_work(&c, t.at_us);
    t = client_on_build_end(&c, 50 * US_PER_S, CLIENT_BUILD_ERROR, 0.9);
    client_on_dial(&c, t.at_us);
    t = client_on_connected(&c, t.at_us);
    client_on_work(&c, t.at_us);
    t = client_on_build_end(&c, 90 * US_PER_S, CLIENT_BUILD_ERROR, 0.9);
    assert_int_equal(t.what, CLIENT_DO_END); /* this one did not wait */
    assert_int_equal(c.outcome, CLIENT_ERROR);
    assert_int_equal(c.attempt, 2);
}

static void test_an_error_in_the_last_attempt_is_an_error(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDCTL);
    struct client c = {0};

    p.attempts = 1;
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    struct client_todo t = client_on_connected(&c, 0);
    client_on_work(&c, t.at_us);
    t = client_on_build_end(&c, 9 * US_PER_S, CLIENT_BUILD_ERROR, 0.5);
    assert_int_equal(t.what, CLIENT_DO_END);
    assert_int_equal(t.at_us, 9040 * US_PER_MS);
    assert_int_equal(c.outcome, CLIENT_ERROR);
}

static void test_a_kill_leaves_whatever_is_open(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    client_on_start(&c, &p, 0);
    struct client_todo t = client_on_kill(&c, 0, CLIENT_CANCELLED);
    assert_false(t.leave); /* nothing is open yet */
    c = (struct client){0};
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    t = client_on_kill(&c, 3 * US_PER_S, CLIENT_CANCELLED);
    assert_true(t.leave);
    assert_int_equal(c.outcome, CLIENT_CANCELLED);
    c = (struct client){0};
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    client_on_closed(&c, 5 * US_PER_S, 0.5);
    t = client_on_kill(&c, 5500 * US_PER_MS, CLIENT_TIMED_OUT);
    assert_false(t.leave); /* it fell into the gap */
    assert_int_equal(t.what, CLIENT_DO_END);
    assert_int_equal(t.at_us, 5500 * US_PER_MS);
    c = (struct client){0};
    t = served_while_waiting(&c, &p, 8 * US_PER_S);
    client_on_work(&c, t.at_us);
    assert_true(client_on_kill(&c, 9 * US_PER_S, CLIENT_TIMED_OUT).leave);
}

static void test_the_job_ends_4_h_after_its_start_or_never(void **state)
{
    (void)state;
    struct client_params x = params(CLIENT_BUILDX);
    struct client_params ctl = params(CLIENT_BUILDCTL);

    assert_int_equal(client_job_end_us(&x, 3), 4 * US_PER_H + 3);
    assert_true(client_job_end_us(&ctl, 3) == SIM_NEVER);
    x.job_timeout_us = SIM_NEVER - 2;
    assert_true(client_job_end_us(&x, 3) == SIM_NEVER);
}

static void test_every_call_outdates_the_todo_before(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {.generation = 41};

    client_on_start(&c, &p, 0);
    assert_int_equal(c.generation, 42);
    client_on_dial(&c, 0);
    assert_int_equal(c.generation, 43);
    client_on_closed(&c, 1, 0.5);
    assert_int_equal(c.generation, 44);
    client_on_kill(&c, 2, CLIENT_CANCELLED);
    assert_int_equal(c.generation, 45);
}

static void test_registering_a_builder_may_cost_one_more_dial(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    p.create_dials = true;
    client_on_start(&c, &p, 0);
    struct client_todo t = client_on_dial(&c, 0);
    assert_int_equal(t.at_us, 20 * US_PER_S);
    t = client_on_closed(&c, 5 * US_PER_S, 0.5);
    assert_int_equal(t.what, CLIENT_DO_DIAL);
    assert_int_equal(t.at_us, 5150 * US_PER_MS);
    assert_int_equal(c.attempt, 0);
    client_on_dial(&c, t.at_us);
    assert_int_equal(c.attempt, 1);
    assert_int_equal(c.dials, 2);
    assert_int_equal(c.state, CLIENT_PROBING);
}

static void test_a_registration_that_connects_leaves_its_slot(void **state)
{
    (void)state;
    struct client_params p = params(CLIENT_BUILDX);
    struct client c = {0};

    p.create_dials = true;
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    struct client_todo t = client_on_connected(&c, 0);
    assert_true(t.leave);
    assert_int_equal(t.what, CLIENT_DO_DIAL);
    assert_int_equal(t.at_us, 200 * US_PER_MS);
    c = (struct client){0};
    client_on_start(&c, &p, 0);
    client_on_dial(&c, 0);
    t = client_on_deadline(&c, 20 * US_PER_S, 0.5);
    assert_true(t.leave);
    assert_int_equal(t.at_us, 20150 * US_PER_MS);
}

static void test_the_set_up_counts_in_the_limit_of_the_job(void **state)
{
    (void)state;
    struct client_params p;

    client_defaults(&p, CLIENT_BUILDX);
    p.job_timeout_us = 300 * US_PER_S;
    p.setup_us = 120 * US_PER_S;
    assert_int_equal(client_job_end_us(&p, 1000 * US_PER_S), 1180 * US_PER_S);
    p.setup_us = 301 * US_PER_S; /* over before the first dial */
    assert_int_equal(client_job_end_us(&p, 1000 * US_PER_S), 1000 * US_PER_S);
    p.job_timeout_us = SIM_NEVER;
    assert_true(client_job_end_us(&p, 1000 * US_PER_S) == SIM_NEVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_free_slot_starts_the_work_at_once),
        cmocka_unit_test(test_a_probe_served_from_the_queue_starts_at_once),
        cmocka_unit_test(test_work_starts_at_the_next_poll_of_the_wait),
        cmocka_unit_test(test_a_slot_after_the_last_poll_is_wasted),
        cmocka_unit_test(test_a_wasted_slot_that_is_cut_still_fails_at_the_end),
        cmocka_unit_test(test_a_connection_lost_before_the_work_is_a_lost_dial),
        cmocka_unit_test(test_the_old_classifier_retries_cuts_and_waits),
        cmocka_unit_test(test_the_new_classifier_never_repeats_progress),
        cmocka_unit_test(test_a_close_while_building_is_a_cut),
        cmocka_unit_test(test_a_retried_cut_waits_anew_in_its_own_attempt),
        cmocka_unit_test(test_an_error_in_the_last_attempt_is_an_error),
        cmocka_unit_test(test_a_kill_leaves_whatever_is_open),
        cmocka_unit_test(test_the_job_ends_4_h_after_its_start_or_never),
        cmocka_unit_test(test_every_call_outdates_the_todo_before),
        cmocka_unit_test(test_registering_a_builder_may_cost_one_more_dial),
        cmocka_unit_test(test_a_registration_that_connects_leaves_its_slot),
        cmocka_unit_test(test_the_set_up_counts_in_the_limit_of_the_job),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
