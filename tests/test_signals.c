#include "tests/support.h"

#include "sim/base/signals.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_readable(const struct signals *s)
{
    struct pollfd fd = {.fd = s->fd, .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

static void test_a_signal_that_is_held_is_told_and_stays_told(void **state)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    struct signals s;
    struct err e;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(signals_hold(&s, &e), ERR_OK);
        assert_false(signals_came(&s));
        assert_false(is_readable(&s));
        raise(numbers[i]);
        assert_true(is_readable(&s));
        assert_true(signals_came(&s));
        assert_false(is_readable(&s));
        assert_true(signals_came(&s));
        raise(numbers[i]); /* the second is not lethal */
        signals_release(&s);
    }
}

static void test_one_that_nobody_asked_for_acts_in_the_end(void **state)
{
    struct signals s;
    struct err e;
    int status;

    (void)state;
    pid_t child = fork();
    if (child == 0) {
        bool held = signals_hold(&s, &e) == ERR_OK;
        raise(SIGTERM);
        if (held)
            signals_release(&s);
        _exit(7);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGTERM);
}

static void test_the_mask_is_put_back(void **state)
{
    sigset_t usr, now;
    struct signals s;
    struct err e;

    (void)state;
    sigemptyset(&usr);
    sigaddset(&usr, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr, NULL);
    assert_int_equal(signals_hold(&s, &e), ERR_OK);
    signals_release(&s);
    sigprocmask(SIG_SETMASK, NULL, &now);
    assert_int_equal(sigismember(&now, SIGUSR1), 1);
    assert_int_equal(sigismember(&now, SIGINT), 0);
    assert_int_equal(sigismember(&now, SIGTERM), 0);
    sigprocmask(SIG_UNBLOCK, &usr, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_signal_that_is_held_is_told_and_stays_told),
        cmocka_unit_test(test_one_that_nobody_asked_for_acts_in_the_end),
        cmocka_unit_test(test_the_mask_is_put_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
