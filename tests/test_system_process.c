/* Balancers that are replaced or die, clients that may not try again, and pods
 * that stand in two backends.
 */
#include "tests/session_rig.h"

/* ------------------------------------------------------------ reload */

static struct fault reload(double at_s, double grace_s)
{
    return (struct fault){.kind = FAULT_LB_RELOAD,
                          .at_us = us_from_s(at_s),
                          .until_us = us_from_s(at_s + grace_s),
                          .gap_us = us_from_s(grace_s),
                          .pool = NO_INDEX};
}

/* Queued at 102, replaced at 103: closed at 107 as if nothing had been. The
 * new process knows of no build, so the next dial shares the pod.
 */
static void test_the_queue_of_the_old_process_keeps_its_5_s(void **state)
{
    struct fault f = reload(103.0, 30.0);
    (void)state;

    g.f.pools[0].replicas = 1;
    fixture_build(&g.f, 0, 0, 0.0, 110.0);
    fixture_build(&g.f, 0, 0, 102.0, 10.0);
    run(&f, 1);
    EXPECT(1, NOTE_CLOSED, 107.0);
    assert_int_equal(result(1)->served_us, 108 * US_PER_S);
    assert_int_equal(result(0)->end_us, 110050 * US_PER_MS);
    assert_int_equal(result(0)->end, END_SERVED);
}

static void test_the_old_process_still_serves_its_queue(void **state)
{
    struct fault f = reload(103.0, 30.0);
    (void)state;

    g.f.pools[0].replicas = 1;
    fixture_build(&g.f, 0, 0, 0.0, 105.0);
    fixture_build(&g.f, 0, 0, 102.0, 10.0);
    run(&f, 1);
    assert_int_equal(result(1)->served_us, 105050 * US_PER_MS);
    assert_int_equal(result(1)->end, END_SERVED);
    assert_int_equal(result(1)->dials, 1);
}

/* Each process has its own grace, and cuts its own builds. */
static void test_a_second_reload_has_a_grace_of_its_own(void **state)
{
    struct fault f[] = {reload(100.0, 30.0), reload(110.0, 30.0)};
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 0, 105.0, 400.0);
    fixture_build(&g.f, 0, 0, 120.0, 400.0);
    run(f, 2);
    assert_int_equal(result(0)->end, END_CUT);
    assert_int_equal(result(0)->end_us, 130 * US_PER_S);
    assert_int_equal(result(1)->end, END_CUT);
    assert_int_equal(result(1)->end_us, 140 * US_PER_S);
    assert_int_equal(result(2)->end, END_SERVED);
    assert_int_equal(result(2)->end_us, 520050 * US_PER_MS);
}

/* The exporter shows the new process: what runs on the old one is not seen. */
static void test_a_new_process_counts_from_zero(void **state)
{
    struct fault f = reload(100.0, 300.0);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 150.0);
    fixture_build(&g.f, 0, 0, 1.0, 150.0);
    fixture_build(&g.f, 0, 0, 120.0, 150.0);
    run(&f, 1);
    assert_int_equal(state_at(99.0).sessions, 2);
    assert_int_equal(state_at(101.0).sessions, 0);
    assert_int_equal(state_at(101.0).running, 2);
    assert_int_equal(state_at(121.0).sessions, 1);
    assert_int_equal(state_at(121.0).running, 3);
    assert_int_equal(state_at(160.0).sessions, 1);
}

/* ------------------------------------------------------------ restart */

/* Cut and closed at 100; refused at 101 to 104, a second apart; at 105 the new
 * process listens and knows its servers at once. The poll after 105.05 is at
 * 106. Nothing is left for the exporter to show.
 */
static void test_a_restart_cuts_closes_and_refuses(void **state)
{
    struct fault f = {.kind = FAULT_LB_RESTART,
                      .at_us = 100 * US_PER_S,
                      .until_us = 105 * US_PER_S,
                      .gap_us = 5 * US_PER_S,
                      .pool = NO_INDEX};
    (void)state;

    g.f.pools[0].replicas = 1;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 1, 98.0, 10.0);
    fixture_build(&g.f, 0, 0, 101.0, 10.0);
    run(&f, 1);
    assert_int_equal(result(0)->end, END_CUT);
    assert_int_equal(result(0)->end_us, 100 * US_PER_S);
    EXPECT(1, NOTE_CLOSED, 100.0);
    EXPECT(2, NOTE_REFUSED, 101.0, 102.0, 103.0, 104.0);
    assert_int_equal(result(2)->served_us, 105 * US_PER_S);
    assert_int_equal(result(2)->end_us, 116 * US_PER_S);
    assert_int_equal(state_at(99.0).sessions, 2);
    assert_int_equal(state_at(104.5).sessions, 0);
    assert_int_equal(state_at(104.5).reachable, 0);
    assert_int_equal(state_at(105.0).reachable, 1);
}

