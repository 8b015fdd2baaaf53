/* For posix_spawn_file_actions_addchdir_np. */
#define _GNU_SOURCE
#include "plots/gnuplot.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAID = 512, NAP_MS = 5 };

/* What a started program says and how it ends. */
struct child {
    pid_t pid;
    int fd; /* its standard error */
    int64_t deadline_ms;
    bool late;       /* it was killed */
    char said[SAID]; /* beginning of its standard error */
    size_t n_said;
    int status; /* of waitpid */
};

/* -------------------------------------------------------------- finding */

static bool is_program(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}

char *gnuplot_find(void)
{
    const char *at = getenv("PATH");

    while (at && *at != '\0') {
        size_t n = strcspn(at, ":");
        char *folder = mem_text(at, n);
        char *path = path_join(folder, "gnuplot");
        bool found = folder[0] == '/' && is_program(path);

        free(folder);
        if (found)
            return path;
        free(path);
        at += n + (at[n] == ':');
    }
    return NULL;
}

/* -------------------------------------------------------------- running */

static int64_t clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static char *variable(const char *name)
{
    const char *value = getenv(name);
    size_t size = strlen(name) + (value ? strlen(value) : 0) + 2;
    char *text = mem_array(size, 1);

    snprintf(text, size, "%s=%s", name, value ? value : "");
    return text;
}

/* Settings of the user and of the place must not change the picture, so only
 * what finds programs and fonts is handed on.
 */
static int spawn(struct child *c, const char *program, char *argv[],
                 posix_spawn_file_actions_t *files)
{
    char locale[] = "LC_ALL=C.UTF-8";
    char *path = variable("PATH"), *home = variable("HOME");
    char *fonts = variable("FONTCONFIG_FILE");
    char *env[] = {locale, path, home, getenv("FONTCONFIG_FILE") ? fonts : NULL,
                   NULL};
    int rc = posix_spawn(&c->pid, program, files, NULL, argv, env);

    free(path);
    free(home);
    free(fonts);
    return rc;
}

/* Starts the program in the folder; 0 or an errno. */
static int start(struct child *c, const char *program, const char *folder,
                 char *argv[])
{
    posix_spawn_file_actions_t files;
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        return errno;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, folder);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, fds[1], 2);
    int rc = spawn(c, program, argv, &files);

    posix_spawn_file_actions_destroy(&files);
    close(fds[1]);
    c->fd = fds[0];
    if (rc != 0)
        close(fds[0]);
    return rc;
}

/* Keeps the beginning of what is said and swallows the rest. */
static bool listen_once(struct child *c)
{
    char block[1024];
    ssize_t n = read(c->fd, block, sizeof block);
    size_t room = sizeof c->said - 1 - c->n_said;

    if (n < 0)
        return errno == EINTR;
    size_t take = (size_t)n < room ? (size_t)n : room;

    memcpy(c->said + c->n_said, block, take);
    c->n_said += take;
    return n > 0;
}

/* Until the program closes its standard error or its time is over. */
static void listen_all(struct child *c)
{
    bool open = true;

    while (open) {
        int64_t left_ms = c->deadline_ms - clock_ms();
        struct pollfd p = {.fd = c->fd, .events = POLLIN};

        if (left_ms <= 0)
            break;
        int ready = poll(&p, 1, (int)left_ms);

        open = ready < 0 ? errno == EINTR : ready == 0 || listen_once(c);
    }
    close(c->fd);
}

/* Reaps the program, by force if it is late. Where the process has been told
 * to ignore its children there is no status; then the pictures tell.
 */
static void reap(struct child *c)
{
    struct timespec nap = {.tv_nsec = NAP_MS * 1000000L};
    pid_t got;

    while ((got = waitpid(c->pid, &c->status, WNOHANG)) == 0 &&
           clock_ms() < c->deadline_ms)
        nanosleep(&nap, NULL);
    if (got == 0) {
        c->late = true;
        kill(c->pid, SIGKILL);
        while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
            ;
    }
}

/* -------------------------------------------------------------- pictures */

/* The line that gnuplot begins with the name of the script, after it has shown
 * the place; else the first line with words in it.
 */
static const char *complaint(char *said)
{
    const char *first = NULL;

    for (char *save, *line = strtok_r(said, "\r\n", &save); line;
         line = strtok_r(NULL, "\r\n", &save)) {
        line += strspn(line, " \t^");
        if (*line == '"')
            return line;
        if (!first && *line != '\0')
            first = line;
    }
    return first ? first : "gnuplot failed and did not say why";
}

static char *file_name(const char *folder, const char *name, const char *end)
{
    size_t size = strlen(name) + strlen(end) + 1;
    char *base = mem_array(size, 1);

    snprintf(base, size, "%s%s", name, end);
    char *path = path_join(folder, base);

    free(base);
    return path;
}

/* Renames NAME.part.END to NAME.END, or only removes both. */
static bool settle(const char *folder, const char *name, const char *end,
                   bool keep)
{
    char part_end[16];

    snprintf(part_end, sizeof part_end, ".part%s", end);
    char *part = file_name(folder, name, part_end);
    char *path = file_name(folder, name, end);
    bool there = keep && rename(part, path) == 0;

    if (!there) {
        unlink(part);
        unlink(path);
    }
    free(part);
    free(path);
    return there;
}

/* ERR_OK, or what went wrong with the program. */
static int judge(struct child *c, int limit_ms, struct err *e)
{
    if (c->late)
        return err_set(e, ERR_IO, "gnuplot took longer than %d s; killed",
                       (limit_ms + 999) / 1000);
    if (WIFSIGNALED(c->status))
        return err_set(e, ERR_IO, "gnuplot was ended by signal %d",
                       WTERMSIG(c->status));
    if (WEXITSTATUS(c->status) != 0)
        return err_set(e, ERR_IO, "%s", complaint(c->said));
    return ERR_OK;
}

static int run(const char *program, const char *folder, const char *name,
               int limit_ms, struct err *e)
{
    struct child c = {.deadline_ms = clock_ms() + limit_ms};
    char *script = file_name("", name, ".gp");
    char own[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
    char *part = mem_array(strlen(name) + 16, 1);
    char *argv[] = {own, defaults, execute, part, script, NULL};

    sprintf(part, "out=\"%s.part\"", name);
    int why = start(&c, program, folder, argv);

    free(script);
    free(part);
    if (why != 0)
        return err_set(e, ERR_IO, "cannot start %s: %s", program,
                       strerror(why));
    listen_all(&c);
    reap(&c);
    return judge(&c, limit_ms, e);
}

int gnuplot_run(const char *program, const char *folder, const char *name,
                int limit_ms, struct err *e)
{
    int rc = run(program, folder, name, limit_ms, e);
    bool svg = settle(folder, name, ".svg", rc == ERR_OK);
    bool png = settle(folder, name, ".png", svg);

    if (rc == ERR_OK && !png) {
        rc = err_set(e, ERR_IO, "gnuplot drew nothing");
        settle(folder, name, ".svg", false);
    }
    if (rc != ERR_OK) {
        char *script = file_name(folder, name, ".gp");

        err_prefix(e, script, 0);
        free(script);
    }
    return rc;
}
