#include "tests/support.h"

#include "scenarios/promql.h"

#include <string.h>

static struct promql_term last;
static size_t n_terms;

/* Every metric named low is 0, high 10; all else may be anything. */
static enum promql_truth known(void *context, const struct promql_term *t)
{
    double x = strcmp(t->metric, "high") == 0 ? 10.0 : 0.0;

    (void)context;
    last = *t;
    n_terms++;
    if (strcmp(t->metric, "low") != 0 && strcmp(t->metric, "high") != 0)
        return PROMQL_MAYBE;
    return promql_holds(t->op, x, t->number) ? PROMQL_ALWAYS : PROMQL_NEVER;
}

static enum promql_truth truth(const char *text)
{
    enum promql_truth out;
    struct err e;

    n_terms = 0;
    if (promql_read(text, known, NULL, &out, &e) != ERR_OK)
        fail_msg("%s: %s", text, e.msg);
    return out;
}

static void refused(const char *text, const char *why)
{
    enum promql_truth out;
    struct err e;

    assert_int_equal(promql_read(text, known, NULL, &out, &e), ERR_INPUT);
    assert_string_equal(e.msg, why);
}

static void test_a_comparison_is_read_whole(void **state)
{
    (void)state;
    assert_int_equal(truth(" max by (a, b) (high{proxy=\"bk\", x!~'y|z',})"
                           " >= 9.5 # why\n"),
                     PROMQL_ALWAYS);
    assert_string_equal(last.metric, "high");
    assert_int_equal(last.n_labels, 2);
    assert_string_equal(promql_value(&last, "proxy"), "bk");
    assert_null(promql_value(&last, "x"));
    assert_int_equal(last.labels[1].match, PROMQL_NOT_LIKE);
    assert_int_equal(last.op, PROMQL_GE);
    assert_true(last.number == 9.5);
    assert_int_equal(last.use, PROMQL_VALUE);
}

static void test_a_number_may_come_first(void **state)
{
    (void)state;
    assert_int_equal(truth("5 < high"), PROMQL_ALWAYS);
    assert_int_equal(last.op, PROMQL_GT);
    assert_int_equal(truth("10 <= low"), PROMQL_NEVER);
    assert_int_equal(last.op, PROMQL_GE);
    assert_int_equal(truth("-1e1 == low"), PROMQL_NEVER);
    assert_true(last.number == -10.0);
}

static void test_functions_say_what_is_compared(void **state)
{
    (void)state;
    truth("sum(low) by (a) > 0");
    assert_int_equal(last.use, PROMQL_SUM);
    truth("increase(low[15m]) > 0");
    assert_int_equal(last.use, PROMQL_GROWTH);
    truth("sum by (a) (rate(low[1h30m])) > 0");
    assert_int_equal(last.use, PROMQL_SUM);
    truth("count(sum by (a) (low)) > 0");
    assert_int_equal(last.use, PROMQL_COUNT);
    truth("max_over_time(low[5m]) > 0");
    assert_int_equal(last.use, PROMQL_VALUE);
    truth("sum > 0"); /* a metric of that name */
    assert_string_equal(last.metric, "sum");
}

static void test_and_binds_more_tightly_than_or(void **state)
{
    (void)state;
    assert_int_equal(truth("high > 1 or low > 1 and low > 1"), PROMQL_ALWAYS);
    assert_int_equal(truth("(high > 1 or low > 1) and low > 1"), PROMQL_NEVER);
    assert_int_equal(truth("high > 1 and other > 1"), PROMQL_MAYBE);
    assert_int_equal(truth("low > 1 and on (a) other > 1"), PROMQL_NEVER);
    assert_int_equal(truth("low > 1 or ignoring () other > 1"), PROMQL_MAYBE);
    assert_int_equal(n_terms, 2);
}

static void test_anything_else_is_refused(void **state)
{
    (void)state;
    refused("", "it ends too early");
    refused("high >", "it ends too early");
    refused("high > bool 1", "not understood from \" 1\" on");
    refused("high / low > 1", "not understood from \"/ low > 1\" on");
    refused("high > 5m", "not understood from \"5m\" on");
    refused("high > low", "not understood from \"low\" on");
    refused("high > 1e999", "not understood from \"1e999\" on");
    refused("high{a=1} > 1", "not understood from \"1} > 1\" on");
    refused("high{a=\"x} > 1", "not understood from \"\"x} > 1\" on");
    refused("high > 1)", "not understood from \")\" on");
    refused("rate(high) > 1", "not understood from \") > 1\" on");
    refused("high > 1 unless low > 1",
            "not understood from \"unless low > 1\" on");
}

static void test_depth_and_length_are_bounded(void **state)
{
    char text[PROMQL_TEXT + 2];
    enum promql_truth out;
    struct err e;
    (void)state;

    memset(text, '(', sizeof text);
    text[100] = 0;
    assert_int_equal(promql_read(text, known, NULL, &out, &e), ERR_INPUT);
    memset(text, ' ', sizeof text);
    text[sizeof text - 1] = 0;
    refused(text, "longer than 2000 characters");
    memset(text, 'a', 200);
    memcpy(text + 200, " > 1", 5);
    assert_int_equal(promql_read(text, known, NULL, &out, &e), ERR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_comparison_is_read_whole),
        cmocka_unit_test(test_a_number_may_come_first),
        cmocka_unit_test(test_functions_say_what_is_compared),
        cmocka_unit_test(test_and_binds_more_tightly_than_or),
        cmocka_unit_test(test_anything_else_is_refused),
        cmocka_unit_test(test_depth_and_length_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
