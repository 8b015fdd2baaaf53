/* size_draw.c - what the figures of `drydock size` are drawn from: those of
 * one pool are of the one with the largest demand.
 */
#include "plots/bars.h"
#include "plots/curve.h"
#include "plots/pareto.h"
#include "sim/app/size_out.h"
#include "sim/app/sweep_out.h"
#include "sim/base/mem.h"

#include <math.h>
#include <stdlib.h>

static double target_of(const struct size_job *j, enum scenario_goal goal)
{
    for (size_t i = 0; i < j->scenario.n_targets; i++)
        if (j->scenario.targets[i].goal == goal)
            return j->scenario.targets[i].at_most;
    return NAN;
}

static void add_mark(struct curve_input *in, double x, const char *text)
{
    struct curve_mark *m = &in->marks[in->n_marks++];

    m->x = x;
    (void)snprintf(m->text, sizeof m->text, "%s", text);
}

static struct curve_input curve_of(const struct size_job *j, const char *name,
                                   struct curve_point points[])
{
    struct curve_input in = {
        .name = name,
        .title_prefix = j->scenario.name,
        .synthetic = j->scenario.trace.synthetic,
        .points = points,
        .target = {NAN, NAN},
    };

    return in;
}

/* ------------------------------------------------------------ min, max */

static size_t take_points(const struct study_point from[], size_t n,
                          struct curve_point to[])
{
    for (size_t i = 0; i < n; i++)
        to[i] = (struct curve_point){
            .x = from[i].pods,
            .y = {from[i].p95_s.mean / 60.0, from[i].usd.mean},
            .half_width = {from[i].p95_s.half_width / 60.0,
                           from[i].usd.half_width},
        };
    return n;
}

static int draw_replicas(const struct size_job *j, uint32_t pool, bool maximum,
                         struct err *e)
{
    const struct study_pool *s = &j->study.pools[pool];
    const struct size_pool *p = &j->plan.pools[pool];
    const struct keda_params *k = &j->scenario.system.pools[pool].keda;
    struct curve_point points[STUDY_POINTS];
    struct curve_input in =
        curve_of(j, maximum ? "maximum" : "minimum", points);
    uint32_t best = maximum ? p->max : p->tried[p->best].min;
    uint32_t today = maximum ? keda_max(k) : keda_min(k);

    in.n = maximum ? take_points(s->max, s->n_max, points)
                   : take_points(s->min, s->n_min, points);
    if (in.n == 0)
        return ERR_OK;
    (void)snprintf(in.title, sizeof in.title,
                   maximum ? "A maximum of %u pods is enough; a higher one "
                             "changes little"
                           : "A minimum of %u pods is the cheapest that keeps "
                             "the targets",
                   best);
    (void)snprintf(in.subtitle, sizeof in.subtitle,
                   "%zu histories | bars: 95 %% interval of the mean",
                   j->study.n_histories);
    in.x_label = maximum ? "maxReplicaCount" : "minReplicaCount";
    in.y_label[0] = "p95 wait, minutes";
    in.y_label[1] = "cost of all pools, USD";
    in.target[0] = target_of(j, GOAL_P95_WAIT) / 60.0;
    if (today == best)
        add_mark(&in, today, "today and recommended");
    else if (today <= 2 * points[in.n - 1].x)
        add_mark(&in, today, "today");
    else
        add_mark(&in, p->peak, "largest demand");
    if (today != best)
        add_mark(&in, best, "recommended");
    return curve_draw(j->options->common.out, &in, e);
}

/* ------------------------------------------------------------ windows */

/* What the longest window does that the shortest does not. */
static void put_windows_title(const struct size_job *j, struct curve_input *in)
{
    const struct window_point *a = &j->windows[0],
                              *b = &j->windows[WINDOWS - 1];

    (void)snprintf(in->title, sizeof in->title,
                   "%.3g instead of %.3g minutes of window: %.3g instead of "
                   "%.3g regretted removals a day, %+.0f USD",
                   s_from_us(b->window_us) / 60.0,
                   s_from_us(a->window_us) / 60.0, b->regretted.mean,
                   a->regretted.mean,
                   round(b->usd.mean - a->usd.mean) + 0.0); /* never -0 */
}

