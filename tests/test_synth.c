#include "tests/support.h"

#include "sim/engine/tally.h"
#include "tests/make_synth.h"

#include <stdlib.h>
#include <string.h>

static bool same_build(const struct trace *t, const struct trace *u, size_t i)
{
    const struct trace_build *a = &t->builds[i], *b = &u->builds[i];

    return a->asked_us == b->asked_us && a->work_us == b->work_us &&
           a->leaves_us == b->leaves_us && a->outcome == b->outcome &&
           strcmp(at(t, a->id), at(u, b->id)) == 0 &&
           strcmp(at(t, a->name), at(u, b->name)) == 0;
}

/* The build with this identity, or NULL. */
static const struct trace_build *find(const struct trace *t, const char *id)
{
    uint32_t index = strings_find(&t->strings, id, strlen(id));

    for (size_t i = 0; index != NO_INDEX && i < t->n; i++)
        if (t->builds[i].id == index)
            return &t->builds[i];
    return NULL;
}

static void test_one_seed_gives_one_trace(void **state)
{
    struct trace t = make_with("seed=7", NULL, NULL);
    struct trace u = make_with("seed=7", NULL, NULL);

    (void)state;
    assert_int_equal(t.n, u.n);
    for (size_t i = 0; i < t.n; i++)
        assert_true(same_build(&t, &u, i));
    trace_free(&t);
    trace_free(&u);
}

static void test_another_seed_gives_another_trace(void **state)
{
    struct trace t = make_with("seed=7", NULL, NULL);
    struct trace u = make_with("seed=8", NULL, NULL);

    (void)state;
    assert_false(same_build(&t, &u, 0));
    trace_free(&t);
    trace_free(&u);
}

static void test_the_trace_says_what_it_is(void **state)
{
    struct trace t = make_with("days=3.5", NULL, NULL);

    (void)state;
    assert_true(t.synthetic);
    assert_true(t.absolute);
    assert_int_equal(t.origin_us, INT64_C(1779667200) * US_PER_S);
    assert_int_equal(t.span_us, 84 * US_PER_H);
    trace_free(&t);
}

static void test_builds_lie_inside_the_record_in_order(void **state)
{
    struct trace t = make_with("days=3", "runs_per_day=200", "skew=1h");

    (void)state;
    assert_true(t.n > 10000);
    for (size_t i = 0; i < t.n; i++) {
        assert_true(t.builds[i].asked_us >= 0);
        assert_true(t.builds[i].asked_us < t.span_us);
        assert_int_equal(t.builds[i].asked_us % US_PER_MS, 0);
        assert_int_equal(t.builds[i].work_us % US_PER_MS, 0);
        if (i > 0)
            assert_true(t.builds[i - 1].asked_us <= t.builds[i].asked_us);
    }
    trace_free(&t);
}

static void test_identities_count_runs_and_builds(void **state)
{
    struct trace t = make_with("nightly_max=4", "cancel_frac=0", NULL);

    (void)state;
    for (size_t i = 0; i < t.n; i++) {
        const char *id = at(&t, t.builds[i].id), *run = at(&t, t.builds[i].run);

        assert_int_equal(strlen(id), strlen("r0042-b07"));
        assert_int_equal(strlen(run), strlen("r0042"));
        assert_memory_equal(id, run, 5);
    }
    assert_non_null(find(&t, "r0001-b01"));
    assert_true(find(&t, "r0001-b01")->asked_us <
                find(&t, "r0002-b01")->asked_us + 120 * US_PER_S);
    trace_free(&t);
}

static void test_a_run_brings_its_matrix_within_the_skew(void **state)
{
    struct trace t = make_with("cancel_frac=0", "nightly_max=4", "skew=30s");
    sim_us low_us = SIM_NEVER, high_us = 0;
    size_t amd64 = 0, arm64 = 0;
    uint32_t run = t.builds[0].run;

    (void)state;
    for (size_t i = 0; i < t.n; i++) {
        if (t.builds[i].run != run)
            continue;
        sim_us asked_us = t.builds[i].asked_us;

        low_us = asked_us < low_us ? asked_us : low_us;
        high_us = asked_us > high_us ? asked_us : high_us;
        amd64 += strcmp(at(&t, t.builds[i].pool), "amd64") == 0;
        arm64 += strcmp(at(&t, t.builds[i].pool), "arm64") == 0;
        assert_string_equal(at(&t, t.builds[i].caller), "docker-builds");
    }
    assert_int_equal(amd64, 27);
    assert_int_equal(arm64, 2);
    assert_true(high_us - low_us <= 30 * US_PER_S);
    assert_true(high_us - low_us > 15 * US_PER_S);
    trace_free(&t);
}