/* Attempts last 25 s and their pause 15.2: those of the second end at 35 and,
 * within the fault, at 75.2; that of the first at 75, that of the third at 125.
 */
static void test_no_retry_ends_clients_whose_attempt_fails_in_it(void **state)
{
    struct fault f = {.kind = FAULT_NO_RETRY,
                      .at_us = 60 * US_PER_S,
                      .until_us = 80 * US_PER_S,
                      .pool = NO_INDEX};
    (void)state;

    g.f.pools[0].replicas = 1;
    g.f.callers[0].client.redial_gap =
        (struct dist){DIST_CONSTANT, 0.5, 0.5, 0.5, 0.5};
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 0, 10.0, 10.0);
    fixture_build(&g.f, 0, 0, 50.0, 10.0);
    fixture_build(&g.f, 0, 0, 100.0, 10.0);
    run(&f, 1);
    assert_int_equal(result(1)->end, END_GAVE_UP);
    assert_int_equal(result(1)->end_us, 75200 * US_PER_MS);
    assert_int_equal(result(1)->attempts, 2);
    assert_int_equal(result(2)->end, END_GAVE_UP);
    assert_int_equal(result(2)->end_us, 75 * US_PER_S);
    assert_int_equal(result(2)->attempts, 1);
    assert_int_equal(result(3)->end, END_SERVED);
}

/* ------------------------------------------------------------ two backends */

/* Backend 1 lists the pods of pool 0, too; whose clients dial it. */
static void combine(uint32_t caller)
{
    struct fixture *f = &g.f;

    f->backends[1] = f->backends[0];
    f->p.lb.n_backends = 2;
    f->links[1] = (struct pool_link){0, 1};
    f->p.n_links = 2;
    f->callers[caller].has_backend = true;
    f->callers[caller].backend = 1;
}

/* Two pods, three clients of each backend: a build of each on every pod, and
 * one that waits in each queue. The scaler's gauge shows one backend alone.
 */
static void test_two_backends_book_a_pod_twice(void **state)
{
    (void)state;
    combine(1);
    g.f.callers[1].client.attempts = 1;
    for (int i = 0; i < 6; i++)
        fixture_build(&g.f, 0, i < 3 ? 0 : 1, 10.0, 100.0);
    run(NULL, 0);
    for (uint32_t i = 0; i < 6; i++)
        if (i == 2 || i == 5)
            EXPECT(i, NOTE_QUEUED, 10.0);
        else
            EXPECT(i, NOTE_SERVED, 10.0);
    assert_int_equal(result(0)->pod, result(3)->pod);
    assert_int_equal(result(1)->pod, result(4)->pod);
    assert_int_not_equal(result(0)->pod, result(1)->pod);
    struct pool_state at = state_at(12.0);
    assert_int_equal(at.running, 4);
    assert_int_equal(at.sessions, 3);
    assert_int_equal(at.queue, 1);
    assert_int_equal(result(5)->end, END_GAVE_UP); /* buildctl, at 15 s */
    assert_int_equal(result(5)->end_us, 15 * US_PER_S);
}

/* Only caller 1's builds: the pods' own backend shows nothing. */
static void test_the_scaler_sees_its_own_backend_alone(void **state)
{
    (void)state;
    combine(1);
    g.f.pools[0].autoscaled = true;
    g.f.pools[0].hpa.max = g.f.pools[0].keda.max = 8;
    g.f.callers[1].client.attempts = 100;
    for (int i = 0; i < 6; i++)
        fixture_build(&g.f, 0, 1, 10.0, 900.0);
    run(NULL, 0);
    for (size_t i = 0; i < g.n_rows; i++) {
        assert_int_equal(g.rows[i].state.sessions, 0);
        assert_int_equal(g.rows[i].state.wanted, 2);
    }
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(result(i)->end, END_SERVED);
}

/* Health and names are a backend's own, whoever dials it. */
static void test_a_combined_backend_has_checks_of_its_own(void **state)
{
    struct fault f = stuck(60.0, 2, true);
    (void)state;

    combine(1);
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 1, 107.0, 10.0);
    fixture_build(&g.f, 0, 1, 170.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_TURNED_AWAY, 107.0);
    assert_int_equal(result(1)->end_us, 180050 * US_PER_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_queue_of_the_old_process_keeps_its_5_s),
        TEST(test_the_old_process_still_serves_its_queue),
        TEST(test_a_second_reload_has_a_grace_of_its_own),
        TEST(test_a_new_process_counts_from_zero),
        TEST(test_two_backends_book_a_pod_twice),
        TEST(test_the_scaler_sees_its_own_backend_alone),
        TEST(test_a_combined_backend_has_checks_of_its_own),
        TEST(test_a_restart_cuts_closes_and_refuses),
        TEST(test_no_retry_ends_clients_whose_attempt_fails_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
