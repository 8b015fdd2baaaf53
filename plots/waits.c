#include "plots/waits.h"

#include "sim/plan/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The frame of the figure in pixels, as waits.gp has it. */
enum { FRAME_WIDE = 718, FRAME_HIGH = 280, LINE_HIGH = 15, CHAR_WIDE = 7 };

/* -------------------------------------------------------------- preparing */

void waits_take(struct waits *w, const struct plots_input *in, uint32_t pool)
{
    *w = (struct waits){
        .sorted_s = mem_array(series_builds(in, pool), sizeof *w->sorted_s)};
    for (size_t i = 0; i < in->trace->n; i++) {
        const struct build_result *r = &in->builds[i];

        if (in->build_pool[i] != pool || !r->counted)
            continue;
        sim_us wait_us = build_wait_us(r);

        w->n_builds++;
        if (wait_us == SIM_NEVER)
            continue;
        w->n_unserved += r->served_us == SIM_NEVER || r->end == END_GAVE_UP;
        w->sorted_s[w->n++] = s_from_us(wait_us);
    }
    if (w->n == 0)
        return;
    sort_doubles(w->sorted_s, w->n);
    w->p50_s = quantile(w->sorted_s, w->n, 0.50);
    w->p95_s = quantile(w->sorted_s, w->n, 0.95);
    w->max_s = w->sorted_s[w->n - 1];
}

double waits_share(const struct waits *w, double most_s)
{
    size_t low = 0, high = w->n; /* the first wait beyond is in between */

    if (w->n == 0)
        return 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (w->sorted_s[middle] <= most_s)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)low / (double)w->n;
}

void waits_free(struct waits *w)
{
    free(w->sorted_s);
    *w = (struct waits){0};
}

/* -------------------------------------------------------------- labels */

static bool overlap(const struct mark *a, const struct mark *b)
{
    return a->at_x < b->at_x + b->width && b->at_x < a->at_x + a->width &&
           fabs(a->at_y - b->at_y) < LINE_HIGH;
}

static bool is_free(const struct mark mark[], size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (overlap(&mark[k], &mark[i]))
            return false;
    return true;
}

void marks_place(struct mark mark[], size_t n, double right)
{
    /* A rising curve leaves room on the right below, then on the left above. */
    enum { GAP = 8, LINES = 8 };

    for (size_t i = 0; i < n; i++) {
        struct mark *m = &mark[i];
        bool fits = m->x + GAP + m->width <= right;

        m->at_x = fits ? m->x + GAP : m->x - GAP - m->width;
        for (int line = 0; line < LINES; line++) {
            m->at_y = m->y - 4 - line * LINE_HIGH;
            if (is_free(mark, i))
                break;
        }
    }
}

/* -------------------------------------------------------------- writing */

static const struct {
    double s;
    const char *text;
} ticks[] = {{1, "1s"},      {10, "10s"},     {60, "1m"},    {300, "5m"},
             {1800, "30m"},  {7200, "2h"},    {28800, "8h"}, {86400, "1d"},
             {604800, "7d"}, {2592000, "30d"}};
enum { TICKS = sizeof ticks / sizeof ticks[0] };

/* Room for the label of a quantile, right of its point? */
static bool has_room(double s, double top_s)
{
    return FRAME_WIDE * (1 - log(s) / log(top_s)) > 16 * CHAR_WIDE;
}

/* One tick more if a label needs room. */
double waits_axis(FILE *gp, const struct waits w[], size_t n_waits)
{
    double most_s = 1, p95_s = 1;
    size_t n = 3;

    for (size_t i = 0; i < n_waits; i++) {
        most_s = fmax(most_s, w[i].max_s);
        p95_s = fmax(p95_s, w[i].p95_s);
    }
    while (n < TICKS &&
           (ticks[n - 1].s < most_s || !has_room(p95_s, ticks[n - 1].s)))
        n++;
    fputs("set xtics (", gp);
    for (size_t i = 0; i < n; i++)
        fprintf(gp, "%s\"%s\" %g", i > 0 ? ", " : "", ticks[i].text,
                ticks[i].s);
    fputs(")\n", gp);
    script_number(gp, "wait_top", ticks[n - 1].s);
    return ticks[n - 1].s;
}

static void put_corner(FILE *dat, double s, double *percent, double to_percent)
{
    if (to_percent <= *percent)
        return;
    fprintf(dat, "%.4f %.4f\n%.4f %.4f\n", s, *percent, s, to_percent);
    *percent = to_percent;
}

/* Corner by corner: every wait of a few, of many as much as can be seen. */
void waits_curve(FILE *dat, const struct waits *w, double top_s)
{
    double percent = 100 * waits_share(w, NO_WAIT_S);
    bool few = w->n <= WAITS_POINTS;
    size_t n = few ? w->n : WAITS_POINTS;

    fprintf(dat, "# seconds percent\n1 %.4f\n", percent);
    for (size_t i = 0; i < n; i++) {
        double s =
            few ? w->sorted_s[i] : pow(top_s, (double)(i + 1) / WAITS_POINTS);
        put_corner(dat, s, &percent, 100 * waits_share(w, s));
    }
    fprintf(dat, "%.4f %.4f\n\n\n", top_s, percent);
}

