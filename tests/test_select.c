#include "tests/support.h"

#include "sim/base/mem.h"
#include "sim/engine/random.h"
#include "sim/plan/select.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>
#include <string.h>

enum { SETTINGS = 12, AT_MOST = 60 };

/* Costs and limits by law; what has been asked for. */
struct lab {
    uint64_t seed;
    double cost[SETTINGS], spread;
    double over[SETTINGS]; /* mean, of a normal number with deviation 1 */
    bool backwards;        /* answers in another order */
    bool asked[SETTINGS][AT_MOST];
    size_t n_calls, stop_after;
};

static double normal(uint64_t seed, uint64_t entity, uint64_t ordinal)
{
    struct random_world w = {.seed = seed};

    return gsl_cdf_ugaussian_Pinv(random_u01(&w, 1, entity, ordinal));
}

static void answer(const struct lab *lab, struct select_run *run)
{
    size_t i = run->setting;
    /* The world is common to all settings. */
    double world = normal(lab->seed, 1000, run->replication);

    run->cost = lab->cost[i] + 5.0 * world +
                lab->spread * normal(lab->seed, i, run->replication);
    run->over = lab->over[i] + normal(lab->seed, 100 + i, run->replication);
}

static void run(void *context, struct select_run runs[], size_t n)
{
    struct lab *lab = context;

    lab->n_calls++;
    for (size_t k = 0; k < n; k++) {
        size_t i = lab->backwards ? n - 1 - k : k;
        bool *asked = &lab->asked[runs[i].setting][runs[i].replication];
        assert_false(*asked);
        *asked = true;
        answer(lab, &runs[i]);
    }
}

static bool should_stop(void *context)
{
    const struct lab *lab = context;

    return lab->stop_after > 0 && lab->n_calls >= lab->stop_after;
}

static struct select_task task(struct lab *lab, size_t n_settings)
{
    return (struct select_task){
        .n_settings = n_settings,
        .first = 10,
        .batch = 5,
        .at_most = AT_MOST,
        .error = 0.05,
        .indifference = 1.0,
        .racing = true,
        .context = lab,
        .run = run,
        .should_stop = should_stop,
    };
}

/* Twelve settings of rising cost; the cheap ones miss their limit at times. */
static struct lab mixed(uint64_t seed)
{
    struct lab lab = {.seed = seed, .spread = 1.0};

    for (size_t i = 0; i < SETTINGS; i++) {
        lab.cost[i] = 100.0 + 0.8 * (double)((7 * i) % SETTINGS);
        lab.over[i] = -1.0 - 0.4 * (double)((7 * i) % SETTINGS);
    }
    return lab;
}

/* ------------------------------------------------------------ constants */

static void test_the_published_constants(void **state)
{
    (void)state;
    assert_close(select_h2(10, 20, 0.05), 11.51, 0.005);
    assert_close(select_h2(100, 20, 0.05), 20.27, 0.02);
}

/* ------------------------------------------------------------ one answer */

static void assert_same_choice(const struct selection *a,
                               const struct selection *b)
{
    assert_int_equal(a->best, b->best);
    assert_int_equal(a->n_left, b->n_left);
    assert_int_equal(a->n_lines, b->n_lines);
    for (size_t i = 0; i < a->n_lines; i++) {
        assert_int_equal(a->lines[i].state, b->lines[i].state);
        assert_int_equal(a->lines[i].n_read, b->lines[i].n_read);
        assert_true(a->lines[i].cost == b->lines[i].cost);
        assert_true(a->lines[i].over == b->lines[i].over);
    }
}

static void test_racing_changes_runs_and_nothing_else(void **state)
{
    double n_runs = 0.0;
    (void)state;

    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct lab on = mixed(seed), off = mixed(seed);
        struct select_task a = task(&on, SETTINGS), b = task(&off, SETTINGS);
        struct selection x = {0}, y = {0};
        a.limit = b.limit = seed % 2 ? SELECT_EVERY : SELECT_MEAN;
        b.racing = false;
        off.backwards = true;
        select_best(&x, &a);
        select_best(&y, &b);
        assert_same_choice(&x, &y);
        assert_int_equal(y.n_runs, SETTINGS * AT_MOST);
        n_runs += (double)x.n_runs;
        selection_free(&x);
        selection_free(&y);
    }
    assert_true(n_runs < 0.6 * 100.0 * SETTINGS * AT_MOST);
}

/* ------------------------------------------------------------ limits */

/* The cheapest mean among those that meet the limit in all replications. */
static size_t by_hand(struct lab *lab)
{
    double best_cost = INFINITY;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < SETTINGS; i++) {
        double sum = 0.0, most = -INFINITY;
        for (size_t k = 0; k < AT_MOST; k++) {
            struct select_run r = {.setting = i, .replication = k};
            answer(lab, &r);
            sum += r.cost;
            most = fmax(most, r.over);
        }
        if (most <= 0.0 && sum < best_cost) {
            best_cost = sum;
            best = i;
        }
    }
    return best;
}

