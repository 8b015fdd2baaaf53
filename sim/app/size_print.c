/* size_print.c - the figures and the table of `drydock size`. */
#include "sim/app/colour.h"
#include "sim/app/show.h"
#include "sim/app/size_out.h"
#include "sim/base/text.h"

#include <inttypes.h>

enum { LABEL = 26, GAP = 2 };

/* ------------------------------------------------------------ figures */

bool size_has_answer(const struct size_job *j)
{
    for (size_t i = 0; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].max > 0)
            return j->plan.settled;
    return false;
}

const struct size_combo *size_combo_of(const struct size_pool *p)
{
    return &p->combos[size_combo(p)];
}

double size_days(const struct size_job *j)
{
    const struct scenario *s = &j->scenario;
    sim_us window_us = histories_recorded(&j->histories)->span_us +
                       s->system.settle_us - s->system.warm_up_us;

    return window_us > 0 ? (double)window_us / (double)US_PER_DAY : 0.0;
}

uint32_t size_basis(const struct size_job *j)
{
    return j->histories.n_recorded > 0 ? j->histories.n_recorded
                                       : (uint32_t)j->plan.n_screen;
}

struct estimate size_figure(const struct size_job *j, size_t setting,
                            uint32_t pool, size_t figure)
{
    size_t recorded[REPLICATE_MAX];
    struct trials *t = (struct trials *)&j->trials;
    struct effect_on on = {t, recorded, j->histories.n_recorded};

    for (size_t i = 0; i < on.n; i++)
        recorded[i] = i;
    if (on.n == 0)
        on = (struct effect_on){t, j->plan.screen, j->plan.n_screen};
    return effect_mean(&on, setting, pool, figure);
}

/* ------------------------------------------------------------ the table */

struct row {
    const char *label;
    void (*cell)(const struct size_job *j, uint32_t pool, bool today,
                 char out[SHOW_CELL]);
};

static size_t setting_of(const struct size_job *j, bool today)
{
    return today ? j->plan.today : j->plan.setting;
}

static void put_min(const struct size_job *j, uint32_t pool, bool today,
                    char out[SHOW_CELL])
{
    const struct size_pool *p = &j->plan.pools[pool];

    show_value(SHOW_COUNT,
               today ? keda_min(&j->scenario.system.pools[pool].keda)
                     : p->tried[p->best].min,
               out);
}

static void put_max(const struct size_job *j, uint32_t pool, bool today,
                    char out[SHOW_CELL])
{
    show_value(SHOW_COUNT,
               today ? keda_max(&j->scenario.system.pools[pool].keda)
                     : j->plan.pools[pool].max,
               out);
}

static void put_fallback(const struct size_job *j, uint32_t pool, bool today,
                         char out[SHOW_CELL])
{
    const struct keda_params *k = &j->scenario.system.pools[pool].keda;

    if (today && !k->has_fallback)
        (void)snprintf(out, SHOW_CELL, "none");
    else
        show_value(SHOW_COUNT,
                   today ? (double)k->fallback_replicas
                         : (double)j->plan.pools[pool].fallback,
                   out);
}

static void put_window(const struct size_job *j, uint32_t pool, bool today,
                       char out[SHOW_CELL])
{
    const struct size_pool *p = &j->plan.pools[pool];

    (void)snprintf(out, SHOW_CELL, "%s",
                   today ? p->combos[0].window : size_combo_of(p)->window);
}

static void put_policies(const struct size_job *j, uint32_t pool, bool today,
                         char out[SHOW_CELL])
{
    const struct size_pool *p = &j->plan.pools[pool];

    (void)snprintf(out, SHOW_CELL, "%.79s",
                   today ? p->combos[0].policies : size_combo_of(p)->policies);
}

static void put_figure(const struct size_job *j, uint32_t pool, bool today,
                       size_t figure, enum show_form form, char out[SHOW_CELL])
{
    show_estimate(form, size_figure(j, setting_of(j, today), pool, figure),
                  size_basis(j), out);
}

#define FIGURE(name, figure, form)                                             \
    static void name(const struct size_job *j, uint32_t pool, bool today,      \
                     char out[SHOW_CELL])                                      \
    {                                                                          \
        put_figure(j, pool, today, figure, form, out);                         \
    }

FIGURE(put_mean, GOAL_MEAN_WAIT, SHOW_WAIT)
FIGURE(put_p95, GOAL_P95_WAIT, SHOW_WAIT)
FIGURE(put_longest, GOAL_MAX_WAIT, SHOW_WAIT)
FIGURE(put_waited, TRIAL_WAIT_H, SHOW_HOURS)
FIGURE(put_gave_up, GOAL_GAVE_UP, SHOW_COUNT)
FIGURE(put_killed, GOAL_KILLED, SHOW_COUNT)
FIGURE(put_peak, TRIAL_REPLICAS_PEAK, SHOW_COUNT)
FIGURE(put_regretted, TRIAL_REGRETTED, SHOW_NUMBER)
FIGURE(put_nodes, TRIAL_NODES_STARTED, SHOW_NUMBER)
FIGURE(put_warm, TRIAL_WARM_FRAC, SHOW_SHARE)
FIGURE(put_usd, GOAL_COST_USD, SHOW_USD)

