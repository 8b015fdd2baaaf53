/* history.h - series of samples on one grid of instants, kept as runs of equal
 * values in a file, so that memory does not grow with the length of a history.
 *
 * Left out  values that are no numbers; deleting a series.
 */
#ifndef SIM_APP_HISTORY_H
#define SIM_APP_HISTORY_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { HISTORY_RUNS = 32 }; /* of a series held in memory */

/* The same value at n instants from number `first` on. */
struct history_run {
    uint32_t first, n;
    double value;
};

struct history_series {
    uint32_t family;          /* whatever the caller numbers so */
    uint32_t next_of_family;  /* or NO_INDEX */
    char *labels;             /* owned */
    struct history_run *runs; /* owned; NULL: none is held */
    uint32_t n_runs;
    uint64_t first_block, last_block; /* in the file; 0: none */
};

/* Starts from history_open. */
struct history {
    FILE *file; /* owned */
    uint64_t n_blocks;
    struct history_series *series; /* owned */
    size_t n_series, cap_series;
    uint32_t *first_of, *last_of; /* owned; by family */
    size_t n_families;
    uint32_t tick; /* the present instant */
    bool failed;   /* the file could not be written or read */
};

/* folder    where the file lives; scratch_open
 * Errors    ERR_IO; *h is empty.
 */
int history_open(struct history *h, const char *folder, size_t n_families,
                 struct err *e);

/* A new series; labels are copied. */
uint32_t history_add(struct history *h, uint32_t family, const char *labels);

/* The value of a series at the instant h->tick, which does not go back. A
 * series that gets none at an instant is absent there.
 */
void history_put(struct history *h, uint32_t series, double value);

/* Nothing more is put into the series soon: gives its memory back. */
void history_rest(struct history *h, uint32_t series);

/* The runs of one series, in order. */
struct history_reader {
    struct history *h; /* borrowed */
    const struct history_series *series;
    struct history_run runs[HISTORY_RUNS];
    uint32_t n, next;
    uint64_t block; /* to be read next; 0: none */
    bool in_memory; /* the runs held are to be read */
};

void history_read(struct history *h, uint32_t series,
                  struct history_reader *out);
bool history_next(struct history_reader *r, struct history_run *out);

/* Whether every write and read went well. */
int history_check(const struct history *h, struct err *e);

/* Takes {0}; may repeat. */
void history_close(struct history *h);

#endif
