/* script.h - what a figure's script is told: numbers, quoted texts, axes. */
#ifndef PLOTS_SCRIPT_H
#define PLOTS_SCRIPT_H

#include "plots/series.h"

#include <stdio.h>

/* One figure under construction. */
struct plot {
    const struct plots_input *in; /* borrowed, as all three */
    FILE *gp, *dat;
    uint32_t pools[MAX_DRAWN]; /* the biggest first */
    size_t n_pools;
};

/* Where a time stands on an axis, and how the axis is marked. */
struct time_axis {
    bool absolute; /* in seconds since 1970, else in units of the trace */
    double unit_s; /* s, min, h or d of a relative axis */
    sim_us origin_us;
    const char *label, *format;
    double step;
};

enum { NAME_SHOWN = 20 }; /* characters of a foreign name in a figure */

/* Writes name = "text", the text made harmless and cut at 250 bytes. */
void script_text(FILE *gp, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes the same for element i of an array, counted from 0. */
void script_element(FILE *gp, const char *name, size_t i, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

void script_number(FILE *gp, const char *name, double value);

/* Writes name_top[] and name_step[] of element i: an axis for counts up to
 * most, in whole steps, five or six of them.
 */
void script_count_axis(FILE *gp, const char *name, size_t i, int32_t most);

/* The same for an amount, in steps that may be fractions. */
void script_amount_axis(FILE *gp, const char *name, size_t i, double most);

/* Text with at most NAME_SHOWN characters, the last a "..." if it is cut. */
void script_short(const char *text, char out[4 * NAME_SHOWN + 1]);

/* A wait as people read it at a glance: "0.4 s", "45 s", "4m 30s", "2h 05m". */
void script_wait(double s, char out[32]);

/* Begins a figure: chooses the pools, and writes their names as array pool[],
 * and their number n_pools.
 */
struct plot script_begin(const struct plots_input *in, FILE *gp, FILE *dat);

/* An axis for an interval, and what the script must know of it. */
void time_axis_init(struct time_axis *a, const struct trace *t, sim_us from_us,
                    sim_us until_us);
void time_axis_write(const struct time_axis *a, FILE *gp, sim_us from_us,
                     sim_us until_us);
double time_axis_at(const struct time_axis *a, sim_us at_us);

/* An instant in words, "Tue 9 Jun 14:05" or "1.5 h". */
void time_axis_say(const struct time_axis *a, sim_us at_us, char out[40]);

#endif
