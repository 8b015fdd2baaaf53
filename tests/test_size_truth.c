/* The record is drawn from a known law, so that the recommended setting can be
 * tried on what that law has in store.
 */
#include "tests/make_trace.h"
#include "tests/support.h"

#include "sim/plan/burst_rule.h"
#include "sim/plan/guarantee.h"
#include "sim/plan/size_parts.h"

#include <stdlib.h>

enum { RECORDS = 6, FRESH = 12, DRAWN = 30, BURST = 4, RUNS = 40 };

#define SPAN_S (2 * 86400.0)

static double draw(uint64_t seed, uint32_t purpose, uint64_t i)
{
    struct random_world w = {.seed = seed};

    return random_u01(&w, purpose, 7, i);
}

/* Runs of a few builds at one instant, any time in two days, exponential work.
 * slots > 0: a fixed pool served them first come, first served, and the times
 * are starts of service.
 */
static void make_record(struct trace *t, uint64_t seed, size_t slots)
{
    double free_s[64] = {0}, at_s[RUNS];
    char run[16];

    *t = (struct trace){.span_us = us_from_s(SPAN_S)};
    text(t, "");
    for (size_t i = 0; i < RUNS; i++)
        at_s[i] = SPAN_S * draw(seed, 1, i);
    sort_doubles(at_s, RUNS);
    for (size_t i = 0; i < RUNS * BURST; i++) {
        double asked_s = at_s[i / BURST];
        double work_s = -600.0 * log(draw(seed, 2, i)) + 30.0;
        size_t first = 0;
        for (size_t k = 1; k < slots; k++)
            first = free_s[k] < free_s[first] ? k : first;
        if (slots > 0 && free_s[first] > asked_s)
            asked_s = free_s[first];
        free_s[first] = s_from_us(us_from_s(asked_s) + us_from_s(work_s));
        (void)snprintf(run, sizeof run, "run-%zu", i / BURST);
        add(t, "amd64", run, asked_s, work_s);
    }
    trace_sort(t);
}

struct desk {
    struct scenario s;
    struct histories h;
    struct trials t;
    struct err e;
};

static void open_desk(struct desk *d, const struct trace *record,
                      uint32_t n_each)
{
    const struct resample_source source = {record, 1.0};
    const struct histories_task task = {&source, 1, 3, 1, n_each};

    if (scenario_load(&d->s, "scenarios/staging-scale-test.yaml", NULL,
                      &d->e) != ERR_OK ||
        scenario_map(&d->s, record, &d->e) != ERR_OK)
        fail_msg("%s", d->e.msg);
    d->s.targets[0] = (struct scenario_target){GOAL_P95_WAIT, 240.0};
    d->s.n_targets = 1;
    assert_int_equal(histories_make(&d->h, &task, &d->e), ERR_OK);
    d->h.n_days = 0;
    trials_init(&d->t, &d->s, &d->h);
}

static void close_desk(struct desk *d)
{
    trials_free(&d->t);
    histories_free(&d->h);
    scenario_free(&d->s);
}

/* Whether the plan's setting misses on a fresh history of the law. */
static bool misses(struct size_plan *plan, uint64_t seed)
{
    struct size_task task = {0};
    struct desk d;
    struct trace fresh;
    struct trial_pair pair = {0, 0};
    enum scenario_goal goal;

    make_record(&fresh, seed, 0);
    open_desk(&d, &fresh, 1);
    task.trials = &d.t;
    const struct size_work w = {.plan = plan, .task = &task, .p = plan->pools};
    const struct size_choice c = size_settled(w.p);
    assert_int_equal(size_setting(&w, &c, &pair.setting, &d.e), ERR_OK);
    assert_int_equal(trials_run(&d.t, &pair, 1, &d.e), ERR_OK);
    bool missed = !size_keeps(&w, pair.setting, 0, &goal);

    close_desk(&d);
    trace_free(&fresh);
    return missed;
}

/* Sizes from one record; returns misses on FRESH histories. */
static size_t judge(const struct trace *record, uint64_t seed, double *share)
{
    struct size_plan plan = {.today = 0};
    struct desk d;
    size_t n = 0;

    open_desk(&d, record, DRAWN);
    const struct size_task task = {
        .trials = &d.t, .error = 0.1, .regretted = 1e9, .tolerated = 1000.0};
    assert_int_equal(size_search(&plan, &task, &d.e), ERR_OK);
    assert_true(plan.settled);
    *share = guarantee_share(DRAWN, plan.n_missed[HISTORY_RUNS],
                             plan.pools[0].n_combos, task.error);
    for (uint64_t i = 0; i < FRESH; i++)
        n += misses(&plan, 1000 * seed + i);
    close_desk(&d);
    size_free(&plan);
    return n;
}

/* The mean over many records may not be above what each of them was promised,
 * within three standard errors of so many trials.
 */
static void assert_covered(size_t n_missed, double share)
{
    double n = RECORDS * FRESH, error = sqrt(share * (1.0 - share) / n);

    if ((double)n_missed / n > share + 3.0 * error)
        fail_msg("%zu of %.0f miss, promised were %.3f", n_missed, n, share);
}

static void test_a_record_of_a_known_law_covers_it(void **state)
{
    double share = 0.0;
    size_t n = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= RECORDS; seed++) {
        struct trace record;
        make_record(&record, seed, 0);
        n += judge(&record, seed, &share);
        trace_free(&record);
    }
    assert_covered(n, share);
}

static void test_a_peak_that_a_fixed_pool_hid_is_found(void **state)
{
    double share = 0.0;
    size_t n = 0, n_capped = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= RECORDS; seed++) {
        struct trace record, uncapped;
        make_record(&record, seed, 3); /* less than one run */
        struct burst_peak b =
            burst_uncap(&uncapped, &record, record.builds[0].pool);
        assert_int_equal(b.recorded, 3);
        n_capped += b.capped && b.uncapped > 3;
        n += judge(&uncapped, seed, &share);
        trace_free(&uncapped);
        trace_free(&record);
    }
    assert_int_equal(n_capped, RECORDS);
    assert_covered(n, share);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_record_of_a_known_law_covers_it),
        cmocka_unit_test(test_a_peak_that_a_fixed_pool_hid_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
