#include "tests/support.h"

#include "sim/app/show.h"

#include <stdlib.h>
#include <string.h>

static void assert_shown(enum show_form form, double x, const char *want)
{
    char got[SHOW_CELL];

    show_value(form, x, got);
    assert_string_equal(got, want);
}

static void test_counts_are_grouped_by_thousands(void **state)
{
    (void)state;
    assert_shown(SHOW_COUNT, 0.0, "0");
    assert_shown(SHOW_COUNT, 999.0, "999");
    assert_shown(SHOW_COUNT, 1000.0, "1,000");
    assert_shown(SHOW_COUNT, 1234567.0, "1,234,567");
    assert_shown(SHOW_COUNT, 1234.25, "1,234.2"); /* a mean of counts */
    assert_shown(SHOW_COUNT, -1234.0, "-1,234");
    assert_shown(SHOW_COUNT, -123.0, "-123");
    assert_shown(SHOW_COUNT, -0.0, "0");
}

static void test_waits_have_tenths_below_a_minute(void **state)
{
    (void)state;
    assert_shown(SHOW_WAIT, 0.0, "0s");
    assert_shown(SHOW_WAIT, 0.04, "0s");
    assert_shown(SHOW_WAIT, 0.05, "0.1s");
    assert_shown(SHOW_WAIT, 0.6, "0.6s");
    assert_shown(SHOW_WAIT, 12.0, "12s");
    assert_shown(SHOW_WAIT, 59.94, "59.9s");
    assert_shown(SHOW_WAIT, 59.95, "1m");
    assert_shown(SHOW_WAIT, 190.4, "3m10s");
    assert_shown(SHOW_WAIT, 5400.0, "1h30m");
}

static void test_money_and_hours_are_rounded_when_large(void **state)
{
    (void)state;
    assert_shown(SHOW_USD, 41.324, "$41.32");
    assert_shown(SHOW_USD, 23634.4, "$23,634");
    assert_shown(SHOW_HOURS, 7.55, "7.5");
    assert_shown(SHOW_HOURS, 5229.4, "5,229");
    assert_shown(SHOW_NUMBER, 0.674, "0.67");
    assert_shown(SHOW_NUMBER, 13.34, "13.3");
}

static void test_shares_are_in_percent(void **state)
{
    (void)state;
    assert_shown(SHOW_SHARE, 0.5553, "55.5 %");
    assert_shown(SHOW_SHARE, 0.0, "0.0 %");
    assert_shown(SHOW_ABOVE, 1.987, "198.7 %");
    assert_shown(SHOW_ABOVE, -0.0004, "0.0 %");
    assert_shown(SHOW_ABOVE, -0.0006, "-0.1 %");
}

static void test_any_number_fits_its_cell(void **state)
{
    static const double extremes[] = {1e300, -1e300, INFINITY, -INFINITY, NAN};
    char got[SHOW_CELL];
    (void)state;

    for (size_t i = 0; i < sizeof extremes / sizeof *extremes; i++)
        for (int form = SHOW_COUNT; form <= SHOW_ABOVE; form++) {
            show_value((enum show_form)form, extremes[i], got);
            assert_true(strlen(got) > 0 && strlen(got) < SHOW_CELL - 1);
        }
}

static void test_half_widths_are_shown_from_two_replications_on(void **state)
{
    const struct estimate x = {190.0, 4.4};
    char got[SHOW_CELL];
    (void)state;

    show_estimate(SHOW_WAIT, x, 1, got);
    assert_string_equal(got, "3m10s");
    show_estimate(SHOW_WAIT, x, 2, got);
    assert_string_equal(got, "3m10s \u00b1 4.4s");
}

static void assert_paired(enum show_form form, double mean, uint32_t n_reps,
                          const char *want)
{
    char got[SHOW_CELL];

    show_paired(form, (struct paired){mean, 0.04, NAN}, n_reps, got);
    assert_string_equal(got, want);
}

static void test_a_difference_has_a_sign_unless_it_rounds_to_0(void **state)
{
    (void)state;
    assert_paired(SHOW_HOURS, -0.04, 20, "0.0 \u00b1 0.0");
    assert_paired(SHOW_HOURS, -0.06, 20, "-0.1 \u00b1 0.0");
    assert_paired(SHOW_HOURS, 0.04, 1, "0.0");
    assert_paired(SHOW_HOURS, 0.06, 1, "+0.1");
    assert_paired(SHOW_WAIT, -123.0, 2, "-2m3s \u00b1 0s");
    assert_paired(SHOW_WAIT, 0.04, 2, "0s \u00b1 0s");
    assert_paired(SHOW_USD, -1203.4, 1, "-$1,203");
}

