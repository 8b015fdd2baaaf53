/* show.c - rounding for people. */
#include "sim/app/show.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const struct show_row show_rows[] = {
    {"builds", FIG_BUILDS, SHOW_COUNT, true, false},
    {"served", FIG_SERVED, SHOW_COUNT, false, false},
    {"gave up", FIG_GAVE_UP, SHOW_COUNT, false, false},
    {"killed", FIG_KILLED, SHOW_COUNT, false, false},
    {"cut", FIG_CUT, SHOW_COUNT, false, false},
    {"killed, also if repeated", FIG_KILLS, SHOW_COUNT, false, true},
    {"cut, also if repeated", FIG_CUTS, SHOW_COUNT, false, true},
    {"timed out", FIG_TIMED_OUT, SHOW_COUNT, false, false},
    {"unfinished", FIG_UNFINISHED, SHOW_COUNT, false, false},
    {"left", FIG_LEFT, SHOW_COUNT, false, false},
    {"attempts, most", FIG_ATTEMPTS_MAX, SHOW_COUNT, false, false},
    {"wait, mean", FIG_WAIT_MEAN, SHOW_WAIT, true, false},
    {"wait, p50", FIG_WAIT_P50, SHOW_WAIT, false, false},
    {"wait, p90", FIG_WAIT_P90, SHOW_WAIT, false, false},
    {"wait, p95", FIG_WAIT_P95, SHOW_WAIT, false, false},
    {"wait, p99", FIG_WAIT_P99, SHOW_WAIT, false, false},
    {"wait, longest", FIG_WAIT_MAX, SHOW_WAIT, false, false},
    {"hours waited for balancer", FIG_WAITS_SLOT, SHOW_HOURS, true, false},
    {"  in the client's pause", FIG_WAITS_ASLEEP, SHOW_HOURS, false, true},
    {"  for the pod's name", FIG_WAITS_NAME, SHOW_HOURS, false, true},
    {"  for a pod to start", FIG_WAITS_POD, SHOW_HOURS, false, true},
    {"  for a node to boot", FIG_WAITS_NODE, SHOW_HOURS, false, true},
    {"  for a node's request", FIG_WAITS_BATCH, SHOW_HOURS, false, true},
    {"  for capacity", FIG_WAITS_CAPACITY, SHOW_HOURS, false, true},
    {"  for the scaler", FIG_WAITS_SCALER, SHOW_HOURS, false, true},
    {"  at the maximum", FIG_WAITS_MAXIMUM, SHOW_HOURS, false, true},
    {"demand, peak", FIG_DEMAND_PEAK, SHOW_COUNT, true, false},
    {"demand, mean", FIG_DEMAND_MEAN, SHOW_NUMBER, false, false},
    {"sessions, peak", FIG_SESSIONS_PEAK, SHOW_COUNT, false, false},
    {"queue, peak", FIG_QUEUE_PEAK, SHOW_COUNT, false, false},
    {"replicas, peak", FIG_REPLICAS_PEAK, SHOW_COUNT, false, false},
    {"ready, peak", FIG_READY_PEAK, SHOW_COUNT, false, false},
    {"reachable, peak", FIG_REACHABLE_PEAK, SHOW_COUNT, false, false},
    {"nodes, peak", FIG_NODES_PEAK, SHOW_COUNT, false, false},
    {"pod-hours", FIG_POD_HOURS, SHOW_HOURS, true, false},
    {"node-hours", FIG_NODE_HOURS, SHOW_HOURS, false, false},
    {"pods started", FIG_PODS_STARTED, SHOW_COUNT, false, false},
    {"idle share of ready pods", FIG_IDLE_FRAC, SHOW_SHARE, false, false},
    {"builds on a cold pod", FIG_COLD_FRAC, SHOW_SHARE, false, false},
    {"regretted removals a day", FIG_REGRETTED_PER_DAY, SHOW_NUMBER, false,
     false},
    {"cost", FIG_COST_USD, SHOW_USD, true, false},
    {"lower bound, no waiting", FIG_ORACLE_COST_USD, SHOW_USD, false, false},
    {"cost above the bound", FIG_COST_USD, SHOW_ABOVE, false, false},
};
const size_t n_show_rows = sizeof show_rows / sizeof *show_rows;

/* ------------------------------------------------------------ numbers */

/* Rounded, it has no sign. */
static bool is_nought(const char *text)
{
    return !strpbrk(text, "123456789");
}

