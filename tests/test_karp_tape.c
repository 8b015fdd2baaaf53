/* The lives of nodes as a scenario for the real disruption loop. */
#include "sim/upstream/karp_tape.h"

#include "models/karpenter_node.h"
#include "tests/support.h"

#include <string.h>

static const json_t *event(const struct karp_tape *t, size_t i,
                           const char *what)
{
    const json_t *o = json_array_get(t->events, i);

    assert_string_equal(json_string_value(json_object_get(o, "do")), what);
    return o;
}

static json_int_t number(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void test_claims_of_one_second_are_told_a_second_apart(void **state)
{
    static const uint32_t numbers[] = {0};
    struct karp_node nodes[2] = {{.type = 4}, {.type = 4}};
    struct karp k = {.nodes = nodes, .n_nodes = 2};
    json_t *scenario = json_object();
    struct karp_tape t;

    (void)state;
    karp_tape_init(&t, SIM_NEVER);
    t.k = &k;
    karp_tape_word(&t, 1250000, KARP_NODE_CLAIMED, 0, 0);
    karp_tape_word(&t, 1250000, KARP_NODE_CLAIMED, 1, 0);
    karp_tape_word(&t, 2000000, KARP_NODE_LAUNCHED, 1, 0);
    karp_tape_put(&t, scenario, numbers);
    const json_t *list = json_object_get(scenario, "nodes");

    assert_int_equal(json_array_size(list), 2);
    assert_int_equal(number(json_array_get(list, 0), "age_s"), 0);
    assert_int_equal(number(json_array_get(list, 1), "age_s"), -1);
    assert_int_equal(number(json_array_get(list, 1), "type"), 4);
    json_decref(scenario);
    karp_tape_free(&t);
}

static void test_pods_end_in_the_order_in_which_they_began_to(void **state)
{
    struct karp_node node = {.pod_event_us = 3 * US_PER_S};
    struct karp k = {.nodes = &node, .n_nodes = 1};
    struct karp_tape t;

    (void)state;
    karp_tape_init(&t, SIM_NEVER);
    t.k = &k;
    karp_tape_word(&t, 0, KARP_NODE_CLAIMED, 0, 0);
    karp_tape_word(&t, 1, KARP_POD_BOUND, 0, 0);
    karp_tape_word(&t, 2, KARP_POD_BOUND, 0, 0);
    karp_tape_word(&t, 3, KARP_POD_TERMINATING, 0, 0);
    karp_tape_word(&t, 4, KARP_POD_LOST, 0, 0);
    karp_tape_word(&t, 5, KARP_POD_TERMINAL, 0, 1);
    assert_int_equal(number(event(&t, 3, "terminating"), "pod"), 0);
    assert_int_equal(number(event(&t, 4, "lost"), "pod"), 1);
    assert_int_equal(number(event(&t, 5, "terminal"), "pod"), 0);
    /* Whoever is lost leaves no stamp. */
    assert_int_equal(json_array_size(t.decisions), 4);
    assert_int_equal(number(json_array_get(t.decisions, 0), "event_s"), 3);
    karp_tape_free(&t);
}

static void test_the_loops_own_nodes_are_decisions_others_deleted(void **state)
{
    struct karp_node nodes[3] = {{0}, {0}, {0}};
    struct karp k = {.nodes = nodes, .n_nodes = 3};
    struct karp_tape t;

    (void)state;
    karp_tape_init(&t, 100);
    t.k = &k;
    for (uint32_t i = 0; i < 3; i++)
        karp_tape_word(&t, 0, KARP_NODE_CLAIMED, i, 0);
    karp_tape_word(&t, 7, KARP_NODE_TAKEN, 2, 1);
    karp_tape_word(&t, 7, KARP_NODE_TAKEN, 0, 0);
    karp_tape_word(&t, 7, KARP_NODE_MARKED, 2, 0);
    karp_tape_word(&t, 8, KARP_NODE_MARKED, 1, 0);
    karp_tape_word(&t, 100, KARP_NODE_GONE, 1, 0); /* too late */
    json_t *marked =
        json_pack("{s:s, s:I, s:[I, I]}", "ask", "marked", "t", (json_int_t)7,
                  "marked", (json_int_t)0, (json_int_t)2);

    assert_true(json_equal(json_array_get(t.decisions, 0), marked));
    assert_int_equal(json_array_size(t.events), 4);
    assert_int_equal(number(event(&t, 3, "delete"), "node"), 1);
    json_decref(marked);
    karp_tape_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_claims_of_one_second_are_told_a_second_apart),
        cmocka_unit_test(test_pods_end_in_the_order_in_which_they_began_to),
        cmocka_unit_test(test_the_loops_own_nodes_are_decisions_others_deleted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
