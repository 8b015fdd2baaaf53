#include "tests/support.h"

#include "sim/plan/drawn.h"
#include "sim/plan/histories.h"
#include "sim/plan/replicate.h"

#include <stdio.h>
#include <string.h>

static struct scenario s;
static struct err err;

static void loads(const char *trace)
{
    const struct scenario_options o = {.trace = trace};

    scenario_free(&s);
    if (scenario_load(&s, "scenarios/prod.yaml", &o, &err) != ERR_OK)
        fail_msg("%s", err.msg);
}

static int forget(void **state)
{
    (void)state;
    scenario_free(&s);
    return 0;
}

static void assert_same_builds(const struct trace *a, const struct trace *b)
{
    assert_int_equal(a->n, b->n);
    assert_int_equal(a->span_us, b->span_us);
    for (size_t i = 0; i < a->n; i++) {
        assert_int_equal(a->builds[i].asked_us, b->builds[i].asked_us);
        assert_int_equal(a->builds[i].work_us, b->builds[i].work_us);
        assert_int_equal(a->builds[i].id, b->builds[i].id);
    }
}

static uint64_t events_in(const struct random_world *w)
{
    struct system *system =
        system_new(&s.system, &s.trace, s.pool_of, s.caller_of);

    system_run(system, w, NULL);
    uint64_t n = system_events(system);
    system_free(system);
    return n;
}

/* The search's own history and world, whatever number it makes of them. */
static void is_that_of_a_search(const char *which, enum history_kind kind,
                                size_t i)
{
    struct replications r = {0};
    struct trace record, own = {0};
    struct random_world w;
    struct histories h;

    loads(NULL);
    record = s.trace;
    s.trace = (struct trace){0};
    const struct resample_source source = {&record, 1.0};
    const struct histories_task task = {&source, 1, 7, 4, 3};
    assert_int_equal(histories_make(&h, &task, &err), ERR_OK);
    history_take(&h, history_first(&h, kind) + i, &own, &w);

    loads(NULL);
    assert_int_equal(drawn_take(&s, which, 7, &err), ERR_OK);
    assert_same_builds(&s.trace, &own);
    const struct replicate_task play = replicate_task_of(&s, 7);
    replicate(&r, &play);
    assert_int_equal(r.events, events_in(&w));
    replications_free(&r);
    trace_free(&own);
    histories_free(&h);
    trace_free(&record);
}

static void test_a_number_means_what_it_means_to_size(void **state)
{
    (void)state;
    is_that_of_a_search("runs:2", HISTORY_RUNS, 2);
    is_that_of_a_search("days:0", HISTORY_DAYS, 0);
    assert_non_null(
        strstr(s.trace_path, "pytorch-14d.csv.gz, number 0 drawn by days"));
}

static void refuses(const char *which)
{
    char want[160];

    assert_int_equal(drawn_take(&s, which, 7, &err), ERR_INPUT);
    (void)snprintf(want, sizeof want,
                   "\"%s\" is not runs:N or days:N with N from 0 to 9999, as "
                   "size numbers them",
                   which);
    assert_string_equal(err.msg, want);
}

static void test_what_names_no_history_is_refused(void **state)
{
    (void)state;
    loads("traces/data/scale-test.csv");
    size_t n = s.trace.n;

    refuses("");
    refuses("7");
    refuses("days");
    refuses("days:");
    refuses("hour:3");
    refuses("day:3");
    refuses("days:-1");
    refuses("days:1 ");
    refuses("runs:10000");
    refuses("runs:00000000000000000001");
    assert_int_equal(s.trace.n, n);
    assert_int_equal(drawn_take(&s, "runs:9999", 7, &err), ERR_OK);
}

static void test_a_record_without_whole_days_has_none_by_days(void **state)
{
    (void)state;
    loads("traces/data/scale-test.csv");
    assert_int_equal(drawn_take(&s, "days:1", 7, &err), ERR_INPUT);
    assert_string_equal(err.msg, "the record lacks a whole day of some kind: "
                                 "there are no histories drawn by days");
    assert_true(s.trace.n > 0);
    assert_int_equal(s.world, 0);
}

static void test_a_record_that_nobody_has_cut_stays(void **state)
{
    struct burst_peak peaks[2] = {{0}};
    struct trace out;
    (void)state;

    loads(NULL);
    drawn_uncap(&out, &s, peaks);
    assert_int_equal(out.n, 0);
    assert_int_equal(peaks[0].recorded, 107); /* "demand, peak" of a run */
    assert_int_equal(peaks[1].recorded, 8);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_number_means_what_it_means_to_size),
        TEST(test_what_names_no_history_is_refused),
        TEST(test_a_record_without_whole_days_has_none_by_days),
        TEST(test_a_record_that_nobody_has_cut_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