static void test_cost_is_compared_with_its_bound(void **state)
{
    struct pool_figures figures[1] = {0};
    struct replications r = {.figures = figures, .n_reps = 1, .n_pools = 1};
    const struct show_row row = {"above", FIG_COST_USD, SHOW_ABOVE, false,
                                 false};
    char got[SHOW_CELL];
    (void)state;

    figures[0].at[FIG_COST_USD] = 30.0;
    show_cell(&row, &r, 0, got);
    assert_string_equal(got, "-"); /* there is no bound */
    figures[0].at[FIG_ORACLE_COST_USD] = 24.0;
    show_cell(&row, &r, 0, got);
    assert_string_equal(got, "25.0 %");
}

static void test_optional_rows_of_zeros_are_left_out(void **state)
{
    struct pool_figures figures[2] = {0};
    struct replications r = {.figures = figures, .n_reps = 1, .n_pools = 2};
    struct show_row row = {"cut", FIG_CUT, SHOW_COUNT, false, true};
    (void)state;

    assert_false(show_wants(&row, &r));
    figures[1].at[FIG_CUT] = 1.0;
    assert_true(show_wants(&row, &r));
    figures[1].at[FIG_CUT] = 0.0;
    row.optional = false;
    assert_true(show_wants(&row, &r));
}

static void test_columns_are_padded_by_characters(void **state)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    (void)state;

    assert_int_equal(show_width("1 \u00b1 2"), 5);
    show_padded(out, "1 \u00b1 2", 7, true);
    show_padded(out, "ab", 4, false);
    show_padded(out, "toolong", 4, false);
    (void)fclose(out);
    assert_string_equal(text, "  1 \u00b1 2ab  toolong");
    free(text);
}

enum { MANY = 10 };

static void assert_pools(const struct replications *r, size_t most,
                         const uint32_t want[], size_t n)
{
    uint32_t got[SHOW_POOLS];

    assert_int_equal(show_pools(r, most, got), n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(got[i], want[i]);
}

/* Pool 9 lost most; 2 and 5 as many, of which 5 waited longer; of the others 7
 * waited longest, 3 has most builds, and 0 comes before its equals.
 */
static void test_pools_that_lost_builds_or_waited_come_first(void **state)
{
    static struct pool_figures f[MANY];
    struct replications r = {.figures = f, .n_reps = 1, .n_pools = MANY};

    (void)state;
    f[9].at[FIG_KILLED] = 2.0;
    f[9].at[FIG_TIMED_OUT] = 1.0;
    f[2].at[FIG_GAVE_UP] = f[5].at[FIG_CUT] = 1.0;
    f[5].at[FIG_WAITS_MAXIMUM] = 0.5;
    f[7].at[FIG_WAITS_SLOT] = 3.0;
    f[3].at[FIG_BUILDS] = 40.0;
    assert_pools(&r, 6, (uint32_t[]){9, 5, 2, 7, 3, 0}, 6);
    assert_pools(&r, 2, (uint32_t[]){9, 5}, 2);
    assert_pools(&r, 8, (uint32_t[]){9, 5, 2, 7, 3, 0, 1, 4}, 8);
    r.n_pools = 8; /* all are shown, in their order */
    assert_pools(&r, 8, (uint32_t[]){0, 1, 2, 3, 4, 5, 6, 7}, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_grouped_by_thousands),
        cmocka_unit_test(test_waits_have_tenths_below_a_minute),
        cmocka_unit_test(test_money_and_hours_are_rounded_when_large),
        cmocka_unit_test(test_shares_are_in_percent),
        cmocka_unit_test(test_any_number_fits_its_cell),
        cmocka_unit_test(test_half_widths_are_shown_from_two_replications_on),
        cmocka_unit_test(test_a_difference_has_a_sign_unless_it_rounds_to_0),
        cmocka_unit_test(test_cost_is_compared_with_its_bound),
        cmocka_unit_test(test_optional_rows_of_zeros_are_left_out),
        cmocka_unit_test(test_pools_that_lost_builds_or_waited_come_first),
        cmocka_unit_test(test_columns_are_padded_by_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
