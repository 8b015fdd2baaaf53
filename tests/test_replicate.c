#include "tests/fixture.h"
#include "tests/support.h"

#include "sim/plan/replicate.h"

/* A burst of 12 builds on a pool of 2 to 8, and a quiet pool beside it. */
static void burst(struct fixture *f)
{
    fixture_init(f, 2, 2, 8);
    for (int i = 0; i < 12; i++)
        fixture_build(f, 0, 0, 60.0 + 0.3 * i, 200.0 + 31.0 * i);
    fixture_build(f, 1, 0, 70.0, 45.0);
}

static struct replicate_task task(struct fixture *f, uint32_t n_reps,
                                  uint32_t n_threads)
{
    return (struct replicate_task){
        .params = &f->p,
        .trace = &f->t,
        .pool_of = f->pool_of,
        .caller_of = f->caller_of,
        .seed = 7,
        .n_reps = n_reps,
        .n_threads = n_threads,
    };
}

static void assert_same(const struct replications *a,
                        const struct replications *b, size_t n_reps)
{
    assert_memory_equal(a->figures, b->figures,
                        n_reps * a->n_pools * sizeof *a->figures);
}

static void test_results_do_not_depend_on_the_number_of_threads(void **state)
{
    static const uint32_t threads[] = {2, 3, 16, REPLICATE_THREADS};
    struct fixture f;
    struct replications one, many;
    (void)state;

    burst(&f);
    struct replicate_task t = task(&f, 6, 1);
    replicate(&one, &t);
    assert_int_equal(one.n_reps, 6);
    assert_int_equal(one.n_pools, 2);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        t.n_threads = threads[i];
        replicate(&many, &t);
        assert_same(&one, &many, 6);
        assert_int_equal(one.events, many.events);
        assert_int_equal(one.horizon_us, many.horizon_us);
        replications_free(&many);
    }
    replications_free(&one);
    fixture_free(&f);
}

static void test_more_replications_keep_the_first_ones(void **state)
{
    struct fixture f;
    struct replications few, many;
    (void)state;

    burst(&f);
    struct replicate_task t = task(&f, 2, 2);
    replicate(&few, &t);
    t.n_reps = 5;
    replicate(&many, &t);
    assert_same(&few, &many, 2);
    replications_free(&few);
    replications_free(&many);
    fixture_free(&f);
}

static void test_replications_and_seeds_differ(void **state)
{
    struct fixture f;
    struct replications a, b;
    (void)state;

    burst(&f);
    struct replicate_task t = task(&f, 2, 1);
    replicate(&a, &t);
    t.seed = 8;
    replicate(&b, &t);
    double first = a.figures[0].at[FIG_WAIT_MEAN];
    assert_true(first > 0.0);
    assert_true(a.figures[2].at[FIG_WAIT_MEAN] != first);
    assert_true(b.figures[0].at[FIG_WAIT_MEAN] != first);
    replications_free(&a);
    replications_free(&b);
    fixture_free(&f);
}

/* ------------------------------------------------------------ watching */

struct watched {
    int n_begin, n_end, n_notes, n_rows;
    const struct system *system;
    sim_us last_end_us;
};

static void on_begin(void *context, const struct system *s)
{
    struct watched *w = context;

    w->n_begin++;
    w->system = s;
}

static void on_note(void *context, const struct note *n)
{
    struct watched *w = context;
    char text[256];

    note_print(w->system, n, text); /* the system can be asked */
    assert_true(text[0] != '\0');
    w->n_notes++;
}

static void on_row(void *context, const struct timeline_row *r)
{
    struct watched *w = context;

    assert_true(r->pool < 2);
    w->n_rows++;
}

static void on_end(void *context, const struct system *s)
{
    struct watched *w = context;

    assert_ptr_equal(w->system, s);
    w->n_end++;
    w->last_end_us = system_builds(s)[11].end_us;
}

