/* The trace that is shipped, and what the statistics say about it. */
#include "tests/support.h"

#include "tests/make_synth.h"
#include "traces/import.h"
#include "traces/stats.h"

#include <stdlib.h>
#include <string.h>

static const char path[] = "traces/data/pytorch-14d.csv.gz";

static struct trace shipped(void)
{
    const struct import_options options = {0};
    struct import_report report = {0};
    struct trace t;
    struct err e = {0};

    if (trace_import(&t, path, &options, &report, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return t;
}

static void assert_same_text(const struct trace *t, uint32_t a,
                             const struct trace *u, uint32_t b)
{
    assert_string_equal(at(t, a), at(u, b));
}

/* The command that traces/data/README.md gives. */
static void test_the_documented_command_makes_the_shipped_file(void **state)
{
    struct trace t = shipped(), u = make_with("seed=3", NULL, NULL);

    (void)state;
    assert_int_equal(t.n, u.n);
    assert_int_equal(t.origin_us, u.origin_us);
    assert_int_equal(t.span_us, u.span_us);
    assert_true(t.absolute);
    for (size_t i = 0; i < t.n; i++) {
        const struct trace_build *a = &t.builds[i], *b = &u.builds[i];

        assert_int_equal(a->asked_us, b->asked_us);
        assert_int_equal(a->work_us, b->work_us);
        assert_int_equal(a->leaves_us, b->leaves_us);
        assert_int_equal(a->outcome, b->outcome);
        assert_same_text(&t, a->id, &u, b->id);
        assert_same_text(&t, a->run, &u, b->run);
        assert_same_text(&t, a->pool, &u, b->pool);
        assert_same_text(&t, a->caller, &u, b->caller);
        assert_same_text(&t, a->name, &u, b->name);
    }
    trace_free(&t);
    trace_free(&u);
}

static void test_the_shipped_file_is_labelled_synthetic(void **state)
{
    struct trace t = shipped();

    (void)state;
    assert_true(t.synthetic);
    trace_free(&t);
}

static void test_the_shipped_peaks_are_near_the_published_ones(void **state)
{
    struct trace t = shipped();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    assert_int_equal(n, 2);
    assert_int_equal(p[0].demand_peak, 107); /* published: 105 */
    assert_int_equal(p[1].demand_peak, 8);   /* published: 8 */
    free(p);
    trace_free(&t);
}

/* Moves each build of the pool from its request to its start on a pool of a
 * fixed size that serves in order: what a start-time export would show.
 */
static void record_starts(struct trace *t, uint32_t pool, size_t n_slots)
{
    sim_us *free_us = calloc(n_slots, sizeof *free_us);

    for (size_t i = 0; i < t->n; i++) {
        struct trace_build *b = &t->builds[i];
        size_t first = 0;

        if (b->pool != pool)
            continue;
        for (size_t k = 1; k < n_slots; k++)
            if (free_us[k] < free_us[first])
                first = k;
        if (free_us[first] > b->asked_us)
            b->asked_us = free_us[first];
        b->outcome = TRACE_OK; /* cancelled ones stay to the end here */
        b->leaves_us = SIM_NEVER;
        free_us[first] = b->asked_us + b->work_us;
    }
    free(free_us);
    trace_sort(t);
}

static void test_the_shipped_trace_is_capped_only_on_a_fixed_pool(void **state)
{
    struct trace t = shipped();
    size_t n;
    struct pool_stats *p = trace_stats(&t, &n);

    (void)state;
    assert_false(p[0].capped);
    assert_false(p[1].capped);
    assert_true(p[0].capped_frac < 0.01 && p[1].capped_frac < 0.02);
    record_starts(&t, p[0].pool, 20);
    free(p);
    p = trace_stats(&t, &n);
    assert_int_equal(p[0].demand_peak, 20);
    assert_true(p[0].capped);
    assert_false(p[1].capped);
    free(p);
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_documented_command_makes_the_shipped_file),
        cmocka_unit_test(test_the_shipped_file_is_labelled_synthetic),
        cmocka_unit_test(test_the_shipped_peaks_are_near_the_published_ones),
        cmocka_unit_test(test_the_shipped_trace_is_capped_only_on_a_fixed_pool),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
