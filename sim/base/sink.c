/* For fopencookie. */
#define _GNU_SOURCE
#include "sim/base/file.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { PART_NAMES = 100 }; /* temporary names tried before giving up */

static int io_error(struct err *e, const char *path, int why)
{
    return err_set(e, ERR_IO, "%s: %s", path,
                   why > 0 ? strerror(why)
                           : "a write failed: is the disk full?");
}

/* ------------------------------------------------------- half-written */

/* Names to be removed if the program ends before they are whole, as it does
 * when memory is out.
 */
struct parts {
    pthread_mutex_t lock;
    char **names; /* borrowed; NULL where one was forgotten */
    size_t n, cap;
};

static struct parts *parts(void)
{
    static struct parts p = {.lock = PTHREAD_MUTEX_INITIALIZER};

    return &p;
}

static void remove_parts(void)
{
    struct parts *p = parts();

    for (size_t i = 0; i < p->n; i++)
        if (p->names[i])
            unlink(p->names[i]);
}

/* Puts a name in the place of another one; NULL is none. */
static void exchange_part(char *old, char *name)
{
    struct parts *p = parts();
    size_t i = 0;

    pthread_mutex_lock(&p->lock);
    while (i < p->n && p->names[i] != old)
        i++;
    if (i == p->n) {
        if (p->n == 0)
            atexit(remove_parts);
        p->names = mem_grow(p->names, &p->cap, i + 1, sizeof *p->names);
        p->n++;
    }
    p->names[i] = name;
    pthread_mutex_unlock(&p->lock);
}

void part_keep(char *name)
{
    exchange_part(NULL, name);
}

void part_forget(char *name)
{
    exchange_part(name, NULL);
}

/* Frees the name, which is no longer ours to remove. */
static void forget_part(struct sink *s)
{
    if (s->part)
        part_forget(s->part);
    free(s->part);
    s->part = NULL;
}

/* What names a part, behind the name of the file. */
#define PART_MARK ".part."
#define PART_FORM PART_MARK "%ld.%d"

