/* Nodes that the control plane does not hear of for a while. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

/* A pool of two on one node, cut off from 100 s on for so long. */
static struct watch cut_off(struct fixture *f, double for_s)
{
    static struct fault away;

    away = (struct fault){.kind = FAULT_NODE_NOT_READY,
                          .at_us = S(100.0),
                          .until_us = S(100.0 + for_s),
                          .n_nodes = 1,
                          .pool = NO_INDEX};
    f->p.faults = &away;
    f->p.n_faults = 1;
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, 0);
    system_free(s);
    return w;
}

static void test_a_short_silence_is_not_noticed(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    fixture_build(&f, 0, 0, 600.0, 10.0);
    struct watch w = cut_off(&f, 40.0);
    assert_int_equal(watch_count(&w, NOTE_NODE_SILENT), 0);
    assert_int_equal(watch_count(&w, NOTE_POD_UNREADY), 0);
    watch_free(&w);
    fixture_free(&f);
}

static void
test_pods_of_a_silent_node_are_unready_until_it_is_heard(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    fixture_build(&f, 0, 0, 600.0, 10.0);
    struct watch w = cut_off(&f, 340.0);
    assert_int_equal(watch_from(&w, NOTE_NODE_SILENT, 0)->at_us, S(140.0));
    for (uint32_t pod = 0; pod < 2; pod++) {
        assert_int_equal(watch_of(&w, NOTE_POD_UNREADY, pod, 0)->at_us,
                         S(140.0));
        assert_int_equal(watch_of(&w, NOTE_POD_READY_AGAIN, pod, 0)->at_us,
                         S(440.0));
        /* The balancer forgets it and learns of it again, in 11 s each. */
        const struct note *known = watch_of(&w, NOTE_POD_KNOWN, pod, S(440.0));
        assert_true(known->at_us <= S(451.0));
    }
    assert_int_equal(watch_count(&w, NOTE_POD_EVICTED), 0);
    assert_int_equal(watch_count(&w, NOTE_POD_CREATED), 0);
    watch_free(&w);
    fixture_free(&f);
}

/* Its connection is not cut, and its pod works on. */
static void test_a_build_on_a_silent_node_goes_on(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    fixture_build(&f, 0, 0, 50.0, 200.0);
    fixture_build(&f, 0, 0, 200.0, 10.0); /* no pod is in the name */
    struct watch w = cut_off(&f, 300.0);
    assert_int_equal(watch_of(&w, NOTE_END, 0, 0)->at_us, S(250.05));
    const struct note *served = watch_of(&w, NOTE_SERVED, 1, 0);
    assert_true(served->at_us > S(400.0));
    watch_free(&w);
    fixture_free(&f);
}

/* After 40 s and 300 s the pods are deleted and made anew elsewhere; theirs is
 * a drain of two looks, 30 s, that begins when the kubelet hears of it.
 */
static void test_pods_of_a_node_that_stays_silent_are_evicted(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.pools[0].kubelet.exit = always(2.0);
    fixture_build(&f, 0, 0, 3000.0, 10.0);
    struct watch w = cut_off(&f, 600.0);
    for (uint32_t pod = 0; pod < 2; pod++) {
        assert_int_equal(watch_of(&w, NOTE_POD_EVICTED, pod, 0)->at_us,
                         S(440.0));
        assert_int_equal(watch_of(&w, NOTE_POD_TERM, pod, 0)->at_us, S(730.0));
        assert_int_equal(watch_of(&w, NOTE_POD_GONE, pod, 0)->at_us, S(732.0));
    }
    assert_int_equal(watch_count(&w, NOTE_POD_CREATED), 2);
    assert_int_equal(watch_count(&w, NOTE_NODE_LAUNCHED), 1);
    watch_free(&w);
    fixture_free(&f);
}

/* A node without pods would be marked, but the sick one has the only slot. */
static void test_a_silent_node_uses_up_the_budget(void **state)
{
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 8);
    f.pools[0].hpa.has_behavior = true;
    hpa_behavior_defaults(&f.pools[0].hpa);
    f.pools[0].hpa.down.window_us = S(60.0);
    for (int i = 0; i < 4; i++)
        fixture_build(&f, 0, 0, 10.0, 200.0);
    struct watch w = cut_off(&f, 0.0);
    sim_us marked_us = watch_from(&w, NOTE_NODE_MARKED, 0)->at_us;
    watch_free(&w);
    assert_true(marked_us < S(1100.0));
    w = cut_off(&f, 3000.0);
    assert_true(watch_from(&w, NOTE_NODE_MARKED, 0)->at_us >= S(3100.0));
    watch_free(&w);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_short_silence_is_not_noticed),
        cmocka_unit_test(
            test_pods_of_a_silent_node_are_unready_until_it_is_heard),
        cmocka_unit_test(test_a_build_on_a_silent_node_goes_on),
        cmocka_unit_test(test_pods_of_a_node_that_stays_silent_are_evicted),
        cmocka_unit_test(test_a_silent_node_uses_up_the_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
