/* The loop around two controllers a pool: here the models play these, in
 * programs of their own, over the same pipes and sockets.
 */
#define _GNU_SOURCE
#include "tests/real_loop_rig.h"

#include <signal.h>
#include <sys/time.h>

static void test_what_does_as_the_models_makes_the_same_history(void **state)
{
    struct fixture f;

    (void)state;
    init(&f);
    struct driven d = drive(&f, "");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 0);
}

static void test_so_it_does_when_a_pool_goes_to_zero(void **state)
{
    struct fixture f;

    (void)state;
    init(&f);
    f.pools[0].keda.min = 0;
    f.pools[0].keda.cooldown_us = S(90.0);
    struct driven d = drive(&f, "");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 0);
}

/* The fakes wait almost 11 ms after a conflict, the model's draw decides. */
static void test_so_it_does_through_faults(void **state)
{
    struct fault faults[] = {
        {.kind = FAULT_METRICS_DOWN, .at_us = S(70.0), .until_us = S(190.0)},
        {.kind = FAULT_CONTROLLER_RESTART,
         .at_us = S(260.0),
         .until_us = S(300.0),
         .gap_us = S(40.0)},
        {.kind = FAULT_KEDA_RESTART, .at_us = S(400.0), .until_us = S(450.0)},
        {.kind = FAULT_API_CONFLICTS, .at_us = S(510.0), .until_us = S(560.0)},
    };
    struct fixture f;

    (void)state;
    init(&f);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        faults[i].pool = NO_INDEX;
    for (uint32_t i = 0; i < 2; i++) {
        f.pools[i].keda.has_fallback = true;
        f.pools[i].keda.fallback_threshold = 3;
        f.pools[i].keda.fallback_replicas = 5;
    }
    f.p.faults = faults;
    f.p.n_faults = sizeof faults / sizeof *faults;
    struct driven d = drive(&f, "");
    assert_agree(&d);
    assert_same_sizes(&f, &d, 10000);
}

/* ------------------------------------------------------------ differences */

static struct driven drive_wrong(const char *fault)
{
    struct fixture f;

    init(&f);
    struct driven d = drive(&f, fault);
    sizes_free(&d.sizes);
    fixture_free(&f);
    return d;
}

static void test_a_size_of_one_more_is_a_difference(void **state)
{
    struct driven d = drive_wrong("more");

    (void)state;
    assert_int_equal(d.rc, ERR_OK);
    assert_true(d.hpa[0].n_different > 0);
    assert_memory_equal(d.hpa[0].first, "written size: real ", 19);
    assert_true(d.hpa[0].first_us > S(61.3));
    assert_int_equal(d.keda[0].n_different, 0);
}

static void test_a_microsecond_is_a_difference(void **state)
{
    struct driven d = drive_wrong("late");

    (void)state;
    assert_int_equal(d.hpa[1].n_different, 1);
    assert_memory_equal(d.hpa[1].first, "start: real ", 12);
}

static void test_a_session_less_is_a_difference(void **state)
{
    struct driven d = drive_wrong("blind");

    (void)state;
    assert_true(d.keda[0].n_different > 0);
    assert_string_equal(d.keda[0].first, "value: real 0, model 1000");
    assert_int_equal(d.hpa[0].n_different, 0); /* it does as it is told */
}

static void test_another_target_is_a_difference(void **state)
{
    struct driven d = drive_wrong("aims high");

    (void)state;
    assert_int_equal(d.keda[0].n_different, 1);
    assert_string_equal(d.keda[0].first, "target: real 1001, model 1000");
}

/* ------------------------------------------------------------ failures */

static void test_a_driver_that_dies_is_an_error(void **state)
{
    struct driven d = drive_wrong("dies");

    (void)state;
    assert_int_equal(d.rc, ERR_IO);
    assert_string_equal(d.e.msg,
                        "/proc/self/exe: it ended before its work was done");
}

static void test_a_driver_that_asks_nonsense_is_an_error(void **state)
{
    struct driven d = drive_wrong("babble");

    (void)state;
    assert_int_equal(d.rc, ERR_IO);
    assert_non_null(strstr(d.e.msg, "asks for something unknown"));
}

static void interrupt_self(int signal)
{
    (void)signal;
    kill(getpid(), SIGINT);
}

static void test_an_interrupt_ends_the_drivers(void **state)
{
    struct itimerval soon = {.it_value = {0, 300000}};

    (void)state;
    signal(SIGALRM, interrupt_self);
    setitimer(ITIMER_REAL, &soon, NULL);
    struct driven d = drive_wrong("mute");
    assert_int_equal(d.rc, ERR_IO);
    assert_string_equal(d.e.msg, "interrupted");
}

static void test_a_driver_that_is_not_there_is_an_error(void **state)
{
    struct real_programs none = fakes;
    struct real_loop *l;
    struct fixture f;
    struct err e;

    (void)state;
    init(&f);
    none.keda = "/nowhere/keda216";
    assert_int_equal(real_loop_open(&l, &f.p, &none, NULL, &e), ERR_IO);
    assert_string_equal(e.msg, "/nowhere/keda216: No such file or directory");
    assert_null(l);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    fixture_free(&f);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_does_as_the_models_makes_the_same_history),
        cmocka_unit_test(test_so_it_does_when_a_pool_goes_to_zero),
        cmocka_unit_test(test_so_it_does_through_faults),
        cmocka_unit_test(test_a_size_of_one_more_is_a_difference),
        cmocka_unit_test(test_a_microsecond_is_a_difference),
        cmocka_unit_test(test_a_session_less_is_a_difference),
        cmocka_unit_test(test_another_target_is_a_difference),
        cmocka_unit_test(test_a_driver_that_dies_is_an_error),
        cmocka_unit_test(test_a_driver_that_asks_nonsense_is_an_error),
        cmocka_unit_test(test_an_interrupt_ends_the_drivers),
        cmocka_unit_test(test_a_driver_that_is_not_there_is_an_error),
    };

    if (fake_driver_wanted(argc, argv))
        return fake_driver_main();
    signal(SIGPIPE, SIG_IGN); /* a driver that died */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