static int draw_windows(const struct size_job *j, uint32_t pool, struct err *e)
{
    sim_us even_us = j->scenario.system.regret_us, today_us;
    struct curve_point points[WINDOWS];
    struct curve_input in = curve_of(j, "windows", points);

    for (in.n = 0; in.n < WINDOWS; in.n++) {
        const struct window_point *w = &j->windows[in.n];
        points[in.n] = (struct curve_point){
            .x = s_from_us(w->window_us) / 60.0,
            .y = {w->regretted.mean, w->usd.mean},
            .half_width = {w->regretted.half_width, w->usd.half_width},
        };
    }
    put_windows_title(j, &in);
    (void)snprintf(in.subtitle, sizeof in.subtitle,
                   "%zu histories, all else as today | bars: 95 %% interval of "
                   "the mean",
                   j->study_on);
    in.x_label = "scale-down window, minutes";
    in.y_label[0] = "regretted removals a day";
    in.y_label[1] = "cost of all pools, USD";
    if (duration_parse(j->plan.pools[pool].combos[0].window, &today_us, e) ==
        ERR_OK)
        add_mark(&in, s_from_us(today_us) / 60.0, "today");
    add_mark(&in, s_from_us(even_us) / 60.0, "break-even with a start");
    add_mark(
        &in,
        fmin(s_from_us(gaps_best_window(&j->gaps[pool], even_us)) / 60.0, 60.0),
        "cheapest by the gaps");
    return curve_draw(j->options->common.out, &in, e);
}

/* ------------------------------------------------------------ peaks */

enum { BINS = 16 };

static size_t bin_of(uint32_t peak, uint32_t from, uint32_t width)
{
    size_t bin = peak > from ? (peak - from) / width : 0;

    return bin < BINS ? bin : BINS - 1;
}

static void fill_bins(const struct size_job *j, uint32_t pool,
                      struct bars_input *in, uint32_t *from, uint32_t *width)
{
    const struct size_pool *p = &j->plan.pools[pool];
    const struct histories *h = &j->histories;
    uint32_t least = p->peak;

    for (size_t i = 0; i < histories_n(h); i++)
        least = p->peaks[i] < least ? p->peaks[i] : least;
    *from = least;
    *width = (p->peak - least) / BINS + 1;
    in->n = (p->peak - least) / *width + 1;
    for (size_t i = 0; i < in->n; i++)
        (void)snprintf(in->labels[i], sizeof in->labels[i], "%u",
                       least + (uint32_t)i * *width);
    for (size_t i = 0; i < histories_n(h); i++) {
        enum history_kind kind = history_kind(h, i);
        if (kind != HISTORY_RECORDED)
            in->y[bin_of(p->peaks[i], least, *width)][kind - HISTORY_RUNS]++;
    }
}

static int draw_peaks(const struct size_job *j, uint32_t pool, struct err *e)
{
    const struct size_pool *p = &j->plan.pools[pool];
    uint32_t from, width;
    struct bars_input in = {
        .name = "peaks",
        .title_prefix = j->scenario.name,
        .synthetic = j->scenario.trace.synthetic,
        .x_label = "largest number of builds at once",
        .y_label = "histories",
        .n_series = j->histories.n_days > 0 ? 2 : 1,
        .series = {"drawn by runs", "drawn by days"},
        .mark = NAN,
    };

    fill_bins(j, pool, &in, &from, &width);
    if (j->histories.n_recorded > 0) {
        in.mark = ((double)p->peaks[0] - from) / width - 0.5;
        (void)snprintf(in.mark_text, sizeof in.mark_text, "recorded: %u",
                       p->peaks[0]);
    }
    (void)snprintf(in.title, sizeof in.title,
                   "The demand may peak at %u builds at once", p->peak);
    if (j->histories.n_recorded > 0)
        (void)snprintf(
            in.title, sizeof in.title,
            "The demand may peak at %u builds where %u were recorded", p->peak,
            p->peaks[0]);
    (void)snprintf(in.subtitle, sizeof in.subtitle,
                   "%u histories of each kind | a label is the least of its "
                   "bars",
                   j->histories.n_runs);
    return bars_draw(j->options->common.out, &in, e);
}

/* ------------------------------------------------------------ waiting */

/* Short enough to stand beside a bar. */
static const char *const causes[WAIT_CAUSES] = {
    [WAIT_SLOT] = "balancer",   [WAIT_ASLEEP] = "client",
    [WAIT_NAME] = "pod name",   [WAIT_POD] = "pod starts",
    [WAIT_NODE] = "node boots", [WAIT_BATCH] = "node request",
    [WAIT_CAPACITY] = "cloud",  [WAIT_SCALER] = "scaler",
    [WAIT_MAXIMUM] = "maximum",
};

struct cause {
    enum wait_cause cause;
    double hours[2]; /* today, as recommended */
};

static int by_hours(const void *left, const void *right)
{
    const struct cause *a = left, *b = right;

    if (a->hours[0] != b->hours[0])
        return a->hours[0] < b->hours[0] ? 1 : -1;
    return a->cause < b->cause ? -1 : 1;
}

/* The longest first, without those that nobody waited for; returns how many.
 */
static size_t take_causes(const struct size_job *j, struct cause c[WAIT_CAUSES])
{
    size_t n = 0;

    for (size_t i = 0; i < WAIT_CAUSES; i++) {
        c[n] = (struct cause){
            .cause = (enum wait_cause)i,
            .hours = {
                size_figure(j, j->plan.today, NO_INDEX, TRIAL_CAUSE + i).mean,
                size_figure(j, j->plan.setting, NO_INDEX, TRIAL_CAUSE + i)
                    .mean}};
        n += c[n].hours[0] > 0.0 || c[n].hours[1] > 0.0;
    }
    qsort(c, n, sizeof *c, by_hours);
    return n;
}

