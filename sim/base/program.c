/* For posix_spawn_file_actions_addchdir_np. */
#define _GNU_SOURCE
#include "sim/base/program.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/wall.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 5, HANDED_ON = 3 };

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

char *program_find(const char *name)
{
    const char *at = getenv("PATH");

    while (at && *at != '\0') {
        size_t n = strcspn(at, ":");
        char *folder = mem_text(at, n);
        char *path = path_join(folder, name);
        bool found = folder[0] == '/' && is_program(path);

        free(folder);
        if (found)
            return path;
        free(path);
        at += n + (at[n] == ':');
    }
    return NULL;
}

/* "NAME=value", owned; NULL if it is not set. */
static char *variable(const char *name)
{
    const char *value = getenv(name);

    if (!value)
        return NULL;
    size_t size = strlen(name) + strlen(value) + 2;
    char *text = mem_array(size, 1);

    snprintf(text, size, "%s=%s", name, value);
    return text;
}

static void put_output(posix_spawn_file_actions_t *files, int from, int to)
{
    if (from >= 0)
        posix_spawn_file_actions_adddup2(files, from, to);
    else
        posix_spawn_file_actions_addopen(files, to, "/dev/null", O_WRONLY, 0);
}

static int spawn(pid_t *pid, const struct program_call *call,
                 const posix_spawn_file_actions_t *files)
{
    static const char *const names[HANDED_ON] = {"PATH", "HOME",
                                                 "FONTCONFIG_FILE"};
    char locale[] = "LC_ALL=C.UTF-8";
    char *env[HANDED_ON + 2] = {locale};
    size_t n = 1;

    for (size_t i = 0; i < HANDED_ON; i++) {
        env[n] = variable(names[i]);
        n += env[n] != NULL;
    }
    int rc = posix_spawn(pid, call->path, files, NULL, call->argv, env);

    while (n > 1)
        free(env[--n]);
    return rc;
}

static int64_t clock_ms(void)
{
    return wall_ns() / 1000000;
}

int program_start(struct program *p, const struct program_call *call)
{
    posix_spawn_file_actions_t files;

    p->deadline_ms = clock_ms() + call->limit_ms;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, call->folder);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    put_output(&files, call->out, 1);
    put_output(&files, call->err, 2);
    int rc = spawn(&p->pid, call, &files);

    posix_spawn_file_actions_destroy(&files);
    return rc;
}

int program_left_ms(const struct program *p)
{
    int64_t left_ms = p->deadline_ms - clock_ms();

    return left_ms > 0 ? (int)left_ms : 0;
}

bool program_await(const struct program *p, int *status)
{
    struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    pid_t got;

    while ((got = waitpid(p->pid, status, WNOHANG)) == 0 &&
           program_left_ms(p) > 0)
        nanosleep(&nap, NULL);
    if (got != 0)
        return true;
    kill(p->pid, SIGKILL);
    while (waitpid(p->pid, status, 0) < 0 && errno == EINTR)
        ;
    return false;
}

int program_run(const char *path, char *const argv[], const char *folder,
                int limit_s, FILE *said, struct err *e)
{
    int fd = fileno(said), status = 0;
    const struct program_call call = {path, argv, folder,
                                      fd,   fd,   1000 * limit_s};
    struct program p;

    fflush(said);
    int rc = program_start(&p, &call);
    if (rc != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(rc));
    if (!program_await(&p, &status))
        return err_set(e, ERR_IO, "%s: not done after %d s", path, limit_s);
    if (!WIFEXITED(status))
        return err_set(e, ERR_IO, "%s: ended by signal %d", path,
                       WTERMSIG(status));
    if (fseeko(said, 0, SEEK_SET) != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    return WEXITSTATUS(status);
}
