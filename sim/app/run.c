/* run.c - the answer in words. */
#include "sim/app/run.h"

#include "sim/app/show.h"

#include <string.h>

/* ------------------------------------------------------------ facts */

void run_span(const struct run *r, char out[32])
{
    sim_us window_us = r->results.horizon_us - r->scenario.system.warm_up_us;
    sim_us minute_us = 60 * US_PER_S;

    if (window_us >= 2 * US_PER_DAY)
        (void)snprintf(out, 32, "%.1f days",
                       (double)window_us / (double)US_PER_DAY);
    else
        duration_print((window_us + minute_us / 2) / minute_us * minute_us,
                       out);
}

const char *run_trace_name(const struct run *r)
{
    const char *slash = strrchr(r->scenario.trace_path, '/');

    return slash ? slash + 1 : r->scenario.trace_path;
}

void run_time(const struct run *r, sim_us at_us, char out[40])
{
    const struct trace *t = &r->scenario.trace;

    if (at_us == SIM_NEVER)
        out[0] = '\0';
    else if (t->absolute)
        timestamp_print(t->origin_us + at_us, out);
    else
        (void)snprintf(out, 40, "%.6f", s_from_us(at_us));
}

void run_when(const struct run *r, sim_us at_us, char out[40])
{
    if (r->scenario.trace.absolute)
        run_time(r, at_us, out);
    else
        duration_print(at_us, out);
}

/* ------------------------------------------------------------ the answer */

struct sentence {
    char *text;
    size_t n;
};

static void say(struct sentence *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sentence *s, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(s->text + s->n, RUN_ANSWER - s->n, format, args);
    va_end(args);
    s->n += (size_t)n;
    if (s->n >= RUN_ANSWER)
        s->n = RUN_ANSWER - 1;
}

/* How a goal is said: "nobody gave up", "3 builds gave up". */
struct wording {
    const char *wait; /* of waits only */
    const char *verb; /* of counts only */
};

static const struct wording wordings[GOALS] = {
    [GOAL_MEAN_WAIT] = {"mean wait", NULL},
    [GOAL_P50_WAIT] = {"p50 wait", NULL},
    [GOAL_P90_WAIT] = {"p90 wait", NULL},
    [GOAL_P95_WAIT] = {"p95 wait", NULL},
    [GOAL_P99_WAIT] = {"p99 wait", NULL},
    [GOAL_MAX_WAIT] = {"longest wait", NULL},
    [GOAL_GAVE_UP] = {NULL, "gave up"},
    [GOAL_KILLED] = {NULL, "killed"},
    [GOAL_CUT] = {NULL, "cut off"},
    [GOAL_TIMED_OUT] = {NULL, "timed out"},
    [GOAL_COST_USD] = {NULL, NULL},
};

static void say_count(struct sentence *s, const struct run *r,
                      const struct verdict_line *line)
{
    enum scenario_goal goal = line->target.goal;
    bool passive = goal == GOAL_KILLED || goal == GOAL_CUT;
    char value[SHOW_CELL];

    if (line->got.mean <= 0.0) {
        say(s, "nobody %s%s", passive ? "was " : "", wordings[goal].verb);
        return;
    }
    show_estimate(SHOW_COUNT, line->got, r->results.n_reps, value);
    bool one = strcmp(value, "1") == 0;
    say(s, "%s build%s %s%s", value, one ? "" : "s",
        !passive ? ""
        : one    ? "was "
                 : "were ",
        wordings[goal].verb);
}

static void say_wait(struct sentence *s, const struct run *r,
                     const struct verdict_line *line)
{
    char value[SHOW_CELL];

    show_estimate(SHOW_WAIT, line->got, r->results.n_reps, value);
    say(s, "%s %s", wordings[line->target.goal].wait, value);
    if (r->results.n_pools > 1)
        say(s, " in %s", r->scenario.system.pools[line->pool].name);
}

static enum show_form form_of(enum scenario_goal goal)
{
    if (verdict_is_wait(goal))
        return SHOW_WAIT;
    return goal == GOAL_COST_USD ? SHOW_USD : SHOW_COUNT;
}

static void say_line(struct sentence *s, const struct run *r,
                     const struct verdict_line *line, bool has_target)
{
    enum scenario_goal goal = line->target.goal;
    char value[SHOW_CELL];

    if (verdict_is_wait(goal)) {
        say_wait(s, r, line);
    } else if (goal == GOAL_COST_USD) {
        show_estimate(SHOW_USD, line->got, r->results.n_reps, value);
        say(s, "cost %s", value);
    } else {
        say_count(s, r, line);
    }
    if (!has_target || (line->target.at_most <= 0.0 && line->met))
        return;
    show_value(form_of(goal), line->target.at_most, value);
    say(s, " (target %s%s)", value, line->close ? ", too close to call" : "");
}

/* Without targets: what most people ask for. */
static void say_plain(struct sentence *s, const struct run *r)
{
    static const enum scenario_goal goals[] = {GOAL_P95_WAIT, GOAL_GAVE_UP,
                                               GOAL_KILLED};

    for (size_t i = 0; i < sizeof goals / sizeof *goals; i++) {
        enum figure figure = verdict_figure(goals[i]);
        struct verdict_line line = {.target = {.goal = goals[i]}};
        if (verdict_is_wait(goals[i])) {
            line.pool = worst_pool(&r->results, figure);
            line.got = estimate_of(&r->results, line.pool, figure);
        } else {
            line.got = estimate_total(&r->results, figure);
        }
        say(s, "%s", i > 0 ? ", " : "");
        say_line(s, r, &line, false);
    }
}

/* What decides comes first: the missed targets of a "no". */
static void say_targets(struct sentence *s, const struct run *r)
{
    const struct verdict *v = &r->verdict;
    bool first = true;

    say(s, "%s: ", v->met ? "yes" : "no");
    for (int met = 0; met <= 1; met++)
        for (size_t i = 0; i < v->n; i++) {
            if (v->lines[i].met != (met == 1))
                continue;
            say(s, "%s", first ? "" : ", ");
            say_line(s, r, &v->lines[i], true);
            first = false;
        }
}

void run_answer(const struct run *r, char out[RUN_ANSWER])
{
    struct sentence s = {out, 0};
    char value[SHOW_CELL], span[32];

    out[0] = '\0';
    if (r->verdict.n > 0)
        say_targets(&s, r);
    else
        say_plain(&s, r);
    show_estimate(SHOW_USD, estimate_total(&r->results, FIG_COST_USD),
                  r->results.n_reps, value);
    run_span(r, span);
    say(&s, "; %s over %s", value, span);
}