static int draw_causes(const struct size_job *j, struct err *e)
{
    struct bars_input in = {
        .name = "causes",
        .title_prefix = j->scenario.name,
        .synthetic = j->scenario.trace.synthetic,
        .y_label = "hours that builds waited",
        .n_series = 2,
        .series = {"today", "recommended"},
        .before_after = true,
        .lying = true,
        .mark = NAN,
    };
    struct cause c[WAIT_CAUSES];

    in.n = take_causes(j, c);
    if (in.n == 0)
        return ERR_OK;
    for (size_t i = 0; i < in.n; i++) {
        (void)snprintf(in.labels[i], sizeof in.labels[i], "%s",
                       causes[c[i].cause]);
        in.y[i][0] = c[i].hours[0];
        in.y[i][1] = c[i].hours[1];
    }
    (void)snprintf(in.title, sizeof in.title,
                   "Most waiting is for %s: %.3g hours today, %.3g as "
                   "recommended",
                   wait_cause_name(c[0].cause), in.y[0][0], in.y[0][1]);
    (void)snprintf(in.subtitle, sizeof in.subtitle,
                   "all pools together, over %.1f days", size_days(j));
    return bars_draw(j->options->common.out, &in, e);
}

/* ------------------------------------------------------------ front */

static bool is_beaten(const struct size_pool *p, size_t i)
{
    for (size_t k = 0; k < p->n; k++) {
        const struct size_candidate *a = &p->tried[k], *b = &p->tried[i];
        if (a->usd <= b->usd && a->wait_h <= b->wait_h &&
            a->regretted <= b->regretted &&
            (a->usd < b->usd || a->wait_h < b->wait_h))
            return true;
    }
    return false;
}

/* p95 wait of the pool over the screen. */
static double screened_p95_s(const struct size_job *j, uint32_t pool,
                             size_t setting)
{
    const struct effect_on on = {(struct trials *)&j->trials, j->plan.screen,
                                 j->plan.n_screen};

    return effect_mean(&on, setting, pool, GOAL_P95_WAIT).mean;
}

/* The candidates of one pool as they were priced; the first is today's. */
static int draw_front(const struct size_job *j, uint32_t pool, struct err *e)
{
    const struct size_pool *p = &j->plan.pools[pool];
    struct pareto_point *points = mem_array(p->n + 1, sizeof *points);
    struct pareto_input in = {
        .title_prefix = j->scenario.name,
        .synthetic = j->scenario.trace.synthetic,
        .days = size_days(j),
        .n_reps = (unsigned)j->plan.n_screen,
        .points = points,
        .n = p->n + 1,
        .best = p->best == SIZE_MAX ? SIZE_MAX : p->best + 1,
    };
    struct pareto_fixed fixed[SWEEP_FIXED];
    const struct effect_on on = {(struct trials *)&j->trials, j->plan.screen,
                                 j->plan.n_screen};

    points[0] = (struct pareto_point){
        .usd = effect_mean(&on, j->plan.today, NO_INDEX, GOAL_COST_USD).mean,
        .wait_s = screened_p95_s(j, pool, j->plan.today),
        .regretted =
            effect_mean(&on, j->plan.today, pool, TRIAL_REGRETTED).mean,
    };
    for (size_t i = 0; i < p->n; i++)
        points[i + 1] = (struct pareto_point){
            .usd = p->tried[i].usd,
            .wait_s = screened_p95_s(j, pool, p->tried[i].setting),
            .regretted = p->tried[i].regretted,
            .front = !is_beaten(p, i),
        };
    sweep_baselines(&j->scenario, &in, fixed);
    int rc = pareto_draw(j->options->common.out, &in, e);

    free(points);
    return rc;
}

/* ------------------------------------------------------------ all */

static int draw_all(const struct size_job *j, uint32_t pool, struct err *e)
{
    int rc = draw_replicas(j, pool, true, e);

    if (rc == ERR_OK)
        rc = draw_replicas(j, pool, false, e);
    if (rc == ERR_OK)
        rc = draw_front(j, pool, e);
    if (rc == ERR_OK && j->study_on > 0)
        rc = draw_windows(j, pool, e);
    if (rc == ERR_OK)
        rc = draw_peaks(j, pool, e);
    return rc == ERR_OK ? draw_causes(j, e) : rc;
}

int size_draw(struct size_job *j, struct err *e)
{
    uint32_t pool = size_busiest(j);

    if (j->plan.pools[pool].max == 0)
        return ERR_OK;
    int rc = draw_all(j, pool, e);

    if (rc == ERR_OK)
        j->has_plots = app_pictures(j->options->common.quiet);
    return rc;
}
