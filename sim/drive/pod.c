#define _GNU_SOURCE /* unshare, pipe2 */
#include "sim/drive/pod.h"

#include "sim/drive/poller.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESULT = 2048 };

struct answer {
    int code;
    bool own_network;
    struct err err;
    _Alignas(max_align_t) char result[RESULT];
};

_Static_assert(sizeof(struct answer) <= PIPE_BUF, "it is written at once");

/* ------------------------------------------------------------ in the pod */

static bool raise_loopback(void)
{
    struct ifreq lo = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &lo) == 0;

    if (fd >= 0)
        close(fd);
    return up;
}

/* Root may have a network at once, others as root of a world of their own. */
static bool leave_network(void)
{
    return unshare(CLONE_NEWNET) == 0 ||
           unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

__attribute__((noreturn)) static void live(pod_work *work, void *context,
                                           pid_t parent, int fd)
{
    static struct answer a;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(1);
    a.own_network = leave_network();
    if (a.own_network && !raise_loopback())
        a.code = err_set(&a.err, ERR_IO, "no loopback device of its own: %s",
                         strerror(errno));
    else
        a.code = work(context, a.result, &a.err);
    ssize_t n = write(fd, &a, sizeof a);
    _exit(n == (ssize_t)sizeof a ? 0 : 1);
}

/* ------------------------------------------------------------ outside */

static void on_answer(void *context, uint32_t item, uint32_t events)
{
    (void)item, (void)events;
    poller_stop(context);
}

/* An interrupt is passed on, so that the pod can clean up. */
static int wait_for(struct poller *p, pid_t pid, int fd, struct answer *a,
                    struct err *e)
{
    poller_watch(p, fd, EPOLLIN, on_answer, p, 0);
    int rc = poller_run(p, e);
    if (rc != ERR_OK)
        (void)kill(pid, SIGTERM);
    ssize_t n = read(fd, a, sizeof *a);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (rc == ERR_OK && n != (ssize_t)sizeof *a)
        rc = err_set(e, ERR_IO, "the process with the stub builder died");
    return rc;
}

int pod_run(pod_work *work, void *context, void *result, size_t n,
            bool *own_network, struct err *e)
{
    struct answer a = {0};
    pid_t parent = getpid();
    int ends[2];

    assert(n <= sizeof a.result);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_set(e, ERR_IO, "no pipe: %s", strerror(errno));
    struct poller *p = poller_new(1.0, 0);
    pid_t pid = fork();
    if (pid == 0)
        live(work, context, parent, ends[1]);
    int rc = pid < 0 ? err_set(e, ERR_IO, "no process: %s", strerror(errno))
                     : ERR_OK;
    close(ends[1]);
    if (rc == ERR_OK)
        rc = wait_for(p, pid, ends[0], &a, e);
    close(ends[0]);
    poller_free(p);
    if (rc != ERR_OK)
        return rc;
    *own_network = a.own_network;
    memcpy(result, a.result, n);
    if (a.code != ERR_OK)
        *e = a.err;
    return a.code;
}
