#include "tests/story_rig.h"

/* ------------------------------------------------------------ sums */

static sim_us sum_us(const struct story *s)
{
    sim_us sum = 0;

    for (int i = 0; i < WAIT_CAUSES; i++)
        sum += story_waited_us(s, (enum wait_cause)i);
    return sum;
}

static void add_waits(level_area total[], const struct story *s)
{
    for (int i = 0; i < WAIT_CAUSES; i++)
        total[i] += story_waited_us(s, (enum wait_cause)i);
}

static void check_total(struct rig *r, const level_area total[])
{
    struct system *s = fixture_system(&r->f);
    struct random_world w = {.seed = 7};

    system_run(s, &w, NULL);
    for (int i = 0; i < WAIT_CAUSES; i++)
        assert_true(system_pool(s, 0)->waits[i] == total[i]);
    system_free(s);
}

/* Twelve builds for at most six pods on two, some of which fail and come
 * again; every microsecond without a slot has one cause.
 */
static void test_causes_add_up_build_by_build_and_for_the_pool(void **state)
{
    level_area total[WAIT_CAUSES] = {0};
    struct rig *r = rig_new(2, 6);

    (void)state;
    r->f.p.settle_us = 4 * US_PER_DAY; /* some fail 45 times */
    for (uint32_t i = 0; i < 12; i++) {
        fixture_build(&r->f, 0, i % 2, 5.0 + 0.7 * i, 200.0 + 31.0 * i);
        if (i % 3 == 0)
            r->f.t.builds[i].outcome = TRACE_ERROR;
    }
    for (uint32_t i = 0; i < 12; i++) {
        struct story s = story_of(r, EXPLAIN_BUILD, i);
        assert_int_equal(sum_us(&s), s.builds[i].waited_us);
        add_waits(total, &s);
        story_free(&s);
    }
    assert_true(total[WAIT_NODE] > 0 && total[WAIT_MAXIMUM] > 0);
    check_total(r, total);
    rig_free(r);
}

static void test_waits_for_the_scaler_have_a_reason(void **state)
{
    struct rig *r = rig_new(2, 20);
    struct story s;
    sim_us reasons_us = 0;

    (void)state;
    for (uint32_t i = 0; i < 9; i++)
        fixture_build(&r->f, 0, 0, 5.0 + 0.7 * i, 900.0);
    s = story_of(r, EXPLAIN_BUILD, 8);
    for (int i = 0; i < SCALER_REASONS; i++)
        reasons_us += s.scaler_us[i];
    assert_true(reasons_us > 0);
    assert_int_equal(reasons_us, story_waited_us(&s, WAIT_SCALER));
    story_free(&s);
    rig_free(r);
}

/* ------------------------------------------------------------ a build */

static void test_a_build_that_never_waits_is_told_in_full(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    named(r, "one", 3.25, 61.5);
    s = story_of(r, EXPLAIN_BUILD, 0);
    assert_string_equal(
        told(r, &s, false),
        "build 'one', number 0, pool 'pool0', caller 'caller0'\n"
        "asked for at 3.250 s; done 1m2s later, after 1 attempt and 1 dial; "
        "without a slot for 0s\n"
        "\n"
        "       0s       3.250 s  is asked for\n"
        "       0s       3.250 s  attempt 1 of 360: dials\n"
        "       0s       3.250 s  gets a slot on pod 0, node 0; cold, its "
        "first build\n"
        "    0.05s       3.300 s  is connected, its work begins\n"
        "     1m2s      64.800 s  is done after 1m2s of work\n"
        "\n"
        "It never waited for a slot.\n");
    story_free(&s);
    rig_free(r);
}

/* One pod and no more: the second build waits at the maximum. Its dial is
 * closed by the balancer after the 5 s that it may queue.
 */
static void test_dials_say_their_place_and_their_end(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    named(r, "first", 0.0, 100.0);
    named(r, "second", 1.0, 10.0);
    named(r, "third", 2.0, 10.0);
    s = story_of(r, EXPLAIN_BUILD, 2);
    const char *text = told(r, &s, false);
    says(text, "       0s       2.000 s  attempt 1 of 360: dials, queued "
               "behind 1, closed after 5s: timeout connect\n");
    says(text, "       6s       8.000 s  dials again, queued behind 1,");
    says(text, "the loop sleeps 15s\n");
    says(text, "       0s       2.000 s    waits ");
    says(text, " for another build to end, at the maximum (2 of 2 waiting)\n");
    says(text, " %  another build to end, at the maximum\n");
    story_free(&s);
    rig_free(r);
}

static void test_a_full_queue_bound_of_its_own_is_named(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    r->f.backends[0].queue_us = 3 * US_PER_S;
    named(r, "first", 0.0, 100.0);
    named(r, "second", 1.0, 10.0);
    s = story_of(r, EXPLAIN_BUILD, 1);
    says(told(r, &s, false), "queued as the first, closed after 3s: timeout "
                             "queue\n");
    story_free(&s);
    rig_free(r);
}

static void
test_many_attempts_that_go_alike_are_told_by_their_ends(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    r->f.callers[0].client.attempts = 12;
    named(r, "first", 0.0, 3600.0);
    named(r, "second", 1.0, 10.0);
    s = story_of(r, EXPLAIN_BUILD, 1);
    const char *text = told(r, &s, false);
    says(text, "attempt 2 of 12: ");
    says(text, "  attempts 3 to 10 go the same way, with ");
    says_not(text, "attempt 3 of 12: ");
    says_not(text, "attempt 10 of 12: ");
    says(text, "attempt 11 of 12: ");
    says(text, "  gives up after 12 attempts\n");
    text = told(r, &s, true);
    says(text, "attempt 3 of 12: ");
    says_not(text, "go the same way");
    story_free(&s);
    rig_free(r);
}

