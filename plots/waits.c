#include "plots/waits.h"

#include "plots/heading.h"
#include "sim/plan/figures.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The frame of the figure in pixels, as waits.gp has it. */
enum {
    FRAME_WIDE = 550,
    FRAME_HIGH = 280,
    LINE_HIGH = 18,
    CHAR_WIDE = 9,
    LABEL_GAP = 8
};

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

/* Whether a label on the right would reach another line where that line comes
 * to the same height.
 */
static bool reaches(const struct mark mark[], size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (mark[k].y == mark[i].y && mark[k].x > mark[i].x &&
            mark[k].x <= mark[i].x + LABEL_GAP + mark[i].width)
            return true;
    return false;
}

/* A rising curve leaves room on the right below, then on the left above. */
static void place(struct mark mark[], size_t i, bool left)
{
    enum { LINES = 8 };
    struct mark *m = &mark[i];

    m->at_x = left ? m->x - LABEL_GAP - m->width : m->x + LABEL_GAP;
    for (int line = 0; line < LINES; line++) {
        m->at_y =
            left ? m->y + 12 + line * LINE_HIGH : m->y - 4 - line * LINE_HIGH;
        if (is_free(mark, i))
            break;
    }
}

void marks_place(struct mark mark[], size_t n, double right)
{
    for (size_t i = 0; i < n; i++) {
        const struct mark *m = &mark[i];
        bool fits = m->x + LABEL_GAP + m->width <= right;
        bool left_fits = m->x - LABEL_GAP - m->width >= 0;

        place(mark, i, !fits || (left_fits && reaches(mark, n, i)));
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

/* Where a line of the figure reaches a share. */
struct quantile {
    int percent;
    double s, top_s;
};

/* Room for the label of a quantile, right of its point? */
static bool has_room(double s, double top_s, bool pair)
{
    int letters = pair ? 18 : 12; /* "before p95 1h 59m", "p95 5m 38s" */

    return FRAME_WIDE * (1 - log(s) / log(top_s)) > letters * CHAR_WIDE;
}

/* Writes ticks of the logarithmic axis up to the longest wait, one more if a
 * label needs room, and wait_top, its end in seconds, which it returns.
 */
static double put_axis(FILE *gp, const struct waits_line line[], size_t n_lines,
                       bool pair)
{
    double most_s = 1, p95_s = 1;
    size_t n = 3;

    for (size_t i = 0; i < n_lines; i++) {
        most_s = fmax(most_s, line[i].waits.max_s);
        p95_s = fmax(p95_s, line[i].waits.p95_s);
    }
    while (n < TICKS &&
           (ticks[n - 1].s < most_s || !has_room(p95_s, ticks[n - 1].s, pair)))
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
static void put_curve(FILE *dat, const struct waits *w, double top_s)
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

void waits_say(double s, char out[32])
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

static void put_row(FILE *gp, size_t i, const struct waits_line *line)
{
    const struct waits *w = &line->waits;
    char p95[32], max[32], rest[64];

    if (w->n == 0) {
        script_element(gp, "row", i, "%s: no build waited or was served",
                       line->name);
        return;
    }
    waits_say(w->p95_s, p95);
    waits_say(w->max_s, max);
    if (w->n_unserved > 0)
        snprintf(rest, sizeof rest, "%zu never served", w->n_unserved);
    else
        snprintf(rest, sizeof rest, "longest %s", max);
    script_element(gp, "row", i,
                   "%s: %.0f %% of %zu build%s at once; p95 %s, %s", line->name,
                   unwaiting_pct(w), w->n_builds, w->n_builds == 1 ? "" : "s",
                   p95, rest);
}

/* Marks a quantile if it is on the axis; returns how many marks it made. */
static size_t put_mark(FILE *gp, struct mark *m, size_t n, size_t row,
                       const char *text, const struct quantile *q)
{
    if (!(q->s > NO_WAIT_S))
        return 0;
    script_element(gp, "mark", n, "%s", text);
    *m = (struct mark){
        .x = FRAME_WIDE * log(q->s) / log(q->top_s),
        .y = FRAME_HIGH * q->percent / 104.0,
        .width = CHAR_WIDE * (double)strlen(text),
    };
    fprintf(gp, "mark_s[%zu] = %.6f\nmark_y[%zu] = %d\nmark_row[%zu] = %zu\n",
            n + 1, q->s, n + 1, q->percent, n + 1, row + 1);
    return 1;
}

/* The places of the marks beside their points. */
static void put_places(FILE *gp, struct mark mark[], size_t n)
{
    marks_place(mark, n, FRAME_WIDE);
    for (size_t i = 0; i < n; i++)
        fprintf(gp, "mark_at_x[%zu] = %.5f\nmark_at_y[%zu] = %.5f\n", i + 1,
                mark[i].at_x / FRAME_WIDE, i + 1, mark[i].at_y / FRAME_HIGH);
    script_number(gp, "n_marks", (double)n);
}

static void put_marks(FILE *gp, const struct waits_line line[], size_t n_lines,
                      bool pair, double top_s)
{
    struct mark mark[2 * MAX_DRAWN];
    char wait[32], text[160];
    size_t n = 0;

    for (int percent = 95; percent >= 50; percent -= 45)
        for (size_t i = 0; i < n_lines; i++) {
            const struct waits *w = &line[i].waits;
            struct quantile q = {percent, percent > 50 ? w->p95_s : w->p50_s,
                                 top_s};
            script_wait(q.s, wait);
            snprintf(text, sizeof text, "%s%sp%d %s", pair ? line[i].name : "",
                     pair ? " " : "", percent, wait);
            n += put_mark(gp, &mark[n], n, i, text, &q);
        }
    put_places(gp, mark, n);
}

void waits_lines(FILE *gp, FILE *dat, const struct waits_line line[], size_t n,
                 bool pair)
{
    static const char *const arrays[] = {"mark",     "mark_s",    "mark_y",
                                         "mark_row", "mark_at_x", "mark_at_y"};

    assert(n <= MAX_DRAWN);
    fprintf(gp, "array row[%d]\n", MAX_DRAWN);
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        fprintf(gp, "array %s[%d]\n", arrays[i], 2 * MAX_DRAWN);
    script_number(gp, "n_rows", (double)n);
    double top_s = put_axis(gp, line, n, pair);

    script_number(gp, "before_after", pair);
    put_marks(gp, line, n, pair, top_s);
    for (size_t i = 0; i < n; i++) {
        put_row(gp, i, &line[i]);
        put_curve(dat, &line[i].waits, top_s);
    }
}

/* -------------------------------------------------------------- one run */

static void put_title(const struct plot *f, const struct waits *w)
{
    char p95[32], name[4 * NAME_SHOWN + 1];

    if (f->n_pools == 0 || w->n == 0) {
        heading_title(f->gp, "No build waited or was served");
        return;
    }
    script_short(f->in->pool_names[f->pools[0]], name);
    waits_say(w->p95_s, p95);
    if (w->n_unserved > 0)
        heading_title(f->gp,
                      "%s: %zu of %zu builds are never served; 95 %% wait or "
                      "try %s%s",
                      name, w->n_unserved, w->n,
                      w->p95_s > NO_WAIT_S ? "at most " : "", p95);
    else if (!(w->max_s > NO_WAIT_S))
        heading_title(f->gp, "%s: every build is served within 1 s", name);
    else
        heading_title(
            f->gp, "%s: %.0f %% of builds do not wait; 95 %% wait %s%s", name,
            unwaiting_pct(w), w->p95_s > NO_WAIT_S ? "at most " : "", p95);
}

void waits_put(const void *in, FILE *gp, FILE *dat)
{
    struct plot f = script_begin(in, gp, dat);
    struct waits_line line[MAX_DRAWN] = {0};

    for (size_t i = 0; i < f.n_pools; i++) {
        script_short(f.in->pool_names[f.pools[i]], line[i].name);
        waits_take(&line[i].waits, f.in, f.pools[i]);
    }
    put_title(&f, &line[0].waits);
    heading_subtitle(gp, f.in->title_prefix, f.in->synthetic,
                     "from the first dial to the slot | at once: within 1 s");
    waits_lines(gp, dat, line, f.n_pools, false);
    for (size_t i = 0; i < f.n_pools; i++)
        waits_free(&line[i].waits);
}
