/* Whether the generator agrees with the published figures of its fit.
 *
 * Published, infinite servers, 150 draws of 14 days and 25 of 70 days, as
 * 10, 50 and 90 % quantiles of the peak: amd64 110/134/167 and 126/168/203,
 * arm64 9/11/14 and 11/14/16; mean running amd64 7.6. The fit counts a
 * cancelled build until it leaves, 14.3 runs a day with the stacked ones among
 * them, 27 + 2 builds a run and no binary builders.
 */
#include "tests/support.h"

#include "sim/engine/tally.h"
#include "tests/make_synth.h"
#include "traces/stats.h"

#include <stdlib.h>

enum { MAX_DRAWS = 150 };

/* What so many draws of one length gave. */
struct draws {
    size_t n;
    double amd64[MAX_DRAWS], arm64[MAX_DRAWS]; /* peaks, sorted */
    struct tally mean_amd64;
};

static void draw_peaks(struct draws *d, double days, size_t n)
{
    struct synth_params p;

    *d = (struct draws){.n = n};
    synth_defaults(&p);
    p.days = days;
    for (size_t i = 0; i < n; i++) {
        p.seed = i + 1;
        struct trace t = make(&p);
        size_t n_pools;
        struct pool_stats *pools = trace_stats(&t, &n_pools);

        assert_int_equal(n_pools, 2);
        assert_false(pools[0].capped);
        assert_false(pools[1].capped);
        d->amd64[i] = (double)pools[0].demand_peak;
        d->arm64[i] = (double)pools[1].demand_peak;
        tally_add(&d->mean_amd64, pools[0].demand_mean);
        free(pools);
        trace_free(&t);
    }
    sort_doubles(d->amd64, n);
    sort_doubles(d->arm64, n);
}

/* The published quantile comes of n draws as well. If both samples have one
 * law, it falls among ours at rank n p, with a standard error of
 * sqrt(2 n p (1 - p)); three of them, and one rank for the rounding, are the
 * bounds of an order statistic. Peaks are whole numbers and tie: any rank of
 * the tie will do.
 */
static void assert_quantile(const double sorted[], size_t n, double p,
                            double published)
{
    double rank = p * (double)n;
    double slack = 3.0 * sqrt(2.0 * rank * (1.0 - p)) + 1.0;
    size_t below = 0, not_above = 0;

    for (size_t i = 0; i < n; i++) {
        below += sorted[i] < published;
        not_above += sorted[i] <= published;
    }
    if ((double)below > rank + slack || (double)not_above < rank - slack)
        fail_msg("%g is at rank %zu to %zu of %zu, not %.1f +- %.1f", published,
                 below, not_above, n, rank, slack);
}

static void assert_quantiles(const double sorted[], size_t n, double p10,
                             double p50, double p90)
{
    assert_quantile(sorted, n, 0.1, p10);
    assert_quantile(sorted, n, 0.5, p50);
    assert_quantile(sorted, n, 0.9, p90);
}

static void test_fortnights_peak_as_published(void **state)
{
    struct draws d;

    (void)state;
    draw_peaks(&d, 14.0, 150);
    assert_quantiles(d.amd64, d.n, 110.0, 134.0, 167.0);
    assert_quantiles(d.arm64, d.n, 9.0, 11.0, 14.0);
    /* Standard error 0.054 here and there, and 0.05 of rounding. */
    double error = sqrt(2.0 * tally_variance(&d.mean_amd64) / 150.0);

    assert_close(error, 0.076, 0.01);
    assert_close(d.mean_amd64.mean, 7.6, 3.0 * error + 0.05);
}

static void test_ten_weeks_peak_as_published(void **state)
{
    struct draws d;

    (void)state;
    draw_peaks(&d, 70.0, 25);
    assert_quantiles(d.amd64, d.n, 126.0, 168.0, 203.0);
    assert_quantiles(d.arm64, d.n, 11.0, 14.0, 16.0);
}

/* Without stacking the fit has a 14-day median of about 100, and 120 for 70
 * days: a generator that stacks nothing must not pass for this one.
 */
static void test_the_quantiles_tell_a_generator_without_stacks(void **state)
{
    struct synth_params p;
    size_t below = 0;

    (void)state;
    synth_defaults(&p);
    p.stack_frac = 0.0;
    for (p.seed = 1; p.seed <= 50; p.seed++) {
        struct trace t = make(&p);
        size_t n_pools;
        struct pool_stats *pools = trace_stats(&t, &n_pools);

        below += pools[0].demand_peak < 134;
        free(pools);
        trace_free(&t);
    }
    /* Of 50, 25 would be below with stacks; standard error 3.5. */
    assert_true((double)below > 25 + 4 * 3.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fortnights_peak_as_published),
        cmocka_unit_test(test_ten_weeks_peak_as_published),
        cmocka_unit_test(test_the_quantiles_tell_a_generator_without_stacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
