#include "sim/base/file.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    BLOCK = 1 << 16,
    GZIP_ONLY = MAX_WBITS + 16, /* zlib: expect a gzip header */
    MOST_AT_ONCE = 1 << 30
};

static int io_error(struct err *e, const char *path, int why)
{
    return err_set(e, ERR_IO, "%s: %s", path,
                   why != 0 ? strerror(why) : "input or output failed");
}

struct source {
    char *name; /* owned; for messages */
    int fd;
    bool packed;  /* gzip */
    bool at_end;  /* of the raw bytes */
    bool between; /* packed: no member has begun */
    z_stream z;   /* raw bytes are in z.next_in[z.avail_in] */
    unsigned char raw[BLOCK];
};

/* Puts more raw bytes behind those present. */
static int fill(struct source *s, struct err *e)
{
    memmove(s->raw, s->z.next_in, s->z.avail_in);
    s->z.next_in = s->raw;
    while (!s->at_end && s->z.avail_in < BLOCK) {
        ssize_t n = read(s->fd, s->raw + s->z.avail_in, BLOCK - s->z.avail_in);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_error(e, s->name, errno);
        s->at_end = n == 0;
        s->z.avail_in += (unsigned)n;
        /* Two bytes tell gzip; a pipe need not deliver a full block. */
        if (s->z.avail_in >= 2)
            break;
    }
    return ERR_OK;
}

static int open_fd(struct source *s, const char *path, struct err *e)
{
    struct stat st;

    s->fd = STDIN_FILENO;
    if (strcmp(path, "-") != 0)
        s->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (s->fd < 0 || fstat(s->fd, &st) != 0)
        return io_error(e, s->name, errno);
    if (S_ISDIR(st.st_mode))
        return io_error(e, s->name, EISDIR);
    return ERR_OK;
}

int source_open(struct source **out, const char *path, struct err *e)
{
    struct source *s = mem_array(1, sizeof *s);
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;

    *out = NULL;
    s->name = mem_text(name, strlen(name));
    s->z.next_in = s->raw;
    int rc = open_fd(s, path, e);

    if (rc == ERR_OK)
        rc = fill(s, e);
    if (rc != ERR_OK)
        goto close;
    if (s->z.avail_in >= 2 && s->raw[0] == 0x1f && s->raw[1] == 0x8b) {
        if (inflateInit2(&s->z, GZIP_ONLY) != Z_OK) {
            rc = err_set(e, ERR_IO, "%s: cannot start zlib", s->name);
            goto close;
        }
        s->packed = true;
    }
    *out = s;
    return ERR_OK;
close:
    source_close(s);
    return rc;
}

static int damaged(const struct source *s, struct err *e)
{
    return err_set(e, ERR_INPUT, "%s: damaged gzip data%s%s", s->name,
                   s->z.msg ? ": " : "", s->z.msg ? s->z.msg : "");
}

/* Between members there may be zeros, as tapes and some writers pad. */
static void skip_padding(struct source *s)
{
    while (s->between && s->z.avail_in > 0 && s->z.next_in[0] == 0) {
        s->z.next_in++;
        s->z.avail_in--;
    }
}

/* Inflates what there is into the room of z.next_out. */
static int inflate_some(struct source *s, struct err *e)
{
    int rc = inflate(&s->z, Z_NO_FLUSH);

    s->between = rc == Z_STREAM_END;
    if (rc == Z_STREAM_END)
        rc = inflateReset(&s->z);
    if (rc == Z_BUF_ERROR && s->z.avail_in == 0 && s->at_end)
        return err_set(e, ERR_INPUT, "%s: the gzip data are cut off", s->name);
    return rc == Z_OK || rc == Z_BUF_ERROR ? ERR_OK : damaged(s, e);
}

static long read_packed(struct source *s, char *buffer, unsigned size,
                        struct err *e)
{
    s->z.next_out = (unsigned char *)buffer;
    s->z.avail_out = size;
    while (s->z.avail_out == size) {
        int rc;

        skip_padding(s);
        if (s->z.avail_in == 0 && !s->at_end)
            rc = fill(s, e);
        else if (s->z.avail_in == 0 && s->between)
            return 0;
        else
            rc = inflate_some(s, e);
        if (rc != ERR_OK)
            return rc;
    }
    return (long)(size - s->z.avail_out);
}

static long read_plain(struct source *s, char *buffer, unsigned size,
                       struct err *e)
{
    if (s->z.avail_in == 0) {
        int rc = fill(s, e);

        if (rc != ERR_OK)
            return rc;
    }
    if (size > s->z.avail_in)
        size = s->z.avail_in;
    memcpy(buffer, s->z.next_in, size);
    s->z.next_in += size;
    s->z.avail_in -= size;
    return (long)size;
}

long source_read(struct source *s, char *buffer, size_t size, struct err *e)
{
    unsigned most = size < MOST_AT_ONCE ? (unsigned)size : MOST_AT_ONCE;

    assert(s && size > 0);
    return s->packed ? read_packed(s, buffer, most, e)
                     : read_plain(s, buffer, most, e);
}

void source_close(struct source *s)
{
    if (!s)
        return;
    if (s->packed)
        inflateEnd(&s->z);
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    free(s->name);
    free(s);
}

/* Everything s still has, behind (*text)[*n]; the caller frees on failure. */
static int read_all(struct source *s, size_t limit, char **text, size_t *n,
                    struct err *e)
{
    size_t capacity = 0;
    long got;

    do {
        *text = mem_grow(*text, &capacity, *n + BLOCK + 1, 1);
        got = source_read(s, *text + *n, BLOCK, e);
        if (got < 0)
            return (int)got;
        *n += (size_t)got;
        if (*n > limit)
            return err_set(e, ERR_INPUT, "%s: larger than %zu bytes", s->name,
                           limit);
    } while (got > 0);
    (*text)[*n] = '\0';
    return ERR_OK;
}

int file_read(const char *path, size_t limit, char **text, size_t *n,
              struct err *e)
{
    struct source *s;

    *text = NULL;
    *n = 0;
    int rc = source_open(&s, path, e);

    if (rc != ERR_OK)
        return rc;
    rc = read_all(s, limit, text, n, e);
    source_close(s);
    if (rc != ERR_OK) {
        free(*text);
        *text = NULL;
        *n = 0;
    }
    return rc;
}
