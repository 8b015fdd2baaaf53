/* What the cloud refuses, and Karpenter itself restarted or shared. */
#include "tests/fixture.h"
#include "tests/watch.h"

#define S(seconds) us_from_s(seconds)

enum { REPLICATIONS = 20 };

static struct dist always(double seconds)
{
    return (struct dist){DIST_CONSTANT, seconds, 0.0, 0.0, 10000.0};
}

/* A pool of two that gets builds for six pods more, on three nodes; latencies
 * of nodes without chance.
 */
static void init(struct fixture *f)
{
    struct karp_params *k = &f->p.karpenter;

    fixture_init(f, 1, 2, 8);
    k->fleet_sigma = k->boot_fail_frac = 0.0;
    k->trigger = k->solve = always(0.2);
    k->launch = always(1.5);
    k->refusal = always(2.0);
    for (int i = 0; i < 8; i++)
        fixture_build(f, 0, 1, 60.0, 3000.0);
    f->backends[0].queue_us = S(4000.0);
}

static struct watch run(struct fixture *f, uint64_t replication)
{
    struct system *s = fixture_system(f);
    struct watch w = watch_run(s, replication);

    system_free(s);
    return w;
}

static void refuse(struct fixture *f, struct karp_fault *c)
{
    c->types = UINT64_MAX;
    c->zones = UINT32_MAX;
    f->p.karpenter.faults = c;
    f->p.karpenter.n_faults = 1;
}

static void away(struct fixture *f, struct fault *gap, sim_us from_us,
                 sim_us until_us)
{
    *gap = (struct fault){.kind = FAULT_KARPENTER_RESTART,
                          .at_us = from_us,
                          .until_us = until_us,
                          .gap_us = until_us - from_us,
                          .pool = NO_INDEX};
    f->p.faults = gap;
    f->p.n_faults = 1;
}

static void test_what_is_left_of_a_type_is_still_to_be_had(void **state)
{
    struct karp_fault left = {.span = {1, S(2000.0)}, .room = 2};
    struct fixture f;
    size_t n = 0;
    (void)state;

    init(&f);
    refuse(&f, &left);
    struct watch w = run(&f, 0);
    for (size_t i = 0; i < w.n; i++)
        n += w.note[i].kind == NOTE_NODE_LAUNCHED && w.note[i].at_us < S(2000);
    assert_int_equal(n, 2);
    assert_true(watch_count(&w, NOTE_NODE_REFUSED) > 1);
    watch_free(&w);
    fixture_free(&f);
}

/* Tried again after 1, 2, 4 and 8 s; then launched in 1.5 s. */
static void test_a_launch_that_fails_otherwise_is_tried_again(void **state)
{
    struct karp_fault broken = {.kind = KARP_API_ERROR};
    struct fixture f;
    (void)state;

    init(&f);
    struct watch w = run(&f, 0);
    sim_us asked_us = watch_from(&w, NOTE_NODE_CLAIMED, S(60.0))->at_us;
    watch_free(&w);
    refuse(&f, &broken);
    broken.span = (struct karp_span){1, asked_us + S(15.0)};
    w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_LAUNCHED, 0)->at_us,
                     asked_us + S(16.5));
    watch_free(&w);
    broken.span.until_us++; /* 16 s more */
    w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_LAUNCHED, 0)->at_us,
                     asked_us + S(32.5));
    watch_free(&w);
    fixture_free(&f);
}

/* All pods trigger when it is back; a window of 1 s, a solve of 0.2 s. */
static void test_nothing_is_bought_while_karpenter_is_away(void **state)
{
    struct fixture f;
    struct fault gap;
    (void)state;

    init(&f);
    away(&f, &gap, S(50.0), S(200.0));
    struct watch w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_CLAIMED, 0)->at_us, S(201.2));
    watch_free(&w);
    fixture_free(&f);
}

/* Refused at about 75 s, the type would be set aside until 250 s or later. */
static void test_a_new_leader_tries_what_was_refused(void **state)
{
    struct karp_fault gone = {.span = {1, S(150.0)}};
    struct fixture f;
    struct fault gap;
    (void)state;

    init(&f);
    refuse(&f, &gone);
    struct watch w = run(&f, 0);
    assert_true(watch_from(&w, NOTE_NODE_LAUNCHED, 0)->at_us > S(250.0));
    watch_free(&w);
    away(&f, &gap, S(155.0), S(160.0));
    w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_LAUNCHED, 0)->at_us, S(162.7));
    watch_free(&w);
    fixture_free(&f);
}

/* The old one's solve of 20 s would end in the middle of the new one's window.
 */