static void test_a_new_pod_is_told_from_its_cause_to_its_use(void **state)
{
    struct rig *r = rig_new(1, 4);
    struct story s;

    (void)state;
    named(r, "first", 0.0, 1000.0);
    named(r, "second", 1.0, 1000.0);
    named(r, "third", 1.5, 1000.0);
    s = story_of(r, EXPLAIN_BUILD, 2);
    const char *text = told(r, &s, false);
    says(text, "    [pool] replicas 1 -> 3\n");
    says(text, "after replicas went 1 -> 3\n");
    says(text, ", m6id.24xlarge: asked for at +");
    says(text, "; cold, its first build\n");
    says(text, "  the scaler to want a pod\n");
    says(text, "  a node to boot\n");
    story_free(&s);
    rig_free(r);
}

static void test_lost_work_is_told_apart_from_waiting(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    r->f.callers[0].client.retry = CLIENT_RETRY_ANY;
    r->f.callers[0].client.attempts = 2;
    named(r, "fails", 0.0, 60.0);
    r->f.t.builds[0].outcome = TRACE_ERROR;
    s = story_of(r, EXPLAIN_BUILD, 0);
    const char *text = told(r, &s, false);
    says(text, "\nasked for at 0.000 s; failed by its own error 2m15s later, "
               "after 2 attempts and 2 dials; without a slot for 15.2s\n");
    says(text, "  fails by its own error after 1m of work\n");
    says(text, "  the work is lost: its client tries again\n");
    says(text, "       1m      60.100 s  attempt 1 has failed, the loop "
               "sleeps 15s\n");
    says(text, "  ends: its client does not try again\n");
    says(text, " 100.0 %  the client's own pause, although a pod was idle\n"
               "\nOn top of that it held slots for 1m in attempts that came "
               "to nothing.\n");
    story_free(&s);
    rig_free(r);
}

static void test_a_restart_of_the_balancer_is_told(void **state)
{
    struct fault restart = {.kind = FAULT_LB_RESTART,
                            .at_us = us_from_s(100.0),
                            .until_us = SIM_NEVER,
                            .gap_us = us_from_s(5.0),
                            .pool = NO_INDEX};
    struct rig *r = rig_new(2, 2);
    struct story s;

    (void)state;
    r->f.p.faults = &restart;
    r->f.p.n_faults = 1;
    named(r, "cut", 1.0, 400.0);
    named(r, "refused", 101.5, 10.0);
    s = story_of(r, EXPLAIN_BUILD, 0);
    const char *text = told(r, &s, false);
    says(text, "    1m39s     100.000 s    [fault] lb_restart begins\n");
    says(text, "    1m39s     100.000 s  the balancer cuts its connection "
               "after 1m39s of work\n");
    says(text, "  the work is lost: its client tries again\n");
    story_free(&s);
    s = story_of(r, EXPLAIN_BUILD, 1);
    text = told(r, &s, false);
    says(text, "attempt 1 of 360: dials: refused, no balancer listens\n");
    says(text, "  and 3 dials more in this attempt, the same\n");
    text = told(r, &s, true);
    says(text, "  dials again: refused, no balancer listens\n");
    says_not(text, "the same\n");
    story_free(&s);
    rig_free(r);
}

static void test_names_of_the_trace_cannot_disturb_a_terminal(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    named(r, "a\033[2Jb\n", 0.0, 1.0);
    s = story_of(r, EXPLAIN_BUILD, 0);
    says(told(r, &s, false), "build 'a?[2Jb?', number 0, ");
    assert_null(strchr(r->text, '\033'));
    story_free(&s);
    rig_free(r);
}

static void test_dates_stand_where_the_trace_has_them(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    named(r, "late", 86390.5, 20.0);
    r->f.t.absolute = true; /* from 1970-01-01 */
    s = story_of(r, EXPLAIN_BUILD, 0);
    const char *text = told(r, &s, false);
    says(text, "\nasked for at 1970-01-01 23:59:50.500 UTC; ");
    says(text, "\n           1970-01-01, UTC\n"
               "       0s  23:59:50.500  is asked for\n");
    says(text, "\n           1970-01-02, UTC\n"
               "    20.1s  00:00:10.550  is done after 20s of work\n");
    story_free(&s);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_causes_add_up_build_by_build_and_for_the_pool),
        cmocka_unit_test(test_waits_for_the_scaler_have_a_reason),
        cmocka_unit_test(test_a_build_that_never_waits_is_told_in_full),
        cmocka_unit_test(test_dials_say_their_place_and_their_end),
        cmocka_unit_test(test_a_full_queue_bound_of_its_own_is_named),
        cmocka_unit_test(
            test_many_attempts_that_go_alike_are_told_by_their_ends),
        cmocka_unit_test(test_a_new_pod_is_told_from_its_cause_to_its_use),
        cmocka_unit_test(test_lost_work_is_told_apart_from_waiting),
        cmocka_unit_test(test_a_restart_of_the_balancer_is_told),
        cmocka_unit_test(test_names_of_the_trace_cannot_disturb_a_terminal),
        cmocka_unit_test(test_dates_stand_where_the_trace_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
