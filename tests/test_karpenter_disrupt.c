#include "tests/karpenter_world.h"

struct fixture {
    struct karp_params p;
    struct karp k;
};

/* Two pools with "1" each; passes from 0. */
static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);

    world_types(&f->p);
    world_pool(&f->p, "amd64", 1u << LARGE);
    world_pool(&f->p, "small", 1u << SMALL);
    karp_init(&f->k, &f->p);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    karp_free(&f->k);
    test_free(f);
    return 0;
}

static uint32_t adopt(struct fixture *f, uint32_t pool)
{
    return karp_replay_adopt(&f->k, pool, pool ? SMALL : LARGE);
}

static uint32_t adopt_many(struct fixture *f, int n)
{
    uint32_t first = adopt(f, 0);

    while (--n > 0)
        adopt(f, 0);
    return first;
}

static struct karp_budget *budget(struct fixture *f)
{
    return &f->p.pools[0].budgets[0];
}

/* Runs the loop up to the first decision; returns its time. */
static sim_us decide(struct fixture *f, sim_us until_us,
                     enum karp_disrupt_act *act)
{
    *act = KARP_DISRUPT_NOTHING;
    for (;;) {
        sim_us t = karp_disrupt_due(&f->k);
        if (t > until_us)
            return SIM_NEVER;
        *act = karp_disrupt_on_due(&f->k, t);
        if (*act != KARP_DISRUPT_NOTHING)
            return t;
    }
}

static void expect(struct fixture *f, enum karp_disrupt_act act, double at_s)
{
    enum karp_disrupt_act got;

    assert_int_equal(decide(f, S(at_s), &got), S(at_s));
    assert_int_equal(got, act);
}

static void expect_nothing(struct fixture *f, double until_s)
{
    enum karp_disrupt_act got;

    assert_true(decide(f, S(until_s), &got) == SIM_NEVER);
}

static void test_percent_is_rounded_up(void **state)
{
    struct fixture *f = *state;

    *budget(f) = (struct karp_budget){.value = 10, .percent = true};
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 0);
    adopt_many(f, 10);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 1);
    adopt(f, 0);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 2);
    assert_int_equal(karp_allowed(&f->k, 1, KARP_EMPTY, 0), 1); /* no node */
}

static void test_a_slot_is_held_until_terminate_instances(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt_many(f, 3);

    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 1);
    karp_mark(&f->k, 0, node);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 0);
    karp_on_terminate(&f->k, S(9), node);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(9)), 1);
}

static void test_sick_and_queued_nodes_take_a_slot(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt_many(f, 5);

    budget(f)->value = 3;
    karp_on_ready(&f->k, 0, node, false);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 2);
    f->k.nodes[node + 1].queued = true;
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 1);
    karp_on_ready(&f->k, 0, node + 2, false);
    karp_on_ready(&f->k, 0, node + 3, false);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 0);
}

static void test_the_smallest_budget_for_the_reason_wins(void **state)
{
    struct fixture *f = *state;

    adopt_many(f, 20);
    f->p.pools[0].n_budgets = 3;
    f->p.pools[0].budgets[0] = (struct karp_budget){.value = 7};
    f->p.pools[0].budgets[1] =
        (struct karp_budget){.value = 2, .reasons = KARP_DRIFTED};
    f->p.pools[0].budgets[2] =
        (struct karp_budget){.value = 25, .percent = true};
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), 5);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_DRIFTED, 0), 2);
    f->p.pools[0].n_budgets = 0;
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, 0), INT32_MAX);
}

static void test_a_schedule_restricts_only_in_its_spans(void **state)
{
    struct fixture *f = *state;
    const struct karp_span spans[] = {{S(100), S(200)}, {S(500), S(501)}};

    adopt_many(f, 2);
    *budget(f) = (struct karp_budget){
        .value = 0, .scheduled = true, .active = spans, .n_active = 2};
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(100) - 1), INT32_MAX);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(100)), 0);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(200) - 1), 0);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(200)), INT32_MAX);
    assert_int_equal(karp_allowed(&f->k, 0, KARP_EMPTY, S(500)), 0);
}

