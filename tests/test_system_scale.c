/* Scaler, pods and balancer of the whole system: when, to the microsecond. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

enum { REPLICATIONS = 10 };

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

static void with_fault(struct fixture *f, struct fault *fault, size_t n)
{
    f->p.faults = fault;
    f->p.n_faults = n;
}

static struct fault rollout_at(sim_us at_us)
{
    return (struct fault){.kind = FAULT_ROLLOUT,
                          .at_us = at_us,
                          .until_us = SIM_NEVER,
                          .pool = NO_INDEX};
}

/* ------------------------------------------------------------ the scaler */

/* The first write of a pool of two that gets four builds; its HPA takes 12 s
 * to write, once.
 */
static sim_us first_scale_us(struct fault *fault, size_t n)
{
    struct fixture f;

    fixture_init(&f, 1, 2, 8);
    f.pools[0].hpa.kubernetes_minor = 33;
    f.pools[0].hpa.write_us = S(12.0);
    f.pools[0].rs.lag = always(0.5);
    f.pools[0].rs.round_trip = always(0.05);
    for (int i = 0; i < 4; i++)
        fixture_build(&f, 0, 0, 60.0, 900.0);
    with_fault(&f, fault, n);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    sim_us at_us = watch_from(&w, NOTE_SCALE, 0)->at_us;
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
    return at_us;
}

/* An update 6 s before the write changes the Deployment's status. Up to 1.33
 * nothing is tried again: what failed is made up for by the next reconcile,
 * 15 s and an echo of 5 ms later, which reads for 50 ms and writes for 12 s.
 */
static void test_a_change_since_the_reading_is_a_conflict(void **state)
{
    sim_us alone_us = first_scale_us(NULL, 0);
    struct fault update = rollout_at(alone_us - S(6.0));
    (void)state;

    assert_int_equal(first_scale_us(&update, 1) - alone_us, S(27.055));
}

