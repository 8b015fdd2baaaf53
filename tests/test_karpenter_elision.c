/* Skipped passes and windows leave the history as it is. */
#include "sim/engine/random.h"
#include "tests/karpenter_run.h"

enum { PODS = 120, ADOPTED = 4, SEEDS = 100 };

static const struct karp_fault FAULTS[] = {
    {.kind = KARP_NO_CAPACITY,
     .types = 1u << LARGE,
     .zones = 7,
     .span = {1000000000, 4000000000}},
    {.kind = KARP_API_ERROR, .span = {7000000000, 7100000000}},
};
static const struct karp_span OFFICE[] = {{2000000000, 5000000000},
                                          {9000000000, 12345678901}};

static double draw(uint64_t seed, uint64_t entity, uint64_t ordinal)
{
    struct random_world r = {.seed = seed};

    return random_u01(&r, 1, entity, ordinal);
}

/* Whole seconds now and then, so that times tie with timers. */
static sim_us some_time(uint64_t seed, uint64_t entity, uint64_t ordinal)
{
    double s = 15000 * draw(seed, entity, ordinal);

    return draw(seed, entity, ordinal + 100) < 0.5 ? S(floor(s / 5) * 5) : S(s);
}

static void set_up(struct world *w, uint64_t seed)
{
    struct karp_pool *first = world_pool(&w->p, "first", 1u << LARGE);
    struct karp_pool *second = world_pool(&w->p, "second", 1u << SMALL);

    first->weight = 1;
    first->limit.mcpu = 20 * 96000;
    second->n_budgets = 2;
    second->budgets[1] = (struct karp_budget){.value = 0,
                                              .reasons = KARP_EMPTY,
                                              .scheduled = true,
                                              .active = OFFICE,
                                              .n_active = 2};
    w->p.faults = FAULTS;
    w->p.n_faults = 2;
    if (seed % 2) { /* upstream's windows */
        w->p.batch_idle_us = S(1);
        w->p.batch_max_us = S(10);
    }
}

static void write_script(struct world *w, uint64_t seed)
{
    for (uint32_t i = 0; i < ADOPTED; i++) {
        karp_replay_adopt(&w->k, i % 2, i % 2 ? SMALL : LARGE);
        sim_us sick_us = some_time(seed, i, 7);
        world_plan(w, sick_us, WORLD_UNREADY, i);
        world_plan(w, sick_us + S(200), WORLD_READY, i);
    }
    for (uint32_t i = 0; i < PODS; i++) {
        sim_us at_us = some_time(seed, i / 6, 1);
        sim_us end_us = at_us + S(60 + 3000 * draw(seed, i, 2));
        world_pods(w, at_us, 1, i % 5 == 0 ? 2 : 3);
        world_delete(w, end_us, i, end_us + S(-300 + 900 * draw(seed, i, 3)));
    }
    for (uint64_t i = 0; i < 8; i++)
        world_plan(w, some_time(seed, i, 4), WORLD_FOREIGN, 0);
    world_plan(w, some_time(seed, 0, 5), WORLD_DRIFT, 0);
    world_plan(w, some_time(seed, 0, 6), WORLD_DRIFT, 1);
}

static struct world *history(uint64_t seed, bool no_elision)
{
    struct world *w = world_new();

    set_up(w, seed);
    w->p.no_elision = no_elision;
    world_start(w);
    write_script(w, seed);
    world_run(w, S(30000));
    return w;
}

static void assert_same_history(const struct world *a, const struct world *b)
{
    size_t n = a->n_log < b->n_log ? a->n_log : b->n_log;

    for (size_t i = 0; i < n; i++) {
        const struct world_log *x = &a->log[i], *y = &b->log[i];
        if (x->at_us != y->at_us || x->what != y->what ||
            x->entity != y->entity)
            fail_msg("entry %zu: %.6f kind %u of %u, or %.6f kind %u of %u", i,
                     s_from_us(x->at_us), x->what, x->entity,
                     s_from_us(y->at_us), y->what, y->entity);
    }
    assert_int_equal(a->n_log, b->n_log);
}

static void test_histories_with_and_without_elision_are_equal(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world *fast = history(seed, false);
        struct world *slow = history(seed, true);
        assert_same_history(fast, slow);
        assert_true(world_count(fast, WORLD_MARK) > 5);
        assert_true(world_count(fast, WORLD_CLAIM) > 5);
        assert_true(fast->n_executed < slow->n_executed / 2);
        world_end(fast);
        world_end(slow);
    }
}

/* Every claim and node ends, and nothing is left behind. */
static void test_a_world_without_pods_comes_to_rest(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world *w = history(seed, false);
        assert_int_equal(w->k.n_live, 0);
        assert_int_equal(w->k.batch.n_triggers, 0);
        assert_true(karp_synced(&w->k));
        assert_true(karp_disrupt_due(&w->k) == SIM_NEVER);
        assert_int_equal(world_count(w, WORLD_GONE),
                         w->k.n_nodes - world_count(w, WORLD_REFUSED));
        world_end(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories_with_and_without_elision_are_equal),
        cmocka_unit_test(test_a_world_without_pods_comes_to_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