/* Whether it is the name of a part whose program is no more. */
static bool is_left_over(const char *name)
{
    const char *mark = strstr(name, PART_MARK), *next;
    char again[48], *end;

    while (mark && (next = strstr(mark + 1, PART_MARK)))
        mark = next;
    if (!mark)
        return false;
    long pid = strtol(mark + strlen(PART_MARK), &end, 10);
    int i = *end == '.' ? (int)strtol(end + 1, NULL, 10) : 0;
    snprintf(again, sizeof again, PART_FORM, pid, i);
    return strcmp(mark, again) == 0 && pid > 0 && pid <= INT_MAX &&
           kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

void parts_sweep(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;

    while (dir && (entry = readdir(dir)))
        if (is_left_over(entry->d_name))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

/* ------------------------------------------------------------- opening */

/* An open file of its own beside path, or -1 with errno. O_EXCL also refuses
 * a link that somebody planted under the name.
 */
static int open_part(struct sink *s)
{
    size_t size = strlen(s->path) + 48;
    int fd = -1;

    s->part = mem_array(size, 1);
    part_keep(s->part);
    for (int i = 0; i < PART_NAMES && fd < 0; i++) {
        snprintf(s->part, size, "%s" PART_FORM, s->path, (long)getpid(), i);
        fd = open(s->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    if (fd < 0)
        forget_part(s); /* not ours to remove */
    return fd;
}

/* A device or a pipe is written in place: a rename would replace it. */
static int open_fd(struct sink *s)
{
    struct stat st;

    if (s->path[0] == '\0') {
        errno = ENOENT;
        return -1;
    }
    if (stat(s->path, &st) != 0 || S_ISREG(st.st_mode))
        return open_part(s);
    return open(s->path, O_WRONLY | O_CLOEXEC);
}

static ssize_t pack_write(void *cookie, const char *data, size_t n)
{
    unsigned most = n < 1U << 30 ? (unsigned)n : 1U << 30;

    errno = 0;
    return gzwrite(cookie, data, most); /* 0 means failed, to stdio as well */
}

static int pack_close(void *cookie)
{
    errno = 0;
    return gzclose(cookie) == Z_OK ? 0 : -1;
}

/* A stream that compresses into fd; NULL leaves fd open. */
static FILE *open_packed(int fd)
{
    cookie_io_functions_t io = {.write = pack_write, .close = pack_close};
    gzFile gz = gzdopen(fd, "wb");
    FILE *out = gz ? fopencookie(gz, "w", io) : NULL;

    if (!out) /* both fail for want of memory only */
        mem_out(1, sizeof io);
    return out;
}

static bool ends_in_gz(const char *path)
{
    size_t n = strlen(path);

    return n > 3 && strcmp(path + n - 3, ".gz") == 0;
}

int sink_open(struct sink *s, const char *path, struct err *e)
{
    *s = (struct sink){0};
    if (strcmp(path, "-") == 0) {
        s->path = mem_text("standard output", strlen("standard output"));
        s->out = stdout;
        return ERR_OK;
    }
    s->path = mem_text(path, strlen(path));
    int fd = open_fd(s);

    if (fd >= 0)
        s->out = ends_in_gz(path) ? open_packed(fd) : fdopen(fd, "wb");
    if (s->out)
        return ERR_OK;
    int rc = io_error(e, path, errno);

    if (fd >= 0)
        close(fd);
    sink_abort(s);
    return rc;
}

int sink_open_in(struct sink *s, const char *folder, const char *name,
                 struct err *e)
{
    char *path = path_join(folder, name);
    int rc = sink_open(s, path, e);

    free(path);
    return rc;
}

/* Flushes and closes; 0, or why not all of it was written, or -1 if an earlier
 * write failed, whose reason nobody kept.
 */
static int finish(FILE *out)
{
    errno = 0;
    bool bad = ferror(out) != 0;

    bad = fflush(out) != 0 || bad;
    int why = errno;

    if (out != stdout && fclose(out) != 0) {
        why = why != 0 ? why : errno;
        bad = true;
    }
    if (!bad)
        return 0;
    return why != 0 ? why : -1;
}

int sink_close(struct sink *s, struct err *e)
{
    assert(s->out);
    int why = finish(s->out);

    s->out = NULL;
    if (why == 0 && s->part && rename(s->part, s->path) != 0)
        why = errno;
    if (why == 0)
        forget_part(s); /* has its final name now */
    int rc = why == 0 ? ERR_OK : io_error(e, s->path, why);

    sink_abort(s);
    return rc;
}

void sink_abort(struct sink *s)
{
    if (s->out && s->out != stdout)
        fclose(s->out);
    if (s->part)
        unlink(s->part);
    forget_part(s);
    free(s->path);
    *s = (struct sink){0};
}

int sink_end(struct sink *s, int rc, struct err *e)
{
    if (rc == ERR_OK && s->out)
        return sink_close(s, e);
    sink_abort(s);
    return rc;
}

FILE *scratch_open(const char *folder, struct err *e)
{
    char *name = path_join(folder, ".drydock.XXXXXX");
    int fd = mkostemp(name, O_CLOEXEC);
    FILE *file = NULL;

    if (fd >= 0) {
        unlink(name);
        file = fdopen(fd, "w+b");
    }
    if (!file)
        io_error(e, folder, errno);
    if (!file && fd >= 0)
        close(fd);
    free(name);
    return file;
}

static int make_one(const char *path, const char *whole, struct err *e)
{
    struct stat st;

    if (mkdir(path, 0777) == 0)
        return ERR_OK;
    int why = errno;

    if (stat(path, &st) == 0)
        why = S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
    return why == 0 ? ERR_OK : io_error(e, whole, why);
}

int folder_make(const char *path, struct err *e)
{
    char *copy = mem_text(path, strlen(path));
    int rc = *path != '\0' ? ERR_OK : io_error(e, path, ENOENT);

    /* Cuts the path short behind each component in turn. */
    for (char *at = copy + strspn(copy, "/"); *at != '\0' && rc == ERR_OK;) {
        at += strcspn(at, "/");
        char kept = *at;

        *at = '\0';
        rc = make_one(copy, path, e);
        *at = kept;
        at += strspn(at, "/");
    }
    free(copy);
    return rc;
}

char *path_join(const char *dir, const char *name)
{
    size_t n = strlen(dir);

    if (n == 0 || name[0] == '/')
        return mem_text(name, strlen(name));
    size_t size = n + strlen(name) + 2;
    char *path = mem_array(size, 1);

    snprintf(path, size, "%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
    return path;
}

char *path_folder(const char *path)
{
    char *copy = mem_text(path, strlen(path));
    const char *folder = dirname(copy); /* into copy, or a constant */
    char *result = mem_text(folder, strlen(folder));

    free(copy);
    return result;
}
