/* waits.h - how long builds waited, from their first dial, over all retries. */
#ifndef PLOTS_WAITS_H
#define PLOTS_WAITS_H

#include "plots/script.h"

enum { WAITS_POINTS = 400 };

#define NO_WAIT_S 1.0 /* served so soon is served at once */

/* Waits of one pool's counted builds. */
struct waits {
    double *sorted_s; /* owned; build_wait_us of those that have one */
    size_t n;
    size_t n_builds;
    size_t n_unserved;          /* of n: ended, or still wait, without a slot */
    double p50_s, p95_s, max_s; /* 0 if n = 0 */
};

void waits_take(struct waits *w, const struct plots_input *in, uint32_t pool);

/* Share of the waits that are at most so long; 1 if there are none. */
double waits_share(const struct waits *w, double most_s);

void waits_free(struct waits *w);

/* A wait in words; "under 1 s" if it is none. */
void waits_say(double s, char out[32]);

/* One line of the figure. */
struct waits_line {
    char name[4 * NAME_SHOWN + 1];
    struct waits waits;
};

/* Writes what waits.gp draws: axis, marks, rows of the legend, and the
 * cumulative shares in percent, an index of the data a line.
 *
 * n         at most MAX_DRAWN
 * pair      the lines are one pool's before and after a change
 */
void waits_lines(FILE *gp, FILE *dat, const struct waits_line line[], size_t n,
                 bool pair);

/* Finds free places for labels beside points, in the order given.
 *
 * mark[n]   x and y of the point in pixels, y up; width of its label; out: the
 *           left end of the label, and its middle
 * right     end of the room, in pixels
 */
struct mark {
    double x, y, width;
    double at_x, at_y;
};
void marks_place(struct mark mark[], size_t n, double right);

/* As figure.h has it; in is a struct plots_input. */
void waits_put(const void *in, FILE *gp, FILE *dat);

#endif
