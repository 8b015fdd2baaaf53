#define _GNU_SOURCE /* pipe2 */
#include "sim/drive/child.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 1000 };

/* ------------------------------------------------------------ in the child */

static void limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};

    (void)setrlimit((__rlimit_resource_t)what, &r);
}

static void confine(void)
{
    /* With real-time priority, it may not hold a core for a second. */
    limit(RLIMIT_RTTIME, 1000000);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, 60);
    limit(RLIMIT_FSIZE, 1 << 20);
    limit(RLIMIT_NOFILE, 64);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static bool redirect(const char *output)
{
    int in = open("/dev/null", O_RDONLY);
    int out = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    return in >= 0 && out >= 0 && dup2(in, 0) == 0 && dup2(out, 1) == 1 &&
           dup2(out, 2) == 2;
}

static void keep_open(const struct child_spec *spec)
{
    for (size_t i = 0; i < spec->n_keep; i++)
        (void)fcntl(spec->keep[i], F_SETFD, 0);
}

/* Between fork and exec: nothing that may hold a lock. Tells the parent by the
 * pipe what went wrong.
 */
static void become(const struct child_spec *spec, pid_t parent, int pipe_fd)
{
    sigset_t none;

    sigemptyset(&none);
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (getppid() != parent)
        _exit(127); /* it died before that */
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    if (redirect(spec->output) && chdir(spec->folder) == 0) {
        keep_open(spec);
        if (spec->confined)
            confine();
        (void)execve(spec->argv[0], (char *const *)spec->argv,
                     (char *const *)spec->env);
    }
    int why = errno;
    if (write(pipe_fd, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

/* ------------------------------------------------------------ in the parent */

static int failed(const struct child_spec *spec, int why, struct err *e)
{
    return err_set(e, ERR_IO, "%s: cannot be started: %s", spec->argv[0],
                   strerror(why));
}

int child_start(struct child *c, const struct child_spec *spec, struct err *e)
{
    pid_t parent = getpid();
    int ends[2], why = 0;

    *c = (struct child){0};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failed(spec, errno, e);
    pid_t pid = fork();
    if (pid == 0)
        become(spec, parent, ends[1]);
    int fork_errno = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return failed(spec, fork_errno, e);
    }
    (void)setpgid(pid, pid); /* whoever comes first */
    ssize_t n = read(ends[0], &why, sizeof why);
    close(ends[0]);
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (n == (ssize_t)sizeof why || fd < 0) {
        if (n != (ssize_t)sizeof why)
            why = errno;
        (void)kill(-pid, SIGKILL);
        (void)waitpid(pid, NULL, 0);
        return failed(spec, why, e);
    }
    *c = (struct child){pid, fd};
    return ERR_OK;
}

static bool has_ended(const struct child *c, int limit_ms)
{
    struct pollfd p = {.fd = c->fd, .events = POLLIN};
    int n;

    do
        n = poll(&p, 1, limit_ms);
    while (n < 0 && errno == EINTR);
    return n > 0;
}

/* What it has started may outlive it: the group goes first, while its number
 * is still taken.
 */
static void bury(struct child *c, int *status)
{
    (void)kill(-c->pid, SIGKILL);
    while (waitpid(c->pid, status, 0) < 0 && errno == EINTR)
        continue;
    close(c->fd);
    *c = (struct child){0};
}

bool child_wait(struct child *c, int limit_ms, int *status)
{
    if (!has_ended(c, limit_ms))
        return false;
    bury(c, status);
    return true;
}

void child_stop(struct child *c)
{
    int status;

    if (c->pid == 0)
        return;
    (void)kill(-c->pid, SIGTERM);
    (void)has_ended(c, PATIENCE_MS);
    bury(c, &status);
}

/* ------------------------------------------------------------ programs */

static char *find_in(const char *folders, const char *name)
{
    while (*folders) {
        size_t n = strcspn(folders, ":");
        char *folder = mem_text(folders, n);
        char *path = path_join(folder, name);

        free(folder);
        if (n > 0 && access(path, X_OK) == 0)
            return path;
        free(path);
        folders += n + (folders[n] == ':');
    }
    return NULL;
}

char *child_find(const char *name)
{
    const char *folders = getenv("PATH");
    char *path = folders ? find_in(folders, name) : NULL;

    return path ? path : find_in("/usr/sbin:/usr/local/sbin:/sbin", name);
}
