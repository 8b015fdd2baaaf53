#include "sim/app/history.h"

#include "tests/support.h"

#include "sim/base/units.h"

#include <stdlib.h>

static struct history opened(void)
{
    struct history h;
    struct err e;

    assert_int_equal(history_open(&h, "build", 3, &e), ERR_OK);
    return h;
}

static void put_at(struct history *h, uint32_t series, uint32_t tick,
                   double value)
{
    h->tick = tick;
    history_put(h, series, value);
}

static void assert_run(struct history_reader *r, uint32_t first, uint32_t n,
                       double value)
{
    struct history_run run;

    assert_true(history_next(r, &run));
    assert_int_equal(run.first, first);
    assert_int_equal(run.n, n);
    assert_close(run.value, value, 0.0);
}

static void test_equal_values_in_a_row_are_one_run(void **state)
{
    struct history h = opened();
    struct history_reader r;
    struct history_run run;
    (void)state;

    uint32_t s = history_add(&h, 1, "a=\"1\"");
    put_at(&h, s, 4, 2.5);
    put_at(&h, s, 5, 2.5);
    put_at(&h, s, 6, 3.0);
    put_at(&h, s, 8, 3.0); /* absent at 7: a run of its own */
    history_read(&h, s, &r);
    assert_run(&r, 4, 2, 2.5);
    assert_run(&r, 6, 1, 3.0);
    assert_run(&r, 8, 1, 3.0);
    assert_false(history_next(&r, &run));
    history_close(&h);
}

/* One more run than a block holds, twice over, and two series in turns. */
static void test_runs_beyond_memory_come_back_in_order(void **state)
{
    enum { N = 2 * HISTORY_RUNS + 1 };
    struct history h = opened();
    struct history_reader r;
    struct history_run run;
    struct err e;
    (void)state;

    uint32_t a = history_add(&h, 0, "a"), b = history_add(&h, 0, "b");
    for (uint32_t i = 0; i < N; i++) {
        put_at(&h, a, i, i);
        put_at(&h, b, i, 1000.0 + i);
    }
    assert_int_equal(h.series[a].n_runs, 1);
    history_rest(&h, b);
    assert_null(h.series[b].runs);
    history_read(&h, a, &r);
    for (uint32_t i = 0; i < N; i++)
        assert_run(&r, i, 1, i);
    assert_false(history_next(&r, &run));
    history_read(&h, b, &r);
    for (uint32_t i = 0; i < N; i++)
        assert_run(&r, i, 1, 1000.0 + i);
    assert_false(history_next(&r, &run));
    assert_int_equal(history_check(&h, &e), ERR_OK);
    history_close(&h);
}

static void test_a_series_at_rest_goes_on(void **state)
{
    struct history h = opened();
    struct history_reader r;
    struct history_run run;
    (void)state;

    uint32_t s = history_add(&h, 2, "");
    put_at(&h, s, 0, 1.0);
    history_rest(&h, s);
    history_rest(&h, s); /* nothing to write: no empty block */
    put_at(&h, s, 1, 1.0);
    history_read(&h, s, &r);
    assert_run(&r, 0, 1, 1.0);
    assert_run(&r, 1, 1, 1.0);
    assert_false(history_next(&r, &run));
    assert_int_equal(h.n_blocks, 1);
    history_close(&h);
}

static void test_series_are_found_by_family_in_their_order(void **state)
{
    struct history h = opened();
    (void)state;

    uint32_t a = history_add(&h, 2, "a");
    uint32_t b = history_add(&h, 0, "b");
    uint32_t c = history_add(&h, 2, "c");
    assert_int_equal(h.first_of[0], b);
    assert_int_equal(h.first_of[1], NO_INDEX);
    assert_int_equal(h.first_of[2], a);
    assert_int_equal(h.series[a].next_of_family, c);
    assert_int_equal(h.series[c].next_of_family, NO_INDEX);
    history_close(&h);
    history_close(&h);
}

static void test_a_folder_that_is_not_there_is_named(void **state)
{
    struct history h;
    struct err e;
    (void)state;

    assert_int_equal(history_open(&h, "build/no-such", 1, &e), ERR_IO);
    assert_string_equal(e.msg, "build/no-such: No such file or directory");
}

static void test_a_write_that_fails_is_reported(void **state)
{
    struct history h = opened();
    struct history_reader r;
    struct history_run run;
    struct err e;
    (void)state;

    fclose(h.file);
    h.file = fopen("/dev/full", "r+b");
    assert_non_null(h.file);
    setvbuf(h.file, NULL, _IONBF, 0);
    uint32_t s = history_add(&h, 0, "");
    put_at(&h, s, 0, 1.0);
    history_rest(&h, s);
    history_read(&h, s, &r);
    assert_false(history_next(&r, &run)); /* whatever stands there */
    assert_int_equal(history_check(&h, &e), ERR_IO);
    assert_string_equal(e.msg, "the samples of the history could not be kept: "
                               "is the disk full?");
    history_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_values_in_a_row_are_one_run),
        cmocka_unit_test(test_runs_beyond_memory_come_back_in_order),
        cmocka_unit_test(test_a_series_at_rest_goes_on),
        cmocka_unit_test(test_series_are_found_by_family_in_their_order),
        cmocka_unit_test(test_a_folder_that_is_not_there_is_named),
        cmocka_unit_test(test_a_write_that_fails_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
