/* history.c - blocks of runs in a file, chained by series. */
#include "sim/app/history.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Block k stands at (k - 1) * sizeof(struct block). */
struct block {
    uint64_t next; /* of the series, or 0 */
    uint64_t n;
    struct history_run runs[HISTORY_RUNS];
};

int history_open(struct history *h, const char *folder, size_t n_families,
                 struct err *e)
{
    *h = (struct history){.n_families = n_families};
    h->file = scratch_open(folder, e);
    if (!h->file)
        return ERR_IO;
    h->first_of = mem_array(n_families, sizeof *h->first_of);
    h->last_of = mem_array(n_families, sizeof *h->last_of);
    for (size_t i = 0; i < n_families; i++)
        h->first_of[i] = h->last_of[i] = NO_INDEX;
    return ERR_OK;
}

uint32_t history_add(struct history *h, uint32_t family, const char *labels)
{
    uint32_t i = (uint32_t)h->n_series;

    assert(family < h->n_families);
    h->series =
        mem_grow(h->series, &h->cap_series, h->n_series + 1, sizeof *h->series);
    h->n_series++;
    h->series[i] = (struct history_series){
        .family = family,
        .next_of_family = NO_INDEX,
        .labels = mem_text(labels, strlen(labels)),
    };
    if (h->first_of[family] == NO_INDEX)
        h->first_of[family] = i;
    else
        h->series[h->last_of[family]].next_of_family = i;
    h->last_of[family] = i;
    return i;
}

/* ------------------------------------------------------------ writing */

static void seek(struct history *h, uint64_t block)
{
    if (fseeko(h->file, (off_t)((block - 1) * sizeof(struct block)),
               SEEK_SET) != 0)
        h->failed = true;
}

/* The block before learns where the next one is. */
static void chain(struct history *h, uint64_t block, uint64_t next)
{
    seek(h, block);
    if (fwrite(&next, sizeof next, 1, h->file) != 1)
        h->failed = true;
}

static void write_block(struct history *h, struct history_series *s)
{
    struct block b = {.n = s->n_runs};
    uint64_t block = ++h->n_blocks;

    assert(s->runs);
    memcpy(b.runs, s->runs, s->n_runs * sizeof *s->runs);
    if (s->last_block != 0)
        chain(h, s->last_block, block);
    else
        s->first_block = block;
    seek(h, block);
    if (fwrite(&b, sizeof b, 1, h->file) != 1)
        h->failed = true;
    s->last_block = block;
    s->n_runs = 0;
}

void history_put(struct history *h, uint32_t series, double value)
{
    struct history_series *s = &h->series[series];
    struct history_run *last = s->n_runs > 0 ? &s->runs[s->n_runs - 1] : NULL;

    if (last && last->first + last->n == h->tick && last->value == value) {
        last->n++;
        return;
    }
    assert(!last || last->first + last->n <= h->tick);
    if (s->n_runs == HISTORY_RUNS)
        write_block(h, s);
    if (!s->runs)
        s->runs = mem_array(HISTORY_RUNS, sizeof *s->runs);
    s->runs[s->n_runs++] =
        (struct history_run){.first = h->tick, .n = 1, .value = value};
}

void history_rest(struct history *h, uint32_t series)
{
    struct history_series *s = &h->series[series];

    if (s->n_runs > 0)
        write_block(h, s);
    free(s->runs);
    s->runs = NULL;
}

/* ------------------------------------------------------------ reading */

void history_read(struct history *h, uint32_t series,
                  struct history_reader *out)
{
    const struct history_series *s = &h->series[series];

    *out = (struct history_reader){
        .h = h,
        .series = s,
        .block = s->first_block,
        .in_memory = s->n_runs > 0,
    };
}

static bool read_block(struct history_reader *r)
{
    struct block b;

    seek(r->h, r->block);
    /* After a failed write anything may stand there, such as a cycle. */
    if (r->h->failed || fread(&b, sizeof b, 1, r->h->file) != 1 ||
        b.n > HISTORY_RUNS) {
        r->h->failed = true;
        r->block = 0;
        return false;
    }
    memcpy(r->runs, b.runs, sizeof b.runs);
    r->n = (uint32_t)b.n;
    r->next = 0;
    r->block = b.next;
    return true;
}

static bool more(struct history_reader *r)
{
    if (r->block != 0)
        return read_block(r);
    if (!r->in_memory)
        return false;
    r->in_memory = false;
    r->n = r->series->n_runs;
    r->next = 0;
    memcpy(r->runs, r->series->runs, r->n * sizeof *r->runs);
    return true;
}

bool history_next(struct history_reader *r, struct history_run *out)
{
    if (r->next == r->n && !more(r))
        return false;
    *out = r->runs[r->next++];
    return true;
}

int history_check(const struct history *h, struct err *e)
{
    if (!h->failed)
        return ERR_OK;
    return err_set(e, ERR_IO,
                   "the samples of the history could not be kept: is the disk "
                   "full?");
}

void history_close(struct history *h)
{
    if (h->file)
        fclose(h->file);
    for (size_t i = 0; i < h->n_series; i++) {
        free(h->series[i].labels);
        free(h->series[i].runs);
    }
    free(h->series);
    free(h->first_of);
    free(h->last_of);
    *h = (struct history){0};
}