static void test_extra_builds_come_with_their_share_of_runs(void **state)
{
    struct trace t = make_with("extra_frac=0.7", "days=140", "cancel_frac=0");
    size_t n = 0, extra = 0, arm64 = 0;

    (void)state;
    for (size_t i = 0; i < t.n; i++) {
        const char *caller = at(&t, t.builds[i].caller);

        n += strcmp(caller, "docker-builds") == 0;
        if (strcmp(caller, "binary-builds") != 0)
            continue;
        extra++;
        arm64 += strcmp(at(&t, t.builds[i].pool), "arm64") == 0;
    }
    /* About 2000 runs; a run cut by the end of the record may miss some. */
    assert_close((double)extra / 22.0 / ((double)n / 29.0), 0.7, 0.045);
    assert_close((double)arm64 / (double)extra, 5.0 / 22.0, 0.001);
    trace_free(&t);
}

static void test_a_cancelled_run_leaves_at_one_instant(void **state)
{
    struct trace t =
        make_with("cancel_frac=1", "weekly_run=0", "nightly_max=4");
    sim_us *leaves_us = calloc(t.strings.n, sizeof *leaves_us);

    (void)state;
    for (size_t i = 0; i < t.n; i++) {
        const struct trace_build *b = &t.builds[i];

        if (strcmp(at(&t, b->caller), "docker-release") == 0) {
            assert_int_equal(b->leaves_us, SIM_NEVER);
            continue;
        }
        assert_int_equal(b->outcome, TRACE_CANCELLED);
        assert_true(b->leaves_us > b->asked_us);
        if (leaves_us[b->run] == 0)
            leaves_us[b->run] = b->leaves_us;
        assert_int_equal(b->leaves_us, leaves_us[b->run]);
    }
    free(leaves_us);
    trace_free(&t);
}

static void test_cancelling_leaves_all_other_draws_alone(void **state)
{
    struct trace t = make_with("cancel_frac=0.6", NULL, NULL);
    struct trace u = make_with("cancel_frac=0", NULL, NULL);
    size_t n_cancelled = 0;

    (void)state;
    assert_true(t.n < u.n); /* some leave before all of the run has asked */
    for (size_t i = 0; i < t.n; i++) {
        const struct trace_build *a = &t.builds[i];
        const struct trace_build *b = find(&u, at(&t, a->id));

        assert_non_null(b);
        assert_int_equal(a->asked_us, b->asked_us);
        assert_int_equal(a->work_us, b->work_us);
        assert_string_equal(at(&t, a->name), at(&u, b->name));
        n_cancelled += a->outcome == TRACE_CANCELLED;
    }
    assert_true(n_cancelled > t.n / 3);
    trace_free(&t);
    trace_free(&u);
}

static void test_failing_builds_stop_at_a_uniform_point(void **state)
{
    struct trace t = make_with("error_frac=1", "cancel_frac=0", NULL);
    struct trace u = make_with("error_frac=0", "cancel_frac=0", NULL);
    struct tally point = {0};

    (void)state;
    assert_int_equal(t.n, u.n);
    for (size_t i = 0; i < t.n; i++) {
        assert_int_equal(t.builds[i].outcome, TRACE_ERROR);
        assert_int_equal(u.builds[i].outcome, TRACE_OK);
        tally_add(&point,
                  (double)t.builds[i].work_us / (double)u.builds[i].work_us);
    }
    /* Uniform: mean 1/2, variance 1/12. */
    assert_close(point.mean, 0.5, 4 * sqrt(1.0 / 12.0 / (double)t.n));
    assert_close(tally_variance(&point), 1.0 / 12.0, 0.005);
    assert_true(point.max < 1.0);
    trace_free(&t);
    trace_free(&u);
}

/* Work in minutes of the CI images of one pool, sorted; owned. */
static double *work_of(const struct trace *t, const char *pool, size_t *n)
{
    double *x = calloc(t->n + 1, sizeof *x);

    *n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(at(t, t->builds[i].caller), "docker-builds") == 0 &&
            strcmp(at(t, t->builds[i].pool), pool) == 0)
            x[(*n)++] = s_from_us(t->builds[i].work_us) / 60.0;
    sort_doubles(x, *n);
    return x;
}

