#include "plots/pareto.h"

#include "plots/figure.h"
#include "plots/heading.h"
#include "plots/script.h"
#include "plots/scripts.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { MARKS = 2 };

/* As numbers, since the data file names the colour of each point. */
enum { BLUE = 0x0072b2, RED = 0xd55e00, BEATEN = 0xa6a6a6 };

static const struct {
    double s;
    const char *text;
} ticks[] = {
    {1, "1s"},        {2, "2s"},         {5, "5s"},      {10, "10s"},
    {20, "20s"},      {30, "30s"},       {60, "1m"},     {120, "2m"},
    {180, "3m"},      {300, "5m"},       {600, "10m"},   {900, "15m"},
    {1800, "30m"},    {3600, "1h"},      {7200, "2h"},   {14400, "4h"},
    {28800, "8h"},    {86400, "1d"},     {172800, "2d"}, {604800, "7d"},
    {2592000, "30d"}, {31536000, "365d"}};
enum { TICKS = sizeof ticks / sizeof ticks[0] };

/* -------------------------------------------------------------- axes */

struct span {
    size_t from, until; /* of ticks */
};

static struct span span_of(const struct pareto_input *in)
{
    double least = HUGE_VAL, most = 0;
    struct span x = {0, 1};

    for (size_t i = 0; i < in->n; i++) {
        least = fmin(least, in->points[i].wait_s);
        most = fmax(most, in->points[i].wait_s);
    }
    while (x.from + 2 < TICKS && ticks[x.from + 1].s * 1.1 <= least)
        x.from++;
    x.until = x.from + 1;
    while (x.until + 1 < TICKS && ticks[x.until].s < most * 1.1)
        x.until++;
    return x;
}

void pareto_range(const struct pareto_input *in, double *from_s,
                  double *until_s)
{
    struct span x = span_of(in);

    *from_s = ticks[x.from].s;
    *until_s = ticks[x.until].s;
}

static double highest(const struct pareto_input *in, bool regretted)
{
    double most = 0;

    for (size_t i = 0; i < in->n; i++)
        most = fmax(most, regretted ? in->points[i].regretted
                                    : in->points[i].usd +
                                          in->points[i].usd_half_width);
    return most;
}

/* Only what can be seen is in the legend. */
static void put_flags(const struct pareto_input *in, FILE *gp)
{
    double most_usd = fmax(highest(in, false), in->bound_usd);
    bool gives_up = false, fixed = false;

    for (size_t i = 0; i < in->n; i++)
        gives_up = gives_up || in->points[i].gives_up;
    for (size_t i = 0; i < in->n_fixed; i++)
        fixed = fixed || in->fixed[i].usd <= most_usd;
    /* Many points are small, or they would cover each other. */
    script_number(gp, "point_scale",
                  0.75 * fmin(1.0, sqrt(150.0 / (double)in->n)));
    script_number(gp, "n_points", (double)in->n);
    script_number(gp, "gives_up", gives_up);
    script_number(gp, "has_fixed", fixed);
}

static void put_axes(const struct pareto_input *in, FILE *gp)
{
    struct span x = span_of(in);

    fputs("array x_top[1]\narray x_step[1]\n", gp);
    script_amount_axis(gp, "x", 0, fmax(highest(in, false), in->bound_usd));
    script_number(gp, "wait_from", ticks[x.from].s);
    script_number(gp, "wait_until", ticks[x.until].s);
    fputs("set ytics (", gp);
    for (size_t i = x.from; i <= x.until; i++)
        fprintf(gp, "%s\"%s\" %g", i > x.from ? ", " : "", ticks[i].text,
                ticks[i].s);
    fputs(")\n", gp);
    if (in->days < 2)
        script_text(gp, "x_label", "cost of %.1f hours, USD", 24 * in->days);
    else
        script_text(gp, "x_label", "cost of %.1f days, USD", in->days);
    script_number(gp, "bound_usd", in->bound_usd);
    put_flags(in, gp);
}

/* -------------------------------------------------------------- points */

static double shown_wait(const struct pareto_input *in, double s)
{
    double from_s, until_s;

    pareto_range(in, &from_s, &until_s);
    return fmin(fmax(s, from_s), until_s);
}

/* The area tells the regretted removals. */
static double size_of(const struct pareto_input *in, double regretted)
{
    double most = highest(in, true);

    return most > 0 ? 0.8 + 1.4 * sqrt(regretted / most) : 1.4;
}

