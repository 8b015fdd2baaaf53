/* curve.h - how two figures depend on one setting, side by side.
 *
 * Models    a point a setting with its interval; upright lines at settings
 *           that have a name (today's, the recommended one); a level line at a
 *           target.
 */
#ifndef PLOTS_CURVE_H
#define PLOTS_CURVE_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { CURVE_PANELS = 2, CURVE_MARKS = 4, CURVE_POINTS = 64, CURVE_TEXT = 160 };

struct curve_point {
    double x, y[CURVE_PANELS], half_width[CURVE_PANELS];
};

/* Everything is borrowed. */
struct curve_input {
    const char *name;         /* of the files */
    const char *title_prefix; /* name of the scenario */
    bool synthetic;           /* the trace was made up */
    char title[CURVE_TEXT], subtitle[CURVE_TEXT];
    const char *x_label, *y_label[CURVE_PANELS];
    const struct curve_point *points; /* x rising */
    size_t n;
    double target[CURVE_PANELS]; /* a level line; NaN: none */
    struct curve_mark {
        double x;
        char text[CURVE_TEXT];
    } marks[CURVE_MARKS];
    size_t n_marks;
};

/* Errors    as figure_draw */
int curve_draw(const char *folder, const struct curve_input *in, struct err *e);

#endif
