#include "sim/drive/life.h"
#include "tests/support.h"

#include <string.h>

static struct scenario scenario;
static struct life life;

static int forget(void **state)
{
    (void)state;
    life_free(&life);
    scenario_free(&scenario);
    return 0;
}

/* The scale test of eight builds, and one more, an architecture. */
static void take(const char *set)
{
    const char *const sets[] = {set};
    struct scenario_options o = {.set = sets, .n_set = set != NULL};
    struct err e;

    if (scenario_load(&scenario, "scenarios/staging-scale-test.yaml", &o, &e) !=
        ERR_OK)
        fail_msg("%s", e.msg);
    life_take(&life, &scenario, 1);
}

static size_t count(enum life_change change, uint32_t pool)
{
    size_t n = 0;

    for (size_t i = 0; i < life.n_events; i++)
        n += life.events[i].change == change && life.events[i].pool == pool;
    return n;
}

static void test_pods_are_listed_before_they_serve(void **state)
{
    (void)state;
    take(NULL);
    assert_int_equal(life.n_builds, 18);
    for (size_t i = 0; i < life.n_builds; i++) {
        const struct build_result *b = &life.builds[i];
        size_t k = 0;
        while (k < life.n_events && (life.events[k].pod != b->pod ||
                                     life.events[k].change != LIFE_LISTED))
            k++;
        assert_true(k < life.n_events);
        assert_true(life.events[k].at_us <= b->served_us);
    }
    assert_true(life.last_end_us > 600 * US_PER_S);
}

static void test_each_pod_that_stops_has_left_the_names(void **state)
{
    (void)state;
    take(NULL);
    size_t stopped = 0;

    for (size_t i = 0; i < life.n_events; i++) {
        if (life.events[i].change != LIFE_STOPPED)
            continue;
        stopped++;
        size_t k = 0;
        while (k < i && (life.events[k].pod != life.events[i].pod ||
                         life.events[k].change != LIFE_UNLISTED))
            k++;
        assert_true(k < i);
    }
    assert_true(stopped > 0);
    for (uint32_t pool = 0; pool < 2; pool++)
        assert_true(count(LIFE_UNLISTED, pool) <= count(LIFE_LISTED, pool));
}

/* The first time only: a pod that gets a slot later is told once more. */
static size_t count_listed(uint32_t pool)
{
    size_t n = 0;

    for (size_t i = 0; i < life.n_events; i++) {
        const struct life_event *e = &life.events[i];
        size_t k = 0;
        while (life.events[k].pod != e->pod)
            k++;
        n += k == i && e->change == LIFE_LISTED && e->pool == pool;
    }
    return n;
}

/* Two slots for eight pods: the answers have them all the same. */
static void test_pods_without_a_slot_are_listed_too(void **state)
{
    (void)state;
    take("lb.bk_amd64.slots=2");
    assert_int_equal(count_listed(0), 8);
}

static void test_links_say_which_backend_lists_which_pool(void **state)
{
    (void)state;
    take(NULL);
    const struct system_params *p = &scenario.system;

    for (uint32_t pool = 0; pool < 2; pool++) {
        assert_true(life_is_linked(p, pool, p->pools[pool].backend));
        assert_false(life_is_linked(p, pool, p->pools[1 - pool].backend));
    }
}

int main(void)
{
#define CLEAN(test) cmocka_unit_test_teardown(test, forget)
    const struct CMUnitTest tests[] = {
        CLEAN(test_pods_are_listed_before_they_serve),
        CLEAN(test_each_pod_that_stops_has_left_the_names),
        CLEAN(test_pods_without_a_slot_are_listed_too),
        CLEAN(test_links_say_which_backend_lists_which_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