static void say_wait(double s, char out[32])
{
    if (s > NO_WAIT_S)
        script_wait(s, out);
    else
        snprintf(out, 32, "under 1 s");
}

/* Rounded down, so that "100 %" is all of them. */
static double unwaiting_pct(const struct waits *w)
{
    return floor(100 * waits_share(w, NO_WAIT_S));
}

static void put_row(const struct plot *f, size_t i, const struct waits *w)
{
    char p50[32], p95[32], max[32], name[4 * NAME_SHOWN + 1], unserved[64] = "";

    script_short(f->in->pool_names[f->pools[i]], name);
    if (w->n == 0) {
        script_element(f->gp, "row", i, "%s: no build waited or was served",
                       name);
        return;
    }
    say_wait(w->p50_s, p50);
    say_wait(w->p95_s, p95);
    say_wait(w->max_s, max);
    if (w->n_unserved > 0)
        snprintf(unserved, sizeof unserved, "; %zu never served",
                 w->n_unserved);
    script_element(f->gp, "row", i,
                   "%s: %zu build%s, %.0f %% did not wait; p50 %s, p95 %s, "
                   "longest %s%s",
                   name, w->n_builds, w->n_builds == 1 ? "" : "s",
                   unwaiting_pct(w), p50, p95, max, unserved);
}

struct quantile {
    int percent;
    size_t pool; /* place in the figure */
    double s, top_s;
};

/* Marks a quantile if it is on the axis; returns how many marks it made. */
static size_t put_mark(const struct plot *f, struct mark *m, size_t n,
                       const struct quantile *q)
{
    char text[64], wait[32];

    if (!(q->s > NO_WAIT_S))
        return 0;
    script_wait(q->s, wait);
    snprintf(text, sizeof text, "p%d %s", q->percent, wait);
    script_element(f->gp, "mark", n, "%s", text);
    *m = (struct mark){
        .x = FRAME_WIDE * log(q->s) / log(q->top_s),
        .y = FRAME_HIGH * q->percent / 104.0,
        .width = CHAR_WIDE * (double)strlen(text),
    };
    fprintf(f->gp,
            "mark_s[%zu] = %.6f\nmark_y[%zu] = %d\nmark_pool[%zu] = %zu\n",
            n + 1, q->s, n + 1, q->percent, n + 1, q->pool + 1);
    return 1;
}

static void put_marks(const struct plot *f, const struct waits w[],
                      double top_s)
{
    struct mark mark[2 * MAX_DRAWN];
    size_t n = 0;

    for (size_t i = 0; i < f->n_pools; i++) {
        struct quantile q = {95, i, w[i].p95_s, top_s};
        n += put_mark(f, &mark[n], n, &q);
    }
    for (size_t i = 0; i < f->n_pools; i++) {
        struct quantile q = {50, i, w[i].p50_s, top_s};
        n += put_mark(f, &mark[n], n, &q);
    }
    marks_place(mark, n, FRAME_WIDE);
    for (size_t i = 0; i < n; i++)
        fprintf(f->gp, "mark_at_x[%zu] = %.5f\nmark_at_y[%zu] = %.5f\n", i + 1,
                mark[i].at_x / FRAME_WIDE, i + 1, mark[i].at_y / FRAME_HIGH);
    script_number(f->gp, "n_marks", (double)n);
}

static void put_title(const struct plot *f, const struct waits *w)
{
    char p95[32], name[4 * NAME_SHOWN + 1];

    if (f->n_pools == 0 || w->n == 0) {
        script_text(f->gp, "title", "No build waited or was served");
        return;
    }
    script_short(f->in->pool_names[f->pools[0]], name);
    say_wait(w->p95_s, p95);
    if (!(w->max_s > NO_WAIT_S))
        script_text(f->gp, "title", "%s: every build is served within 1 s",
                    name);
    else
        script_text(f->gp, "title",
                    "%s: %.0f %% of builds do not wait; 95 %% wait %s%s", name,
                    unwaiting_pct(w), w->p95_s > NO_WAIT_S ? "at most " : "",
                    p95);
}

static void write_all(const struct plot *f)
{
    static const char *const arrays[] = {"mark",      "mark_s",    "mark_y",
                                         "mark_pool", "mark_at_x", "mark_at_y"};
    struct waits w[MAX_DRAWN] = {{0}};

    for (size_t i = 0; i < f->n_pools; i++)
        waits_take(&w[i], f->in, f->pools[i]);
    fprintf(f->gp, "array row[%d]\n", MAX_DRAWN);
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        fprintf(f->gp, "array %s[%d]\n", arrays[i], 2 * MAX_DRAWN);
    double top_s = waits_axis(f->gp, w, f->n_pools);

    put_title(f, &w[0]);
    script_subtitle(f->gp, f->in->title_prefix, f->in->synthetic,
                    "from the first dial to the slot | not waiting: up to "
                    "1 s");
    put_marks(f, w, top_s);
    for (size_t i = 0; i < f->n_pools; i++) {
        put_row(f, i, &w[i]);
        waits_curve(f->dat, &w[i], top_s);
        waits_free(&w[i]);
    }
}

void waits_put(const void *in, FILE *gp, FILE *dat)
{
    struct plot f = script_begin(in, gp, dat);

    write_all(&f);
}
