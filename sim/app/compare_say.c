/* compare_say.c - the verdict, figures and builds in words. */
#include "plots/burst.h"
#include "sim/app/compare_out.h"
#include "sim/base/mem.h"
#include "sim/plan/figures.h"

#include <stdlib.h>
#include <string.h>

enum show_form compare_form(enum scenario_goal goal)
{
    if (verdict_is_wait(goal))
        return SHOW_WAIT;
    return goal == GOAL_COST_USD ? SHOW_USD : SHOW_COUNT;
}

void compare_name(const struct compare_job *j, const struct contrast_line *line,
                  char out[COMPARE_TEXT])
{
    static const char *const names[GOALS] = {
        [GOAL_MEAN_WAIT] = "mean wait",
        [GOAL_P50_WAIT] = "p50 wait",
        [GOAL_P90_WAIT] = "p90 wait",
        [GOAL_P95_WAIT] = "p95 wait",
        [GOAL_P99_WAIT] = "p99 wait",
        [GOAL_MAX_WAIT] = "longest wait",
        [GOAL_GAVE_UP] = "builds that gave up",
        [GOAL_KILLED] = "builds killed",
        [GOAL_CUT] = "builds cut off",
        [GOAL_TIMED_OUT] = "builds timed out",
        [GOAL_COST_USD] = "cost",
    };
    const struct system_params *p = &j->side[HEAD].run.scenario.system;

    if (line->pool == NO_INDEX || p->n_pools == 1)
        (void)snprintf(out, COMPARE_TEXT, "%s", names[line->goal]);
    else
        (void)snprintf(out, COMPARE_TEXT, "%s in %s", names[line->goal],
                       p->pools[line->pool].name);
}

/* ------------------------------------------------------------ the verdict */

const char *compare_word(const struct compare_job *j)
{
    const size_t *n = j->contrast.n_sense;

    if (n[CONTRAST_BETTER] > 0 && n[CONTRAST_WORSE] > 0)
        return "mixed";
    if (n[CONTRAST_BETTER] > 0)
        return "better";
    if (n[CONTRAST_WORSE] > 0)
        return "worse";
    if (n[CONTRAST_UNKNOWN] > 0)
        return "unknown";
    return n[CONTRAST_NOISE] > 0 ? "no difference beyond noise"
                                 : "no difference";
}

struct sentence {
    char *text;
    size_t n;
    const char *pause; /* before the next part */
};

static void say(struct sentence *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sentence *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(s->text + s->n, COMPARE_ANSWER - s->n, format, args);
    va_end(args);
    s->n += (size_t)n;
    if (s->n >= COMPARE_ANSWER)
        s->n = COMPARE_ANSWER - 1;
}

enum { SAID = 12 }; /* lines that one part of the answer names */

static void say_rest(struct sentence *s, size_t n)
{
    if (n > SAID)
        say(s, " and %zu more", n - SAID);
}

static void say_line(struct sentence *s, const struct compare_job *j,
                     const struct contrast_line *line)
{
    enum show_form form = compare_form(line->goal);
    char name[COMPARE_TEXT], off[SHOW_CELL], was[SHOW_CELL], is[SHOW_CELL];

    compare_name(j, line, name);
    show_paired(form, line->off, j->options->n_reps, off);
    show_value(form, line->base.mean, was);
    show_value(form, line->head.mean, is);
    say(s, "%s%s %s (%s, was %s)", s->pause, name, off, is, was);
    s->pause = ", ";
}

/* The lines of one sense, after a word for it that has not been said; nothing
 * if there are none.
 */
static void say_sense(struct sentence *s, const struct compare_job *j,
                      enum contrast_sense sense, const char *word)
{
    const struct contrast *c = &j->contrast;

    if (c->n_sense[sense] == 0)
        return;
    if (strcmp(word, compare_word(j)) == 0)
        say(s, ":");
    else
        say(s, "; %s:", word);
    s->pause = " ";
    for (size_t i = 0, n = 0; i < c->n; i++)
        if (c->lines[i].sense == sense && n++ < SAID)
            say_line(s, j, &c->lines[i]);
    say_rest(s, c->n_sense[sense]);
}

