/* size_proof.c - why these settings: ceilings beside them, three figures for a
 * maximum, the price of a node more, and what is guaranteed.
 */
#include "sim/app/show.h"
#include "sim/app/size_out.h"
#include "sim/base/text.h"
#include "sim/plan/guarantee.h"
#include "sim/plan/verdict.h"

#include <math.h>
#include <string.h>

static const char *pool_name(const struct size_job *j, uint32_t pool,
                             char plain[POOL_NAME])
{
    text_plain(j->scenario.system.pools[pool].name, plain, POOL_NAME);
    return plain;
}

/* ------------------------------------------------------------ what follows */

static const char *foreign_name(const struct size_job *j,
                                const struct follow_row *r)
{
    const struct system_params *p = &j->scenario.system;

    switch (r->kind) {
    case FOLLOW_SLOTS:
    case FOLLOW_PAYLOAD:
        return j->scenario.backends[r->at].name;
    case FOLLOW_CPU:
    case FOLLOW_MEMORY:
        return p->karpenter.pools[r->at].name;
    case FOLLOW_GRACE:
        return p->pools[r->at].name;
    case FOLLOW_ATTEMPTS:
        return p->callers[r->at].name;
    }
    return "";
}

static void follow_value(const struct follow_row *r, double x,
                         char out[SHOW_CELL])
{
    char count[SHOW_CELL];

    if (isinf(x)) {
        (void)snprintf(out, SHOW_CELL, "none");
        return;
    }
    switch (r->kind) {
    case FOLLOW_GRACE:
        show_value(SHOW_WAIT, x, out);
        return;
    case FOLLOW_CPU:
        x = ceil(x / 1000.0);
        break;
    case FOLLOW_MEMORY:
        x = ceil(x / 1024.0);
        break;
    default:
        break;
    }
    show_value(SHOW_COUNT, x, count);
    (void)snprintf(out, SHOW_CELL, "%.60s%s", count,
                   r->kind == FOLLOW_MEMORY ? " Gi" : "");
}

static void print_follow(const struct size_job *j, FILE *out)
{
    static const char *const what[] = {
        [FOLLOW_SLOTS] = "balancer slots of",
        [FOLLOW_PAYLOAD] = "bytes of a DNS answer for",
        [FOLLOW_CPU] = "cpu limit of",
        [FOLLOW_MEMORY] = "memory limit of",
        [FOLLOW_GRACE] = "termination grace of",
        [FOLLOW_ATTEMPTS] = "attempts of clients"};

    fputs("\nwhat must follow                             today    at least\n",
          out);
    for (size_t i = 0; i < j->follow.n; i++) {
        const struct follow_row *r = &j->follow.rows[i];
        char label[128], plain[80], today[SHOW_CELL], need[SHOW_CELL];
        text_plain(foreign_name(j, r), plain, sizeof plain);
        (void)snprintf(label, sizeof label, "%s %.40s", what[r->kind], plain);
        follow_value(r, r->today, today);
        follow_value(r, r->need, need);
        show_padded(out, label, 40, false);
        fprintf(out, "  ");
        show_padded(out, today, 8, true);
        fprintf(out, "  ");
        show_padded(out, need, 10, true);
        fputs(r->today >= r->need ? "\n" : "  raise it\n", out);
    }
}

/* ------------------------------------------------------------ maximum */

static void print_level(const struct size_job *j, uint32_t pool, FILE *out)
{
    const struct return_level *r = &j->levels[pool];
    double days = j->options->horizon_days;

    if (r->verdict == RETURN_STATED)
        fprintf(out,
                "  %5.0f  demand that %g days exceed once (95 %%: %.0f to "
                "%.0f; from %zu clusters of at least %ld builds; the horizon "
                "is %.1f times the record)\n",
                ceil(r->level), days, r->low, r->high, r->n_clusters,
                (long)r->threshold, r->stretch);
    else
        fprintf(out, "      -  demand that %g days exceed once: %s\n", days,
                return_level_why(r->verdict));
}

static void print_peak(const struct size_job *j, uint32_t pool, FILE *out)
{
    const struct burst_peak *b = &j->peaks[pool];

    if (b->capped)
        fprintf(out,
                "         the record was cut by a fixed pool: it shows at most "
                "%ld builds at once, asked for were at least %ld\n",
                (long)b->recorded, (long)b->uncapped);
}

