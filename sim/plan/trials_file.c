#include "sim/plan/trials_file.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/plan/ranks.h"
#include "sim/plan/trials_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* A file that is read, and how far. */
struct reading {
    char *path; /* owned */
    long at;
    unsigned long line; /* the next, from 1 on */
};

struct trials_file {
    struct reading own;
    FILE *out;              /* owned */
    int why;                /* errno of the write that failed; 0 */
    struct reading *others; /* owned; n of them */
    size_t n;
};

/* ------------------------------------------------------------ reading */

static int take(struct trials *t, struct reading *r, char *line, size_t *n_new,
                struct err *e)
{
    char head[TRIALS_HEAD];
    struct trial_pair p;
    bool is_new = false;

    if (r->line > 1) {
        int rc = trials_take_line(t, line, &p, &is_new, e);
        if (rc != ERR_OK)
            err_prefix(e, r->path, r->line);
        *n_new += is_new;
        return rc;
    }
    trials_head(t, head);
    head[strlen(head) - 1] = '\0';
    return strcmp(line, head) == 0
               ? ERR_OK
               : err_set(e, ERR_INPUT,
                         "%s: not the runs of this scenario, trace and seed; "
                         "without --resume it is written anew",
                         r->path);
}

/* All whole lines from r->at on. The file is opened each time: a folder that
 * other machines write to may show no news otherwise.
 */
static int read_on(struct trials *t, struct reading *r, size_t *n_new,
                   struct err *e)
{
    FILE *in = fopen(r->path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int rc = ERR_OK;

    if (!in && errno == ENOENT)
        return ERR_OK;
    if (!in || fseek(in, r->at, SEEK_SET) != 0)
        rc = err_set(e, ERR_IO, "%s: %s", r->path, strerror(errno));
    while (rc == ERR_OK && (n = getline(&line, &size, in)) > 0 &&
           line[n - 1] == '\n') {
        line[n - 1] = '\0';
        rc = take(t, r, line, n_new, e);
        r->at += n;
        r->line++;
    }
    if (rc == ERR_OK && ferror(in))
        rc = err_set(e, ERR_IO, "%s: %s", r->path, strerror(errno));
    free(line);
    if (in)
        fclose(in);
    return rc;
}

int trials_file_look(struct trials *t, size_t *n_new, struct err *e)
{
    struct trials_file *f = t->file;
    int rc = ERR_OK;

    *n_new = 0;
    for (size_t i = 0; f && i < f->n && rc == ERR_OK; i++)
        rc = read_on(t, &f->others[i], n_new, e);
    return rc;
}

/* ------------------------------------------------------------ writing */

/* The lock goes when the file is closed, also by a program that is killed. */
static int lock(struct trials_file *f, int *fd, struct err *e)
{
    const char *path = f->own.path;

    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    if (errno == EWOULDBLOCK)
        return err_set(e, ERR_IO,
                       "%s: another drydock is at work in this folder; wait "
                       "for it, or take another one",
                       path);
    return err_set(e, ERR_IO, "%s: cannot lock it: %s", path, strerror(errno));
}

static void note_failure(struct trials_file *f)
{
    if ((ferror(f->out) || fflush(f->out) != 0) && f->why == 0)
        f->why = errno != 0 ? errno : EIO;
}

static int start(struct trials *t, int fd, struct err *e)
{
    struct trials_file *f = t->file;
    char head[TRIALS_HEAD];

    if (ftruncate(fd, f->own.at) != 0 || lseek(fd, f->own.at, SEEK_SET) < 0 ||
        !(f->out = fdopen(fd, "w")))
        return err_set(e, ERR_IO, "%s: %s", f->own.path, strerror(errno));
    if (f->own.at == 0) {
        trials_head(t, head);
        fputs(head, f->out);
        note_failure(f);
    }
    return f->why == 0 ? ERR_OK : trials_file_failure(t, e);
}

static char *path_of(const struct trials *t, const char *folder, uint32_t part,
                     bool shared)
{
    char name[64] = "trials.txt";

    if (shared)
        (void)snprintf(name, sizeof name, "trials.%u-of-%u.txt", part,
                       t->n_parts);
    return path_join(folder, name);
}

static void free_file(struct trials *t)
{
    struct trials_file *f = t->file;

    for (size_t i = 0; i < f->n; i++)
        free(f->others[i].path);
    free(f->others);
    free(f->own.path);
    free(f);
    t->file = NULL;
}

int trials_file_open(struct trials *t, const char *folder, bool resume,
                     size_t *n_found, struct err *e)
{
    bool shared = t->n_parts > 1 && ranks_n() == 1;
    struct trials_file *f = t->file = mem_array(1, sizeof *f);
    size_t n_theirs = 0;
    int fd;

    f->own = (struct reading){path_of(t, folder, t->part, shared), 0, 1};
    f->others = mem_array(t->n_parts, sizeof *f->others);
    for (uint32_t i = 0; shared && i < t->n_parts; i++)
        if (i != t->part)
            f->others[f->n++] =
                (struct reading){path_of(t, folder, i, shared), 0, 1};
    *n_found = 0;
    int rc = lock(f, &fd, e);
    if (rc == ERR_OK && resume)
        rc = read_on(t, &f->own, n_found, e);
    if (rc == ERR_OK)
        rc = trials_file_look(t, &n_theirs, e);
    *n_found += n_theirs;
    if (rc == ERR_OK)
        rc = start(t, fd, e);
    if (rc == ERR_OK)
        return ERR_OK;
    if (f->out)
        fclose(f->out);
    else if (fd >= 0)
        close(fd);
    free_file(t);
    return rc;
}

void trials_file_add(struct trials *t, const struct trial_pair *p)
{
    if (!t->file)
        return;
    trials_line(t, p, t->file->out);
    note_failure(t->file);
}

bool trials_file_has_failed(const struct trials *t)
{
    return t->file && t->file->why != 0;
}

int trials_file_failure(const struct trials *t, struct err *e)
{
    return err_set(e, ERR_IO,
                   "%s: %s; the runs in it are kept, and --resume goes on with "
                   "them",
                   t->file->own.path, strerror(t->file->why));
}

int trials_file_close(struct trials *t, struct err *e)
{
    struct trials_file *f = t->file;

    if (!f)
        return ERR_OK;
    if (fclose(f->out) != 0 && f->why == 0)
        f->why = errno;
    int rc = f->why == 0 ? ERR_OK : trials_file_failure(t, e);
    free_file(t);
    return rc;
}