/* Groups of three digits: "1,234,567.8" */
static void grouped(double x, int decimals, const char *before,
                    char out[SHOW_CELL])
{
    char digits[SHOW_CELL / 2];
    size_t at = 0;
    int n = snprintf(digits, sizeof digits, "%.*f", decimals,
                     fmin(fmax(x, -1e18), 1e18));
    int whole = (int)strcspn(digits, ".");
    int first = digits[0] == '-';

    at += (size_t)snprintf(out, SHOW_CELL, "%s", before);
    for (int i = is_nought(digits) ? first : 0; i < n && at + 2 < SHOW_CELL;
         i++) {
        if (i > first && i < whole && (whole - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

/* Tenths of a second below a minute, whole seconds above. */
static void wait_text(double s, char out[SHOW_CELL])
{
    char text[32];
    double sane_s = fmin(fmax(s, 0.0), 9e9);
    double tenths = round(sane_s * 10.0);

    if (tenths < 600.0) {
        const char *form = fmod(tenths, 10.0) == 0.0 ? "%.0fs" : "%.1fs";
        (void)snprintf(out, SHOW_CELL, form, tenths / 10.0);
        return;
    }
    duration_print(us_from_s(round(sane_s)), text);
    (void)snprintf(out, SHOW_CELL, "%s", text);
}

void show_value(enum show_form form, double x, char out[SHOW_CELL])
{
    bool whole = x == floor(x);

    switch (form) {
    case SHOW_COUNT:
        grouped(x, whole ? 0 : 1, "", out);
        break;
    case SHOW_NUMBER:
        grouped(x, fabs(x) < 10.0 ? 2 : 1, "", out);
        break;
    case SHOW_WAIT:
        wait_text(x, out);
        break;
    case SHOW_HOURS:
        grouped(x, fabs(x) < 100.0 ? 1 : 0, "", out);
        break;
    case SHOW_USD:
        grouped(x, fabs(x) < 100.0 ? 2 : 0, "$", out);
        break;
    case SHOW_SHARE:
    case SHOW_ABOVE:
        grouped(100.0 * x, 1, "", out);
        strncat(out, " %", SHOW_CELL - strlen(out) - 1);
        break;
    }
}

/* From two replications on with its half-width. */
static void put_mean(enum show_form form, const char *sign, const char *mean,
                     double half_width, uint32_t n_reps, char out[SHOW_CELL])
{
    char half[SHOW_CELL];

    show_value(form, half_width, half);
    if (n_reps > 1)
        (void)snprintf(out, SHOW_CELL, "%s%.36s \u00b1 %.36s", sign, mean,
                       half);
    else
        (void)snprintf(out, SHOW_CELL, "%s%.70s", sign, mean);
}

void show_estimate(enum show_form form, struct estimate x, uint32_t n_reps,
                   char out[SHOW_CELL])
{
    char mean[SHOW_CELL];

    show_value(form, x.mean, mean);
    put_mean(form, "", mean, x.half_width, n_reps, out);
}

void show_paired(enum show_form form, struct paired x, uint32_t n_reps,
                 char out[SHOW_CELL])
{
    char mean[SHOW_CELL];

    show_value(form, fabs(x.mean), mean);
    const char *sign = x.mean < 0.0 ? "-" : "+";
    put_mean(form, is_nought(mean) ? "" : sign, mean, x.half_width, n_reps,
             out);
}

void show_cell(const struct show_row *row, const struct replications *r,
               size_t pool, char out[SHOW_CELL])
{
    struct estimate x = estimate_of(r, pool, row->figure);

    if (row->form != SHOW_ABOVE) {
        show_estimate(row->form, x, r->n_reps, out);
        return;
    }
    double bound = estimate_of(r, pool, FIG_ORACLE_COST_USD).mean;

    if (bound > 0.0)
        show_value(row->form, x.mean / bound - 1.0, out);
    else
        (void)snprintf(out, SHOW_CELL, "-");
}

bool show_wants(const struct show_row *row, const struct replications *r)
{
    return !row->optional || estimate_total(r, row->figure).mean != 0.0;
}

/* ------------------------------------------------------------ pools */

enum { RANKS = 3 };

/* What pools are ranked by, the most important first. */
static void rank(const struct replications *r, size_t pool, double out[RANKS])
{
    static const enum figure lost[] = {FIG_GAVE_UP, FIG_KILLED, FIG_CUT,
                                       FIG_TIMED_OUT};

    out[0] = out[1] = 0.0;
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        out[0] += estimate_of(r, pool, lost[i]).mean;
    for (int i = FIG_WAITS_SLOT; i <= FIG_WAITS_MAXIMUM; i++)
        out[1] += estimate_of(r, pool, (enum figure)i).mean;
    out[2] = estimate_of(r, pool, FIG_BUILDS).mean;
}

static bool is_above(const double a[RANKS], const double b[RANKS])
{
    size_t i = 0;

    while (i + 1 < RANKS && !(a[i] > b[i]) && !(a[i] < b[i]))
        i++;
    return a[i] > b[i];
}

size_t show_pools(const struct replications *r, size_t most, uint32_t pools[])
{
    double ranks[SHOW_POOLS + 1][RANKS];
    size_t n = 0;

    assert(most <= SHOW_POOLS);
    for (uint32_t pool = 0; pool < r->n_pools; pool++) {
        double own[RANKS] = {0.0};
        size_t at = n;
        if (r->n_pools > most)
            rank(r, pool, own);
        for (; at > 0 && is_above(own, ranks[at - 1]); at--) {
            memcpy(ranks[at], ranks[at - 1], sizeof own);
            if (at < most)
                pools[at] = pools[at - 1];
        }
        memcpy(ranks[at], own, sizeof own);
        if (at < most)
            pools[at] = pool;
        if (n < most)
            n++;
    }
    return n;
}

/* ------------------------------------------------------------ columns */

size_t show_width(const char *text)
{
    size_t n = 0;

    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

void show_padded(FILE *out, const char *text, size_t width, bool right)
{
    size_t n = show_width(text);
    int blanks = n < width ? (int)(width - n) : 0;

    if (right)
        fprintf(out, "%*s%s", blanks, "", text);
    else
        fprintf(out, "%s%*s", text, blanks, "");
}
