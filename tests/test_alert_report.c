/* Reports as promtool 2.42 writes them. */
#include "sim/app/alert_engine.h"

#include "tests/support.h"

#include <string.h>

static int take(struct alert_spells *s, const char *text, sim_us lead_us,
                struct err *e)
{
    FILE *in = fmemopen((char *)text, strlen(text), "r");

    *s = (struct alert_spells){0};
    int rc = alert_engine_read(s, in, 60 * US_PER_S, lead_us, e);
    fclose(in);
    return rc;
}

#define AT(TIME, SAMPLES)                                                      \
    "    expr: \"ALERTS{alertstate='firing'}\", time: " TIME ",\n"             \
    "        exp: nil\n        got: " SAMPLES "\n"
#define UP(MORE)                                                               \
    "{__name__=\"ALERTS\", alertname=\"Up\", alertstate=\"firing\"" MORE       \
    "} 1E+00"

static void assert_spell(const struct alert_spells *s, size_t i,
                         const char *labels, int from_min, int until_min)
{
    assert_true(i < s->n);
    assert_string_equal(strings_at(&s->strings, s->at[i].labels), labels);
    assert_int_equal(s->at[i].from_us, from_min * 60 * US_PER_S);
    assert_int_equal(s->at[i].until_us, until_min * 60 * US_PER_S);
}

static void test_evaluations_in_a_row_are_one_spell(void **state)
{
    struct alert_spells s;
    struct err e;
    (void)state;

    assert_int_equal(
        take(&s,
             "Unit Testing:  test.yml\n  FAILED:\n" AT("58m", UP(""))
                 AT("59m", UP("")) AT("1h0m", UP("")) AT("1h2m", UP("")),
             0, &e),
        ERR_OK);
    assert_int_equal(s.n, 2);
    assert_string_equal(strings_at(&s.strings, s.at[0].alert), "Up");
    assert_spell(&s, 0, "", 58, 61);
    assert_spell(&s, 1, "", 62, 63); /* not at 61 */
    alert_spells_free(&s);
}

static void test_label_sets_are_apart(void **state)
{
    struct alert_spells s;
    struct err e;
    (void)state;

    assert_int_equal(
        take(&s,
             AT("1m", UP(", proxy=\"a\"") ", " UP(", proxy=\"b, \\\"}{\""))
                 AT("2m", UP(", proxy=\"a\"")),
             0, &e),
        ERR_OK);
    assert_int_equal(s.n, 2);
    assert_spell(&s, 0, "proxy=\"a\"", 1, 3);
    assert_spell(&s, 1, "proxy=\"b, \\\"}{\"", 1, 2);
    alert_spells_free(&s);
}

static void test_times_are_those_of_the_history(void **state)
{
    struct alert_spells s;
    struct err e;
    (void)state;

    /* Weeks have a unit of their own, zero has one, too. */
    assert_int_equal(
        take(&s, AT("2w", UP("")) AT("14d1m", UP("")), 13 * US_PER_DAY, &e),
        ERR_OK);
    assert_int_equal(s.n, 1);
    assert_spell(&s, 0, "", 1440, 1442);
    alert_spells_free(&s);
    assert_int_equal(take(&s, AT("0s", UP("")), 0, &e), ERR_OK);
    assert_spell(&s, 0, "", 0, 1);
    alert_spells_free(&s);
}

static void test_success_is_silence(void **state)
{
    struct alert_spells s;
    struct err e;
    (void)state;

    assert_int_equal(take(&s, "Unit Testing:  test.yml\n  SUCCESS\n\n", 0, &e),
                     ERR_OK);
    assert_int_equal(s.n, 0);
    alert_spells_free(&s);
}

static void test_what_is_not_understood_is_shown(void **state)
{
    struct alert_spells s;
    struct err e;
    (void)state;

    assert_int_equal(
        take(&s, "  FAILED:\n    rule: Up, time: 0s, err: many-to-many\n", 0,
             &e),
        ERR_INPUT);
    assert_string_equal(e.msg,
                        "promtool: rule: Up, time: 0s, err: many-to-many");
    alert_spells_free(&s);
    assert_int_equal(take(&s, AT("1m", "{alertname=\"Up"), 0, &e), ERR_IO);
    assert_string_equal(e.msg, "promtool's report is not understood: "
                               "{alertname=\"Up");
    alert_spells_free(&s);
    assert_int_equal(take(&s, AT("1m", "{a=\"b\"} 1"), 0, &e), ERR_IO);
    alert_spells_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_evaluations_in_a_row_are_one_spell),
        cmocka_unit_test(test_label_sets_are_apart),
        cmocka_unit_test(test_times_are_those_of_the_history),
        cmocka_unit_test(test_success_is_silence),
        cmocka_unit_test(test_what_is_not_understood_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