/* Without noise of their own, paired differences are exact: the choice is that
 * of an exhaustive search, also when the one that beat the others fails late.
 */
static void test_the_choice_is_that_of_an_exhaustive_search(void **state)
{
    size_t n_found = 0, n_later = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct lab lab = mixed(seed);
        lab.spread = 0.0;
        struct select_task t = task(&lab, SETTINGS);
        struct selection s = {0};
        t.indifference = 0.01;
        select_best(&s, &t);
        assert_int_equal(s.best, by_hand(&lab));
        n_found += s.best != SIZE_MAX;
        n_later += s.best != SIZE_MAX && s.best != 0;
        selection_free(&s);
    }
    assert_true(n_found > 100);
    assert_true(n_later > 100);
}

static void test_none_may_meet_the_limit(void **state)
{
    struct lab lab = mixed(3);
    struct select_task t = task(&lab, SETTINGS);
    struct selection s = {0};
    (void)state;

    for (size_t i = 0; i < SETTINGS; i++)
        lab.over[i] = 5.0;
    for (int limit = 0; limit < 2; limit++) {
        t.limit = limit ? SELECT_MEAN : SELECT_EVERY;
        memset(lab.asked, 0, sizeof lab.asked);
        select_best(&s, &t);
        assert_int_equal(s.best, SIZE_MAX);
        assert_int_equal(s.n_left, 0);
        /* At the first decision each. */
        assert_int_equal(s.n_runs, SETTINGS * (limit ? 10 : 5));
        selection_free(&s);
    }
}

static void test_a_mean_at_the_limit_meets_it(void **state)
{
    struct lab lab = {.seed = 1};
    struct select_task t = task(&lab, 1);
    struct selection s = {0};
    double sum = 0.0;
    (void)state;

    t.limit = SELECT_MEAN;
    for (size_t k = 0; k < AT_MOST; k++)
        sum += normal(1, 100, k) / AT_MOST;
    lab.over[0] = -sum - 1e-9;
    select_best(&s, &t);
    assert_int_equal(s.best, 0);
    selection_free(&s);
    lab.over[0] = -sum + 1e-9;
    memset(lab.asked, 0, sizeof lab.asked);
    select_best(&s, &t);
    assert_int_equal(s.best, SIZE_MAX);
    selection_free(&s);
}

/* ------------------------------------------------------------ the bound */

/* All others dearer by the indifference: the hardest case. Differences have a
 * standard deviation of 1.4 times the spread.
 */
static void test_the_best_is_chosen_at_the_stated_rate(void **state)
{
    enum { REPETITIONS = 1000, K = 6 };
    double n_right = 0.0, n_sure = 0.0;
    (void)state;

    for (uint64_t seed = 1; seed <= REPETITIONS; seed++) {
        struct lab lab = {.seed = seed, .spread = 1.0};
        struct select_task t = task(&lab, K);
        struct selection s = {0};
        for (size_t i = 0; i < K; i++) {
            lab.cost[i] = i == 2 ? 50.0 : 51.0;
            lab.over[i] = -20.0;
        }
        select_best(&s, &t);
        n_sure += s.n_left == 1;
        n_right += s.n_left == 1 && s.best == 2;
        selection_free(&s);
    }
    assert_true(n_sure > 0.9 * REPETITIONS);
    assert_true(n_right / n_sure >= 0.95 - 4.0 * sqrt(0.05 * 0.95 / n_sure));
}

static void test_equals_are_not_told_apart(void **state)
{
    struct lab lab = {.seed = 4, .spread = 3.0};
    struct select_task t = task(&lab, 4);
    struct selection s = {0};
    (void)state;

    for (size_t i = 0; i < 4; i++)
        lab.over[i] = -20.0;
    t.indifference = 0.05;
    select_best(&s, &t);
    assert_true(s.n_left > 1);
    assert_false(s.is_stopped);
    selection_free(&s);
}

static void test_a_stop_leaves_the_best_so_far(void **state)
{
    struct lab lab = mixed(9);
    struct select_task t = task(&lab, SETTINGS);
    struct selection s = {0};
    (void)state;

    for (size_t i = 0; i < SETTINGS; i++)
        lab.over[i] = -20.0;
    lab.stop_after = 3;
    select_best(&s, &t);
    assert_true(s.is_stopped);
    assert_int_equal(s.best, 0);
    assert_int_equal(s.lines[0].n_read, 15);
    selection_free(&s);
    selection_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_published_constants),
        cmocka_unit_test(test_racing_changes_runs_and_nothing_else),
        cmocka_unit_test(test_the_choice_is_that_of_an_exhaustive_search),
        cmocka_unit_test(test_none_may_meet_the_limit),
        cmocka_unit_test(test_a_mean_at_the_limit_meets_it),
        cmocka_unit_test(test_the_best_is_chosen_at_the_stated_rate),
        cmocka_unit_test(test_equals_are_not_told_apart),
        cmocka_unit_test(test_a_stop_leaves_the_best_so_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
