#include "sim/base/signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

int signals_hold(struct signals *i, struct err *e)
{
    sigset_t set;

    i->came = false;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &i->before);
    i->fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (i->fd >= 0)
        return ERR_OK;
    sigprocmask(SIG_SETMASK, &i->before, NULL);
    return err_set(e, ERR_IO, "signals: %s", strerror(errno));
}

/* Takes a signal that has come, if one has. */
static bool take(const struct signals *i)
{
    struct signalfd_siginfo info;

    return read(i->fd, &info, sizeof info) == (ssize_t)sizeof info;
}

void signals_release(struct signals *i)
{
    if (i->came)
        while (take(i)) /* who is impatient says it twice */
            ;
    close(i->fd);
    i->fd = -1;
    sigprocmask(SIG_SETMASK, &i->before, NULL);
}

bool signals_came(struct signals *i)
{
    i->came = take(i) || i->came;
    return i->came;
}
