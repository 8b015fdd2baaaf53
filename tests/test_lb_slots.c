#include "sim/engine/random.h"
#include "tests/lb_rig.h"

static struct rig rig;

static int prepare(void **state)
{
    (void)state;
    rig_prepare(&rig, 4);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    lb_free(&rig.lb);
    return 0;
}

static void test_the_longest_idle_server_comes_first(void **state)
{
    (void)state;
    rig_start(&rig);
    rig_pods(&rig, 3, 0);
    uint32_t a = rig_served(&rig, 1, 100), b = rig_served(&rig, 2, 101);
    lb_on_end(&rig.lb, b);
    lb_on_end(&rig.lb, a);
    uint32_t c = rig_served(&rig, 3, 102); /* idle since the start */
    rig_served(&rig, 4, 101);
    lb_on_end(&rig.lb, c);
    rig_served(&rig, 5, 100);
    rig_served(&rig, 6, 102);
}

static void test_one_build_at_a_time_tours_the_whole_pool(void **state)
{
    (void)state;
    rig_start(&rig);
    rig_pods(&rig, 4, 0);
    for (uint32_t i = 0; i < 12; i++)
        lb_on_end(&rig.lb, rig_served(&rig, i, 100 + i % 4));
}

static void test_a_server_that_enters_joins_the_tail(void **state)
{
    (void)state;
    uint32_t pods[] = {103, 101, 100};

    rig_start(&rig);
    rig_pods(&rig, 2, 0);
    rig_answer(&rig, LB_RECORDS_OK, pods, 3, 1);
    lb_on_end(&rig.lb, rig_served(&rig, 1, 100));
    rig_served(&rig, 2, 101);
    rig_served(&rig, 3, 103);
    rig_served(&rig, 4, 100);
    rig_queued(&rig, 5);
}

/* Pods come and go; forty of them share the sixteen cells of seven slots. */
static void test_each_pod_is_found_in_its_own_slot(void **state)
{
    enum { SLOTS = 7, PODS = 40 };
    const struct lb_backend_params p = {.n_slots = SLOTS, .maxconn = 1};
    uint32_t pod_in[SLOTS], x = 7;
    struct lb_slots s;

    (void)state;
    lb_slots_init(&s, &p);
    for (uint32_t i = 0; i < SLOTS; i++)
        pod_in[i] = NO_INDEX;
    for (int round = 0; round < 3000; round++) {
        x = x * 1103515245u + 12345u;
        uint32_t slot = (x >> 8) % SLOTS, pod = (x >> 16) % PODS;
        if (lb_slots_find(&s, pod) != NO_INDEX)
            pod = NO_INDEX; /* it may be in one slot only */
        lb_slots_place(&s, slot, pod);
        pod_in[slot] = pod;
        for (uint32_t i = 0; i < PODS; i++) {
            uint32_t want = 0;
            while (want < SLOTS && pod_in[want] != i)
                want++;
            assert_int_equal(lb_slots_find(&s, i),
                             want < SLOTS ? want : NO_INDEX);
        }
    }
    lb_slots_clear(&s);
    for (uint32_t i = 0; i < PODS; i++)
        assert_int_equal(lb_slots_find(&s, i), NO_INDEX);
    lb_slots_free(&s);
}

/* How often each of four idle servers is chosen in 4000 dials. */
static void count_choices(int counts[4])
{
    struct random_world world = {.seed = 5};

    memset(counts, 0, 4 * sizeof(*counts));
    for (int i = 0; i < 4000; i++) {
        double u = random_u01(&world, 1, 2, (uint64_t)i);
        struct lb_dial d = lb_on_dial(&rig.lb, 0, 1, 0, u);
        counts[d.pod - 100]++;
        lb_on_end(&rig.lb, d.session);
    }
}

static void test_from_3_2_on_the_choice_is_random(void **state)
{
    (void)state;
    int counts[4];

    rig.params.version = LB_3_2;
    rig_start(&rig);
    rig_pods(&rig, 4, 0);
    /* One u decides among all that are idle, whoever was last. */
    assert_int_equal(lb_on_dial(&rig.lb, 0, 1, 0, 1e-9).pod, 100);
    assert_int_equal(lb_on_dial(&rig.lb, 0, 2, 0, 1 - 1e-9).pod, 102);
    assert_int_equal(lb_on_dial(&rig.lb, 0, 3, 0, 0.51).pod, 101);
    assert_int_equal(lb_on_dial(&rig.lb, 0, 4, 0, 0.3).pod, 103);
    rig_queued(&rig, 5);
    for (uint32_t i = 0; i < 4; i++)
        lb_on_end(&rig.lb, i);
    rig.lb.n_out = 0;
    lb_on_end(&rig.lb, 4);
    count_choices(counts);
    for (int i = 0; i < 4; i++)
        assert_in_range(counts[i], 880, 1120); /* 1000, deviation 27 */
}

