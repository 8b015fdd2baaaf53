#include "sim/app/interrupt.h"

#include <stddef.h>
#include <time.h>

static void make_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

void interrupt_hold(sigset_t *before)
{
    sigset_t set;

    make_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, before);
}

bool interrupt_came(void *context)
{
    sigset_t pending;

    (void)context;
    return sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) == 1 ||
                                         sigismember(&pending, SIGTERM) == 1);
}

bool interrupt_release(const sigset_t *before)
{
    const struct timespec at_once = {0};
    sigset_t set;

    make_set(&set);
    bool came = false;

    while (sigtimedwait(&set, NULL, &at_once) > 0)
        came = true;
    pthread_sigmask(SIG_SETMASK, before, NULL);
    return came;
}