static void print_maximum(const struct size_job *j, uint32_t pool, FILE *out)
{
    const struct size_pool *p = &j->plan.pools[pool];
    char name[POOL_NAME];

    fprintf(out, "\nmaximum of %s\n", pool_name(j, pool, name));
    fprintf(out, "  %5u  smallest that keeps the targets on all histories",
            p->max_proved);
    if (p->max_history != SIZE_MAX) {
        char where[SIZE_WHERE];
        size_where(&j->histories, p->max_history, where);
        fprintf(out, "; a node less misses %s", where);
    }
    fputc('\n', out);
    print_level(j, pool, out);
    fprintf(out,
            "  %5u  a burst as large as the largest demand, %u, waits for at "
            "most %g builds\n",
            p->max_burst, p->peak, j->options->tolerated);
    print_peak(j, pool, out);
    fprintf(out,
            "  %5u  is recommended, the largest of these: a ceiling costs "
            "nothing until it is used\n",
            p->max);
}

/* ------------------------------------------------------------ minimum */

/* Why a smaller minimum is not the answer. */
static const struct size_candidate *tried_at(const struct size_pool *p,
                                             uint32_t min)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->tried[i].min == min &&
            p->tried[i].combo == p->tried[p->best].combo)
            return &p->tried[i];
    return NULL;
}

static void print_reason(const struct size_job *j, uint32_t pool, uint32_t min,
                         FILE *out)
{
    const struct size_candidate *c = tried_at(&j->plan.pools[pool], min);

    if (!c)
        return;
    if (c->reason == SIZE_FLAPS)
        fprintf(out, "; regrets %.3g removals a day, more than it may",
                c->regretted);
    if (c->reason == SIZE_MISSES) {
        double got =
            trials_at(&j->trials, c->setting, c->history)[pool].at[c->goal];
        char text[SHOW_CELL], where[SIZE_WHERE];
        size_where(&j->histories, c->history, where);
        show_value(verdict_is_wait(c->goal) ? SHOW_WAIT : SHOW_COUNT, got,
                   text);
        fprintf(out, "; misses %s: %s %s", where, scenario_goal_name(c->goal),
                text);
    }
}

static void print_step(const struct size_job *j, uint32_t pool,
                       const struct study_step *s, FILE *out)
{
    char usd[SHOW_CELL], hours[SHOW_CELL];

    if (s->setting == SIZE_MAX)
        return;
    show_paired(SHOW_USD, s->usd, 2, usd);
    show_paired(SHOW_HOURS, s->wait_h, 2, hours);
    fprintf(out, "  %5u  %s, %s hours waited", s->pods, usd, hours);
    if (s->wait_h.mean * s->usd.mean < 0.0)
        fprintf(out, ": $%.2f an hour", -s->usd.mean / s->wait_h.mean);
    print_reason(j, pool, s->pods, out);
    fputc('\n', out);
}

static void print_minimum(const struct size_job *j, uint32_t pool, FILE *out)
{
    const struct size_pool *p = &j->plan.pools[pool];
    const struct study_pool *s = &j->study.pools[pool];
    char name[POOL_NAME];

    fprintf(out,
            "\nminimum of %s, a node more or less (%u pods), over %.1f days\n",
            pool_name(j, pool, name), p->per_node, size_days(j));
    print_step(j, pool, &s->less, out);
    fprintf(out, "  %5u  recommended\n", p->tried[p->best].min);
    print_step(j, pool, &s->more, out);
    fprintf(out,
            "         the search decides the same for a wait_price of $%.2f ",
            s->price_from);
    if (isinf(s->price_until))
        fputs("or more", out);
    else
        fprintf(out, "to $%.2f", s->price_until);
    fprintf(out,
            " an hour (it is $%.2f), by the %zu histories that it prices on\n",
            j->scenario.wait_usd_per_h, j->plan.n_screen);
}

/* ------------------------------------------------------------ guarantee */

static double share(const struct size_job *j, const struct size_pool *p,
                    enum history_kind kind, uint32_t n, size_t n_sized)
{
    size_t nodes = p->open / p->per_node;

    return guarantee_share(n, j->plan.n_missed[kind],
                           p->n_combos * (nodes > 0 ? nodes : 1),
                           (1.0 - j->options->confidence) / (double)n_sized);
}

static size_t n_answers(const struct size_job *j)
{
    size_t n = 0;

    for (size_t i = 0; i < j->scenario.system.n_pools; i++)
        n += j->plan.pools[i].max > 0;
    return n;
}

double size_miss_share(const struct size_job *j, enum history_kind kind,
                       uint32_t n)
{
    double most = 0.0;

    for (size_t i = 0; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].max > 0)
            most =
                fmax(most, share(j, &j->plan.pools[i], kind, n, n_answers(j)));
    return most;
}

