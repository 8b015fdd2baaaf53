#include "tests/karpenter_world.h"

struct fixture {
    struct karp_params p;
    struct karp_fault faults[4];
    struct karp k;
};

static struct fixture *make(uint64_t types)
{
    struct fixture *f = test_calloc(1, sizeof *f);

    world_types(&f->p);
    world_pool(&f->p, "pool", types);
    f->p.faults = f->faults;
    return f;
}

static void end(struct fixture *f)
{
    karp_free(&f->k);
    test_free(f);
}

static struct karp_fault *fault(struct fixture *f, enum karp_fault_kind kind,
                                uint64_t types, uint32_t zones)
{
    struct karp_fault *x = &f->faults[f->p.n_faults++];

    *x = (struct karp_fault){
        .kind = kind, .types = types, .zones = zones, .span = {0, US_PER_DAY}};
    return x;
}

static uint32_t claim(struct fixture *f, sim_us now_us)
{
    uint32_t node = karp_add(&f->k, now_us, 0);

    f->k.nodes[node].types = f->p.pools[0].types;
    return node;
}

static enum karp_outcome ask(struct fixture *f, sim_us now_us, uint32_t node,
                             double u)
{
    return karp_on_request(&f->k, now_us, node, u).outcome;
}

static void test_the_cheapest_type_is_taken(void **state)
{
    struct fixture *f = make(1u << LARGE | 1u << SMALL | 1u << ARM);

    (void)state;
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, 0);
    assert_int_equal(ask(f, S(1), node, 0.5), KARP_LAUNCHING);
    assert_false(karp_synced(&f->k));
    karp_on_launched(&f->k, S(2.5), node);
    assert_true(karp_synced(&f->k));
    assert_int_equal(f->k.nodes[node].type, SMALL);
    assert_int_equal(f->k.nodes[node].phase, KARP_LAUNCHED);
    assert_int_equal(f->k.nodes[node].launched_us, S(2.5));
    assert_int_equal(f->k.nodes[node].room.mcpu, 47810 - 300);
    assert_int_equal(f->k.nodes[node].room.mib, 181882 - 440);
    end(f);
}

static void test_no_draw_prefers_a_dearer_type(void **state)
{
    static const double u[] = {0.01, 0.5, 0.99};

    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        struct fixture *f = make(1u << LARGE | 1u << SMALL | 1u << ARM);
        karp_init(&f->k, &f->p);
        uint32_t node = claim(f, 0);
        ask(f, 0, node, u[i]);
        assert_int_equal(f->k.nodes[node].type, SMALL);
        assert_int_equal(f->k.nodes[node].zone, i);
        end(f);
    }
}

static void test_the_draw_chooses_among_equal_zones(void **state)
{
    static const double u[] = {0.01, 0.33, 0.34, 0.66, 0.67, 0.99};

    (void)state;
    for (uint32_t i = 0; i < 6; i++) {
        struct fixture *f = make(1u << LARGE);
        karp_init(&f->k, &f->p);
        uint32_t node = claim(f, 0);
        ask(f, 0, node, u[i]);
        assert_int_equal(f->k.nodes[node].zone, i / 2);
        end(f);
    }
}

static void test_only_zones_of_pool_and_type_are_used(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    f->p.pools[0].zones = 6;
    f->p.types[LARGE].zones = 5;
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, 0);
    assert_int_equal(ask(f, 0, node, 0.01), KARP_LAUNCHING);
    assert_int_equal(f->k.nodes[node].zone, 2);
    end(f);
}

static void test_a_refused_zone_is_passed_over_and_set_aside(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_NO_CAPACITY, 1u << LARGE, 1);
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, 0);
    assert_int_equal(ask(f, S(1), node, 0.01), KARP_LAUNCHING);
    assert_int_equal(f->k.nodes[node].zone, 1);
    assert_true(karp_available(&f->k, LARGE, 0, S(1))); /* no answer yet */
    karp_on_launched(&f->k, S(3), node);
    assert_false(karp_available(&f->k, LARGE, 0, S(3)));
    assert_true(karp_available(&f->k, LARGE, 1, S(3)));
    assert_true(karp_available(&f->k, SMALL, 0, S(3)));
    end(f);
}

/* Sweeps at 10 k: an entry of 47.5 outlives 227.5 and goes at 230; one of 50
 * is not older than its time at 230 and goes at 240.
 */
static void test_a_refusal_lasts_to_the_sweep_after_its_time(void **state)
{
    static const double answered_s[] = {47.5, 50, 59.9};
    static const double again_s[] = {230, 240, 240};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct fixture *f = make(1u << LARGE);
        fault(f, KARP_NO_CAPACITY, 1u << LARGE, 7);
        karp_init(&f->k, &f->p);
        uint32_t node = claim(f, 0);
        assert_int_equal(ask(f, S(45), node, 0.5), KARP_REFUSED);
        karp_on_refused(&f->k, S(answered_s[i]), node);
        assert_int_equal(f->k.nodes[node].phase, KARP_GONE);
        assert_true(karp_synced(&f->k));
        uint64_t all = f->p.pools[0].types;
        assert_int_equal(karp_available_types(&f->k, all, 7, S(again_s[i]) - 1),
                         0);
        assert_int_equal(karp_available_types(&f->k, all, 7, S(again_s[i])),
                         all);
        end(f);
    }
}

static void test_the_phase_of_the_sweep_counts(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    f->p.ice_phase_us = S(4007); /* also before it: 7, 17, ... */
    fault(f, KARP_NO_CAPACITY, 1u << LARGE, 7);
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, 0);
    ask(f, 0, node, 0.5);
    karp_on_refused(&f->k, S(3.5), node); /* 183.5, swept at 187 */
    assert_false(karp_available(&f->k, LARGE, 2, S(187) - 1));
    assert_true(karp_available(&f->k, LARGE, 2, S(187)));
    end(f);
}

