#include "tests/support.h"

#include "sim/plan/contrast.h"

#include <string.h>

enum { REPS = 3 };

/* Two sides of one or two pools, whose figures a test chooses. */
struct rig {
    struct scenario scenario[2];
    struct pool_params pools[2][2];
    struct replications results[2];
    struct pool_figures figures[2][REPS * 2];
    struct contrast contrast;
};

static void init(struct rig *x, uint32_t n_pools)
{
    static const char *const names[] = {"amd64", "arm64"};

    memset(x, 0, sizeof *x);
    for (int side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < n_pools; i++)
            (void)snprintf(x->pools[side][i].name, POOL_NAME, "%s", names[i]);
        x->scenario[side].system.pools = x->pools[side];
        x->scenario[side].system.n_pools = n_pools;
        x->results[side] = (struct replications){
            .figures = x->figures[side], .n_reps = REPS, .n_pools = n_pools};
    }
}

static void put(struct rig *x, int side, uint32_t pool, enum figure figure,
                const double y[REPS])
{
    for (size_t r = 0; r < REPS; r++)
        x->figures[side][r * x->results[side].n_pools + pool].at[figure] = y[r];
}

static const struct contrast_line *line(const struct rig *x,
                                        enum scenario_goal goal, uint32_t pool)
{
    for (size_t i = 0; i < x->contrast.n; i++)
        if (x->contrast.lines[i].goal == goal &&
            x->contrast.lines[i].pool == pool)
            return &x->contrast.lines[i];
    fail_msg("goal %d of pool %u is not judged", (int)goal, pool);
    return NULL;
}

static void take(struct rig *x)
{
    const struct contrast_side base = {&x->scenario[0], &x->results[0]};
    const struct contrast_side head = {&x->scenario[1], &x->results[1]};

    contrast_free(&x->contrast);
    contrast_take(&x->contrast, &base, &head);
}

/* ------------------------------------------------------------ judging */

static void test_pairs_see_what_means_do_not(void **state)
{
    struct rig x;
    (void)state;

    init(&x, 1);
    put(&x, 0, 0, FIG_COST_USD, (double[]){100, 210, 320});
    put(&x, 1, 0, FIG_COST_USD, (double[]){80, 191, 299});
    take(&x);
    /* -20, -19, -21; four lines: t(1 - 0.05 / 8, 2) = 8.8602. */
    assert_int_equal(x.contrast.n, 4);
    const struct contrast_line *cost = line(&x, GOAL_COST_USD, NO_INDEX);
    assert_close(cost->off.mean, -20.0, 1e-12);
    assert_close(cost->off.half_width, 8.8602 / sqrt(3.0), 1e-4);
    assert_int_equal(cost->sense, CONTRAST_BETTER);
    assert_int_equal(x.contrast.n_sense[CONTRAST_SAME], 3);
    contrast_free(&x.contrast);
}

/* The table's intervals: t(0.975, 2) = 4.3027 by itself, which 2.6 exceeds;
 * four together need 5.1154.
 */
static void test_what_is_judged_holds_together(void **state)
{
    struct rig x;
    (void)state;

    init(&x, 1);
    put(&x, 1, 0, FIG_WAIT_P95, (double[]){2.6, 3.6, 1.6});
    take(&x);
    const struct contrast_line *wait = line(&x, GOAL_P95_WAIT, 0);
    assert_int_equal(wait->sense, CONTRAST_NOISE);
    struct paired alone = contrast_figure(&x.results[0], &x.results[1],
                                          (uint32_t[]){0, 0}, FIG_WAIT_P95);
    assert_close(alone.half_width, 4.302653 / sqrt(3.0), 1e-5);
    assert_true(alone.mean > alone.half_width);
    contrast_free(&x.contrast);
}

static void test_one_replication_is_not_known(void **state)
{
    struct rig x;
    (void)state;

    init(&x, 1);
    x.results[0].n_reps = x.results[1].n_reps = 1;
    put(&x, 1, 0, FIG_GAVE_UP, (double[]){2, 0, 0});
    take(&x);
    assert_int_equal(line(&x, GOAL_GAVE_UP, NO_INDEX)->sense, CONTRAST_UNKNOWN);
    assert_int_equal(line(&x, GOAL_COST_USD, NO_INDEX)->sense, CONTRAST_SAME);
    contrast_free(&x.contrast);
}

static void test_targets_choose_what_is_judged(void **state)
{
    struct rig x;
    (void)state;

    init(&x, 2);
    x.scenario[1].targets[0] = (struct scenario_target){GOAL_P99_WAIT, 60};
    x.scenario[1].targets[1] = (struct scenario_target){GOAL_COST_USD, 900};
    x.scenario[1].n_targets = 2;
    put(&x, 1, 1, FIG_WAIT_P99, (double[]){5, 5, 5});
    take(&x);
    assert_int_equal(x.contrast.n, 3); /* two pools, and the cost once */
    assert_int_equal(line(&x, GOAL_P99_WAIT, 0)->sense, CONTRAST_SAME);
    assert_int_equal(line(&x, GOAL_P99_WAIT, 1)->sense, CONTRAST_WORSE);
    assert_int_equal(x.contrast.lines[2].goal, GOAL_COST_USD);
    contrast_free(&x.contrast);
}

