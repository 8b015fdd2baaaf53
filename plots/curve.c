#include "plots/curve.h"

#include "plots/figure.h"
#include "plots/heading.h"
#include "plots/script.h"
#include "plots/scripts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_data(const struct curve_input *in, FILE *dat)
{
    fputs("# x, then of each panel: value, low, high\n", dat);
    for (size_t i = 0; i < in->n; i++) {
        const struct curve_point *p = &in->points[i];
        fprintf(dat, "%.9g", p->x);
        for (size_t k = 0; k < CURVE_PANELS; k++)
            fprintf(dat, " %.9g %.9g %.9g", p->y[k], p->y[k] - p->half_width[k],
                    p->y[k] + p->half_width[k]);
        fputc('\n', dat);
    }
}

static double highest(const struct curve_input *in, size_t panel)
{
    double most = isfinite(in->target[panel]) ? in->target[panel] : 0.0;

    for (size_t i = 0; i < in->n; i++)
        most = fmax(most,
                    in->points[i].y[panel] + in->points[i].half_width[panel]);
    return most;
}

static void put_axes(const struct curve_input *in, FILE *gp)
{
    double least = in->points[0].x, most = in->points[in->n - 1].x;

    for (size_t i = 0; i < in->n_marks; i++) {
        least = fmin(least, in->marks[i].x);
        most = fmax(most, in->marks[i].x);
    }
    double margin = most > least ? 0.04 * (most - least) : 1.0;

    fputs("array y_top[2]\narray y_step[2]\narray y_label[2]\n"
          "array target[2]\narray x_top[1]\narray x_step[1]\n",
          gp);
    script_amount_axis(gp, "x", 0, most);
    for (size_t k = 0; k < CURVE_PANELS; k++) {
        script_amount_axis(gp, "y", k, highest(in, k));
        script_element(gp, "y_label", k, "%s", in->y_label[k]);
        fprintf(gp, "target[%zu] = %.9g\n", k + 1,
                isfinite(in->target[k]) ? in->target[k] : -1.0);
    }
    script_number(gp, "x_from", least - margin);
    script_number(gp, "x_until", most + margin);
    script_text(gp, "x_label", "%s", in->x_label);
}

static int by_x(const void *a, const void *b)
{
    const struct curve_mark *const p = a, *const q = b;

    return (p->x > q->x) - (p->x < q->x);
}

/* From left to right, each a line lower, so that no name stands on the line of
 * another mark.
 */
static void put_marks(const struct curve_input *in, FILE *gp)
{
    struct curve_mark marks[CURVE_MARKS];

    memcpy(marks, in->marks, sizeof marks);
    qsort(marks, in->n_marks, sizeof *marks, by_x);
    fprintf(gp, "array mark[%d]\narray mark_x[%d]\n", CURVE_MARKS, CURVE_MARKS);
    for (size_t i = 0; i < in->n_marks; i++) {
        script_element(gp, "mark", i, "%s", marks[i].text);
        fprintf(gp, "mark_x[%zu] = %.9g\n", i + 1, marks[i].x);
    }
    script_number(gp, "n_marks", (double)in->n_marks);
}

static void put(const void *input, FILE *gp, FILE *dat)
{
    const struct curve_input *in = input;

    heading_title(gp, "%s", in->title);
    heading_subtitle(gp, in->title_prefix, in->synthetic, in->subtitle);
    put_axes(in, gp);
    put_marks(in, gp);
    put_data(in, dat);
}

int curve_draw(const char *folder, const struct curve_input *in, struct err *e)
{
    const struct figure f = {in->name, put, scripts_curve};

    assert(in->n >= 1 && in->n <= CURVE_POINTS && in->n_marks <= CURVE_MARKS);
    return figure_draw(folder, &f, 1, in, e);
}