static void test_only_the_first_replication_is_watched(void **state)
{
    struct fixture f;
    struct watched w = {0};
    struct replications seen, unseen;
    const struct replicate_watch watch = {.context = &w,
                                          .on_begin = on_begin,
                                          .on_note = on_note,
                                          .on_row = on_row,
                                          .on_end = on_end};
    (void)state;

    burst(&f);
    struct replicate_task t = task(&f, 4, 3);
    replicate(&unseen, &t);
    t.watch = &watch;
    replicate(&seen, &t);
    assert_int_equal(w.n_begin, 1);
    assert_int_equal(w.n_end, 1);
    assert_true(w.n_notes > 100 && w.n_rows > 50);
    assert_true(w.last_end_us > us_from_s(60.0));
    assert_same(&seen, &unseen, 4); /* looking changes nothing */
    replications_free(&seen);
    replications_free(&unseen);
    fixture_free(&f);
}

static void on_done(void *context, uint32_t n_done)
{
    uint32_t *last = context;

    assert_int_equal(n_done, *last + 1);
    *last = n_done;
}

static void test_each_replication_is_reported_when_done(void **state)
{
    struct fixture f;
    struct replications r;
    uint32_t n = 0;
    (void)state;

    burst(&f);
    struct replicate_task t = task(&f, 5, 4);
    t.on_done = on_done;
    t.done_context = &n;
    replicate(&r, &t);
    assert_int_equal(n, 5);
    replications_free(&r);
    fixture_free(&f);
}

/* ------------------------------------------------------------ estimates */

static void test_an_estimate_is_mean_and_half_width(void **state)
{
    struct pool_figures figures[6] = {0};
    struct replications r = {.figures = figures, .n_reps = 3, .n_pools = 2};
    (void)state;

    figures[1].at[FIG_SERVED] = 2.0;
    figures[3].at[FIG_SERVED] = 4.0;
    figures[5].at[FIG_SERVED] = 9.0;
    struct estimate x = estimate_of(&r, 1, FIG_SERVED);
    assert_close(x.mean, 5.0, 1e-12);
    /* t(0.975, 2) = 4.302653, s = sqrt(13), n = 3 */
    assert_close(x.half_width, 8.956686, 1e-5);
    x = estimate_of(&r, 0, FIG_SERVED);
    assert_close(x.mean, 0.0, 0.0);
    assert_close(x.half_width, 0.0, 0.0);
}

static void test_a_total_is_summed_in_each_replication(void **state)
{
    struct pool_figures figures[4] = {0};
    struct replications r = {.figures = figures, .n_reps = 2, .n_pools = 2};
    (void)state;

    figures[0].at[FIG_COST_USD] = 10.0;
    figures[1].at[FIG_COST_USD] = 3.0;
    figures[2].at[FIG_COST_USD] = 8.0;
    figures[3].at[FIG_COST_USD] = 5.0;
    struct estimate x = estimate_total(&r, FIG_COST_USD);
    assert_close(x.mean, 13.0, 1e-12);
    assert_close(x.half_width, 0.0, 1e-12); /* they move against each other */
}

static void test_one_replication_has_no_half_width(void **state)
{
    struct pool_figures figures[1] = {0};
    struct replications r = {.figures = figures, .n_reps = 1, .n_pools = 1};
    (void)state;

    figures[0].at[FIG_WAIT_P95] = 42.5;
    struct estimate x = estimate_of(&r, 0, FIG_WAIT_P95);
    assert_close(x.mean, 42.5, 0.0);
    assert_close(x.half_width, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results_do_not_depend_on_the_number_of_threads),
        cmocka_unit_test(test_more_replications_keep_the_first_ones),
        cmocka_unit_test(test_replications_and_seeds_differ),
        cmocka_unit_test(test_only_the_first_replication_is_watched),
        cmocka_unit_test(test_each_replication_is_reported_when_done),
        cmocka_unit_test(test_an_estimate_is_mean_and_half_width),
        cmocka_unit_test(test_a_total_is_summed_in_each_replication),
        cmocka_unit_test(test_one_replication_has_no_half_width),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