static void test_pools_are_matched_by_name(void **state)
{
    struct rig x;
    (void)state;

    init(&x, 2);
    (void)snprintf(x.pools[0][0].name, POOL_NAME, "arm64");
    (void)snprintf(x.pools[0][1].name, POOL_NAME, "riscv");
    put(&x, 0, 0, FIG_WAIT_P95, (double[]){7, 8, 9});
    put(&x, 1, 1, FIG_WAIT_P95, (double[]){7, 8, 9});
    take(&x);
    assert_int_equal(x.contrast.base_pool[0], NO_INDEX);
    assert_int_equal(x.contrast.base_pool[1], 0);
    assert_int_equal(line(&x, GOAL_P95_WAIT, 1)->sense, CONTRAST_SAME);
    contrast_free(&x.contrast);
}

/* ------------------------------------------------------------ hazards */

static struct hazard hazard(enum hazard_level level, const char *code,
                            const char *what)
{
    struct hazard h = {.level = level, .code = code};

    (void)snprintf(h.what, sizeof h.what, "%s", what);
    return h;
}

static void test_a_hazard_of_other_numbers_is_no_new_one(void **state)
{
    struct hazard was[] = {hazard(HAZARD_WARNING, "a", "of 2 pods"),
                           hazard(HAZARD_WARNING, "b", "stays")};
    struct hazard is[] = {hazard(HAZARD_WARNING, "b", "stays"),
                          hazard(HAZARD_WARNING, "a", "of 3 pods"),
                          hazard(HAZARD_WARNING, "a", "of 4 pods")};
    const struct hazards base = {.at = was, .n = 2}, head = {.at = is, .n = 3};
    bool fresh[3], gone[2];
    (void)state;

    contrast_hazards(&base, &head, fresh, gone);
    assert_false(fresh[0] || fresh[1] || gone[0] || gone[1]);
    assert_true(fresh[2]); /* one more of them */
}

static void test_a_warning_that_becomes_an_error_is_new(void **state)
{
    struct hazard was[] = {hazard(HAZARD_WARNING, "a", "x")};
    struct hazard is[] = {hazard(HAZARD_ERROR, "a", "x")};
    const struct hazards base = {.at = was, .n = 1}, head = {.at = is, .n = 1};
    bool fresh[1], gone[1];
    (void)state;

    contrast_hazards(&base, &head, fresh, gone);
    assert_true(fresh[0] && gone[0]);
    contrast_hazards(&head, &base, fresh, gone);
    assert_false(fresh[0] || gone[0]); /* milder, and still there */
}

/* ------------------------------------------------------------ histories */

#define SCENARIO "scenarios/staging-scale-test.yaml"

static void load(struct scenario *s)
{
    struct err e = {""};

    if (scenario_load(s, SCENARIO, NULL, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void test_histories_differ_from_one_build_on(void **state)
{
    struct scenario a, b;
    (void)state;

    load(&a);
    load(&b);
    assert_int_equal(contrast_history(&a, &b), SIZE_MAX);
    b.trace.builds[5].work_us++;
    assert_int_equal(contrast_history(&a, &b), 5);
    b.trace.builds[5].work_us--;
    b.trace.n = 7;
    assert_int_equal(contrast_history(&a, &b), 7);
    b.trace.origin_us++;
    assert_int_equal(contrast_history(&a, &b), 0);
    scenario_free(&a);
    scenario_free(&b);
}

static void test_a_fingerprint_tells_what_changes_the_history(void **state)
{
    const char *const live[] = {"amd64.max_replicas=5"};
    struct scenario s, other;
    struct err e;
    (void)state;

    load(&s);
    uint64_t is = contrast_fingerprint(&s, 1);
    assert_true(is == contrast_fingerprint(&s, 1));
    assert_true(is != contrast_fingerprint(&s, 2));
    assert_int_equal(scenario_vary(&other, &s, live, 1, &e), ERR_OK);
    assert_true(is != contrast_fingerprint(&other, 1));
    scenario_free(&other);
    const char *const more[] = {"amd64.keda.cooldown=19m"};
    assert_int_equal(scenario_vary(&other, &s, more, 1, &e), ERR_OK);
    assert_true(is == contrast_fingerprint(&other, 1));
    scenario_free(&other);
    scenario_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs_see_what_means_do_not),
        cmocka_unit_test(test_what_is_judged_holds_together),
        cmocka_unit_test(test_one_replication_is_not_known),
        cmocka_unit_test(test_targets_choose_what_is_judged),
        cmocka_unit_test(test_pools_are_matched_by_name),
        cmocka_unit_test(test_a_hazard_of_other_numbers_is_no_new_one),
        cmocka_unit_test(test_a_warning_that_becomes_an_error_is_new),
        cmocka_unit_test(test_histories_differ_from_one_build_on),
        cmocka_unit_test(test_a_fingerprint_tells_what_changes_the_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
