/* For pipe2. */
#define _GNU_SOURCE
#include "plots/gnuplot.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID = 512 };

/* What a started program says and how it ends. */
struct child {
    struct program program;
    int fd;          /* its standard error */
    bool late;       /* it was killed */
    char said[SAID]; /* beginning of its standard error */
    size_t n_said;
    int status; /* of waitpid */
};

/* -------------------------------------------------------------- running */

/* Starts the program in the folder; 0 or an errno. */
static int start(struct child *c, struct program_call *call)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        return errno;
    call->err = fds[1];
    int rc = program_start(&c->program, call);

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
        int left_ms = program_left_ms(&c->program);
        struct pollfd p = {.fd = c->fd, .events = POLLIN};

        if (left_ms == 0)
            break;
        int ready = poll(&p, 1, left_ms);

        open = ready < 0 ? errno == EINTR : ready == 0 || listen_once(c);
    }
    close(c->fd);
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

/* One picture: the name under which it is drawn, and its own. */
struct picture {
    char *part, *path; /* owned */
};

static struct picture picture(const char *folder, const char *name,
                              const char *part_end, const char *end)
{
    struct picture p = {.path = file_name(folder, name, end)};

    p.part = file_name(folder, name, part_end);
    part_keep(p.part);
    return p;
}

/* Renames it, or only removes both. */
static bool settle(const struct picture *p, bool keep)
{
    bool there = keep && rename(p->part, p->path) == 0;

    if (!there) {
        unlink(p->part);
        unlink(p->path);
    }
    return there;
}

static void picture_free(struct picture *p)
{
    part_forget(p->part);
    free(p->part);
    free(p->path);
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
    struct child c = {.fd = -1};
    char *script = file_name("", name, ".gp");
    char own[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
    char *part = mem_array(strlen(name) + 16, 1);
    char *argv[] = {own, defaults, execute, part, script, NULL};
    struct program_call call = {program, argv, folder, -1, -1, limit_ms};

    sprintf(part, "out=\"%s.part\"", name);
    int why = start(&c, &call);

    free(script);
    free(part);
    if (why != 0)
        return err_set(e, ERR_IO, "cannot start %s: %s", program,
                       strerror(why));
    listen_all(&c);
    c.late = !program_await(&c.program, &c.status);
    return judge(&c, limit_ms, e);
}

int gnuplot_run(const char *program, const char *folder, const char *name,
                int limit_ms, struct err *e)
{
    struct picture svg = picture(folder, name, ".part.svg", ".svg");
    struct picture png = picture(folder, name, ".part.png", ".png");
    int rc = run(program, folder, name, limit_ms, e);
    bool both = settle(&svg, rc == ERR_OK);

    both = settle(&png, both);

    if (rc == ERR_OK && !both) {
        rc = err_set(e, ERR_IO, "gnuplot drew nothing");
        settle(&svg, false);
    }
    picture_free(&svg);
    picture_free(&png);
    if (rc != ERR_OK) {
        char *script = file_name(folder, name, ".gp");

        err_prefix(e, script, 0);
        free(script);
    }
    return rc;
}
