/* show.c - rounding for people. */
#include "sim/app/show.h"

#include <math.h>
#include <string.h>

const struct show_row show_rows[] = {
    {"builds", FIG_BUILDS, SHOW_COUNT, true},
    {"served", FIG_SERVED, SHOW_COUNT, false},
    {"gave up", FIG_GAVE_UP, SHOW_COUNT, false},
    {"killed", FIG_KILLED, SHOW_COUNT, false},
    {"cut", FIG_CUT, SHOW_COUNT, false},
    {"timed out", FIG_TIMED_OUT, SHOW_COUNT, false},
    {"unfinished", FIG_UNFINISHED, SHOW_COUNT, false},
    {"left", FIG_LEFT, SHOW_COUNT, false},
    {"attempts, most", FIG_ATTEMPTS_MAX, SHOW_COUNT, false},
    {"wait, mean", FIG_WAIT_MEAN, SHOW_WAIT, true},
    {"wait, p50", FIG_WAIT_P50, SHOW_WAIT, false},
    {"wait, p90", FIG_WAIT_P90, SHOW_WAIT, false},
    {"wait, p95", FIG_WAIT_P95, SHOW_WAIT, false},
    {"wait, p99", FIG_WAIT_P99, SHOW_WAIT, false},
    {"wait, longest", FIG_WAIT_MAX, SHOW_WAIT, false},
    {"demand, peak", FIG_DEMAND_PEAK, SHOW_COUNT, true},
    {"demand, mean", FIG_DEMAND_MEAN, SHOW_NUMBER, false},
    {"sessions, peak", FIG_SESSIONS_PEAK, SHOW_COUNT, false},
    {"queue, peak", FIG_QUEUE_PEAK, SHOW_COUNT, false},
    {"replicas, peak", FIG_REPLICAS_PEAK, SHOW_COUNT, false},
    {"ready, peak", FIG_READY_PEAK, SHOW_COUNT, false},
    {"reachable, peak", FIG_REACHABLE_PEAK, SHOW_COUNT, false},
    {"nodes, peak", FIG_NODES_PEAK, SHOW_COUNT, false},
    {"pod-hours", FIG_POD_HOURS, SHOW_HOURS, true},
    {"node-hours", FIG_NODE_HOURS, SHOW_HOURS, false},
    {"pods started", FIG_PODS_STARTED, SHOW_COUNT, false},
    {"idle share of ready pods", FIG_IDLE_FRAC, SHOW_SHARE, false},
    {"builds on a cold pod", FIG_COLD_FRAC, SHOW_SHARE, false},
    {"regretted removals a day", FIG_REGRETTED_PER_DAY, SHOW_NUMBER, false},
    {"cost", FIG_COST_USD, SHOW_USD, true},
    {"lower bound, no waiting", FIG_ORACLE_COST_USD, SHOW_USD, false},
    {"cost above the bound", FIG_COST_USD, SHOW_ABOVE, false},
};
const size_t n_show_rows = sizeof show_rows / sizeof *show_rows;

/* ------------------------------------------------------------ numbers */

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
    for (int i = 0; i < n && at + 2 < SHOW_CELL; i++) {
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

void show_estimate(enum show_form form, struct estimate x, uint32_t n_reps,
                   char out[SHOW_CELL])
{
    char mean[SHOW_CELL], half[SHOW_CELL];

    show_value(form, x.mean, mean);
    show_value(form, x.half_width, half);
    if (n_reps > 1)
        (void)snprintf(out, SHOW_CELL, "%.37s \u00b1 %.37s", mean, half);
    else
        (void)snprintf(out, SHOW_CELL, "%s", mean);
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