static void test_a_scheduled_budget_opens_by_itself(void **state)
{
    struct fixture *f = *state;
    const struct karp_span closed = {0, S(1000)};

    adopt(f, 0);
    *budget(f) = (struct karp_budget){
        .value = 0, .scheduled = true, .active = &closed, .n_active = 1};
    karp_disrupt_start(&f->k, S(3));
    expect(f, KARP_DISRUPT_VALIDATE, 1003);
}

/* (pods + 60) * remaining life: one pod outweighs 720 h / 61 of age. */
static void test_older_nodes_go_first_and_emptier_ones_weakly(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt(f, 0);

    assert_close(karp_disruption_cost(&f->k, node, 0), 60, 1e-12);
    karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    karp_on_pod_terminating(&f->k, 0, node);
    assert_close(karp_disruption_cost(&f->k, node, 0), 62, 1e-12);
    assert_close(karp_disruption_cost(&f->k, node, 180 * US_PER_H), 46.5,
                 1e-12);
    assert_close(karp_disruption_cost(&f->k, node, 900 * US_PER_H), 0, 1e-12);
    f->p.pools[0].expire_after_us = SIM_NEVER;
    assert_close(karp_disruption_cost(&f->k, node, 180 * US_PER_H), 62, 1e-12);
}

static void test_an_empty_node_is_validated_and_drained(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt(f, 0);

    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER); /* not started */
    assert_int_equal(karp_disrupt_on_due(&f->k, S(1)), KARP_DISRUPT_NOTHING);
    karp_disrupt_start(&f->k, S(2));
    expect(f, KARP_DISRUPT_VALIDATE, 302);
    assert_true(world_fits(&f->k, node, AMD_POD)); /* no taint yet */
    expect(f, KARP_DISRUPT_DRAIN, 317);
    assert_int_equal(f->k.loop.n_taken, 1);
    assert_int_equal(f->k.loop.taken[0], node);
    assert_int_equal(f->k.nodes[node].marked_us, S(317));
    expect_nothing(f, 1e6);
    assert_int_equal(karp_disrupt_on_due(&f->k, S(317)), KARP_DISRUPT_NOTHING);
    assert_int_equal(f->k.loop.next_us, S(327)); /* again at once, then 10 */
}

static void test_what_is_not_a_candidate(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt(f, 0);

    karp_disrupt_start(&f->k, 0);
    f->k.nodes[node].nominated_us = S(1007);
    expect_nothing(f, 999);
    karp_on_blocked(&f->k, S(1000), node, true);
    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER);
    karp_on_blocked(&f->k, S(1000), node, false);
    f->k.nodes[node].queued = true;
    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER);
    f->k.nodes[node].queued = false;
    karp_on_pod_bound(&f->k, S(1000), node, AMD_POD);
    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER);
    karp_on_pod_lost(&f->k, S(1001), node, AMD_POD, false);
    assert_int_equal(karp_disrupt_due(&f->k), S(1300));
    f->k.nodes[node].pod_event_us = S(600);
    assert_int_equal(karp_disrupt_due(&f->k), S(1010)); /* nomination */
    f->p.pools[0].consolidate_after_us = SIM_NEVER;
    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER);
}

static void test_each_pool_has_its_own_slot(void **state)
{
    struct fixture *f = *state;
    uint32_t a = adopt(f, 0), b = adopt(f, 0), c = adopt(f, 1);

    f->k.nodes[a].claimed_us = S(100); /* b is older */
    karp_disrupt_start(&f->k, 0);
    expect(f, KARP_DISRUPT_VALIDATE, 300);
    expect(f, KARP_DISRUPT_DRAIN, 315);
    assert_int_equal(f->k.loop.n_taken, 2);
    /* 60 * (1 - age / life): equal ages in the order of their index. */
    assert_int_equal(f->k.loop.taken[0], b);
    assert_int_equal(f->k.loop.taken[1], c);
}

