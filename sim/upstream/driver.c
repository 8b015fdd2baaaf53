#define _GNU_SOURCE
#include "sim/upstream/driver.h"

#include "sim/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_IN = 3, CHILD_OUT = 4, ABOVE = 16, BLOCK = 1 << 14 };

/* In the child: nothing but calls that are safe after a fork. */
static void become(char *const argv[], int in, int out, pid_t parent)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    dup2(in, CHILD_IN);
    dup2(out, CHILD_OUT);
    execv(argv[0], argv);
    _exit(127);
}

static void close_both(const int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

/* A pipe whose ends lie above the descriptors that the child wants. */
static bool high_pipe(int ends[2])
{
    int low[2];

    ends[0] = ends[1] = -1;
    if (pipe2(low, O_CLOEXEC) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, ABOVE);
    close_both(low);
    return ends[0] >= 0 && ends[1] >= 0;
}

int driver_start(struct driver *d, char *const argv[], struct err *e)
{
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    pid_t self = getpid();

    *d = (struct driver){.name = argv[0], .to = -1, .from = -1};
    if (access(argv[0], X_OK) != 0 || !high_pipe(down) || !high_pipe(up))
        goto refuse;
    d->pid = fork();
    if (d->pid < 0)
        goto refuse;
    if (d->pid == 0)
        become(argv, down[0], up[1], self);
    close(down[0]);
    close(up[1]);
    d->to = down[1];
    d->from = up[0];
    return ERR_OK;
refuse:
    err_set(e, ERR_IO, "%s: %s", argv[0], strerror(errno));
    close_both(down);
    close_both(up);
    *d = (struct driver){0};
    return ERR_IO;
}

static int is_gone(const struct driver *d, struct err *e)
{
    return err_set(e, ERR_IO, "%s: it ended before its work was done", d->name);
}

int driver_send(struct driver *d, const json_t *o, struct err *e)
{
    char *line = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(17));
    size_t n = strlen(line), done = 0;
    int rc = ERR_OK;

    line[n++] = '\n'; /* in the place of the end */
    while (done < n) {
        ssize_t wrote = write(d->to, line + done, n - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0) {
            rc = is_gone(d, e);
            break;
        }
        done += (size_t)wrote;
    }
    free(line);
    return rc;
}

json_t *driver_take(struct driver *d)
{
    char *end = NULL;

    if (d->n > d->n_searched)
        end = memchr(d->text + d->n_searched, '\n', d->n - d->n_searched);
    d->n_searched = d->n;
    if (!end)
        return NULL;
    size_t n = (size_t)(end - d->text);
    json_t *o = json_loadb(d->text, n, 0, NULL);

    d->n -= n + 1;
    d->n_searched = 0;
    memmove(d->text, end + 1, d->n);
    return o ? o : json_null();
}

bool driver_has_news(const struct driver *d)
{
    struct pollfd fd = {d->from, POLLIN, 0};

    return poll(&fd, 1, 0) > 0;
}

int driver_fill(struct driver *d, struct err *e)
{
    ssize_t n;

    d->text = mem_grow(d->text, &d->cap, d->n + BLOCK, 1);
    do
        n = read(d->from, d->text + d->n, BLOCK);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return is_gone(d, e);
    d->n += (size_t)n;
    return ERR_OK;
}

static int finish(struct driver *d)
{
    int status = -1;

    if (d->to >= 0)
        close(d->to);
    if (d->from >= 0)
        close(d->from);
    while (waitpid(d->pid, &status, 0) < 0 && errno == EINTR)
        ;
    free(d->text);
    *d = (struct driver){0};
    return status;
}

bool driver_end(struct driver *d)
{
    if (d->pid <= 0)
        return false;
    close(d->to);
    d->to = -1;
    int status = finish(d);

    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void driver_kill(struct driver *d)
{
    if (d->pid <= 0)
        return;
    kill(d->pid, SIGKILL);
    (void)finish(d);
}