/* From 100 s to 400 s; then a reconcile after 15 s, 50 ms and 20 ms. */
static void test_a_controller_that_is_gone_writes_nothing(void **state)
{
    struct fixture f;
    struct fault restart = {.kind = FAULT_CONTROLLER_RESTART,
                            .at_us = S(100.0),
                            .until_us = S(400.0),
                            .gap_us = S(300.0),
                            .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 1, 8);
    for (int i = 0; i < 3; i++)
        fixture_build(&f, 0, 0, 150.0, 900.0);
    with_fault(&f, &restart, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    assert_int_equal(watch_from(&w, NOTE_SCALE, 0)->at_us, S(415.07));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* Eight builds of 300 s at 60 s and again: six pods are given up at about
 * 670 s.
 */
static uint64_t regretted(double again_s)
{
    struct fixture f;

    fixture_init(&f, 1, 2, 8);
    for (int i = 0; i < 8; i++)
        fixture_build(&f, 0, 0, 60.0, 300.0);
    for (int i = 0; i < 8; i++)
        fixture_build(&f, 0, 0, again_s, 300.0);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    uint64_t n = system_pool(s, 0)->regretted;
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
    return n;
}

static void test_pods_wanted_back_within_600_s_are_regretted(void **state)
{
    (void)state;
    assert_int_equal(regretted(1100.0), 6);
    assert_int_equal(regretted(1500.0), 0);
}

/* One node, from before the history to 2 h after it. */
static void test_the_warm_up_is_not_paid(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.p.warm_up_us = S(1000.0);
    fixture_build(&f, 0, 0, 1500.0, 10.0);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    assert_close(system_pool(s, 0)->cost_usd, 5.6952 * 7700.0 / 3600.0, 1e-6);
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ pods */

/* A pool of one with a build of 900 s whose template changes at 100 s: how
 * the build ends, and how long after its pod was deleted.
 */
static uint8_t updated_under(struct fixture *f, sim_us *after_us)
{
    struct fault update = rollout_at(S(100.0));

    f->callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(f, 0, 0, 50.0, 900.0);
    with_fault(f, &update, 1);
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, 0);
    const struct build_result *r = system_builds(s);
    uint8_t end = r->end;
    *after_us = r->end_us - watch_of(&w, NOTE_POD_DELETED, r->pod, 0)->at_us;
    watch_free(&w);
    system_free(s);
    fixture_free(f);
    return end;
}

static void test_a_pod_without_a_hook_kills_its_build_at_once(void **state)
{
    struct fixture f;
    sim_us after_us;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.pools[0].has_drain = false;
    assert_int_equal(updated_under(&f, &after_us), END_KILLED);
    assert_int_equal(after_us, 0);
}

static void test_a_blind_hook_kills_its_build_after_two_looks(void **state)
{
    struct fixture f;
    sim_us after_us;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.pools[0].drain.blind = true;
    assert_int_equal(updated_under(&f, &after_us), END_KILLED);
    assert_int_equal(after_us, S(30.0));
}

static void test_an_update_during_an_update_is_not_begun(void **state)
{
    struct fixture f;
    struct fault updates[] = {rollout_at(S(100.0)), rollout_at(S(130.0))};
    (void)state;

    fixture_init(&f, 1, 4, 8);
    fixture_build(&f, 0, 0, 50.0, 900.0);
    with_fault(&f, updates, 2);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    assert_int_equal(watch_count(&w, NOTE_POD_CREATED), 4);
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

static void test_recreate_waits_until_every_old_pod_has_gone(void **state)
{
    struct fixture f;
    struct fault update = rollout_at(S(100.0));
    (void)state;

    fixture_init(&f, 1, 3, 8);
    f.pools[0].rollout.recreate = true;
    fixture_build(&f, 0, 0, 50.0, 200.0);
    with_fault(&f, &update, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    sim_us created_us = watch_from(&w, NOTE_POD_CREATED, 0)->at_us;
    assert_int_equal(watch_count(&w, NOTE_POD_GONE), 3);
    for (uint32_t pod = 0; pod < 3; pod++)
        assert_true(watch_of(&w, NOTE_POD_GONE, pod, 0)->at_us <= created_us);
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* ------------------------------------------------------------ the balancer */

/* Both bounds of the second build's first dial are 20 s. */
static void test_at_a_tie_the_client_hangs_up_first(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 1, 1);
    f.backends[0].queue_us = S(20.0);
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 10.0, 10.0);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    assert_int_equal(watch_of(&w, NOTE_HUNG_UP, 1, 0)->at_us, S(30.0));
    assert_int_equal(watch_count(&w, NOTE_CLOSED), 0);
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

static void test_a_reload_leaves_the_builds_of_the_new_process(void **state)
{
    struct fixture f;
    struct fault reload = {.kind = FAULT_LB_RELOAD,
                           .at_us = S(100.0),
                           .until_us = SIM_NEVER,
                           .gap_us = S(30.0),
                           .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.callers[0].client.retry = CLIENT_RETRY_NEW;
    fixture_build(&f, 0, 0, 0.0, 400.0);
    fixture_build(&f, 0, 0, 101.0, 100.0);
    with_fault(&f, &reload, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    const struct build_result *r = system_builds(s);
    assert_int_equal(r[0].end, END_CUT);
    assert_int_equal(r[1].end, END_SERVED);
    assert_int_equal(r[1].served_us, S(101.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* A cache of 5 s asks again within 5 s. */
static void test_a_stuck_resolver_learns_of_a_pod_when_it_is_freed(void **state)
{
    struct fixture f;
    struct fault stale = {.kind = FAULT_DNS_STALE,
                          .at_us = S(50.0),
                          .until_us = S(1000.0),
                          .pool = NO_INDEX};
    (void)state;

    fixture_init(&f, 1, 1, 2);
    fixture_build(&f, 0, 0, 60.0, 3000.0);
    fixture_build(&f, 0, 0, 61.0, 3000.0);
    with_fault(&f, &stale, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, 0);
    sim_us ready_us = watch_from(&w, NOTE_POD_READY, 0)->at_us;
    sim_us known_us = watch_of(&w, NOTE_POD_KNOWN, 1, 0)->at_us;
    assert_true(ready_us < S(500.0));
    assert_true(known_us >= S(1000.0) && known_us <= S(1005.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

/* A pod that stands in its name so long after it is ready; the balancer is
 * away from 400 s to 405 s. Its cache is at most 5 s old, that behind it
 * another 5 s: a pod listed just before must be asked for again, too.
 */
static void learns_of_a_pod(double lag_s, uint64_t replication)
{
    struct fault restart = {.kind = FAULT_LB_RESTART,
                            .at_us = S(400.0),
                            .until_us = SIM_NEVER,
                            .gap_us = S(5.0),
                            .pool = NO_INDEX};
    struct fixture f;

    fixture_init(&f, 1, 1, 2);
    f.p.dns.slice_lag = always(lag_s);
    fixture_build(&f, 0, 0, 60.0, 3000.0);
    fixture_build(&f, 0, 0, 61.0, 3000.0);
    with_fault(&f, &restart, 1);
    struct system *s = fixture_system(&f);
    struct watch w = watch_run(s, replication);
    const struct note *ready = watch_from(&w, NOTE_POD_READY, 0);
    sim_us listed_us = ready->at_us + S(lag_s);
    sim_us from_us = listed_us > S(405.0) ? listed_us : S(405.0);
    sim_us known_us = watch_of(&w, NOTE_POD_KNOWN, ready->a, S(405.0))->at_us;
    assert_true(ready->at_us > S(60.0) && ready->at_us < S(400.0));
    assert_true(known_us >= listed_us && known_us <= from_us + S(10.0));
    watch_free(&w);
    system_free(s);
    fixture_free(&f);
}

static void test_a_new_process_learns_of_pods_listed_later(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        learns_of_a_pod(400.0, i);
        learns_of_a_pod(300.0, i);
        learns_of_a_pod(280.0, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_change_since_the_reading_is_a_conflict),
        cmocka_unit_test(test_a_controller_that_is_gone_writes_nothing),
        cmocka_unit_test(test_pods_wanted_back_within_600_s_are_regretted),
        cmocka_unit_test(test_the_warm_up_is_not_paid),
        cmocka_unit_test(test_a_pod_without_a_hook_kills_its_build_at_once),
        cmocka_unit_test(test_a_blind_hook_kills_its_build_after_two_looks),
        cmocka_unit_test(test_an_update_during_an_update_is_not_begun),
        cmocka_unit_test(test_recreate_waits_until_every_old_pod_has_gone),
        cmocka_unit_test(test_at_a_tie_the_client_hangs_up_first),
        cmocka_unit_test(test_a_reload_leaves_the_builds_of_the_new_process),
        cmocka_unit_test(
            test_a_stuck_resolver_learns_of_a_pod_when_it_is_freed),
        cmocka_unit_test(test_a_new_process_learns_of_pods_listed_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
