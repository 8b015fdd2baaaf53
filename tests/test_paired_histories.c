#include "tests/support.h"

#include "scenarios/scenario.h"
#include "sim/plan/figures.h"
#include "sim/plan/pareto.h"
#include "sim/plan/resample.h"

enum { HISTORIES = 10 };

static double cost_of(const struct scenario *s, const struct trace *t,
                      const struct random_world *w)
{
    struct by_pool b;
    const struct figures_of of = {&s->system, &b, NULL};
    struct system *system = system_new(&s->system, t, s->pool_of, s->caller_of);
    double usd = 0.0;

    system_run(system, w, NULL);
    assert_int_equal(s->system.n_pools, 2);
    by_pool_init(&b, t, s->pool_of, 2);
    for (uint32_t pool = 0; pool < 2; pool++) {
        struct pool_figures f;
        figures_take(&f, system, &of, pool);
        usd += f.at[FIG_COST_USD];
    }
    by_pool_free(&b);
    system_free(system);
    return usd;
}

/* Both settings see the same builds at the same times: what the histories cost
 * more or less is common to both, and the difference is known much better.
 */
static void test_pairs_over_histories_are_worth_many_replications(void **state)
{
    const char *const change[] = {"amd64.min_replicas=8"};
    struct scenario today = {0}, other = {0};
    struct scenario_options options = {0};
    double a[HISTORIES], b[HISTORIES];
    struct resampler r;
    struct err e = {""};
    (void)state;

    if (scenario_load(&today, "scenarios/prod.yaml", &options, &e) != ERR_OK ||
        scenario_vary(&other, &today, change, 1, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    struct resample_source source = {&today.trace, 1.0};
    assert_int_equal(resampler_make(&r, &source, 1, RESAMPLE_RUNS, &e), ERR_OK);
    for (uint64_t i = 0; i < HISTORIES; i++) {
        struct random_world w = {.seed = 1, .replication = i};
        struct trace t;
        resample_history(&t, &r, &w);
        a[i] = cost_of(&other, &t, &w);
        b[i] = cost_of(&today, &t, &w);
        trace_free(&t);
    }
    struct paired d = paired_difference(a, b, HISTORIES, 0.05);
    assert_true(d.correlation > 0.8); /* a pair is worth five of its own */
    assert_true(d.mean - d.half_width > 0.0); /* more pods cost more */
    resampler_free(&r);
    scenario_free(&other);
    scenario_free(&today);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_over_histories_are_worth_many_replications),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
