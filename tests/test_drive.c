/* The table that ends every drive. */
#include "sim/app/drive.h"
#include "tests/support.h"

#include <stdlib.h>
#include <string.h>

/* What drive_print writes. Owned. */
static char *printed(const struct drive *d)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    drive_print(d, out);
    fclose(out);
    return text;
}

static void fill(struct drive *d)
{
    struct drive_row *hpa = drive_add_row(d, "HPA amd64");

    strcpy(hpa->version, "1.35");
    hpa->compared = 80640;
    struct drive_row *lb = drive_add_row(d, "balancer");

    strcpy(lb->version, "2.6\x1b[31m");
    lb->differences = 1;
    strcpy(lb->note, "first at 12s");
}

static void test_the_table_lines_up_and_is_harmless(void **state)
{
    static const struct drive_options o;
    struct drive d = {.options = &o};

    (void)state;
    fill(&d);
    char *text = printed(&d);

    assert_string_equal(text, "component  version   decisions  differences\n"
                              "HPA amd64  1.35         80,640            0\n"
                              "balancer   2.6?[31m          0            1"
                              "  first at 12s\n");
    free(text);
    free(d.rows);
}

static void test_model_and_reality_stand_side_by_side(void **state)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    drive_pair_head(out, "amd\x1b[31m", "model", "");
    drive_pair(out, "wait, mean", SHOW_WAIT, 12.34, 190.0);
    drive_pair_head(out, "arm64", "simulated", "host:1\n");
    fclose(out);
    assert_string_equal(text, "amd?[31m                        model       "
                              "real\n"
                              "wait, mean                      12.3s      "
                              "3m10s\n"
                              "arm64                       simulated       "
                              "real   host:1?\n");
    free(text);
}

static void test_a_row_has_what_was_compared(void **state)
{
    struct compared x = {.component = "HPA", .pool = "amd64", .n = 12};
    struct drive d = {.rows = NULL};

    (void)state;
    struct drive_row *row = drive_add_compared(&d, &x, "1.35");
    assert_string_equal(row->component, "HPA amd64");
    assert_string_equal(row->version, "1.35");
    assert_int_equal(row->compared, 12);
    assert_string_equal(row->note, "");
    x.n_different = 2;
    x.first_us = 1500 * US_PER_MS;
    strcpy(x.first, "8 for 9");
    row = drive_add_compared(&d, &x, "1.35");
    assert_int_equal(row->differences, 2);
    assert_string_equal(row->note, "first at 1.500s: 8 for 9");
    free(d.rows);
}

static void test_no_decision_is_no_agreement(void **state)
{
    static const struct drive_options o;
    struct drive d = {.options = &o};

    (void)state;
    (void)drive_add_row(&d, "Karpenter windows");
    strcpy(drive_add_row(&d, "Karpenter solves")->note, "not compared: drift");
    assert_false(drive_compared(&d));
    char *text = printed(&d);
    assert_string_equal(text,
                        "component          version  decisions  differences\n"
                        "Karpenter windows                   0            -"
                        "  nothing to compare\n"
                        "Karpenter solves                    0            -"
                        "  not compared: drift\n");
    free(text);
    d.rows[1].compared = 1;
    assert_true(drive_compared(&d));
    free(d.rows);
}

static void test_json_has_the_same_rows(void **state)
{
    static const struct drive_options o = {.common = {.json = true}};
    struct drive d = {.options = &o};

    (void)state;
    fill(&d);
    char *text = printed(&d);

    assert_non_null(strstr(text, "\"component\": \"HPA amd64\""));
    assert_non_null(strstr(text, "\"decisions\": 80640"));
    assert_non_null(strstr(text, "\"note\": \"first at 12s\""));
    free(text);
    free(d.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_lines_up_and_is_harmless),
        cmocka_unit_test(test_model_and_reality_stand_side_by_side),
        cmocka_unit_test(test_a_row_has_what_was_compared),
        cmocka_unit_test(test_no_decision_is_no_agreement),
        cmocka_unit_test(test_json_has_the_same_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
