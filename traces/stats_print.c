#include "traces/stats.h"

#include "sim/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_SIZE = 17, /* pool names are cut to 16 bytes */
    TO_MINUTE = 16  /* characters of 2026-06-09T17:02 */
};

#define MINUTE_US (60 * US_PER_S)

/* What the three tables share. */
struct report {
    const struct trace *t;
    const struct pool_stats *pools; /* borrowed; n of them */
    size_t n;
    FILE *out;
};

static void pool_name(const struct report *r, size_t i, char out[NAME_SIZE])
{
    text_plain(strings_at(&r->t->strings, r->pools[i].pool), out, NAME_SIZE);
}

/* An instant if the trace has them, else the time since its start; to the
 * minute.
 */
static void print_at(const struct report *r, sim_us at_us, char out[40])
{
    if (r->t->absolute) {
        char instant[40];

        timestamp_print(r->t->origin_us + at_us, instant);
        snprintf(out, 40, "%.*sZ", TO_MINUTE, instant);
    } else {
        duration_print(at_us / MINUTE_US * MINUTE_US, out);
    }
}

static double share_pct(size_t part, size_t n)
{
    return n == 0 ? 0.0 : 100.0 * (double)part / (double)n;
}

static void print_head(const struct report *r)
{
    char start[40];

    print_at(r, 0, start);
    fprintf(r->out, "%zu builds in %.4g days", r->t->n,
            s_from_us(r->t->span_us) / 86400.0);
    if (r->t->absolute)
        fprintf(r->out, " from %s", start);
    fprintf(r->out, "%s\n",
            r->t->synthetic ? "\nSYNTHETIC: generated, not recorded" : "");
}

static void print_peaks(const struct report *r)
{
    fprintf(r->out, "\n%-16s %20s  %-17s %7s %9s\n", "pool",
            "peak builds at once*", "first reached", "mean*", "peak/mean");
    for (size_t i = 0; i < r->n; i++) {
        const struct pool_stats *p = &r->pools[i];
        char name[NAME_SIZE], at[40];
        double ratio = p->demand_mean > 0.0
                           ? (double)p->demand_peak / p->demand_mean
                           : 0.0;

        pool_name(r, i, name);
        print_at(r, p->demand_peak_us, at);
        fprintf(r->out, "%-16s %20lld  %-17s %7.2f %9.1f\n", name,
                (long long)p->demand_peak, at, p->demand_mean, ratio);
    }
    fprintf(r->out, "* if no build ever waited\n");
}

static void print_work(const struct report *r)
{
    fprintf(r->out, "\n%-16s %-27s  %6s  %s\n", "", "work, minutes", "",
            "builds a run");
    fprintf(r->out, "%-16s %6s %6s %6s %6s  %6s  %6s %6s %6s\n", "pool", "p50",
            "p90", "p99", "max", "runs", "p50", "p90", "max");
    for (size_t i = 0; i < r->n; i++) {
        const struct pool_stats *p = &r->pools[i];
        char name[NAME_SIZE];

        pool_name(r, i, name);
        fprintf(r->out, "%-16s %6.1f %6.1f %6.1f %6.1f", name,
                p->work_p50_s / 60.0, p->work_p90_s / 60.0,
                p->work_p99_s / 60.0, p->work_max_s / 60.0);
        fprintf(r->out, "  %6zu  %6zu %6zu %6zu\n", p->n_runs, p->burst_p50,
                p->burst_p90, p->burst_max);
    }
}

static void print_counts(const struct report *r)
{
    fprintf(r->out, "\n%-16s %7s %7s %9s  %-17s  %s\n", "pool", "builds",
            "failed", "cancelled", "first asked", "last asked");
    for (size_t i = 0; i < r->n; i++) {
        const struct pool_stats *p = &r->pools[i];
        char name[NAME_SIZE], first[40], last[40];

        pool_name(r, i, name);
        print_at(r, p->first_us, first);
        print_at(r, p->last_us, last);
        fprintf(r->out, "%-16s %7zu %6.1f%% %8.1f%%  %-17s  %s\n", name,
                p->n_builds, share_pct(p->n_error, p->n_builds),
                share_pct(p->n_cancelled, p->n_builds), first, last);
    }
}

static double busiest_hour(const struct pool_stats *p)
{
    double most = 0.0;

    for (int i = 0; i < 7 * 24; i++)
        if (p->asked_by_hour[i / 24][i % 24] > most)
            most = p->asked_by_hour[i / 24][i % 24];
    return most;
}

/* '.' for nothing, else 0 to 9 for the tenths of the busiest hour. */
static char shade(double asked, double most)
{
    if (asked <= 0.0)
        return '.';
    return asked >= most ? '9' : (char)('0' + (int)(10.0 * asked / most));
}

static void print_week(const struct report *r, size_t i)
{
    static const char *const days[][7] = {
        {"day 1", "day 2", "day 3", "day 4", "day 5", "day 6", "day 7"},
        {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
    double most = busiest_hour(&r->pools[i]);
    char name[NAME_SIZE];

    pool_name(r, i, name);
    fprintf(r->out, "\n%s: builds asked for by hour%s, 9 is %.1f an hour\n",
            name, r->t->absolute ? " (UTC)" : "", most);
    fprintf(r->out, "      00    06    12    18\n");
    for (int day = 0; day < 7; day++) {
        char row[25] = "";

        for (int hour = 0; hour < 24; hour++)
            row[hour] = shade(r->pools[i].asked_by_hour[day][hour], most);
        fprintf(r->out, "%-5s %s\n", days[r->t->absolute][day], row);
    }
}

static void print_warnings(const struct report *r, size_t i)
{
    const struct pool_stats *p = &r->pools[i];
    char name[NAME_SIZE];

    pool_name(r, i, name);
    if (p->capped)
        fprintf(
            r->out,
            "\nwarning: %s stays at its peak of %lld for %.0f %% of its "
            "busy time and is\nrefilled at once: it was recorded on a fixed "
            "pool, and its peak is too low.\nUse the times at which builds "
            "were asked for, not those at which they started.\n",
            name, (long long)p->demand_peak, 100.0 * p->capped_frac);
    if (p->n_censored > 0)
        fprintf(r->out,
                "\nwarning: %s has %zu builds (%.1f %%) whose end is not "
                "known: they count with the\nwork seen, so demand is a lower "
                "bound; the quantiles of work leave them out.\n",
                name, p->n_censored, share_pct(p->n_censored, p->n_builds));
}

int trace_stats_print(const struct trace *t, FILE *out, struct err *e)
{
    struct report r = {.t = t, .out = out};
    struct pool_stats *pools = trace_stats(t, &r.n);

    r.pools = pools;
    print_head(&r);
    if (r.n > 0) {
        print_peaks(&r);
        print_work(&r);
        print_counts(&r);
    }
    for (size_t i = 0; i < r.n; i++)
        print_week(&r, i);
    for (size_t i = 0; i < r.n; i++)
        print_warnings(&r, i);
    free(pools);
    if (fflush(out) != 0 || ferror(out))
        return err_set(e, ERR_IO, "cannot write the figures of the trace: %s",
                       strerror(errno));
    return ERR_OK;
}