static void test_part_of_a_command_may_survive(void **state)
{
    struct fixture *f = *state;
    uint32_t a = adopt(f, 0), b = adopt(f, 0), c = adopt(f, 0);

    budget(f)->value = 3;
    karp_disrupt_start(&f->k, 0);
    expect(f, KARP_DISRUPT_VALIDATE, 300);
    karp_on_pod_bound(&f->k, S(301), b, AMD_POD);
    f->k.nodes[c].nominated_us = S(315) + 1;
    expect(f, KARP_DISRUPT_DRAIN, 315);
    assert_int_equal(f->k.loop.n_taken, 1);
    assert_int_equal(f->k.loop.taken[0], a);
}

static void test_the_budget_is_counted_again_after_validation(void **state)
{
    struct fixture *f = *state;
    uint32_t a = adopt(f, 0), sick = adopt(f, 0);

    karp_on_pod_bound(&f->k, 0, sick, AMD_POD);
    karp_disrupt_start(&f->k, 0);
    expect(f, KARP_DISRUPT_VALIDATE, 300);
    karp_on_ready(&f->k, S(310), sick, false);
    expect_nothing(f, 400);
    assert_int_equal(f->k.loop.next_us, S(325)); /* 315 + 10 */
    karp_on_ready(&f->k, S(401), sick, true);
    expect(f, KARP_DISRUPT_VALIDATE, 405);
    expect(f, KARP_DISRUPT_DRAIN, 420);
    assert_int_equal(f->k.loop.taken[0], a);
}

/* From the pass at 300 the loop asks each second until the launch at 303.5. */
static void test_a_launch_in_flight_holds_the_loop(void **state)
{
    struct fixture *f = *state;

    adopt(f, 0);
    karp_disrupt_start(&f->k, 0);
    expect_nothing(f, 295);
    uint32_t node = karp_add(&f->k, S(296), 1);
    f->k.nodes[node].types = 1u << SMALL;
    karp_on_request(&f->k, S(296), node, 0.5);
    assert_true(karp_disrupt_due(&f->k) == SIM_NEVER);
    karp_on_launched(&f->k, S(303.5), node);
    expect(f, KARP_DISRUPT_VALIDATE, 304);
}

static void test_a_foreign_command_blocks_the_loop(void **state)
{
    struct fixture *f = *state;
    enum karp_disrupt_act act;

    adopt(f, 0);
    karp_disrupt_start(&f->k, 0);
    karp_disrupt_on_foreign(&f->k, S(288));
    expect(f, KARP_DISRUPT_VALIDATE, 290); /* none of ours */
    assert_int_equal(f->k.loop.n_picks, 0);
    assert_int_equal(karp_disrupt_due(&f->k), S(305));
    assert_int_equal(karp_disrupt_on_due(&f->k, S(305)), KARP_DISRUPT_NOTHING);
    assert_int_equal(decide(f, S(400), &act), S(305)); /* again at once */
    assert_int_equal(act, KARP_DISRUPT_VALIDATE);
    expect(f, KARP_DISRUPT_DRAIN, 320);
}

static void test_empty_drifted_nodes_go_first_without_validation(void **state)
{
    struct fixture *f = *state;
    uint32_t busy = adopt(f, 0), empty = adopt(f, 0);

    f->p.pools[0].consolidate_after_us = SIM_NEVER;
    karp_on_pod_bound(&f->k, 0, busy, AMD_POD);
    karp_disrupt_start(&f->k, 0);
    karp_disrupt_on_drift(&f->k, S(55), 0);
    expect(f, KARP_DISRUPT_DRAIN, 60);
    assert_int_equal(f->k.loop.taken[0], empty);
    expect_nothing(f, 100); /* the slot is taken */
    karp_on_terminate(&f->k, S(101), empty);
    expect(f, KARP_DISRUPT_REPLACE, 110);
    assert_int_equal(f->k.loop.taken[0], busy);
    assert_true(f->k.nodes[busy].queued);
}

