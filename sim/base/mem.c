#include "sim/base/mem.h"

#include "sim/base/units.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

void mem_out(size_t n, size_t size)
{
    fprintf(stderr, "drydock: out of memory: no room for %zu x %zu bytes\n", n,
            size);
    exit(EXIT_FAILURE);
}

void *mem_widen(void *array, size_t *capacity, size_t n, size_t size)
{
    assert(size > 0);
    size_t most = PTRDIFF_MAX / size;
    size_t wide = *capacity > most / 2 ? most : *capacity + *capacity / 2;

    if (wide < FIRST_CAPACITY)
        wide = FIRST_CAPACITY;
    if (wide < n)
        wide = n;
    char *grown = wide <= most ? realloc(array, wide * size) : NULL;
    if (!grown)
        mem_out(wide, size);
    memset(grown + *capacity * size, 0, (wide - *capacity) * size);
    *capacity = wide;
    return grown;
}

void *mem_array(size_t n, size_t size)
{
    void *array = calloc(n > 0 ? n : 1, size > 0 ? size : 1);

    if (!array)
        mem_out(n, size);
    return array;
}

char *mem_text(const char *text, size_t n)
{
    if (n > PTRDIFF_MAX - 1)
        mem_out(n, 1);
    char *copy = mem_array(n + 1, 1);

    if (n > 0)
        memcpy(copy, text, n);
    return copy;
}

void mem_file_open(struct mem_file *f)
{
    *f = (struct mem_file){0};
    f->out = open_memstream(&f->text, &f->n);
    if (!f->out)
        mem_out(1, 1);
}

void mem_file_close(struct mem_file *f)
{
    bool failed = ferror(f->out) != 0;

    if (fclose(f->out) != 0 || failed)
        mem_out(f->n, 1);
    f->out = NULL;
}

/* Eight bytes a step, each step a multiplication folded onto itself, so that
 * texts which differ in one digit fall far apart.
 */
static uint32_t hash_text(const char *text, size_t n)
{
    uint64_t h = n * UINT64_C(0x9e3779b97f4a7c15) + 1;

    while (n > 0) {
        uint64_t word = 0;
        size_t step = n < sizeof word ? n : sizeof word;

        memcpy(&word, text, step);
        h = (h ^ word) * UINT64_C(0xd6e8feb86659fd93);
        h ^= h >> 32;
        text += step;
        n -= step;
    }
    h *= UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(h ^ h >> 29);
}

/* Slot that holds text[n], or the free slot where it would go. Texts are far
 * apart in memory, so they are looked at only if their hashes agree.
 */
static struct string_slot *find_slot(const struct strings *s, const char *text,
                                     size_t n, uint32_t hash)
{
    size_t mask = s->n_slots - 1;
    size_t i = hash & mask;

    for (; s->slots[i].held != 0; i = (i + 1) & mask) {
        const char *have = s->bytes + s->offsets[s->slots[i].held - 1];

        if (s->slots[i].hash == hash && strncmp(have, text, n) == 0 &&
            have[n] == '\0')
            break;
    }
    return &s->slots[i];
}

/* Keeps at most half of the slots in use. */
static void widen_slots(struct strings *s)
{
    struct string_slot *old = s->slots;
    size_t n_old = s->n_slots;

    if (n_old >= 2 * (s->n + 1))
        return;
    s->n_slots = n_old > 0 ? 2 * n_old : 2 * FIRST_CAPACITY;
    s->slots = mem_array(s->n_slots, sizeof *s->slots);
    for (size_t i = 0; i < n_old; i++) {
        size_t to = old[i].hash & (s->n_slots - 1);

        if (old[i].held == 0)
            continue;
        while (s->slots[to].held != 0)
            to = (to + 1) & (s->n_slots - 1);
        s->slots[to] = old[i];
    }
    free(old);
}

static uint32_t append(struct strings *s, const char *text, size_t n,
                       uint32_t hash)
{
    /* Offsets and indices have 32 bits. */
    if (n >= UINT32_MAX - s->n_bytes || s->n >= NO_INDEX - 1)
        mem_out(s->n_bytes + n, 1);
    widen_slots(s);
    struct string_slot *slot = find_slot(s, text, n, hash);

    s->bytes = mem_grow(s->bytes, &s->cap_bytes, s->n_bytes + n + 1, 1);
    s->offsets = mem_grow(s->offsets, &s->cap, s->n + 1, sizeof *s->offsets);
    s->offsets[s->n] = (uint32_t)s->n_bytes;
    memcpy(s->bytes + s->n_bytes, text, n);
    s->bytes[s->n_bytes + n] = '\0';
    s->n_bytes += n + 1;
    *slot = (struct string_slot){(uint32_t)++s->n, hash};
    return slot->held - 1;
}

uint32_t strings_add(struct strings *s, const char *text, size_t n)
{
    n = strnlen(text, n);
    if (s->n == 0)
        append(s, "", 0, hash_text("", 0));
    if (n == 0)
        return 0;
    uint32_t hash = hash_text(text, n);
    uint32_t held = find_slot(s, text, n, hash)->held;

    return held > 0 ? held - 1 : append(s, text, n, hash);
}

uint32_t strings_find(const struct strings *s, const char *text, size_t n)
{
    n = strnlen(text, n);
    if (n == 0)
        return 0;
    if (s->n == 0)
        return NO_INDEX;
    uint32_t held = find_slot(s, text, n, hash_text(text, n))->held;

    return held > 0 ? held - 1 : NO_INDEX;
}

const char *strings_at(const struct strings *s, uint32_t index)
{
    if (index == 0)
        return "";
    assert(index < s->n);
    return s->bytes + s->offsets[index];
}

void strings_free(struct strings *s)
{
    free(s->bytes);
    free(s->offsets);
    free(s->slots);
    *s = (struct strings){0};
}
