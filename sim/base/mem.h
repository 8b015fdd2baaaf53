/* mem.h - growing arrays and owned strings. Out of memory ends the program
 * with a message; every other failure is the caller's.
 */
#ifndef SIM_BASE_MEM_H
#define SIM_BASE_MEM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The same as mem_grow, for n above *capacity. */
void *mem_widen(void *array, size_t *capacity, size_t n, size_t size);

/* Ends the program: there is no room for n elements of size bytes. */
_Noreturn void mem_out(size_t n, size_t size);

/* Makes room for n elements of size bytes, and for half as much more as there
 * was, so that many pushes take time in their number; new elements are zero.
 * Returns the array, moved or not, and updates *capacity. In line: it is asked
 * at each push, and there is nearly always room.
 */
static inline void *mem_grow(void *array, size_t *capacity, size_t n,
                             size_t size)
{
    return n <= *capacity ? array : mem_widen(array, capacity, n, size);
}

/* Zeroed array of n elements; never NULL, also for n = 0. */
void *mem_array(size_t n, size_t size);

/* Owned copy of text[n], with a zero byte behind it. */
char *mem_text(const char *text, size_t n);

/* Text that is printed, however long it gets. */
struct mem_file {
    FILE *out;  /* until mem_file_close: print here */
    char *text; /* owned; from then on, text[n] */
    size_t n;
};

/* f         stays where it is until it is closed */
void mem_file_open(struct mem_file *f);
void mem_file_close(struct mem_file *f);

/* A set of distinct strings, each known by a small index that never changes.
 * Index 0 is always "". Starts from {0}.
 */
struct strings {
    char *bytes; /* owned; every string, zero-terminated */
    size_t n_bytes, cap_bytes;
    uint32_t *offsets; /* owned; n of them */
    size_t n, cap;
    struct string_slot {
        uint32_t held; /* index + 1, or 0 */
        uint32_t hash;
    } * slots;      /* owned; open addressing */
    size_t n_slots; /* power of two, or 0 */
};

/* Index of text[n], adding it if it is new. Bytes after a zero byte are
 * dropped.
 */
uint32_t strings_add(struct strings *s, const char *text, size_t n);

/* Index of the string, or NO_INDEX. */
uint32_t strings_find(const struct strings *s, const char *text, size_t n);

/* The string at index; borrowed until the next strings_add. */
const char *strings_at(const struct strings *s, uint32_t index);

void strings_free(struct strings *s);

#endif