static void print_kind(const struct size_job *j, enum history_kind kind,
                       uint32_t n, FILE *out)
{
    if (n == 0)
        return;
    fprintf(out,
            "  %u histor%s drawn by %s: %zu miss; with confidence %g %% at "
            "most %.1f "
            "%% of all such histories do\n",
            n, n == 1 ? "y" : "ies", history_drawn_by(kind),
            j->plan.n_missed[kind], 100.0 * j->options->confidence,
            100.0 * size_miss_share(j, kind, n));
}

/* Windows or policies of combos, each once. */
static void print_each(const struct size_pool *p, bool windows, FILE *out)
{
    for (size_t i = 0; i < p->n_combos; i++) {
        const struct size_combo *c = &p->combos[i];
        const char *text = windows ? c->window : c->policies;
        size_t k = 0;

        while (strcmp(windows ? p->combos[k].window : p->combos[k].policies,
                      text) != 0)
            k++;
        if (k == i)
            fprintf(out, "%s%s", i > 0 ? ", " : " ", text);
    }
}

/* The first pool's: those of others differ by today's setting alone. */
static void print_tried(const struct size_job *j, FILE *out)
{
    const struct size_pool *p = j->plan.pools;
    size_t n = j->scenario.system.n_pools;

    while (n > 0 && !p->sized) {
        p++;
        n--;
    }
    if (n == 0)
        return;
    fputs("  tried for scale-down were the windows", out);
    print_each(p, true, out);
    fputs(" and the policies", out);
    print_each(p, false, out);
    fputs("; what lies between may be a little cheaper\n", out);
}

static void print_guarantee(const struct size_job *j, FILE *out)
{
    size_t n_tried = 0;

    for (size_t i = 0; i < j->scenario.system.n_pools; i++)
        n_tried += j->plan.pools[i].n;
    fprintf(out,
            "\nproof: the targets%s are met with all pools as recommended\n",
            size_over_usd(j) ? " but cost_usd" : "");
    if (j->histories.n_recorded > 0)
        fprintf(out, "  on the record, in all of %u worlds\n",
                j->histories.n_recorded);
    print_kind(j, HISTORY_RUNS, j->histories.n_runs, out);
    print_kind(j, HISTORY_DAYS, j->histories.n_days, out);
    fprintf(out,
            "  %zu settings were priced, dearer ones need not be: a node more "
            "costs more around the clock\n"
            "  the guarantee is about what the record can be drawn into, not "
            "about a future that it does not know\n",
            n_tried);
    print_tried(j, out);
}

/* ------------------------------------------------------------ sharing */

static bool is_in(const struct scenario *s, uint32_t backend, uint32_t pool)
{
    for (uint32_t i = 0; i < s->system.n_links; i++)
        if (s->system.links[i].backend == backend &&
            s->system.links[i].pool == pool)
            return true;
    return false;
}

/* Name of a NodePool or backend that both use; NULL: they share none. */
static const char *shared_by(const struct scenario *s, uint32_t a, uint32_t b)
{
    uint32_t both =
        s->system.pools[a].node_pools & s->system.pools[b].node_pools;

    for (uint32_t i = 0; i < s->system.karpenter.n_pools; i++)
        if (both >> i & 1)
            return s->system.karpenter.pools[i].name;
    for (uint32_t i = 0; i < s->system.lb.n_backends; i++)
        if (is_in(s, i, a) && is_in(s, i, b))
            return s->backends[i].name;
    return NULL;
}

/* What a search over one pool after the other may have missed. */
static void print_sharing(const struct size_job *j, FILE *out)
{
    const struct scenario *s = &j->scenario;
    bool any = false;

    for (uint32_t b = 1; b < s->system.n_pools; b++)
        for (uint32_t a = 0; a < b; a++) {
            const char *what = shared_by(s, a, b);
            if (!what || j->plan.pools[a].max == 0 || j->plan.pools[b].max == 0)
                continue;
            char names[3][POOL_NAME];
            text_plain(s->system.pools[a].name, names[0], POOL_NAME);
            text_plain(s->system.pools[b].name, names[1], POOL_NAME);
            text_plain(what, names[2], POOL_NAME);
            fprintf(out,
                    "  %s and %s share %s: %s was sized beside the answer for "
                    "%s, so a dearer one of these that saves more there was "
                    "not looked for\n",
                    names[0], names[1], names[2], names[1], names[0]);
            any = true;
        }
    if (!any && n_answers(j) > 1)
        fputs("  the pools share no NodePool and no backend, so each was sized "
              "by itself beside the others\n",
              out);
}

void size_print_proof(const struct size_job *j, FILE *out)
{
    print_follow(j, out);
    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].max > 0)
            print_maximum(j, i, out);
    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++)
        if (j->plan.pools[i].max > 0)
            print_minimum(j, i, out);
    print_guarantee(j, out);
    print_sharing(j, out);
}