static void test_drifted_nodes_are_replaced_one_by_one(void **state)
{
    struct fixture *f = *state;
    uint32_t late = adopt(f, 0), early = adopt(f, 0);

    budget(f)->value = 2;
    karp_on_pod_bound(&f->k, 0, late, AMD_POD);
    karp_on_pod_bound(&f->k, 0, early, AMD_POD);
    karp_disrupt_start(&f->k, 0);
    karp_disrupt_on_drifted(&f->k, S(11), early);
    karp_disrupt_on_drift(&f->k, S(12), 0);
    assert_int_equal(f->k.nodes[early].drifted_us, S(11));
    expect(f, KARP_DISRUPT_REPLACE, 20);
    assert_int_equal(f->k.loop.n_taken, 1);
    assert_int_equal(f->k.loop.taken[0], early);
    expect(f, KARP_DISRUPT_REPLACE, 20);
    assert_int_equal(f->k.loop.taken[0], late);
    karp_disrupt_on_replaced(&f->k, S(90), early, true);
    assert_int_equal(f->k.nodes[early].phase, KARP_DRAINING);
    karp_disrupt_on_replaced(&f->k, S(91), late, false);
    assert_false(karp_leaving(&f->k.nodes[late]));
    expect(f, KARP_DISRUPT_REPLACE, 100); /* tried again */
}

static void test_a_blocked_node_does_not_drift(void **state)
{
    struct fixture *f = *state;
    uint32_t node = adopt(f, 0);

    karp_on_pod_bound(&f->k, 0, node, AMD_POD);
    karp_on_blocked(&f->k, 0, node, true);
    karp_disrupt_start(&f->k, 0);
    karp_disrupt_on_drift(&f->k, S(12), 0);
    expect_nothing(f, 500);
    karp_on_blocked(&f->k, S(501), node, false);
    expect(f, KARP_DISRUPT_REPLACE, 510);
}

static void test_a_restart_forgets_the_validation(void **state)
{
    struct fixture *f = *state;

    adopt(f, 0);
    karp_disrupt_start(&f->k, 0);
    expect(f, KARP_DISRUPT_VALIDATE, 300);
    karp_on_restart(&f->k, S(307));
    expect(f, KARP_DISRUPT_VALIDATE, 307);
    expect(f, KARP_DISRUPT_DRAIN, 322);
}

#define LOOP_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOOP_TEST(test_percent_is_rounded_up),
        LOOP_TEST(test_a_slot_is_held_until_terminate_instances),
        LOOP_TEST(test_sick_and_queued_nodes_take_a_slot),
        LOOP_TEST(test_the_smallest_budget_for_the_reason_wins),
        LOOP_TEST(test_a_schedule_restricts_only_in_its_spans),
        LOOP_TEST(test_a_scheduled_budget_opens_by_itself),
        LOOP_TEST(test_older_nodes_go_first_and_emptier_ones_weakly),
        LOOP_TEST(test_an_empty_node_is_validated_and_drained),
        LOOP_TEST(test_what_is_not_a_candidate),
        LOOP_TEST(test_each_pool_has_its_own_slot),
        LOOP_TEST(test_part_of_a_command_may_survive),
        LOOP_TEST(test_the_budget_is_counted_again_after_validation),
        LOOP_TEST(test_a_launch_in_flight_holds_the_loop),
        LOOP_TEST(test_a_foreign_command_blocks_the_loop),
        LOOP_TEST(test_empty_drifted_nodes_go_first_without_validation),
        LOOP_TEST(test_drifted_nodes_are_replaced_one_by_one),
        LOOP_TEST(test_a_blocked_node_does_not_drift),
        LOOP_TEST(test_a_restart_forgets_the_validation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