static void put_month(const struct size_job *j, uint32_t pool, bool today,
                      char out[SHOW_CELL])
{
    struct estimate usd =
        size_figure(j, setting_of(j, today), pool, GOAL_COST_USD);
    double days = size_days(j);

    show_value(SHOW_USD, days > 0.0 ? usd.mean * 30.0 / days : 0.0, out);
}

static const struct row settings[] = {
    {"minReplicaCount", put_min},          {"maxReplicaCount", put_max},
    {"fallback.replicas", put_fallback},   {"scale-down window", put_window},
    {"scale-down policies", put_policies},
};

static const struct row figures[] = {
    {"wait, mean", put_mean},
    {"wait, p95", put_p95},
    {"wait, longest", put_longest},
    {"hours waited", put_waited},
    {"gave up", put_gave_up},
    {"killed", put_killed},
    {"replicas, peak", put_peak},
    {"regretted removals a day", put_regretted},
    {"nodes started a day", put_nodes},
    {"builds on a warm node", put_warm},
    {"cost", put_usd},
    {"cost, 30 days", put_month},
};

enum {
    N_SETTINGS = sizeof settings / sizeof *settings,
    N_SHOWN = sizeof figures / sizeof *figures
};

const char *size_row(const struct size_job *j, uint32_t pool, size_t i,
                     char cells[2][SHOW_CELL])
{
    if (i >= N_SETTINGS + N_SHOWN)
        return NULL;
    const struct row *row =
        i < N_SETTINGS ? &settings[i] : &figures[i - N_SETTINGS];

    row->cell(j, pool, true, cells[0]);
    row->cell(j, pool, false, cells[1]);
    return row->label;
}

static void print_row(const char *label, char cells[2][SHOW_CELL], size_t width,
                      FILE *out)
{
    show_padded(out, label, LABEL, false);
    for (int k = 0; k < 2; k++) {
        fprintf(out, "%*s", GAP, "");
        show_padded(out, cells[k], width, true);
    }
    fputc('\n', out);
}

static void print_pool(const struct size_job *j, uint32_t pool, FILE *out)
{
    enum { WIDTH = 18 };
    char name[POOL_NAME], cells[2][SHOW_CELL];
    const char *label;

    text_plain(j->scenario.system.pools[pool].name, name, sizeof name);
    fputc('\n', out);
    show_padded(out, name, LABEL, false);
    fprintf(out, "  %*s  %*s\n", WIDTH, "today", WIDTH, "recommended");
    for (size_t i = 0; (label = size_row(j, pool, i, cells)); i++) {
        if (i == N_SETTINGS)
            fputc('\n', out);
        print_row(label, cells, WIDTH, out);
    }
    size_step_print(j, pool, out);
}

static void print_basis(const struct size_job *j, FILE *out)
{
    const struct scenario *s = &j->scenario;
    const struct size_options *o = j->options;
    char name[256];

    text_plain(s->name, name, sizeof name);
    fprintf(out, "%s: %s, %.1f days, seed %" PRIu64 "; ", name,
            s->trace.synthetic ? "synthetic history" : "history", size_days(j),
            o->common.seed);
    if (j->histories.n_recorded > 0)
        fprintf(out, "figures are of the record in %u world%s\n",
                j->histories.n_recorded,
                j->histories.n_recorded == 1 ? "" : "s");
    else
        fprintf(out, "figures are of %zu histories grown %g times\n",
                j->plan.n_screen, o->growth);
}

static void print_starts(const struct size_job *j, FILE *out)
{
    char path[256];

    if (!j->options->starts)
        return;
    text_plain(j->options->starts, path, sizeof path);
    fprintf(out,
            "runs start as in %s, %.1f days; what each asks for is drawn from "
            "the record\n",
            path, (double)j->starts.span_us / (double)US_PER_DAY);
}

static void print_notes(const struct size_job *j, FILE *out)
{
    char notes[SIZE_NOTES][SIZE_NOTE];
    size_t n = size_notes(j, notes);

    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s\n", notes[i]);
}

void size_print(const struct size_job *j, FILE *out)
{
    char answer[SIZE_ANSWER], plain[SIZE_ANSWER];

    size_answer(j, answer);
    text_plain(answer, plain, sizeof plain);
    enum colour colour =
        size_has_answer(j) && !size_over_usd(j) ? COLOUR_GOOD : COLOUR_BAD;

    colour_begin(out, colour);
    fputs(plain, out);
    colour_end(out, colour);
    fputc('\n', out);
    print_basis(j, out);
    print_starts(j, out);
    print_notes(j, out);
    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].max > 0 && size_has_answer(j))
            print_pool(j, i, out);
    if (size_has_answer(j))
        size_print_proof(j, out);
    size_print_levers(j, out);
    size_print_words(j, out);
}
