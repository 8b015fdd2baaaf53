#include "tests/story_rig.h"

/* ------------------------------------------------------------ things */

static void test_a_pod_is_told_from_creation_to_end(void **state)
{
    struct rig *r = rig_new(2, 4);
    struct story s;

    (void)state;
    named(r, "first", 0.0, 1000.0);
    named(r, "second", 1.0, 1000.0);
    named(r, "third", 2.0, 1000.0);
    named(r, "fourth", 3.0, 1000.0);
    s = story_of(r, EXPLAIN_POD, 3);
    const char *text = told(r, &s, false);
    says(text, "pod 3 of pool 'pool0', node ");
    says(text, ", 1 build\n");
    says(text, "  is created, ");
    says(text, "after replicas went 2 -> 4\n");
    says(text, "  fits nowhere: is meant for node 1\n");
    says(text, "  is known to the balancer: builds can reach it\n");
    says(text, "' takes its slot\n");
    says(text, "' is done\n");
    says(text, "  is deleted, ");
    says(text, "after replicas went 4 -> 2\n");
    says(text, "    its drain script looks: idle, 2 of 2 looks\n");
    says(text, "  is told to stop, its drain script is done\n");
    says(text, "  is gone\n");
    says(text, "\nIts slots were held for 16m41s in all; it took 2m");
    story_free(&s);
    rig_free(r);
}

static void test_a_node_is_told_with_its_price(void **state)
{
    struct rig *r = rig_new(2, 4);
    struct story s;

    (void)state;
    named(r, "first", 0.0, 1000.0);
    named(r, "second", 1.0, 1000.0);
    named(r, "third", 2.0, 1000.0);
    named(r, "fourth", 3.0, 1000.0);
    r->f.p.billing.price_factor = 0.5;
    s = story_of(r, EXPLAIN_NODE, 1);
    const char *text = told(r, &s, false);
    says(text,
         "node 1 for pool 'pool0': m6id.24xlarge; 2 pods meant for it, 2 ran");
    says(text, "       0s  ");
    says(text, "    pod 3 is meant for it\n");
    says(text, "  is asked of the cloud\n");
    says(text, "  is launched: m6id.24xlarge\n");
    says(text, "  is marked for removal, ");
    says(text, "  is no longer paid\n");
    says(text, " at $2.8476 an hour: $");
    story_free(&s);
    rig_free(r);
}

static void test_a_node_from_before_is_paid_to_the_end(void **state)
{
    struct rig *r = rig_new(1, 1);
    struct story s;

    (void)state;
    named(r, "first", 0.0, 7200.0);
    r->f.p.settle_us = 0;
    s = story_of(r, EXPLAIN_NODE, 0);
    const char *text = told(r, &s, false);
    says(text, "       0s       0.000 s  is paid from now on\n");
    says(text, "    pod 0 is there from the start\n");
    /* 7200.05 s, billed as 7201 s: 5.6952 * 7201 / 3600 */
    says(text, "\nPaid for 2h and still on at the end of the history at "
               "$5.6952 an hour: $11.39.\n");
    story_free(&s);
    rig_free(r);
}

/* ------------------------------------------------------------ finding */

static struct rig *rig_of_three(void)
{
    struct rig *r = rig_new(1, 1);

    named(r, "r1-alpha", 0.0, 100.0);
    named(r, "r1-beta", 1.0, 10.0);
    named(r, "2", 2.0, 10.0);
    r->f.t.builds[1].run = text_of(r, "r1");
    r->f.t.builds[2].name = text_of(r, "image");
    r->x = scenario_of(&r->f);
    return r;
}

static void test_a_build_is_found_by_identity_then_by_number(void **state)
{
    struct rig *r = rig_of_three();
    uint32_t build = 9;
    struct err e;

    (void)state;
    assert_int_equal(explain_find(&r->x, "r1-beta", &build, &e), ERR_OK);
    assert_int_equal(build, 1);
    assert_int_equal(explain_find(&r->x, "2", &build, &e), ERR_OK);
    assert_int_equal(build, 2);
    assert_int_equal(explain_find(&r->x, "0", &build, &e), ERR_OK);
    assert_int_equal(build, 0);
    rig_free(r);
}

static void refused(struct rig *r, const char *name, const char *message)
{
    uint32_t build = 9;
    struct err e;

    assert_int_equal(explain_find(&r->x, name, &build, &e), ERR_INPUT);
    assert_int_equal(build, 9);
    assert_string_equal(e.msg, message);
}

#define LISTS                                                                  \
    "'drydock run SCENARIO -o DIR' lists every build in DIR/builds.csv; "      \
    "--longest picks one"

static void test_an_unknown_build_gets_a_hint(void **state)
{
    struct rig *r = rig_of_three();

    (void)state;
    refused(r, "r1-bta", "no build 'r1-bta'; did you mean 'r1-beta'? " LISTS);
    refused(r, "something else", "no build 'something else'; " LISTS);
    refused(r, "3", "no build '3'; did you mean '2'? " LISTS);
    refused(r, "99999999999999999999999",
            "no build '99999999999999999999999'; " LISTS);
    refused(r, "-1", "no build '-1'; did you mean '2'? " LISTS);
    refused(r, "", "no build ''; did you mean '2'? " LISTS);
    refused(r, "r1",
            "'r1' is a run and no build; its first build is 'r1-beta'; " LISTS);
    refused(r, "image",
            "'image' is an image and no build; its first build is '2'; " LISTS);
    rig_free(r);
}

static void test_the_longest_is_counted_and_has_a_wait(void **state)
{
    struct build_result b[5];

    (void)state;
    for (size_t i = 0; i < 5; i++)
        b[i] = (struct build_result){.first_dial_us = 0,
                                     .served_us = 100,
                                     .waited_us = 100 * (sim_us)i,
                                     .end = END_SERVED,
                                     .counted = true};
    b[4].counted = false;
    b[3].served_us = SIM_NEVER;
    b[3].end = END_LEFT;
    b[1].waited_us = b[2].waited_us;
    assert_int_equal(explain_longest(b, 5), 1);
    assert_int_equal(explain_longest(b, 0), NO_INDEX);
    assert_int_equal(explain_longest(&b[3], 2), NO_INDEX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_pod_is_told_from_creation_to_end),
        cmocka_unit_test(test_a_node_is_told_with_its_price),
        cmocka_unit_test(test_a_node_from_before_is_paid_to_the_end),
        cmocka_unit_test(test_a_build_is_found_by_identity_then_by_number),
        cmocka_unit_test(test_an_unknown_build_gets_a_hint),
        cmocka_unit_test(test_the_longest_is_counted_and_has_a_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
