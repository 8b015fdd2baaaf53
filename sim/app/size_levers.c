/* size_levers.c - what each lever buys, and how removals depend on the window.
 */
#include "sim/app/show.h"
#include "sim/app/size_out.h"
#include "sim/base/text.h"

#include <math.h>

enum { WORDS = 52, CELL = 17 };

static void put_cell(const char *text, FILE *out)
{
    fputs("  ", out);
    show_padded(out, text, CELL, true);
}

/* ------------------------------------------------------------ levers */

static void put_paired(enum show_form form, const struct paired *d, FILE *out)
{
    char text[SHOW_CELL];

    show_paired(form, *d, 2, text);
    put_cell(text, out);
}

/* Compared on n histories. */
static void put_lever(const struct lever *x, size_t n, FILE *out)
{
    char plain[sizeof x->why.msg], warm[SHOW_CELL];

    show_padded(out, x->words, WORDS, false);
    if (x->setting == SIZE_MAX || x->base == SIZE_MAX) {
        text_plain(x->why.msg, plain, sizeof plain);
        fprintf(out, "  not here: %.100s\n", plain);
        return;
    }
    put_paired(SHOW_USD, &x->usd, out);
    put_paired(SHOW_HOURS, &x->wait_h, out);
    put_paired(SHOW_WAIT, &x->p95_s, out);
    put_paired(SHOW_NUMBER, &x->regretted, out);
    show_estimate(SHOW_SHARE, x->warm_frac, (uint32_t)n, warm);
    put_cell(warm, out);
    fputc('\n', out);
}

/* The lever that buys most waiting for its price, beyond doubt. */
static const struct lever *best_lever(const struct levers *l)
{
    const struct lever *best = NULL;
    double most = 0.0;

    for (size_t i = 0; i < l->n; i++) {
        const struct lever *x = &l->at[i];
        bool sure = x->setting != SIZE_MAX && x->sets[0][0] != '@' &&
                    -x->wait_h.mean > x->wait_h.half_width;
        double per_usd = -x->wait_h.mean / fmax(x->usd.mean, 1.0);
        if (sure && per_usd > most) {
            most = per_usd;
            best = x;
        }
    }
    return best;
}

static void put_hint(const struct size_job *j, FILE *out)
{
    const struct lever *x = best_lever(&j->levers);

    if (!x)
        return;
    fputs("buys most waiting for its price, so size again with it:", out);
    for (size_t i = 0; i < x->n_sets; i++)
        fprintf(out, " --set %s", x->sets[i]);
    fputc('\n', out);
}

static void put_levers(const struct size_job *j, FILE *out)
{
    static const char *const heads[] = {"cost", "hours waited", "p95 wait",
                                        "regretted a day", "warm builds"};

    fprintf(out,
            "\nlevers, one at a time against today's setting, on %zu "
            "histories\n",
            j->study_on);
    show_padded(out, "", WORDS, false);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        put_cell(heads[i], out);
    fputc('\n', out);
    for (size_t i = 0; i < j->levers.n; i++)
        put_lever(&j->levers.at[i], j->study_on, out);
    fputs("then: ... is against the outage alone\n", out);
    put_hint(j, out);
}

/* ------------------------------------------------------------ windows */

static void put_estimate(enum show_form form, const struct estimate *x,
                         const struct size_job *j, FILE *out)
{
    char text[SHOW_CELL];

    show_estimate(form, *x, (uint32_t)j->study_on, text);
    put_cell(text, out);
}

static void put_window(const struct size_job *j, const struct window_point *p,
                       FILE *out)
{
    char window[32];

    duration_print(p->window_us, window);
    fprintf(out, "%8s", window);
    put_estimate(SHOW_NUMBER, &p->regretted, j, out);
    put_estimate(SHOW_COUNT, &p->churn, j, out);
    put_estimate(SHOW_NUMBER, &p->nodes_started, j, out);
    put_estimate(SHOW_SHARE, &p->warm_frac, j, out);
    put_estimate(SHOW_HOURS, &p->wait_h, j, out);
    put_estimate(SHOW_USD, &p->usd, j, out);
    fputc('\n', out);
}

static void put_gaps(const struct size_job *j, FILE *out)
{
    sim_us even_us = j->scenario.system.regret_us;
    char even[32], best[32], name[POOL_NAME];

    duration_print(even_us, even);
    for (size_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct gaps *g = &j->gaps[i];
        if (g->n == 0)
            continue;
        text_plain(j->scenario.system.pools[i].name, name, sizeof name);
        duration_print(gaps_best_window(g, even_us), best);
        fprintf(out,
                "%s: holding for %s costs as much as a start; by the gaps of "
                "its demand %s is the best fixed window (%zu of %zu gaps "
                "outlast it)\n",
                name, even, best, gaps_longer(g, gaps_best_window(g, even_us)),
                g->n);
    }
}

static void put_windows(const struct size_job *j, FILE *out)
{
    static const char *const heads[] = {"regretted a day", "churn a day",
                                        "nodes started",   "warm builds",
                                        "hours waited",    "cost"};

    fputs("\nscale-down window, all else as today\n  window", out);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        put_cell(heads[i], out);
    fputc('\n', out);
    for (size_t i = 0; i < WINDOWS; i++)
        put_window(j, &j->windows[i], out);
    put_gaps(j, out);
}

void size_print_levers(const struct size_job *j, FILE *out)
{
    if (j->study_on == 0)
        return;
    put_windows(j, out);
    put_levers(j, out);
}