static void test_another_refusal_restarts_the_time(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_NO_CAPACITY, 1u << LARGE, 7);
    karp_init(&f->k, &f->p);
    uint32_t a = claim(f, 0), b = claim(f, 0);
    ask(f, 0, a, 0.5);
    ask(f, 0, b, 0.5);
    karp_on_refused(&f->k, S(2), a);
    karp_on_refused(&f->k, S(31), b);
    assert_false(karp_available(&f->k, LARGE, 0, S(219)));
    assert_true(karp_available(&f->k, LARGE, 0, S(220)));
    end(f);
}

static void test_a_request_without_any_offering_is_refused(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    karp_init(&f->k, &f->p);
    for (size_t z = 0; z < 3; z++)
        f->k.away_us[LARGE][z] = S(100);
    uint32_t node = claim(f, 0);
    assert_int_equal(ask(f, S(99), node, 0.5), KARP_REFUSED);
    assert_int_equal(ask(f, S(100), node, 0.5), KARP_LAUNCHING);
    end(f);
}

static void test_a_fault_holds_from_its_start_to_before_its_end(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_NO_CAPACITY, 1u << LARGE, 7)->span =
        (struct karp_span){S(10), S(20)};
    karp_init(&f->k, &f->p);
    assert_int_equal(ask(f, S(10) - 1, claim(f, 0), 0.5), KARP_LAUNCHING);
    assert_int_equal(ask(f, S(10), claim(f, 0), 0.5), KARP_REFUSED);
    assert_int_equal(ask(f, S(20) - 1, claim(f, 0), 0.5), KARP_REFUSED);
    assert_int_equal(ask(f, S(20), claim(f, 0), 0.5), KARP_LAUNCHING);
    end(f);
}

static void test_only_the_surplus_of_a_fleet_is_refused(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_NO_CAPACITY, 1u << LARGE, 7)->room = 3;
    karp_init(&f->k, &f->p);
    for (int i = 0; i < 5; i++)
        assert_int_equal(ask(f, 0, claim(f, 0), 0.5),
                         i < 3 ? KARP_LAUNCHING : KARP_REFUSED);
    end(f);
}

static void test_the_quota_counts_instances_until_they_terminate(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    f->p.quota_mcpu = 2 * 96000;
    karp_init(&f->k, &f->p);
    uint32_t old = karp_replay_adopt(&f->k, 0, LARGE);
    assert_int_equal(ask(f, 0, claim(f, 0), 0.5), KARP_LAUNCHING);
    assert_int_equal(ask(f, 0, claim(f, 0), 0.5), KARP_REFUSED);
    karp_mark(&f->k, S(1), old);
    assert_int_equal(ask(f, S(1), claim(f, 0), 0.5), KARP_REFUSED);
    karp_on_terminate(&f->k, S(40), old);
    assert_int_equal(ask(f, S(40), claim(f, 0), 0.5), KARP_LAUNCHING);
    end(f);
}

static void test_a_full_subnet_sets_the_whole_zone_aside(void **state)
{
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_NO_ADDRESSES, 1u << LARGE, 1u << 2);
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, 0);
    assert_int_equal(ask(f, 0, node, 0.99), KARP_LAUNCHING);
    karp_on_launched(&f->k, S(2), node);
    assert_false(karp_available(&f->k, SMALL, 2, S(100)));
    assert_true(karp_available(&f->k, SMALL, 1, S(100)));
    assert_true(karp_available(&f->k, SMALL, 2, S(190)));
    end(f);
}

static void test_other_errors_are_retried_ever_more_slowly(void **state)
{
    static const double waits_s[] = {1, 2, 4, 8, 16, 32, 60, 60};
    struct fixture *f = make(1u << LARGE);

    (void)state;
    fault(f, KARP_API_ERROR, 0, 0);
    karp_init(&f->k, &f->p);
    uint32_t node = claim(f, S(3));
    for (size_t i = 0; i < 8; i++) {
        struct karp_answer a = karp_on_request(&f->k, S(3), node, 0.5);
        assert_int_equal(a.outcome, KARP_RETRY);
        assert_int_equal(a.retry_us, S(waits_s[i]));
    }
    assert_false(karp_synced(&f->k));
    assert_false(karp_on_liveness(&f->k, S(303) - 1, node));
    assert_int_equal(karp_liveness_us(&f->k, node), S(303));
    assert_true(karp_on_liveness(&f->k, S(303), node));
    assert_true(karp_synced(&f->k));
    assert_int_equal(ask(f, S(304), node, 0.5), KARP_STALE);
    end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_cheapest_type_is_taken),
        cmocka_unit_test(test_no_draw_prefers_a_dearer_type),
        cmocka_unit_test(test_the_draw_chooses_among_equal_zones),
        cmocka_unit_test(test_only_zones_of_pool_and_type_are_used),
        cmocka_unit_test(test_a_refused_zone_is_passed_over_and_set_aside),
        cmocka_unit_test(test_a_refusal_lasts_to_the_sweep_after_its_time),
        cmocka_unit_test(test_the_phase_of_the_sweep_counts),
        cmocka_unit_test(test_another_refusal_restarts_the_time),
        cmocka_unit_test(test_a_request_without_any_offering_is_refused),
        cmocka_unit_test(test_a_fault_holds_from_its_start_to_before_its_end),
        cmocka_unit_test(test_only_the_surplus_of_a_fleet_is_refused),
        cmocka_unit_test(test_the_quota_counts_instances_until_they_terminate),
        cmocka_unit_test(test_a_full_subnet_sets_the_whole_zone_aside),
        cmocka_unit_test(test_other_errors_are_retried_ever_more_slowly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
