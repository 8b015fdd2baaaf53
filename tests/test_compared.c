/* Decisions counted and written down; steps as recordings have them. */
#include "sim/upstream/compared.h"
#include "sim/upstream/step.h"
#include "tests/support.h"

#include <stdlib.h>

static void test_the_first_difference_is_kept_and_all_are_written(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    struct compared c = {.component = "HPA", .pool = "amd64", .out = out};
    json_t *step = json_pack("{s:i}", "c", 2);
    (void)state;

    compared_take(&c, 1500000, step, true, "not looked at");
    compared_take(&c, 2250000, step, false, "start: real 1, model 2");
    compared_take(&c, 3000000, step, false, "later");
    fclose(out);
    assert_int_equal(c.n, 3);
    assert_int_equal(c.n_different, 2);
    assert_int_equal(c.first_us, 2250000);
    assert_string_equal(c.first, "start: real 1, model 2");
    assert_string_equal(
        text,
        "{\"component\":\"HPA\",\"pool\":\"amd64\",\"at_s\":1.5,\"c\":2}\n"
        "{\"component\":\"HPA\",\"pool\":\"amd64\",\"at_s\":2.25,"
        "\"differs\":\"start: real 1, model 2\",\"c\":2}\n"
        "{\"component\":\"HPA\",\"pool\":\"amd64\",\"at_s\":3.0,"
        "\"differs\":\"later\",\"c\":2}\n");
    json_decref(step);
    free(text);
}

static void assert_step(json_t *step, const char *want)
{
    char *text = json_dumps(step, JSON_COMPACT);

    assert_string_equal(text, want);
    free(text);
    json_decref(step);
}

static void test_a_reconcile_is_recorded(void **state)
{
    json_t *step = step_of_scale(100, 150);
    json_t *series = json_pack("[i]", 7000);
    (void)state;

    step_scale(step, 2, 3);
    step_metric(step, series, 160);
    step_metric(step, NULL, 170);
    step_write(step, 200, 7, STEP_CONFLICT);
    step_write(step, 230, 7, STEP_OK);
    assert_step(step, "{\"t\":[100,170],\"c\":2,\"r\":3,\"m\":[[7000],null],"
                      "\"w\":[[200,\"conflict\"],[230,\"ok\"]],\"n\":7}");
    json_decref(series);
}

/* Only a write that failed, and not long ago, is read for again. */
static void test_a_read_after_a_failed_write_is_of_the_same_step(void **state)
{
    json_t *step = step_of_scale(100, 150);
    (void)state;

    assert_false(step_reads_again(NULL, 100));
    assert_false(step_reads_again(step, 160));
    step_write(step, 200, 7, STEP_CONFLICT);
    assert_true(step_reads_again(step, 200 + 999999));
    assert_false(step_reads_again(step, 200 + 1000000));
    step_write(step, 300, 7, STEP_OK);
    assert_false(step_reads_again(step, 300));
    json_decref(step);
}

static void test_an_evaluation_is_recorded(void **state)
{
    json_t *step = step_of_keda("p", 70, 2);
    (void)state;

    step_context(step, 4, 0);
    step_get(step, 1, "!503");
    step_get(step, 1, "12");
    step_get(step, 2, "of no trigger");
    assert_int_equal(step_gets(step, 0), 0);
    assert_int_equal(step_gets(step, 1), 2);
    assert_step(step,
                "{\"p\":70,\"g\":[[],[\"!503\",\"12\"]],\"c\":4,\"ready\":0}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_difference_is_kept_and_all_are_written),
        cmocka_unit_test(test_a_reconcile_is_recorded),
        cmocka_unit_test(test_a_read_after_a_failed_write_is_of_the_same_step),
        cmocka_unit_test(test_an_evaluation_is_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