static void put_point(const struct pareto_input *in, size_t i, FILE *dat)
{
    const struct pareto_point *p = &in->points[i];
    int colour = p->gives_up ? RED : p->front ? BLUE : BEATEN;

    fprintf(dat, "%.9g %.9g %.9g %.9g %.9g %.9g %.3f %d\n", p->usd,
            shown_wait(in, p->wait_s), p->usd - p->usd_half_width,
            p->usd + p->usd_half_width,
            shown_wait(in, p->wait_s - p->wait_half_width_s),
            shown_wait(in, p->wait_s + p->wait_half_width_s),
            size_of(in, p->regretted), colour);
}

/* A block may be empty, which gnuplot takes for a mistake. */
static void put_points(const struct pareto_input *in, bool front, FILE *dat)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->points[i].front == front)
            put_point(in, i, dat);
    fputs("NaN NaN NaN NaN NaN NaN NaN 0\n\n\n", dat);
}

static void put_data(const struct pareto_input *in, FILE *dat)
{
    fputs("# usd wait_s usd_low usd_high wait_low wait_high size colour\n",
          dat);
    fputs("# today\n", dat);
    put_point(in, 0, dat);
    fputs("\n\n# beaten\n", dat);
    put_points(in, false, dat);
    fputs("# front\n", dat);
    put_points(in, true, dat);
    fputs("# fixed pools: usd wait_s\n", dat);
    for (size_t i = 0; i < in->n_fixed; i++)
        fprintf(dat, "%.9g %.9g\n", in->fixed[i].usd, in->fixed[i].wait_s);
    fputs("NaN NaN\n", dat);
}

/* -------------------------------------------------------------- words */

static void put_mark(const struct pareto_input *in, size_t mark, size_t i,
                     const char *text, FILE *gp)
{
    const struct pareto_point *p = &in->points[i];
    bool left = p->usd > 0.7 * highest(in, false);

    script_element(gp, "mark", mark, "%s", text);
    fprintf(
        gp, "mark_usd[%zu] = %.9g\nmark_s[%zu] = %.9g\nmark_left[%zu] = %d\n",
        mark + 1, p->usd, mark + 1, shown_wait(in, p->wait_s), mark + 1, left);
}

static void put_marks(const struct pareto_input *in, FILE *gp)
{
    bool same = in->best == 0;

    fprintf(gp,
            "array mark[%d]\narray mark_usd[%d]\narray mark_s[%d]\n"
            "array mark_left[%d]\n",
            MARKS, MARKS, MARKS, MARKS);
    put_mark(in, 0, 0,
             same ? "today, cheapest that meets the targets" : "today", gp);
    if (!same && in->best < in->n)
        put_mark(in, 1, in->best, "cheapest that meets the targets", gp);
    script_number(gp, "n_marks", !same && in->best < in->n ? 2 : 1);
}

static void put_title(const struct pareto_input *in, FILE *gp)
{
    bool today = in->points[0].front;
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += in->points[i].front;
    if (n == 1 && today)
        heading_title(gp,
                      "Of %zu settings only that of today is not "
                      "beaten",
                      in->n);
    else
        heading_title(gp,
                      "%zu of %zu settings %s not beaten; that of "
                      "today is%s one of them",
                      n, in->n, n == 1 ? "is" : "are", today ? "" : " not");
}

static bool any_half_width(const struct pareto_input *in)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->points[i].usd_half_width > 0 ||
            in->points[i].wait_half_width_s > 0)
            return true;
    return false;
}

static void put_words(const struct pareto_input *in, FILE *gp)
{
    double most = highest(in, true);
    char shown[96];

    put_title(in, gp);
    (void)snprintf(shown, sizeof shown, "%u replication%s%s", in->n_reps,
                   in->n_reps == 1 ? "" : "s",
                   any_half_width(in) ? " | bars: 95 % interval of the mean"
                                      : "");
    heading_subtitle(gp, in->title_prefix, in->synthetic, shown);
    if (most > 0)
        script_text(gp, "size_text",
                    "area of a point: regretted removals a day, at most %.3g",
                    most);
    else
        script_text(gp, "size_text", "no removal is regretted");
}

/* -------------------------------------------------------------- files */

static void put(const void *input, FILE *gp, FILE *dat)
{
    const struct pareto_input *in = input;

    put_words(in, gp);
    put_axes(in, gp);
    put_marks(in, gp);
    put_data(in, dat);
}

int pareto_draw(const char *folder, const struct pareto_input *in,
                struct err *e)
{
    static const struct figure f = {"pareto", put, scripts_pareto};

    assert(in->n >= 1);
    return figure_draw(folder, &f, 1, in, e);
}
