#include "plots/bars.h"

#include "plots/figure.h"
#include "plots/heading.h"
#include "plots/script.h"
#include "plots/scripts.h"

#include <assert.h>
#include <math.h>

static void put_data(const struct bars_input *in, FILE *dat)
{
    fputs("# place, then a column a series\n", dat);
    for (size_t i = 0; i < in->n; i++) {
        fprintf(dat, "%zu", i);
        for (size_t k = 0; k < in->n_series; k++)
            fprintf(dat, " %.9g", in->y[i][k]);
        fputc('\n', dat);
    }
}

static double highest(const struct bars_input *in)
{
    double most = 0.0;

    for (size_t i = 0; i < in->n; i++)
        for (size_t k = 0; k < in->n_series; k++)
            most = fmax(most, in->y[i][k]);
    return most;
}

static void put_words(const struct bars_input *in, FILE *gp)
{
    fprintf(gp, "array series[%d]\narray label[%zu]\n", BARS_SERIES, in->n);
    for (size_t k = 0; k < in->n_series; k++)
        script_element(gp, "series", k, "%s", in->series[k]);
    for (size_t i = 0; i < in->n; i++)
        script_element(gp, "label", i, "%s", in->labels[i]);
    script_text(gp, "x_label", "%s", in->x_label);
    script_text(gp, "y_label", "%s", in->y_label);
    script_text(gp, "mark_text", "%s", in->mark_text);
    script_number(gp, "lying", in->lying);
    script_number(gp, "before_after", in->before_after);
    script_number(gp, "n_series", (double)in->n_series);
    script_number(gp, "n_bars", (double)in->n);
    script_number(gp, "has_mark", isfinite(in->mark));
    script_number(gp, "mark", isfinite(in->mark) ? in->mark : 0.0);
}

static void put(const void *input, FILE *gp, FILE *dat)
{
    const struct bars_input *in = input;

    heading_title(gp, "%s", in->title);
    heading_subtitle(gp, in->title_prefix, in->synthetic, in->subtitle);
    put_words(in, gp);
    fputs("array y_top[1]\narray y_step[1]\n", gp);
    script_amount_axis(gp, "y", 0, highest(in));
    put_data(in, dat);
}

int bars_draw(const char *folder, const struct bars_input *in, struct err *e)
{
    const struct figure f = {in->name, put, scripts_bars};

    assert(in->n >= 1 && in->n <= (in->lying ? BARS_LYING : BARS_MOST));
    assert(in->n_series >= 1 && in->n_series <= BARS_SERIES);
    return figure_draw(folder, &f, 1, in, e);
}
