/* bars.h - amounts by category, up to three series side by side. */
#ifndef PLOTS_BARS_H
#define PLOTS_BARS_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { BARS_SERIES = 3, BARS_MOST = 64, BARS_LYING = 16, BARS_TEXT = 160 };

/* Everything is borrowed. */
struct bars_input {
    const char *name;         /* of the files */
    const char *title_prefix; /* name of the scenario */
    bool synthetic;           /* the trace was made up */
    char title[BARS_TEXT], subtitle[BARS_TEXT];
    const char *x_label, *y_label;
    char labels[BARS_MOST][40];
    double y[BARS_MOST][BARS_SERIES];
    size_t n, n_series;
    const char *series[BARS_SERIES];
    bool before_after; /* of the series: in the colours of these */
    bool lying;        /* bars go to the right, each with its amount: at most
                          BARS_LYING of them, and no mark */
    double mark;       /* an upright line at this place, the first category is
                          0; NaN: none */
    char mark_text[BARS_TEXT];
};

/* Errors    as figure_draw */
int bars_draw(const char *folder, const struct bars_input *in, struct err *e);

#endif
