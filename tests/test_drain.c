#include "models/drain.h"
#include "tests/support.h"

static const sim_us START_US = 123456789;

/* start + poll * ceil(e / poll) + idle_looks * poll, with e from the start to
 * the end of the last build.
 */
static sim_us drain_end_us(const struct drain_params *p, sim_us start_us,
                           sim_us free_us)
{
    sim_us n_busy = 0;

    if (!p->blind && free_us == SIM_NEVER)
        return SIM_NEVER;
    if (!p->blind && free_us > start_us)
        n_busy = (free_us - start_us + p->poll_us - 1) / p->poll_us;
    return start_us + (n_busy + p->idle_looks) * p->poll_us;
}

/* The end found by looking, with a last build that closes at free_us. */
static sim_us end_by_looks(const struct drain_params *p, sim_us free_us)
{
    struct drain d;
    struct drain_step step = {.at_us = START_US};

    drain_start(&d, p, START_US);
    while (!step.done) {
        assert_int_equal(d.look_us, step.at_us);
        step = drain_on_look(&d, step.at_us < free_us);
    }
    return step.at_us;
}

static sim_us after_start(const struct drain_params *p, sim_us e_us)
{
    return drain_end_us(p, START_US, START_US + e_us) - START_US;
}

static void test_an_idle_pod_drains_in_thirty_seconds(void **state)
{
    struct drain_params p;
    struct drain d;

    (void)state;
    drain_defaults(&p);
    drain_start(&d, &p, START_US);
    assert_int_equal(d.look_us, START_US); /* the first look is at once */
    struct drain_step step = drain_on_look(&d, false);

    assert_false(step.done);
    assert_int_equal(step.at_us, START_US + 15 * US_PER_S);
    step = drain_on_look(&d, false);
    assert_true(step.done);
    assert_int_equal(step.at_us, START_US + 30 * US_PER_S);
}

/* 15 * ceil(e / 15) + 30, by hand. */
static void test_a_build_that_closes_is_seen_at_the_next_look(void **state)
{
    struct drain_params p;

    (void)state;
    drain_defaults(&p);
    assert_int_equal(after_start(&p, 0), 30 * US_PER_S);
    assert_int_equal(after_start(&p, -1000), 30 * US_PER_S);
    assert_int_equal(after_start(&p, 1), 45 * US_PER_S);
    assert_int_equal(after_start(&p, 15 * US_PER_S), 45 * US_PER_S);
    assert_int_equal(after_start(&p, 15 * US_PER_S + 1), 60 * US_PER_S);
    assert_int_equal(after_start(&p, 100 * US_PER_S), 135 * US_PER_S);
    assert_true(drain_end_us(&p, START_US, SIM_NEVER) == SIM_NEVER);
}

static void test_the_formula_equals_the_looks(void **state)
{
    struct drain_params p;

    (void)state;
    drain_defaults(&p);
    p.poll_us = 7; /* so that every phase is met */
    for (p.idle_looks = 1; p.idle_looks <= 4; p.idle_looks++)
        for (sim_us e_us = -3; e_us < 60; e_us++)
            assert_int_equal(end_by_looks(&p, START_US + e_us),
                             drain_end_us(&p, START_US, START_US + e_us));
}

static void test_a_late_build_starts_the_count_again(void **state)
{
    struct drain_params p;
    struct drain d;

    (void)state;
    drain_defaults(&p);
    drain_start(&d, &p, 0);
    assert_false(drain_on_look(&d, false).done); /* 0 s */
    assert_false(drain_on_look(&d, true).done);  /* 15 s: a stale address */
    assert_false(drain_on_look(&d, false).done); /* 30 s */
    struct drain_step step = drain_on_look(&d, false);

    assert_true(step.done);
    assert_int_equal(step.at_us, 60 * US_PER_S);
}

static void test_without_netstat_every_pod_looks_idle(void **state)
{
    struct drain_params p;

    (void)state;
    drain_defaults(&p);
    p.blind = true;
    assert_int_equal(after_start(&p, 1000 * US_PER_S), 30 * US_PER_S);
    assert_int_equal(drain_end_us(&p, START_US, SIM_NEVER),
                     START_US + 30 * US_PER_S);
    assert_int_equal(end_by_looks(&p, SIM_NEVER), START_US + 30 * US_PER_S);
}

static void test_skipped_looks_equal_executed_ones(void **state)
{
    struct drain_params p;

    (void)state;
    drain_defaults(&p);
    p.poll_us = 7;
    for (sim_us until_us = 0; until_us < 50; until_us++) {
        struct drain one, all;
        uint64_t n = 0;

        drain_start(&one, &p, 3);
        drain_on_look(&one, false);
        all = one;
        for (; one.look_us < until_us; n++)
            drain_on_look(&one, true);
        assert_int_equal(drain_skip_busy(&all, until_us), n);
        assert_int_equal(all.look_us, one.look_us);
        assert_int_equal(all.n_idle, one.n_idle);
    }
}

static void test_a_blind_script_skips_nothing(void **state)
{
    struct drain_params p;
    struct drain d;

    (void)state;
    drain_defaults(&p);
    p.blind = true;
    drain_start(&d, &p, 0);
    assert_int_equal(drain_skip_busy(&d, US_PER_H), 0);
    assert_int_equal(d.look_us, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_idle_pod_drains_in_thirty_seconds),
        cmocka_unit_test(test_a_build_that_closes_is_seen_at_the_next_look),
        cmocka_unit_test(test_the_formula_equals_the_looks),
        cmocka_unit_test(test_a_late_build_starts_the_count_again),
        cmocka_unit_test(test_without_netstat_every_pod_looks_idle),
        cmocka_unit_test(test_skipped_looks_equal_executed_ones),
        cmocka_unit_test(test_a_blind_script_skips_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
