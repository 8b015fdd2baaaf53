/* size_note.c - what an answer cannot know, which pools it is not about, and
 * what its words mean.
 */
#include "sim/app/show.h"
#include "sim/app/size_out.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "traces/runs.h"

#include <stdlib.h>
#include <string.h>

enum { FEW_RUNS = 30, NAMED = 4 };

#define WEEK_US (7 * US_PER_DAY)

/* ------------------------------------------------------------ the targets */

const struct scenario_target *size_over_usd(const struct size_job *j)
{
    double usd = size_figure(j, j->plan.setting, NO_INDEX, GOAL_COST_USD).mean;
    const struct scenario *s = &j->scenario;

    for (size_t i = 0; i < s->n_targets; i++)
        if (s->targets[i].goal == GOAL_COST_USD && usd > s->targets[i].at_most)
            return &s->targets[i];
    return NULL;
}

/* ------------------------------------------------------------ the record */

static size_t count_runs(const struct trace *t)
{
    uint32_t *run_of = mem_array(t->n, sizeof *run_of);
    size_t n = runs_number(t, t->strings.n, run_of);

    free(run_of);
    return n;
}

static bool note_short(const struct size_job *j, char out[SIZE_NOTE])
{
    const struct trace *t =
        j->starts.n > 0 ? &j->starts : histories_recorded(&j->histories);
    char span[32];

    if (t->span_us >= WEEK_US)
        return false;
    duration_print(t->span_us / (60 * US_PER_S) * 60 * US_PER_S, span);
    (void)snprintf(out, SIZE_NOTE,
                   "caution: the record is %s long: whatever the rest "
                   "of a week brings is in no history, and the answer does "
                   "not cover it; give a longer one, or --starts",
                   span);
    return true;
}

static bool note_few(const struct size_job *j, char out[SIZE_NOTE])
{
    size_t n = count_runs(histories_recorded(&j->histories));

    if (n >= FEW_RUNS)
        return false;
    (void)snprintf(out, SIZE_NOTE,
                   "caution: the record has %zu run%s of builds; all other "
                   "histories are made of %s",
                   n, n == 1 ? "" : "s", n == 1 ? "it" : "these");
    return true;
}

/* Pools without an answer, for one of two reasons: "a, b and 3 more are ...".
 */
static bool note_pools(const struct size_job *j, bool scaled,
                       char out[SIZE_NOTE])
{
    const struct system_params *p = &j->scenario.system;
    size_t n = 0, used = 0;

    for (uint32_t i = 0; i < p->n_pools; i++) {
        char name[POOL_NAME];
        if (j->plan.pools[i].sized || p->pools[i].autoscaled != scaled)
            continue;
        text_plain(p->pools[i].name, name, sizeof name);
        if (n++ < NAMED)
            used += (size_t)snprintf(out + used, SIZE_NOTE - used, "%s%.40s",
                                     n > 1 ? ", " : "", name);
    }
    if (n == 0)
        return false;
    if (n > NAMED)
        used += (size_t)snprintf(out + used, SIZE_NOTE - used, " and %zu more",
                                 n - NAMED);
    (void)snprintf(out + used, SIZE_NOTE - used, "%s: %s",
                   n == 1 ? " is left as it is" : " are left as they are",
                   scaled ? "the history has no builds there"
                          : "nothing scales there");
    return true;
}

size_t size_notes(const struct size_job *j, char out[SIZE_NOTES][SIZE_NOTE])
{
    size_t n = 0;

    n += note_short(j, out[n]);
    n += note_few(j, out[n]);
    n += note_pools(j, true, out[n]);
    n += note_pools(j, false, out[n]);
    return n;
}

/* ------------------------------------------------------------ the words */

void size_print_words(const struct size_job *j, FILE *out)
{
    char regret[32];

    duration_print(j->scenario.system.regret_us, regret);
    fprintf(out,
            "\nwords\n"
            "  world          the same builds with other luck: times of boots, "
            "pulls, tries\n"
            "  drawn by runs  a history made of the record's runs, begun at "
            "random as often as in\n"
            "                 that hour of the week\n"
            "  drawn by days  a history made of whole days of the record\n"
            "  number N       run and explain replay it: --drawn runs:N or "
            "--drawn days:N\n"
            "  regretted      a removed replica that was wanted again within "
            "%s\n"
            "  churn          replicas added and removed\n"
            "  warm           a build ended on that node within the hour "
            "before\n"
            "  \u00b1              half of the interval that holds the mean "
            "with 95 %% confidence\n",
            regret);
}