/* Sizes and residual together are nearly lognormal: the median within 3 %,
 * the quantiles within 6 %, of 25 exp(0.7 z), z = 1.2816.
 */
static void test_work_over_all_images_has_the_stated_spread(void **state)
{
    struct trace t = make_with("days=70", "error_frac=0", NULL);
    size_t n;

    (void)state;
    double *x = work_of(&t, "amd64", &n);
    assert_close(quantile(x, n, 0.1), 10.19, 0.06 * 10.19);
    assert_close(quantile(x, n, 0.5), 25.0, 0.03 * 25.0);
    assert_close(quantile(x, n, 0.9), 61.31, 0.06 * 61.31);
    assert_close(x[0], 2.0, 0.5);
    assert_close(x[n - 1], 120.0, 0.0);
    free(x);
    x = work_of(&t, "arm64", &n); /* 1.3 times that; n is about 1900 */
    assert_close(quantile(x, n, 0.5), 32.5, 0.06 * 32.5);
    assert_close(quantile(x, n, 0.9), 79.7, 0.08 * 79.7);
    free(x);
    trace_free(&t);
}

/* Without a spread beyond their own, images work as their sizes say. */
static void test_size_factors_are_fixed_for_each_name(void **state)
{
    struct trace t =
        make_with("work_sigma=0", "error_frac=0", "runs_per_day=0");
    double log_sum = 0.0, rocm = 0.0, linter = 0.0, cuda = 0.0;

    (void)state;
    for (size_t i = 0; i < 27; i++) {
        char id[16];

        /* Wednesday's run, behind two days of release images. */
        snprintf(id, sizeof id, "r0003-b%02zu", i + 1);
        const struct trace_build *b = find(&t, id);
        assert_non_null(b);
        const char *name = at(&t, b->name);
        double work_s = s_from_us(b->work_us);

        log_sum += log(work_s);
        rocm = strstr(name, "rocm") ? work_s : rocm;
        cuda = strstr(name, "cuda") ? work_s : cuda;
        linter = strstr(name, "linter") ? work_s : linter;
    }
    assert_close(exp(log_sum / 27.0), 1500.0, 0.01);
    assert_close(rocm / linter, 8.0, 1e-4);
    assert_close(cuda / linter, 5.2, 1e-4);
    trace_free(&t);
}

static void assert_refused(const char *a, const char *b, const char *message)
{
    struct synth_params p;
    struct trace t;
    struct err e = {0};

    synth_defaults(&p);
    set(&p, a);
    if (b)
        set(&p, b);
    assert_int_equal(trace_synth(&t, &p, &e), ERR_INPUT);
    assert_string_equal(e.msg, message);
    assert_int_equal(t.n, 0);
    assert_null(t.builds);
}

static void test_parameters_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    assert_refused("work_min=3h", NULL,
                   "work_min is above work_max; raise work_max");
    assert_refused("nightly_min=9", NULL,
                   "nightly_min is above nightly_max; raise nightly_max");
    /* 3660 (1000 + 1/7) + 1 runs of 30, 3661 days of 8: by hand. */
    assert_refused("days=3660", "runs_per_day=1000",
                   "about 109845004 builds, more than 5000000; lower days, "
                   "runs_per_day or the builds of a run");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_seed_gives_one_trace),
        cmocka_unit_test(test_another_seed_gives_another_trace),
        cmocka_unit_test(test_the_trace_says_what_it_is),
        cmocka_unit_test(test_builds_lie_inside_the_record_in_order),
        cmocka_unit_test(test_identities_count_runs_and_builds),
        cmocka_unit_test(test_a_run_brings_its_matrix_within_the_skew),
        cmocka_unit_test(test_extra_builds_come_with_their_share_of_runs),
        cmocka_unit_test(test_a_cancelled_run_leaves_at_one_instant),
        cmocka_unit_test(test_cancelling_leaves_all_other_draws_alone),
        cmocka_unit_test(test_failing_builds_stop_at_a_uniform_point),
        cmocka_unit_test(test_work_over_all_images_has_the_stated_spread),
        cmocka_unit_test(test_size_factors_are_fixed_for_each_name),
        cmocka_unit_test(test_parameters_that_do_not_fit_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
