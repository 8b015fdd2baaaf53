#include "tests/sweep_rig.h"

/* ------------------------------------------------------------ axes */

static void assert_refused(const char *first, const char *second,
                           const char *want)
{
    struct sweep s = {0};
    struct err e;
    int rc = sweep_vary(&s, first, &e);

    if (rc == ERR_OK && second)
        rc = sweep_vary(&s, second, &e);
    assert_int_equal(rc, ERR_USAGE);
    assert_string_equal(e.msg, want);
    sweep_free(&s);
}

static void test_values_are_parted_by_commas_outside_of_brackets(void **state)
{
    struct sweep s = {0};
    struct err e;
    (void)state;

    assert_int_equal(
        sweep_vary(&s, "boot=uniform(3s, 10s),constant(5s),45s", &e), ERR_OK);
    assert_int_equal(s.axes[0].n, 3);
    assert_string_equal(s.axes[0].key, "boot");
    assert_string_equal(s.axes[0].values[0], "uniform(3s, 10s)");
    assert_string_equal(s.axes[0].values[1], "constant(5s)");
    assert_string_equal(s.axes[0].values[2], "45s");
    sweep_free(&s);
    sweep_free(&s);
}

static void test_an_open_bracket_ends_with_the_text(void **state)
{
    struct sweep s = {0};
    struct err e;
    (void)state;

    assert_int_equal(sweep_vary(&s, "k=)a,f(b,c", &e), ERR_OK);
    assert_int_equal(s.axes[0].n, 2);
    assert_string_equal(s.axes[0].values[1], "f(b,c");
    sweep_free(&s);
}

static void test_a_malformed_axis_is_refused(void **state)
{
    (void)state;
    assert_refused("amd64.max_replicas", NULL,
                   "--vary amd64.max_replicas: it must be KEY=A,B,...");
    assert_refused("=3", NULL, "--vary =3: it must be KEY=A,B,...");
    assert_refused("k=", NULL, "--vary k: an empty value");
    assert_refused("k=1,,2", NULL, "--vary k: an empty value");
    assert_refused("k=1,2,", NULL, "--vary k: an empty value");
    assert_refused("k=1,2,1", NULL, "--vary k: 1 is there twice");
    assert_refused("k=1", "k=2", "--vary k is there twice");
    assert_refused("k=1\n2", NULL, "--vary k: a value has more than a line");
}

static void test_long_values_and_many_axes_are_refused(void **state)
{
    char text[SWEEP_TEXT + 3] = "k=";
    struct sweep s = {0};
    struct err e;
    (void)state;

    memset(text + 2, 'x', SWEEP_TEXT);
    assert_refused(text, NULL, "--vary k: a value is too long");
    memset(text, 'x', SWEEP_TEXT);
    text[SWEEP_TEXT - 1] = '=';
    assert_refused(
        text, NULL,
        "--vary xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...: the key "
        "is too long");
    for (int i = 0; i < SWEEP_AXES; i++) {
        (void)snprintf(text, sizeof text, "k%d=1", i);
        assert_int_equal(sweep_vary(&s, text, &e), ERR_OK);
    }
    assert_int_equal(sweep_vary(&s, "k=1", &e), ERR_USAGE);
    assert_string_equal(e.msg, "more than 16 --vary");
    sweep_free(&s);
}

/* ------------------------------------------------------------ settings */

static void assert_value(const struct sweep *s, size_t setting, size_t axis,
                         const char *want)
{
    char got[SWEEP_TEXT];

    sweep_value(s, setting, axis, got);
    assert_string_equal(got, want);
}

static void test_todays_setting_comes_first_wherever_it_stands(void **state)
{
    struct sweep s;

    make(&s, loaded(state), "amd64.max_replicas=6,8,10",
         "amd64.min_replicas=1,2");
    assert_int_equal(s.n, 6);
    assert_value(&s, 0, 0, "8");
    assert_value(&s, 0, 1, "2");
    assert_value(&s, 1, 0, "6"); /* then the grid, the last axis fastest */
    assert_value(&s, 1, 1, "1");
    assert_value(&s, 2, 1, "2");
    assert_value(&s, 3, 0, "8");
    assert_value(&s, 3, 1, "1");
    assert_value(&s, 5, 0, "10");
    sweep_free(&s);
}

