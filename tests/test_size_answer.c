#include "tests/support.h"

#include "sim/app/size_out.h"

#include <stdio.h>
#include <string.h>

static struct size_job job;
static struct pool_params pools[2];

/* Four worlds, three histories by runs and by days; two pools with builds. */
static int setup(void **state)
{
    (void)state;
    memset(&job, 0, sizeof job);
    memset(pools, 0, sizeof pools);
    (void)snprintf(pools[0].name, sizeof pools[0].name, "amd64");
    (void)snprintf(pools[1].name, sizeof pools[1].name, "arm64");
    job.scenario.system.pools = pools;
    job.scenario.system.n_pools = 2;
    job.histories.n_recorded = 4;
    job.histories.n_runs = job.histories.n_days = 3;
    for (size_t i = 0; i < 2; i++) {
        job.plan.pools[i].sized = true;
        job.plan.pools[i].hopeless = SIZE_MAX;
    }
    return 0;
}

static void answers(const char *want)
{
    char out[SIZE_ANSWER] = "";

    size_answer(&job, out);
    assert_string_equal(out, want);
}

static void test_a_history_is_called_as_drawn_takes_it(void **state)
{
    static const struct {
        size_t history;
        const char *name;
    } all[] = {
        {0, "on the record in world 0"},  {3, "on the record in world 3"},
        {4, "on number 0 drawn by runs"}, {6, "on number 2 drawn by runs"},
        {7, "on number 0 drawn by days"}, {9, "on number 2 drawn by days"},
    };
    char where[SIZE_WHERE];
    (void)state;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        size_where(&job.histories, all[i].history, where);
        assert_string_equal(where, all[i].name);
    }
}

static void test_a_hopeless_pool_names_its_history(void **state)
{
    (void)state;
    job.plan.pools[0].hopeless = 5;
    job.plan.pools[0].hopeless_goal = GOAL_KILLED;
    job.plan.pools[0].open = 360;
    answers("no: amd64 misses its target of killed even with 360 pods around "
            "the clock, on number 1 drawn by runs; the size of the pool is not "
            "what binds");
}

static void test_pools_that_fail_each_other_name_the_last_history(void **state)
{
    static struct size_candidate tried[] = {
        {.reason = SIZE_MISSES, .history = 1, .goal = GOAL_GAVE_UP},
        {.reason = SIZE_MISSES, .history = 9, .goal = GOAL_MAX_WAIT},
        {.reason = SIZE_FLAPS},
    };
    struct size_pool *p = &job.plan.pools[1];
    (void)state;

    job.plan.pools[0].max = 7;
    p->tied = true;
    answers("no: whatever is tried for arm64, the pools before it miss their "
            "targets");
    p->tried = tried;
    p->n = 3;
    answers("no: whatever is tried for arm64, the pools before it miss their "
            "targets, such as max_wait on number 2 drawn by days");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_a_history_is_called_as_drawn_takes_it,
                               setup),
        cmocka_unit_test_setup(test_a_hopeless_pool_names_its_history, setup),
        cmocka_unit_test_setup(
            test_pools_that_fail_each_other_name_the_last_history, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
