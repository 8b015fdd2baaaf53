#include "tests/support.h"

#include "sim/plan/follow.h"

#include <string.h>

static int load(void **state)
{
    static struct scenario s;
    struct err e;

    *state = &s;
    return scenario_load(&s, "scenarios/prod.yaml", NULL, &e) == ERR_OK ? 0
                                                                        : -1;
}

static int unload(void **state)
{
    scenario_free(*state);
    return 0;
}

static const struct follow_row *find(const struct follow *f,
                                     const struct scenario *s,
                                     enum follow_kind kind, const char *prefix)
{
    char text[FOLLOW_TEXT];

    for (size_t i = 0; i < f->n; i++) {
        follow_set(&f->rows[i], s, text);
        if (f->rows[i].kind == kind &&
            strncmp(text, prefix, strlen(prefix)) == 0)
            return &f->rows[i];
    }
    fail_msg("no row %s", prefix);
    return NULL;
}

static void test_slots_leave_room_for_pods_that_drain(void **state)
{
    const uint32_t max[] = {106, 8}; /* 106 + 10 + 1; 8 + 0 + 1; 114 + 11 + 1 */
    struct scenario *s = *state;
    struct follow f = {0};

    assert_int_equal(follow_roomy(106), 117);
    assert_int_equal(follow_roomy(9), 10);
    assert_int_equal(follow_roomy(10), 12);
    follow_ceilings(&f, s, max);
    const struct follow_row *row =
        find(&f, s, FOLLOW_SLOTS, "lb.bk_amd64.slots=117");
    assert_close(row->today, 400.0, 0.0);
    find(&f, s, FOLLOW_SLOTS, "lb.bk_arm64.slots=9");
    find(&f, s, FOLLOW_SLOTS, "lb.bk_all.slots=126");
    follow_free(&f);
    follow_free(&f);
}

static void test_an_answer_is_as_long_as_its_records_need(void **state)
{
    const uint32_t max[] = {262, 8}; /* 262 + 26 + 1 = 289 records */
    const uint32_t more[] = {263, 8};
    struct scenario *s = *state;
    struct follow f = {0};
    char text[FOLLOW_TEXT];

    /* 29 and the name's 47 bytes, 28 a record: 289 make 8168, 290 8196. */
    follow_ceilings(&f, s, max);
    follow_set(find(&f, s, FOLLOW_PAYLOAD, "lb.bk_amd64"), s, text);
    assert_string_equal(text, "lb.bk_amd64.payload=8168");
    follow_free(&f);
    follow_ceilings(&f, s, more);
    follow_set(find(&f, s, FOLLOW_PAYLOAD, "lb.bk_amd64"), s, text);
    assert_string_equal(text, "lb.bk_amd64.payload=8196");
    follow_free(&f);
}

static void test_no_answer_is_longer_than_can_be(void **state)
{
    const uint32_t max[] = {20000, 8};
    struct scenario *s = *state;
    struct follow f = {0};

    follow_ceilings(&f, s, max);
    assert_close(find(&f, s, FOLLOW_PAYLOAD, "lb.bk_amd64")->need,
                 FOLLOW_PAYLOAD_MOST, 0.0);
    follow_free(&f);
}

static void test_limits_hold_whole_nodes(void **state)
{
    const uint32_t max[] = {106, 8}; /* 117 pods on 59 nodes of 96 cores */
    struct scenario *s = *state;
    struct follow f = {0};
    char text[FOLLOW_TEXT];

    follow_ceilings(&f, s, max);
    const struct follow_row *cpu =
        find(&f, s, FOLLOW_CPU, "nodepool.buildkit-amd64");
    assert_close(cpu->need, 59.0 * 96000.0, 0.0);
    assert_close(cpu->today, 34560000.0, 0.0);
    follow_set(cpu, s, text);
    assert_string_equal(text, "nodepool.buildkit-amd64.limit_cpu=5664");
    /* Nine pods, four a node of 64 cores. */
    assert_close(find(&f, s, FOLLOW_CPU, "nodepool.buildkit-arm64")->need,
                 3.0 * 64000.0, 0.0);
    find(&f, s, FOLLOW_MEMORY, "nodepool.buildkit-arm64");
    follow_free(&f);
}

static void test_a_node_pool_without_limits_needs_none(void **state)
{
    const uint32_t max[] = {106, 8};
    struct scenario *s = *state;
    struct follow f = {0};

    s->system.karpenter.pools[0].limit.mcpu = KARP_NO_LIMIT;
    follow_ceilings(&f, s, max);
    assert_true(
        isinf(find(&f, s, FOLLOW_CPU, "nodepool.buildkit-amd64")->today));
    follow_free(&f);
}

static void test_grace_covers_the_longest_build_and_the_hook(void **state)
{
    struct scenario *s = *state;
    struct follow f = {0};
    double longest_s = 0.0;

    for (size_t i = 0; i < s->trace.n; i++)
        if (s->pool_of[s->trace.builds[i].pool] == 0)
            longest_s = fmax(longest_s, s_from_us(s->trace.builds[i].work_us));
    follow_ends(&f, s, &s->trace, 973.0);
    const struct follow_row *row =
        find(&f, s, FOLLOW_GRACE, "amd64.kubelet.grace=");
    /* Looks every 15 s: up to one before the build's end counts, two after. */
    assert_close(row->need, longest_s + 45.0, 1e-9);
    assert_close(row->today, 8100.0, 0.0);
    follow_free(&f);
}

static void test_clients_have_tries_for_the_longest_wait(void **state)
{
    struct scenario *s = *state;
    struct follow f = {0};
    char text[FOLLOW_TEXT];

    /* 973 s over 15 + 20 + 0.15 + 0.05 s a try is 27.6. */
    follow_ends(&f, s, &s->trace, 973.0);
    follow_set(find(&f, s, FOLLOW_ATTEMPTS, "client."), s, text);
    assert_string_equal(text, "client.default.attempts=29");
    follow_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_slots_leave_room_for_pods_that_drain, load, unload),
        cmocka_unit_test_setup_teardown(
            test_an_answer_is_as_long_as_its_records_need, load, unload),
        cmocka_unit_test_setup_teardown(test_no_answer_is_longer_than_can_be,
                                        load, unload),
        cmocka_unit_test_setup_teardown(test_limits_hold_whole_nodes, load,
                                        unload),
        cmocka_unit_test_setup_teardown(
            test_a_node_pool_without_limits_needs_none, load, unload),
        cmocka_unit_test_setup_teardown(
            test_grace_covers_the_longest_build_and_the_hook, load, unload),
        cmocka_unit_test_setup_teardown(
            test_clients_have_tries_for_the_longest_wait, load, unload),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