static void test_todays_setting_may_be_outside_the_grid(void **state)
{
    struct sweep s;

    make(&s, loaded(state), "amd64.max_replicas=6,7", NULL);
    assert_int_equal(s.n, 3);
    assert_int_equal(s.settings[0].place, SIZE_MAX);
    assert_value(&s, 0, 0, "8"); /* what is in force */
    sweep_free(&s);
}

static void test_a_key_of_all_pools_is_todays_only_if_all_agree(void **state)
{
    struct sweep s;

    /* amd64 has 2 to 8, arm64 4 to 8. */
    make(&s, loaded(state), "min_replicas=2,4", "max_replicas=8");
    assert_int_equal(s.n, 3);
    assert_int_equal(s.settings[0].place, SIZE_MAX);
    sweep_free(&s);
}

static void test_contradictions_are_left_out(void **state)
{
    struct sweep s;

    make(&s, loaded(state), "amd64.min_replicas=1,5", "amd64.max_replicas=4,6");
    assert_int_equal(s.n, 4);
    assert_int_equal(s.n_impossible, 1);
    assert_string_equal(s.impossible.msg,
                        "pool amd64: minReplicaCount is above "
                        "maxReplicaCount");
    sweep_free(&s);
}

static void assert_not_made(const struct scenario *base, const char *axis,
                            const char *want)
{
    struct sweep s = {0};
    struct err e;

    assert_int_equal(sweep_vary(&s, axis, &e), ERR_OK);
    assert_int_equal(sweep_make(&s, base, 1, &e), ERR_INPUT);
    assert_string_equal(e.msg, want);
    sweep_free(&s);
}

static void test_wrong_keys_and_values_are_refused_before_any_run(void **state)
{
    assert_not_made(loaded(state), "amd64.max_replica=3",
                    "unknown parameter amd64.max_replica, did you mean "
                    "amd64.max_replicas?");
    assert_not_made(loaded(state), "amd64.max_replicas=1",
                    "no setting is possible: pool amd64: minReplicaCount is "
                    "above maxReplicaCount");
    assert_not_made(loaded(state), "regret=10m,3",
                    "regret: duration \"3\" lacks a unit; write it like 45s, "
                    "1h30m or 250ms");
}

static void test_a_grid_that_is_too_large_is_refused(void **state)
{
    char text[1000] = "amd64.max_replicas=";
    struct sweep s = {0};
    struct err e;

    for (int i = 10; i < 75; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d",
                       i > 10 ? "," : "", i);
    assert_int_equal(sweep_vary(&s, text, &e), ERR_OK);
    assert_int_equal(sweep_vary(&s, strchr(text, '.') + 1, &e), ERR_OK);
    assert_int_equal(sweep_make(&s, loaded(state), 1, &e), ERR_INPUT);
    assert_string_equal(e.msg,
                        "the grid has more than 4096 settings; vary less");
    sweep_free(&s);
}

static void test_too_many_runs_are_refused(void **state)
{
    char text[8000] = "amd64.max_replicas=";
    struct sweep s = {0};
    struct err e;

    for (int i = 10; i < 110; i++)
        (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s%d",
                       i > 10 ? "," : "", i);
    assert_int_equal(sweep_vary(&s, text, &e), ERR_OK);
    assert_int_equal(sweep_make(&s, loaded(state), 10000, &e), ERR_INPUT);
    assert_string_equal(e.msg, "101 settings of 10000 replications are more "
                               "than 1000000 runs");
    sweep_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_are_parted_by_commas_outside_of_brackets),
        cmocka_unit_test(test_an_open_bracket_ends_with_the_text),
        cmocka_unit_test(test_a_malformed_axis_is_refused),
        cmocka_unit_test(test_long_values_and_many_axes_are_refused),
        cmocka_unit_test(test_todays_setting_comes_first_wherever_it_stands),
        cmocka_unit_test(test_todays_setting_may_be_outside_the_grid),
        cmocka_unit_test(test_a_key_of_all_pools_is_todays_only_if_all_agree),
        cmocka_unit_test(test_contradictions_are_left_out),
        cmocka_unit_test(test_wrong_keys_and_values_are_refused_before_any_run),
        cmocka_unit_test(test_a_grid_that_is_too_large_is_refused),
        cmocka_unit_test(test_too_many_runs_are_refused),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