static void test_a_new_leader_knows_nothing_of_the_last_solve(void **state)
{
    struct fixture f;
    struct fault gap;
    (void)state;

    init(&f);
    f.p.karpenter.solve = always(20.0);
    struct watch w = run(&f, 0);
    sim_us claimed_us = watch_from(&w, NOTE_NODE_CLAIMED, 0)->at_us;
    watch_free(&w);
    away(&f, &gap, claimed_us - S(1.5), claimed_us - S(0.5));
    w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_CLAIMED, 0)->at_us, claimed_us);
    assert_int_equal(watch_count(&w, NOTE_NODE_LAUNCHED), 3);
    watch_free(&w);
    fixture_free(&f);
}

/* Refused at about 102 s, the type is out of reach until 290 s; the loop looks
 * at the drifted node again each 10 s, and no more often.
 */
static void test_a_node_that_cannot_be_replaced_stays(void **state)
{
    struct karp_fault gone = {.span = {1, S(200.0)}};
    struct fault drift = {.kind = FAULT_DRIFT,
                          .at_us = S(100.0),
                          .until_us = S(101.0),
                          .pool = NO_INDEX};
    struct fixture f;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    fixture_build(&f, 0, 0, 2000.0, 10.0);
    refuse(&f, &gone);
    f.p.faults = &drift;
    f.p.n_faults = 1;
    struct watch w = run(&f, 0);
    sim_us marked_us = watch_from(&w, NOTE_NODE_MARKED, 0)->at_us;
    assert_true(marked_us > S(280.0) && marked_us < S(600.0));
    assert_int_equal(watch_count(&w, NOTE_NODE_REFUSED), 1);
    watch_free(&w);
    fixture_free(&f);
}

static void test_an_expiry_waits_for_karpenter(void **state)
{
    struct fixture f;
    struct fault gap;
    (void)state;

    fixture_init(&f, 1, 2, 2);
    f.p.karpenter.pools[0].expire_after_us = S(1000.0);
    fixture_build(&f, 0, 0, 1.0, 10.0);
    struct watch w = run(&f, 0);
    sim_us at_us = watch_from(&w, NOTE_NODE_EXPIRED, 0)->at_us;
    watch_free(&w);
    away(&f, &gap, at_us - 1, at_us + S(50.0));
    w = run(&f, 0);
    assert_int_equal(watch_from(&w, NOTE_NODE_EXPIRED, 0)->at_us,
                     at_us + S(50.0));
    watch_free(&w);
    fixture_free(&f);
}

/* From the first pod that fits nowhere to the claims. */
static double window_s(struct fixture *f, uint64_t replication)
{
    struct watch w = run(f, replication);
    sim_us claimed_us = watch_from(&w, NOTE_NODE_CLAIMED, 0)->at_us;
    sim_us created_us = watch_from(&w, NOTE_POD_CREATED, 0)->at_us;

    watch_free(&w);
    return s_from_us(claimed_us - created_us) - 0.4; /* trigger and solve */
}

/* Alone, pods wait for the whole window. With others always pending, windows
 * are back to back, each begun by a trigger within 10 s of the last: the wait
 * is one of 0 to 55 s, about 25 s on average.
 */
static void test_foreign_pods_keep_the_window_open(void **state)
{
    double sum_s = 0.0;
    struct fixture f;
    (void)state;

    init(&f);
    f.p.karpenter.batch_idle_us = f.p.karpenter.batch_max_us = S(45.0);
    assert_close(window_s(&f, 0), 45.0, 1e-6);
    f.p.karpenter.foreign_pods_per_h = 36000.0;
    f.p.karpenter.foreign_pod = always(100.0);
    for (uint64_t i = 0; i < REPLICATIONS; i++) {
        double wait_s = window_s(&f, i);
        assert_true(wait_s >= 0.0 && wait_s <= 55.0);
        sum_s += wait_s;
    }
    /* Uniform: the mean of 20 has a standard error of 2.9 s. */
    assert_true(sum_s / REPLICATIONS > 13.4 && sum_s / REPLICATIONS < 36.6);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_left_of_a_type_is_still_to_be_had),
        cmocka_unit_test(test_a_launch_that_fails_otherwise_is_tried_again),
        cmocka_unit_test(test_nothing_is_bought_while_karpenter_is_away),
        cmocka_unit_test(test_a_new_leader_tries_what_was_refused),
        cmocka_unit_test(test_a_new_leader_knows_nothing_of_the_last_solve),
        cmocka_unit_test(test_a_node_that_cannot_be_replaced_stays),
        cmocka_unit_test(test_an_expiry_waits_for_karpenter),
        cmocka_unit_test(test_foreign_pods_keep_the_window_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
