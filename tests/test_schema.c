#include "scenarios/params.h"
#include "scenarios/schema.h"
#include "scenarios/words.h"
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

static json_t *schema;

static int make(void **state)
{
    (void)state;
    schema = schema_scenario();
    return schema ? 0 : -1;
}

static int drop(void **state)
{
    (void)state;
    json_decref(schema);
    return 0;
}

/* The member at a path like "a/b/c"; NULL if there is none. */
static json_t *at(const char *path)
{
    char copy[256], *rest = copy, *word;
    json_t *o = schema;

    (void)snprintf(copy, sizeof copy, "%s", path);
    while ((word = strsep(&rest, "/")))
        o = json_object_get(o, word);
    return o;
}

static void test_every_key_of_a_scenario_is_there_and_no_other(void **state)
{
    const struct words parts[] = {words_own(), words_sections(),
                                  words_singles()};
    size_t n = 0;

    (void)state;
    for (size_t p = 0; p < 3; p++)
        for (size_t i = 0; i < parts[p].n; i++, n++)
            if (!json_object_get(at("properties"), parts[p].at[i]))
                fail_msg("no %s", parts[p].at[i]);
    assert_int_equal(json_object_size(at("properties")), n);
}

static void test_every_parameter_is_defined(void **state)
{
    (void)state;
    for (size_t i = 0; i < params_count(); i++)
        if (!json_object_get(at("definitions"), params_row(i)->key))
            fail_msg("no %s", params_row(i)->key);
}

static void check_refs(const json_t *o)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)o, key, value)
    {
        if (strcmp(key, "$ref") == 0 && !at(json_string_value(value) + 2))
            fail_msg("%s leads nowhere", json_string_value(value));
        check_refs(value);
    }
    for (size_t i = 0; i < json_array_size(o); i++)
        check_refs(json_array_get(o, i));
}

static void test_references_lead_somewhere(void **state)
{
    (void)state;
    check_refs(schema);
}

static void test_bounds_are_those_of_the_table(void **state)
{
    json_t *slots = at("definitions/lb.slots");

    (void)state;
    assert_string_equal(json_string_value(json_object_get(slots, "type")),
                        "integer");
    assert_int_equal(json_integer_value(json_object_get(slots, "minimum")), 1);
    assert_int_equal(json_integer_value(json_object_get(slots, "maximum")),
                     65535);
    assert_string_equal(
        json_string_value(json_object_get(slots, "description")),
        "server-template, number. Default: 400, if the manifests do not say "
        "it. Source: haproxy.cfg.");
}

static void test_a_kind_of_fault_says_what_it_takes(void **state)
{
    struct fault_words w;
    size_t n = 0;

    (void)state;
    while (words_fault(n, &w))
        if (n++, strcmp(w.name, "slow_pull") == 0) {
            assert_true(w.lasts);
            assert_string_equal(w.needed, "factor");
            assert_int_equal(w.n, 2);
            assert_string_equal(w.keys[0], "factor");
            assert_string_equal(w.keys[1], "pool");
        }
    assert_true(n >= 19);
    assert_null(w.name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_of_a_scenario_is_there_and_no_other),
        cmocka_unit_test(test_every_parameter_is_defined),
        cmocka_unit_test(test_references_lead_somewhere),
        cmocka_unit_test(test_bounds_are_those_of_the_table),
        cmocka_unit_test(test_a_kind_of_fault_says_what_it_takes),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
