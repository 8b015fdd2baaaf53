/* fuzz.h - what every fuzz target needs: bytes as a file, a text, a number.
 *
 * A target is given arbitrary bytes. It may refuse them, with a message, and
 * must not crash, hang or leak; what it accepts is held against an invariant.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Called by libFuzzer. Returns 0, or -1 if the bytes are not worth keeping. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { FUZZ_PATH = 32 };

__attribute__((noreturn)) static inline void
fuzz_stop(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* An assert that stays one sentence in the log of the fuzzer. */
#define fuzz_check(condition)                                                  \
    ((condition) ? (void)0 : fuzz_stop(__FILE__, __LINE__, #condition))

/* An empty file in memory. Returns its descriptor, to be closed. */
static inline int fuzz_memory(void)
{
    int fd = (int)syscall(SYS_memfd_create, "fuzz", 0);

    fuzz_check(fd >= 0);
    return fd;
}

/* The bytes as a file in memory. Returns its descriptor, to be closed. */
static inline int fuzz_file(const uint8_t *bytes, size_t n,
                            char path[FUZZ_PATH])
{
    int fd = fuzz_memory();

    for (size_t at = 0; at < n;) {
        ssize_t written = write(fd, bytes + at, n - at);

        fuzz_check(written > 0);
        at += (size_t)written;
    }
    (void)snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
    return fd;
}

/* The bytes as a zero-terminated text. Owned. */
static inline char *fuzz_text(const uint8_t *bytes, size_t n)
{
    char *text = malloc(n + 1);

    fuzz_check(text != NULL);
    if (n > 0)
        memcpy(text, bytes, n);
    text[n] = '\0';
    return text;
}

/* Who refuses says why, in one line. */
static inline void fuzz_check_message(int rc, const struct err *e)
{
    fuzz_check(rc != ERR_OK);
    fuzz_check(e->msg[0] != '\0');
    fuzz_check(strlen(e->msg) < sizeof e->msg);
    fuzz_check(strchr(e->msg, '\n') == NULL);
}

#endif
