#include "tests/size_rig.h"

#include "sim/plan/trials_parts.h"

#define TRACE "traces/data/scale-test.csv"

static int open_rig(void **state)
{
    static struct size_rig rig;

    rig_open(&rig, TRACE, 1, 5);
    *state = &rig;
    return 0;
}

static int close_rig(void **state)
{
    rig_close(*state);
    return 0;
}

/* Takes in a run of the record: every figure 1, the last one as given. */
static int take(struct size_rig *rig, const char *last, bool *is_new)
{
    char line[4096] = "0 0";
    size_t n = strlen(line);
    struct trial_pair p;

    for (size_t i = 1; i < rig->s.system.n_pools * TRIAL_FIGURES; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, " 0x1p+0");
    (void)snprintf(line + n, sizeof line - n, " %s\t", last);
    return trials_take_line(&rig->t, line, &p, is_new, &rig->e);
}

static void test_every_figure_is_taken_in(void **state)
{
    struct size_rig *rig = *state;
    bool is_new;

    assert_int_equal(take(rig, "0x1.8p+1", &is_new), ERR_OK);
    assert_true(is_new);
    const struct trial *x = trials_at(&rig->t, rig_setting(rig, NULL, NULL), 0);
    assert_close(x[0].at[0], 1.0, 0.0);
    assert_close(x[rig->s.system.n_pools - 1].at[TRIAL_FIGURES - 1], 3.0, 0.0);
    assert_int_equal(take(rig, "0x1.8p+1", &is_new), ERR_OK);
    assert_false(is_new);
}

/* Nothing that is measured is without bounds, and no search can order a NaN. */
static void test_a_figure_is_a_finite_number(void **state)
{
    static const char *const bad[] = {"nan", "inf", "-inf", "0x1p+1024", "one"};
    struct size_rig *rig = *state;
    bool is_new;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(take(rig, bad[i], &is_new), ERR_INPUT);
        assert_string_equal(rig->e.msg, "a damaged line");
        assert_false(is_new);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_figure_is_taken_in, open_rig,
                                        close_rig),
        cmocka_unit_test_setup_teardown(test_a_figure_is_a_finite_number,
                                        open_rig, close_rig),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
