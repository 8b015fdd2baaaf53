/* A daemon that is stuck: its probes, its container, its builds. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

/* A pool of one, ready since an hour before the start; its daemon is stuck from
 * 100 s on.
 */
static void init(struct fixture *f)
{
    struct kubelet_params *k;

    fixture_init(f, 1, 1, 1);
    f->callers[0].client.retry = CLIENT_RETRY_NEW;
    k = &f->pools[0].kubelet;
    k->exec = always(0.2);
    k->status = always(0.5);
    k->noticed = always(1.0);
    k->start = always(2.0);
}

static struct watch stuck(struct fixture *f, double until_s, uint64_t i)
{
    static struct fault fault;

    fault = (struct fault){.kind = FAULT_DAEMON_STUCK,
                           .at_us = S(100.0),
                           .until_us = S(until_s),
                           .n_pods = 1,
                           .pool = NO_INDEX};
    f->p.faults = &fault;
    f->p.n_faults = 1;
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, i);
    system_free(s);
    return w;
}

/* Its probe runs 0.7 s before each half minute, when it became ready: it fails
 * at 119.3, 149.3 and 179.3 s, each after 1 s. The first that is answered again
 * is that of 419.3 s.
 */
static void test_three_failures_take_a_pod_out_of_its_name(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    f.pools[0].kubelet.liveness.used = false;
    fixture_build(&f, 0, 0, 900.0, 10.0);
    struct watch w = stuck(&f, 400.0, 0);
    assert_int_equal(watch_from(&w, NOTE_POD_UNREADY, 0)->at_us, S(180.3));
    assert_int_equal(watch_from(&w, NOTE_POD_READY_AGAIN, 0)->at_us, S(420.0));
    assert_int_equal(watch_count(&w, NOTE_POD_KILLED), 0);
    watch_free(&w);
    w = stuck(&f, 180.3, 0); /* in the last instant */
    assert_int_equal(watch_count(&w, NOTE_POD_UNREADY), 0);
    watch_free(&w);
    fixture_free(&f);
}

static void test_a_threshold_is_obeyed(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    f.pools[0].kubelet.liveness.used = false;
    f.pools[0].kubelet.readiness.failures = 5;
    fixture_build(&f, 0, 0, 900.0, 10.0);
    struct watch w = stuck(&f, 400.0, 0);
    assert_int_equal(watch_from(&w, NOTE_POD_UNREADY, 0)->at_us, S(240.3));
    watch_free(&w);
    fixture_free(&f);
}

/* The liveness probe has a clock of its own: the third failure comes 61 to 91 s
 * after the daemon got stuck. The container is started again at once, in 2 s;
 * ready 30 s after the status that tells of it (1 s), and 0.7 s for the probe.
 * The new daemon is well before the fault ends.
 */
static void test_three_failures_kill_the_container_and_its_build(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    fixture_build(&f, 0, 0, 50.0, 5000.0);
    fixture_build(&f, 0, 0, 1000.0, 10.0);
    for (uint64_t i = 0; i < 10; i++) {
        struct watch w = stuck(&f, 9000.0, i);
        sim_us killed_us = watch_from(&w, NOTE_POD_KILLED, 0)->at_us;
        assert_true(killed_us > S(161.0) && killed_us <= S(191.0));
        assert_int_equal(watch_of(&w, NOTE_LOST, 0, 0)->at_us, killed_us);
        assert_int_equal(watch_from(&w, NOTE_POD_STARTED, 0)->at_us,
                         killed_us + S(2.0));
        assert_int_equal(watch_from(&w, NOTE_POD_READY_AGAIN, 0)->at_us,
                         killed_us + S(33.7));
        assert_int_equal(watch_count(&w, NOTE_POD_KILLED), 1);
        assert_int_equal(watch_count(&w, NOTE_POD_CREATED), 0);
        assert_int_equal(watch_of(&w, NOTE_WORK, 1, 0)->at_us, S(1000.05));
        watch_free(&w);
    }
    fixture_free(&f);
}

static void test_containers_are_started_again_with_a_back_off(void **state)
{
    static const int wait_s[] = {0, 10, 20, 40, 80, 160, 300, 300};
    (void)state;

    for (uint32_t n = 1; n <= 8; n++)
        assert_int_equal(kubelet_restart_us(n), wait_s[n - 1] * US_PER_S);
    assert_int_equal(kubelet_restart_us(4000000000U), 300 * US_PER_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_failures_take_a_pod_out_of_its_name),
        cmocka_unit_test(test_a_threshold_is_obeyed),
        cmocka_unit_test(test_three_failures_kill_the_container_and_its_build),
        cmocka_unit_test(test_containers_are_started_again_with_a_back_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
