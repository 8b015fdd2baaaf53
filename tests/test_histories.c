#include "tests/support.h"

#include "sim/plan/histories.h"
#include "traces/import.h"

#include <string.h>

static void load(struct trace *t, const char *path)
{
    struct err e;

    if (trace_import(t, path, NULL, NULL, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void make(struct histories *h, const struct resample_source *sources,
                 size_t n)
{
    struct err e;

    const struct histories_task task = {sources, n, 7, 2, 3};

    assert_int_equal(histories_make(h, &task, &e), ERR_OK);
}

static uint64_t hash_of(const struct histories *h, size_t i,
                        struct random_world *w)
{
    struct trace own = {0};
    const struct trace *t = history_take(h, i, &own, w);
    uint64_t hash = t->n;

    for (size_t k = 0; k < t->n; k++)
        hash = hash * 31 + (uint64_t)t->builds[k].asked_us;
    trace_free(&own);
    return hash;
}

static void test_numbers_run_through_the_kinds(void **state)
{
    struct resample_source source = {.growth = 1.0};
    struct histories h;
    struct trace t;
    (void)state;

    load(&t, "traces/data/pytorch-14d.csv.gz");
    source.trace = &t;
    make(&h, &source, 1);
    assert_int_equal(histories_n(&h), 2 + 3 + 3);
    assert_int_equal(history_kind(&h, 1), HISTORY_RECORDED);
    assert_int_equal(history_kind(&h, 2), HISTORY_RUNS);
    assert_int_equal(history_kind(&h, 4), HISTORY_RUNS);
    assert_int_equal(history_kind(&h, 5), HISTORY_DAYS);
    assert_int_equal(history_first(&h, HISTORY_DAYS), 5);
    histories_free(&h);
    histories_free(&h);
    trace_free(&t);
}

static void test_each_history_has_a_world_of_its_own(void **state)
{
    struct resample_source source = {.growth = 1.0};
    struct random_world w[8];
    struct histories h;
    struct trace t;
    (void)state;

    load(&t, "traces/data/pytorch-14d.csv.gz");
    source.trace = &t;
    make(&h, &source, 1);
    for (size_t i = 0; i < 8; i++) {
        uint64_t hash = hash_of(&h, i, &w[i]);
        assert_int_equal(w[i].seed, 7);
        assert_true(hash == hash_of(&h, i, &w[i]));
        for (size_t k = 0; k < i; k++)
            assert_true(w[k].replication != w[i].replication);
    }
    /* The record is what `drydock run` replays, in the same worlds. */
    assert_ptr_equal(histories_recorded(&h), &t);
    assert_int_equal(w[0].replication, 0);
    assert_int_equal(w[1].replication, 1);
    assert_true(hash_of(&h, 0, &w[0]) == hash_of(&h, 1, &w[1]));
    assert_true(hash_of(&h, 2, &w[2]) != hash_of(&h, 3, &w[3]));
    histories_free(&h);
    trace_free(&t);
}

static void test_a_pool_that_has_grown_has_no_record(void **state)
{
    struct resample_source source = {.growth = 1.5};
    struct histories h;
    struct trace t;
    (void)state;

    load(&t, "traces/data/pytorch-14d.csv.gz");
    source.trace = &t;
    make(&h, &source, 1);
    assert_int_equal(h.n_recorded, 0);
    assert_int_equal(histories_n(&h), 6);
    assert_int_equal(history_kind(&h, 0), HISTORY_RUNS);
    histories_free(&h);
    trace_free(&t);
}

static void test_a_record_of_an_hour_has_no_days(void **state)
{
    struct resample_source sources[2] = {{.growth = 1.0}, {.growth = 1.0}};
    struct histories h;
    struct trace t;
    (void)state;

    load(&t, "traces/data/scale-test.csv");
    sources[0].trace = sources[1].trace = &t;
    make(&h, sources, 1);
    assert_int_equal(h.n_runs, 3);
    assert_int_equal(h.n_days, 0);
    histories_free(&h);
    make(&h, sources, 2); /* two users: the record holds the builds of both */
    assert_int_equal(histories_recorded(&h)->n, 2 * t.n);
    assert_int_equal(h.n_recorded, 2);
    histories_free(&h);
    trace_free(&t);
}

static void test_a_record_without_builds_is_refused(void **state)
{
    struct trace t = {.span_us = US_PER_DAY};
    struct resample_source source = {&t, 1.0};
    const struct histories_task task = {&source, 1, 1, 1, 1};
    struct histories h;
    struct err e;
    (void)state;

    assert_int_equal(histories_make(&h, &task, &e), ERR_INPUT);
    assert_int_equal(histories_n(&h), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_run_through_the_kinds),
        cmocka_unit_test(test_each_history_has_a_world_of_its_own),
        cmocka_unit_test(test_a_pool_that_has_grown_has_no_record),
        cmocka_unit_test(test_a_record_of_an_hour_has_no_days),
        cmocka_unit_test(test_a_record_without_builds_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
