/* Episodes of the batcher as scenarios for the real one. */
#include "sim/upstream/karp_windows.h"

#include "models/karpenter_batch.h"
#include "tests/support.h"

static json_int_t at(const json_t *list, size_t i, const char *key)
{
    return json_integer_value(json_object_get(json_array_get(list, i), key));
}

/* A pod at 7 s, its window at 52 s, a claim on the way until 53.5 s. */
static void tell_one(struct karp_windows *w)
{
    karp_windows_word(w, 7 * US_PER_S, KARP_SOURCE_BEGINS, KARP_POD, 3);
    karp_windows_word(w, 52 * US_PER_S, KARP_WINDOW_SOLVED, 0, 0);
    karp_windows_word(w, 52 * US_PER_S, KARP_NODE_CLAIMED, 0, 0);
    karp_windows_word(w, 52 * US_PER_S + 200, KARP_SOLVE_OVER, 0, 0);
    karp_windows_word(w, 53 * US_PER_S + 500, KARP_NODE_LAUNCHED, 0, 0);
    karp_windows_word(w, 99 * US_PER_S, KARP_SOURCE_ENDS, KARP_POD, 3);
}

static void test_times_count_from_the_first_source(void **state)
{
    struct karp_params p;
    struct karp_windows w;
    json_t *scenario = json_object();

    (void)state;
    karp_defaults(&p);
    p.batch_idle_us = p.batch_max_us = 45 * US_PER_S;
    karp_windows_init(&w, &p);
    assert_null(karp_windows_take(&w, scenario));
    tell_one(&w);
    json_t *model = karp_windows_take(&w, scenario);
    const json_t *sources = json_object_get(scenario, "sources");
    const json_t *flight =
        json_array_get(json_object_get(scenario, "unsynced"), 0);

    assert_int_equal(json_array_size(model), 1);
    assert_int_equal(at(model, 0, "t"), 45 * US_PER_S);
    assert_int_equal(at(sources, 0, "from_us"), 0);
    assert_int_equal(at(sources, 0, "until_us"), 92 * US_PER_S);
    /* Not yet there when its own window closes. */
    assert_int_equal(json_integer_value(json_array_get(flight, 0)),
                     45 * US_PER_S + 1);
    assert_int_equal(json_integer_value(json_array_get(flight, 1)),
                     46 * US_PER_S + 500);
    json_decref(model);
    json_decref(scenario);
    karp_windows_free(&w);
}

static void test_an_episode_ends_when_every_window_has_closed(void **state)
{
    struct karp_params p;
    struct karp_windows w;

    (void)state;
    karp_defaults(&p);
    p.batch_idle_us = p.batch_max_us = 45 * US_PER_S;
    karp_windows_init(&w, &p);
    assert_false(karp_windows_parts(&w, 0, KARP_SOURCE_BEGINS));
    tell_one(&w);
    assert_false(karp_windows_parts(&w, 189 * US_PER_S, KARP_SOURCE_BEGINS));
    assert_true(karp_windows_parts(&w, 189 * US_PER_S + 1, KARP_SOURCE_BEGINS));
    assert_false(karp_windows_parts(&w, 190 * US_PER_S, KARP_WINDOW_VOID));
    karp_windows_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times_count_from_the_first_source),
        cmocka_unit_test(test_an_episode_ends_when_every_window_has_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
