/* What the API server and the registry refuse to a pool. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

static struct fault faults[2];

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

/* A pool of two that gets two builds at 60 s; with half a build a pod it grows
 * to its maximum of four.
 */
static void init(struct fixture *f)
{
    fixture_init(f, 1, 2, 4);
    f->pools[0].keda.triggers[0].target = 0.5;
    f->pools[0].hpa.metrics[0].target_milli = 500;
    f->pools[0].rs.lag = always(0.5);
    f->pools[0].rs.round_trip = always(0.05);
    for (int i = 0; i < 2; i++)
        fixture_build(f, 0, 0, 60.0, 900.0);
}

static struct watch run_with(struct fixture *f, enum fault_kind kind,
                             sim_us at_us, sim_us until_us)
{
    faults[0] = (struct fault){
        .kind = kind, .at_us = at_us, .until_us = until_us, .pool = NO_INDEX};
    faults[1] = faults[0];
    faults[1].kind = FAULT_METRICS_DOWN;
    f->p.faults = faults;
    f->p.n_faults = kind == FAULT_SCALE_LOST ? 2 : 1;
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, 0);
    system_free(s);
    fixture_free(f);
    return w;
}

/* A reconcile each 15 s finds nothing; the first that reads writes 20 ms after
 * it. No metric is asked for meanwhile, or it would be missed.
 */
static void test_without_its_scale_a_pool_keeps_its_size(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    struct watch w = run_with(&f, FAULT_SCALE_LOST, S(50.0), S(400.0));
    sim_us at_us = watch_from(&w, NOTE_SCALE, 0)->at_us;
    assert_true(at_us >= S(400.0) && at_us <= S(415.1));
    assert_int_equal(watch_count(&w, NOTE_METRIC_LOST), 0);
    watch_free(&w);
}

/* Asked for at t + 0.5 s and again 5 ms, 10 ms, ... after each answer of 50 ms:
 * the sync n comes 50 n ms and 5 (2^n - 1) ms after the first. At 300 s the
 * ninth is over and the tenth is the next to succeed, or the like.
 */
static void test_pods_that_are_refused_come_after_a_back_off(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    struct watch w = run_with(&f, FAULT_PODS_REFUSED, 0, 1);
    sim_us wanted_us = watch_from(&w, NOTE_SCALE, 0)->at_us;
    assert_int_equal(watch_from(&w, NOTE_POD_CREATED, 0)->at_us,
                     wanted_us + S(0.5));
    watch_free(&w);
    for (int n = 1; n < 16; n += 7) {
        double after_s = 0.5 + 0.05 * n + 0.005 * ((1 << n) - 1);
        init(&f);
        w = run_with(&f, FAULT_PODS_REFUSED, 0, wanted_us + S(after_s));
        assert_int_equal(watch_from(&w, NOTE_POD_CREATED, 0)->at_us,
                         wanted_us + S(after_s));
        watch_free(&w);
        init(&f);
        w = run_with(&f, FAULT_PODS_REFUSED, 0, wanted_us + S(after_s) + 1);
        after_s += 0.05 + 0.005 * (1 << n);
        assert_int_equal(watch_from(&w, NOTE_POD_CREATED, 0)->at_us,
                         wanted_us + S(after_s));
        watch_free(&w);
    }
}

/* Tried at once and after 10, 20, 40 and 80 s, that is 150 s after the bind;
 * then a pull of 6 s and a start of 2 s.
 */
static void test_a_pull_that_fails_is_tried_again(void **state)
{
    struct fixture f;
    (void)state;

    init(&f);
    f.pools[0].kubelet.pull_cold = always(6.0);
    f.pools[0].kubelet.start = always(2.0);
    struct watch w = run_with(&f, FAULT_PULL_FAILS, 0, 1);
    const struct note *bound = watch_from(&w, NOTE_POD_BOUND, 0);
    sim_us bound_us = bound->at_us;
    uint32_t pod = bound->a;
    assert_int_equal(watch_of(&w, NOTE_POD_STARTED, pod, 0)->at_us,
                     bound_us + S(8.0));
    watch_free(&w);
    init(&f);
    f.pools[0].kubelet.pull_cold = always(6.0);
    f.pools[0].kubelet.start = always(2.0);
    w = run_with(&f, FAULT_PULL_FAILS, 0, bound_us + S(100.0));
    assert_int_equal(watch_of(&w, NOTE_POD_STARTED, pod, 0)->at_us,
                     bound_us + S(158.0));
    watch_free(&w);
}

/* Four pods with one long build on the oldest, which goes last by age. When the
 * three others are given up, the busy one is spared only by its cost.
 */
static uint32_t killed(int32_t busy_cost)
{
    struct fixture f;

    fixture_init(&f, 1, 1, 4);
    f.pools[0].replicas = 4;
    f.pools[0].rs.busy_cost = busy_cost;
    fixture_build(&f, 0, 0, 10.0, 7000.0);
    struct watch w = run_with(&f, FAULT_PODS_REFUSED, 0, 1);
    uint32_t busy = watch_from(&w, NOTE_SERVED, 0)->b;
    uint32_t n = 0;
    for (size_t i = 0; i < w.n; i++)
        n += w.note[i].kind == NOTE_POD_DELETED && w.note[i].a == busy &&
             w.note[i].at_us < S(7000.0);
    watch_free(&w);
    return n;
}

static void test_a_busy_pod_is_spared_by_its_deletion_cost(void **state)
{
    (void)state;
    assert_int_equal(killed(100), 0);
    assert_int_equal(killed(-100), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_its_scale_a_pool_keeps_its_size),
        cmocka_unit_test(test_pods_that_are_refused_come_after_a_back_off),
        cmocka_unit_test(test_a_pull_that_fails_is_tried_again),
        cmocka_unit_test(test_a_busy_pod_is_spared_by_its_deletion_cost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
