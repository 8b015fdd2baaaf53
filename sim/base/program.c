/* For posix_spawn_file_actions_addchdir_np. */
#define _GNU_SOURCE
#include "sim/base/program.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"

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

enum { NAP_MS = 5 };

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

static char *variable(const char *name)
{
    const char *value = getenv(name);
    size_t size = strlen(name) + (value ? strlen(value) : 0) + 2;
    char *text = mem_array(size, 1);

    snprintf(text, size, "%s=%s", name, value ? value : "");
    return text;
}

/* 0 or an errno. */
static int start(pid_t *pid, const char *path, char *const argv[],
                 const char *folder, int out)
{
    posix_spawn_file_actions_t files;
    char locale[] = "LC_ALL=C.UTF-8";
    char *search = variable("PATH"), *home = variable("HOME");
    char *env[] = {locale, search, home, NULL};

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, folder);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, 1);
    posix_spawn_file_actions_adddup2(&files, out, 2);
    int rc = posix_spawn(pid, path, &files, NULL, argv, env);

    posix_spawn_file_actions_destroy(&files);
    free(search);
    free(home);
    return rc;
}

static int64_t clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* False if it had to be killed. */
static bool await(pid_t pid, int limit_s, int *status)
{
    struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    int64_t deadline_ms = clock_ms() + (int64_t)limit_s * 1000;
    pid_t got;

    while ((got = waitpid(pid, status, WNOHANG)) == 0 &&
           clock_ms() < deadline_ms)
        nanosleep(&nap, NULL);
    if (got != 0)
        return true;
    kill(pid, SIGKILL);
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    return false;
}

int program_run(const char *path, char *const argv[], const char *folder,
                int limit_s, FILE *said, struct err *e)
{
    int status = 0;
    pid_t pid;

    fflush(said);
    int rc = start(&pid, path, argv, folder, fileno(said));
    if (rc != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(rc));
    if (!await(pid, limit_s, &status))
        return err_set(e, ERR_IO, "%s: not done after %d s", path, limit_s);
    if (!WIFEXITED(status))
        return err_set(e, ERR_IO, "%s: ended by signal %d", path,
                       WTERMSIG(status));
    if (fseeko(said, 0, SEEK_SET) != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    return WEXITSTATUS(status);
}
