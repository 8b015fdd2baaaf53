/* show.h - figures as people read them: the rows of the table that `drydock
 * run` prints and that report.md repeats.
 */
#ifndef SIM_APP_SHOW_H
#define SIM_APP_SHOW_H

#include "sim/plan/pareto.h"
#include "sim/plan/replicate.h"

enum show_form {
    SHOW_COUNT,
    SHOW_NUMBER,
    SHOW_WAIT, /* seconds */
    SHOW_HOURS,
    SHOW_USD,
    SHOW_SHARE, /* a fraction, shown in percent */
    SHOW_ABOVE  /* cost above the lower bound, in percent of it */
};

struct show_row {
    const char *label;
    enum figure figure;
    enum show_form form;
    bool opens;    /* begins a group of rows */
    bool optional; /* left out if it is 0 in every pool */
};
extern const struct show_row show_rows[];
extern const size_t n_show_rows;

enum { SHOW_CELL = 80 };

/* One number: "4,120", "3m10s", "$8,123", "12.3 %". */
void show_value(enum show_form form, double x, char out[SHOW_CELL]);

/* Mean and, from two replications on, half-width: "3m10s ± 4s". */
void show_estimate(enum show_form form, struct estimate x, uint32_t n_reps,
                   char out[SHOW_CELL]);

/* A difference with its sign: "+2m3s ± 4s", "-$1,203"; what rounds to 0 has
 * none.
 */
void show_paired(enum show_form form, struct paired x, uint32_t n_reps,
                 char out[SHOW_CELL]);

/* The cell of a row for one pool. */
void show_cell(const struct show_row *row, const struct replications *r,
               size_t pool, char out[SHOW_CELL]);

/* Whether the row is to be shown at all. */
bool show_wants(const struct show_row *row, const struct replications *r);

enum { SHOW_POOLS = 8 }; /* columns of a table */

/* The pools that a table of `most` columns shows: all in their order if there
 * are no more; else those first that lost the most builds (given up, killed,
 * cut, timed out), then those whose builds waited longest in all, then those
 * with the most builds.
 * Returns how many there are in pools[].
 */
size_t show_pools(const struct replications *r, size_t most, uint32_t pools[]);

/* Behind such a table, of a run's many pools or of a report's. */
#define SHOW_LEFT_OUT                                                          \
    "%zu of %zu pools: those that lost the most builds, then those that "      \
    "waited longest; all are in summary.json"

/* Prints text and blanks up to width characters (of UTF-8); right: the blanks
 * come first.
 */
void show_padded(FILE *out, const char *text, size_t width, bool right);

/* Characters of a UTF-8 text. */
size_t show_width(const char *text);

#endif