static void
test_the_least_loaded_server_wins_with_a_higher_maxconn(void **state)
{
    (void)state;
    rig.backends[0].maxconn = 2;
    rig_start(&rig);
    rig_pods(&rig, 2, 0);
    uint32_t a = rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 101);
    uint32_t c = rig_served(&rig, 3, 100);
    rig_served(&rig, 4, 101);
    rig_queued(&rig, 5);
    lb_on_end(&rig.lb, c);
    assert_int_equal(rig_out(&rig, LB_DISPATCH, 5).pod, 100);
    lb_on_end(&rig.lb, a);
    rig_served(&rig, 6, 100); /* 1 against 2 */
}

static void test_a_server_with_room_takes_as_many_as_it_can(void **state)
{
    (void)state;
    uint32_t pods[] = {100, 101};

    rig.backends[0].maxconn = 2;
    rig_start(&rig);
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    rig_served(&rig, 2, 100);
    for (uint32_t i = 3; i < 6; i++)
        rig_queued(&rig, i);
    rig_answer(&rig, LB_RECORDS_OK, pods, 2, 1);
    rig_out(&rig, LB_DISPATCH, 3);
    rig_out(&rig, LB_DISPATCH, 4);
    rig_quiet(&rig);
    rig_gauges(&rig, 5, 1);
}

/* One busy pod, two clients queued, a second pod appears; then a third client
 * dials. True if that one becomes a second session on the new pod.
 */
static bool overshoots(enum lb_version version)
{
    uint32_t pods[] = {100, 101};

    rig.params.version = version;
    rig_start(&rig);
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 1, 100);
    rig_queued(&rig, 2);
    rig_queued(&rig, 3);
    rig_answer(&rig, LB_RECORDS_OK, pods, 2, 1);
    struct lb_out o = rig_out(&rig, LB_DISPATCH, 2);
    assert_int_equal(o.pod, 101);
    rig_quiet(&rig);
    struct lb_dial d = rig_dial(&rig, 4);
    if (d.result == LB_DIAL_QUEUED) {
        lb_free(&rig.lb);
        return false;
    }
    assert_int_equal(d.pod, 101);
    lb_on_end(&rig.lb, o.session); /* its place was never counted */
    rig_quiet(&rig);
    lb_on_end(&rig.lb, d.session);
    rig_out(&rig, LB_DISPATCH, 3);
    rig_gauges(&rig, 2, 0);
    lb_free(&rig.lb);
    return true;
}

static void test_two_versions_overfill_a_server_that_enters(void **state)
{
    (void)state;
    assert_true(overshoots(LB_2_6));
    assert_false(overshoots(LB_3_0));
    assert_true(overshoots(LB_3_1_0));
    assert_false(overshoots(LB_3_1));
    assert_false(overshoots(LB_3_2));
    rig_start(&rig); /* for the teardown */
}

static void test_149_servers_of_one_answer_all_take_a_client(void **state)
{
    (void)state;
    rig.backends[0].n_slots = 400;
    rig_start(&rig);
    rig_pods(&rig, 1, 0);
    rig_served(&rig, 999, 100);
    for (uint32_t i = 0; i < 160; i++)
        rig_queued(&rig, i);
    rig_pods(&rig, 150, 1);
    assert_int_equal(rig.lb.n_out, 149);
    for (uint32_t i = 0; i < 149; i++) {
        struct lb_out o = rig_out(&rig, LB_DISPATCH, i);
        assert_int_equal(o.pod, 101 + i);
    }
    rig_gauges(&rig, 161, 11);
    assert_int_equal(lb_active_servers(&rig.lb, 0), 150);
}

#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, prepare, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_RIG(test_the_longest_idle_server_comes_first),
        WITH_RIG(test_one_build_at_a_time_tours_the_whole_pool),
        WITH_RIG(test_a_server_that_enters_joins_the_tail),
        WITH_RIG(test_from_3_2_on_the_choice_is_random),
        WITH_RIG(test_the_least_loaded_server_wins_with_a_higher_maxconn),
        WITH_RIG(test_a_server_with_room_takes_as_many_as_it_can),
        WITH_RIG(test_two_versions_overfill_a_server_that_enters),
        cmocka_unit_test(test_each_pod_is_found_in_its_own_slot),
        WITH_RIG(test_149_servers_of_one_answer_all_take_a_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