static void say_names(struct sentence *s, const struct compare_job *j)
{
    const struct contrast *c = &j->contrast;
    char name[COMPARE_TEXT];

    s->pause = "; no difference beyond noise: ";
    for (size_t i = 0, n = 0; i < c->n; i++)
        if ((c->lines[i].sense == CONTRAST_NOISE ||
             c->lines[i].sense == CONTRAST_SAME) &&
            n++ < SAID) {
            compare_name(j, &c->lines[i], name);
            say(s, "%s%s", s->pause, name);
            s->pause = ", ";
        }
    say_rest(s, c->n_sense[CONTRAST_NOISE] + c->n_sense[CONTRAST_SAME]);
}

void compare_answer(const struct compare_job *j, char out[COMPARE_ANSWER])
{
    const size_t *n = j->contrast.n_sense;
    struct sentence s = {.text = out};

    say(&s, "%s", compare_word(j));
    if (j->same_history)
        say(&s, ": the history is the same, event by event");
    if (n[CONTRAST_UNKNOWN] > 0)
        say(&s, ": one replication has no interval (--reps 20)");
    say_sense(&s, j, CONTRAST_UNKNOWN, "differs");
    say_sense(&s, j, CONTRAST_WORSE, "worse");
    say_sense(&s, j, CONTRAST_BETTER, "better");
    if (n[CONTRAST_BETTER] + n[CONTRAST_WORSE] > 0)
        say_names(&s, j);
}

bool compare_fails(const struct compare_job *j)
{
    const struct run *head = &j->side[HEAD].run;

    for (size_t i = 0; i < head->hazards.n; i++)
        if (j->fresh[i] && head->hazards.at[i].level == HAZARD_ERROR)
            return true;
    return !head->verdict.met;
}

/* ------------------------------------------------------------ rows */

bool compare_wants(const struct compare_job *j, const struct show_row *row,
                   uint32_t pool)
{
    const struct replications *base = &j->side[BASE].run.results;
    const struct replications *head = &j->side[HEAD].run.results;
    uint32_t other = j->contrast.base_pool[pool];

    if (row->form == SHOW_ABOVE || row->figure == FIG_ORACLE_COST_USD)
        return false;
    return estimate_of(head, pool, row->figure).mean != 0.0 ||
           (other != NO_INDEX &&
            estimate_of(base, other, row->figure).mean != 0.0);
}

/* ------------------------------------------------------------ builds */

void compare_fate(const struct compare_side *side, size_t build,
                  char out[COMPARE_TEXT])
{
    const struct build_result *b = &side->run.log.builds[build];
    char wait[SHOW_CELL];

    show_value(SHOW_WAIT, s_from_us(build_wait_us(b)), wait);
    if (b->end == END_SERVED)
        (void)snprintf(out, COMPARE_TEXT, "%s", wait);
    else
        (void)snprintf(out, COMPARE_TEXT, "%s, %s", wait,
                       build_end_name((enum build_end)b->end));
}

bool compare_burst(const struct compare_side *side, char out[COMPARE_TEXT])
{
    const struct run *r = &side->run;
    const struct plots_input in = {
        .trace = &r->scenario.trace,
        .n_pools = r->scenario.system.n_pools,
        .rows = r->log.rows,
        .n_rows = r->log.n_rows,
        .window_from_us = r->scenario.system.warm_up_us,
        .window_us = r->results.horizon_us - r->scenario.system.warm_up_us,
    };
    char when[40], span[SHOW_CELL];
    struct burst b = {.waits = false};

    if (in.window_us > 0)
        burst_find(&b, &in);
    if (!b.waits)
        return false;
    run_when(r, b.peak_us, when);
    show_value(SHOW_WAIT, s_from_us(b.until_us - b.from_us), span);
    (void)snprintf(
        out, COMPARE_TEXT,
        "%d builds wait in %s at %s; for %s on end at least one waits", b.peak,
        r->scenario.system.pools[b.pool].name, when, span);
    return true;
}
