/* memory.c - preloaded into the program by fail.sh: makes one allocation fail,
 * and tells at the end what is still held.
 *
 * DRYDOCK_FAIL_AT      number of the allocation that fails, from 1
 * DRYDOCK_FAIL_SURVEY  file that is told the number of the first allocation
 *                      of each distinct chain of callers
 * DRYDOCK_FAIL_HELD    file that is told at the end how many blocks and
 *                      descriptors are held
 */
#define _GNU_SOURCE
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The logs have numbers that nobody else gets; fail.sh knows that of HELD. */
enum { FRAMES = 8, SLOTS = 1 << 16, MOST_FDS = 256, SURVEY = 900, HELD = 901 };

/* The C library's own, under the names that it keeps for this. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

struct watch {
    bool on;               /* not before the program's own code */
    bool inside;           /* this code itself allocates */
    bool surveys;          /* tells of new chains */
    unsigned long n;       /* allocations so far */
    unsigned long fail_at; /* 0: none */
    long held;             /* blocks */
    uint64_t seen[SLOTS];  /* hashes of chains; 0 is free */
};

static struct watch *watch(void)
{
    static struct watch w;

    return &w;
}

static bool is_new(struct watch *w)
{
    void *frames[FRAMES];
    uint64_t hash = 1;
    int n = backtrace(frames, FRAMES);

    for (int i = 0; i < n; i++)
        hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(0x9e3779b97f4a7c15);
    size_t slot = hash >> 48;
    while (w->seen[slot] != 0 && w->seen[slot] != hash)
        slot = (slot + 1) % SLOTS;
    bool first = w->seen[slot] == 0;

    w->seen[slot] = hash;
    return first;
}

/* Whether this allocation is the one to fail. */
static bool refuses(struct watch *w)
{
    unsigned long n;

    if (!w->on || w->inside)
        return false;
    n = __atomic_add_fetch(&w->n, 1, __ATOMIC_RELAXED);
    if (w->surveys) {
        w->inside = true;
        if (is_new(w))
            dprintf(SURVEY, "%lu\n", n);
        w->inside = false;
    }
    if (n == w->fail_at)
        errno = ENOMEM;
    return n == w->fail_at;
}

static void *counted(struct watch *w, void *block, long change)
{
    if (block && !w->inside)
        __atomic_add_fetch(&w->held, change, __ATOMIC_RELAXED);
    return block;
}

void *malloc(size_t size)
{
    struct watch *w = watch();

    return refuses(w) ? NULL : counted(w, __libc_malloc(size), 1);
}

void *calloc(size_t n, size_t size)
{
    struct watch *w = watch();

    return refuses(w) ? NULL : counted(w, __libc_calloc(n, size), 1);
}

void *realloc(void *old, size_t size)
{
    struct watch *w = watch();

    return refuses(w) ? NULL
                      : counted(w, __libc_realloc(old, size), old == NULL);
}

void free(void *block)
{
    counted(watch(), block, -1);
    __libc_free(block);
}

/* Opens the file that a variable names; false if it names none. */
static bool open_log(const char *name, int fd)
{
    const char *path = getenv(name);
    int got = -1;

    if (path)
        got = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (got < 0)
        return false;
    dup3(got, fd, O_CLOEXEC);
    close(got);
    return true;
}

__attribute__((constructor)) static void begin(void)
{
    struct watch *w = watch();
    const char *at = getenv("DRYDOCK_FAIL_AT");
    void *frames[FRAMES];

    backtrace(frames, FRAMES); /* loads what it needs */
    w->fail_at = at ? strtoul(at, NULL, 10) : 0;
    w->surveys = open_log("DRYDOCK_FAIL_SURVEY", SURVEY);
    open_log("DRYDOCK_FAIL_HELD", HELD);
    unsetenv("LD_PRELOAD"); /* not for those whom the program starts */
    w->held = 0;
    w->on = true;
}

__attribute__((destructor)) static void end(void)
{
    int n_fds = 0;

    for (int fd = STDERR_FILENO + 1; fd < MOST_FDS; fd++)
        n_fds += fcntl(fd, F_GETFD) >= 0;
    dprintf(HELD, "%ld blocks, %d descriptors\n", watch()->held, n_fds);
}
