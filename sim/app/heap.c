/* heap.c - allocations of the program and of its libraries: when memory is out,
 * the program ends with its message. Libraries that go on without would crash,
 * or would give another answer.
 *
 * Whoever defines the real ones, the C library or a preloaded one, is next in
 * the order of look-up, and also frees. Not linked under the sanitizers, nor
 * into the tests.
 */
#define _GNU_SOURCE
#include "sim/base/mem.h"

#include <dlfcn.h>
#include <stdlib.h>

/* A data pointer as a pointer to a function, which C has no cast for. */
union next {
    void *found;
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t n, size_t size);
    void *(*realloc)(void *old, size_t size);
};

void *malloc(size_t size)
{
    static union next next;

    if (!next.found)
        next.found = dlsym(RTLD_NEXT, "malloc");
    void *block = next.malloc(size);

    if (!block && size > 0)
        mem_out(1, size);
    return block;
}

void *calloc(size_t n, size_t size)
{
    static union next next;

    if (!next.found)
        next.found = dlsym(RTLD_NEXT, "calloc");
    void *block = next.calloc(n, size);

    if (!block && n > 0 && size > 0)
        mem_out(n, size);
    return block;
}

void *realloc(void *old, size_t size)
{
    static union next next;

    if (!next.found)
        next.found = dlsym(RTLD_NEXT, "realloc");
    void *block = next.realloc(old, size);

    if (!block && size > 0)
        mem_out(1, size);
    return block;
}
