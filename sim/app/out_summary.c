/* out_summary.c - summary.json. */
#include "sim/app/json_put.h"
#include "sim/app/run.h"

#include <math.h>

/* A count is written as one, unless it is a mean of different counts. What
 * means nothing here is null.
 */
static json_t *number(double x, bool whole)
{
    if (whole && x == floor(x) && fabs(x) < 9e15)
        return json_integer((json_int_t)x);
    return isfinite(x) ? json_real(x) : json_null();
}

/* ------------------------------------------------------------ pools */

static void put_figure(json_t *pool, const struct figure_row *row, double x)
{
    json_t *into = pool;

    if (row->group) {
        into = json_object_get(pool, row->group);
        if (!into) {
            into = json_object();
            json_object_set_new(pool, row->group, into);
        }
    }
    json_object_set_new(into, row->key, number(x, row->whole));
}

static json_t *pool_json(const struct run *r, size_t pool)
{
    json_t *means = json_object(), *halves = json_object();

    for (int f = 0; f < N_FIGURES; f++) {
        struct estimate x = estimate_of(&r->results, pool, (enum figure)f);
        put_figure(means, &figure_rows[f], x.mean);
        put_figure(halves, &figure_rows[f], x.half_width);
    }
    if (r->results.n_reps > 1)
        json_object_set_new(means, "half_width", halves);
    else
        json_decref(halves);
    return means;
}

/* ------------------------------------------------------------ the rest */

static json_t *window(const struct run *r)
{
    char from[40], to[40];

    run_time(r, r->scenario.system.warm_up_us, from);
    run_time(r, r->results.horizon_us, to);
    return json_pack("{s:s, s:s}", "from", from, "to", to);
}

static json_t *target(const struct run *r, const struct verdict_line *line)
{
    json_t *o = json_object();

    json_put_text(o, "target", scenario_goal_name(line->target.goal));
    json_object_set_new(o, "at_most", json_real(line->target.at_most));
    json_object_set_new(o, "got", json_real(line->got.mean));
    if (r->results.n_reps > 1)
        json_object_set_new(o, "half_width", json_real(line->got.half_width));
    if (line->pool != NO_INDEX)
        json_put_text(o, "pool", r->scenario.system.pools[line->pool].name);
    json_object_set_new(o, "met", json_boolean(line->met));
    return o;
}

static json_t *verdict(const struct run *r)
{
    json_t *o = json_object(), *targets = json_array();
    char answer[RUN_ANSWER];

    run_answer(r, answer);
    json_object_set_new(o, "met",
                        r->verdict.n > 0 ? json_boolean(r->verdict.met)
                                         : json_null());
    json_put_text(o, "answer", answer);
    for (size_t i = 0; i < r->verdict.n; i++)
        json_array_append_new(targets, target(r, &r->verdict.lines[i]));
    json_object_set_new(o, "targets", targets);
    return o;
}

static json_t *hazard_counts(const struct run *r)
{
    json_t *o = json_object();

    for (int level = HAZARD_ERROR; level >= HAZARD_NOTE; level--)
        json_object_set_new(
            o, hazard_level_name((enum hazard_level)level),
            json_integer((json_int_t)r->hazards.n_level[level]));
    return o;
}

/* wall_s differs from run to run, so that it is 0 unless it is asked for. */
static json_t *totals(const struct run *r)
{
    const struct replications *all = &r->results;
    bool timing = r->options->timing;
    json_t *o = json_object();

    json_object_set_new(o, "cost_usd",
                        json_real(estimate_total(all, FIG_COST_USD).mean));
    json_object_set_new(
        o, "oracle_cost_usd",
        json_real(estimate_total(all, FIG_ORACLE_COST_USD).mean));
    json_object_set_new(o, "builds",
                        number(estimate_total(all, FIG_BUILDS).mean, true));
    json_put_count(o, "events", all->events);
    json_object_set_new(o, "wall_s", json_real(timing ? r->wall_s : 0.0));
    if (timing)
        json_object_set_new(o, "cpu_s", json_real(r->cpu_s));
    return o;
}

static json_t *trace_json(const struct run *r)
{
    const struct trace *t = &r->scenario.trace;
    json_t *o = json_object();

    json_put_text(o, "file", run_trace_name(r));
    json_put_count(o, "builds", t->n);
    json_object_set_new(o, "synthetic", json_boolean(t->synthetic));
    return o;
}

void out_summary(const struct run *r, FILE *out)
{
    const struct scenario *s = &r->scenario;
    json_t *o = json_object(), *pools = json_object();

    json_put_count(o, "schema", 1);
    json_put_text(o, "scenario", s->name);
    json_put_text(o, "question", s->question);
    json_put_count(o, "seed", r->options->seed);
    json_put_count(o, "replications", r->results.n_reps);
    json_object_set_new(o, "window", window(r));
    json_object_set_new(o, "trace", trace_json(r));
    json_object_set_new(o, "verdict", verdict(r));
    json_object_set_new(o, "hazards", hazard_counts(r));
    for (size_t i = 0; i < r->results.n_pools; i++)
        json_object_set_new(pools, s->system.pools[i].name, pool_json(r, i));
    json_object_set_new(o, "pools", pools);
    json_object_set_new(o, "totals", totals(r));
    json_put_file(o, out);
}
