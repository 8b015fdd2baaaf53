#include "sim/upstream/interrupt.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

int interrupt_hold(struct interrupt *i, struct err *e)
{
    sigset_t set;

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

void interrupt_release(struct interrupt *i)
{
    close(i->fd);
    i->fd = -1;
    sigprocmask(SIG_SETMASK, &i->before, NULL);
}

bool interrupt_came(const struct interrupt *i)
{
    struct signalfd_siginfo info;

    return read(i->fd, &info, sizeof info) == (ssize_t)sizeof info;
}
