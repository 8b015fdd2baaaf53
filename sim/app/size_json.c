/* size_json.c - the recommendation for programs: keys are stable, others may
 * be added.
 */
#include "sim/app/json_put.h"
#include "sim/app/size_out.h"

/* ------------------------------------------------------------ pools */

static const struct {
    const char *key;
    size_t figure;
} figures[] = {
    {"wait_mean_s", GOAL_MEAN_WAIT},
    {"wait_p95_s", GOAL_P95_WAIT},
    {"wait_max_s", GOAL_MAX_WAIT},
    {"waited_h", TRIAL_WAIT_H},
    {"gave_up", GOAL_GAVE_UP},
    {"killed", GOAL_KILLED},
    {"replicas_peak", TRIAL_REPLICAS_PEAK},
    {"regretted_removals_per_day", TRIAL_REGRETTED},
    {"nodes_started_per_day", TRIAL_NODES_STARTED},
    {"warm_frac", TRIAL_WARM_FRAC},
    {"cost_usd", GOAL_COST_USD},
};

static json_t *figures_json(const struct size_job *j, size_t setting,
                            uint32_t pool)
{
    json_t *all = json_object();

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        struct estimate x = size_figure(j, setting, pool, figures[i].figure);
        json_t *o = json_object();
        json_put_number(o, "mean", x.mean);
        if (size_basis(j) > 1)
            json_put_number(o, "half_width", x.half_width);
        json_object_set_new(all, figures[i].key, o);
    }
    return all;
}

static json_t *today_json(const struct size_job *j, uint32_t pool)
{
    const struct keda_params *k = &j->scenario.system.pools[pool].keda;
    const struct size_combo *c = &j->plan.pools[pool].combos[0];
    json_t *o = json_object();

    json_put_count(o, "min", keda_min(k));
    json_put_count(o, "max", keda_max(k));
    if (k->has_fallback)
        json_put_count(o, "fallback", k->fallback_replicas);
    json_put_text(o, "down_window", c->window);
    json_put_text(o, "down_policies", c->policies);
    json_object_set_new(o, "figures", figures_json(j, j->plan.today, pool));
    return o;
}

static json_t *best_json(const struct size_job *j, uint32_t pool)
{
    const struct size_pool *p = &j->plan.pools[pool];
    const struct size_combo *c = size_combo_of(p);
    json_t *o = json_object();

    json_put_count(o, "min", p->tried[p->best].min);
    json_put_count(o, "max", p->max);
    json_put_count(o, "fallback", p->fallback);
    json_put_text(o, "down_window", c->window);
    json_put_text(o, "down_policies", c->policies);
    json_object_set_new(o, "figures", figures_json(j, j->plan.setting, pool));
    return o;
}

/* The figures for a maximum, of which the largest is recommended. */
static json_t *maximum_json(const struct size_job *j, uint32_t pool)
{
    const struct size_pool *p = &j->plan.pools[pool];
    const struct return_level *level = &j->levels[pool];
    json_t *o = json_object();

    json_put_count(o, "on_all_histories", p->max_proved);
    json_put_count(o, "burst_rule", p->max_burst);
    if (level->verdict == RETURN_STATED)
        json_put_number(o, "return_level", level->level);
    json_put_count(o, "demand_peak", p->peak);
    return o;
}

static json_t *pools_json(const struct size_job *j)
{
    json_t *all = json_object();

    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++) {
        json_t *o = json_object();
        if (j->plan.pools[i].sized) {
            json_object_set_new(o, "today", today_json(j, i));
            json_object_set_new(o, "maximum", maximum_json(j, i));
        }
        if (j->plan.pools[i].max > 0 && size_has_answer(j))
            json_object_set_new(o, "recommended", best_json(j, i));
        if (json_object_set_new(all, j->scenario.system.pools[i].name, o) != 0)
            json_object_set_new(all, "(not UTF-8)", json_object());
    }
    return all;
}

/* ------------------------------------------------------------ the rest */

static json_t *kind_json(const struct size_job *j, enum history_kind kind,
                         uint32_t n)
{
    json_t *o = json_object();

    json_put_count(o, "histories", n);
    json_put_count(o, "missed", j->plan.n_missed[kind]);
    if (kind != HISTORY_RECORDED && n > 0)
        json_put_number(o, "missed_frac_at_most", size_miss_share(j, kind, n));
    return o;
}

static json_t *proof_json(const struct size_job *j)
{
    const struct histories *h = &j->histories;
    json_t *o = json_object();

    json_put_number(o, "confidence", j->options->confidence);
    json_object_set_new(o, "record",
                        kind_json(j, HISTORY_RECORDED, h->n_recorded));
    json_object_set_new(o, "by_runs", kind_json(j, HISTORY_RUNS, h->n_runs));
    json_object_set_new(o, "by_days", kind_json(j, HISTORY_DAYS, h->n_days));
    return o;
}

static void put_paired(json_t *o, const char *key, const struct paired *d)
{
    json_t *x = json_object();

    json_put_number(x, "mean", d->mean);
    json_put_number(x, "half_width", d->half_width);
    json_object_set_new(o, key, x);
}

static json_t *levers_json(const struct size_job *j)
{
    json_t *all = json_array();

    for (size_t i = 0; i < j->levers.n; i++) {
        const struct lever *x = &j->levers.at[i];
        json_t *o = json_object(), *set = json_array();
        json_put_text(o, "what", x->words);
        for (size_t k = 0; k < x->n_sets; k++)
            json_array_append_new(set, json_string(x->sets[k]));
        json_object_set_new(o, "set", set);
        if (x->setting != SIZE_MAX && x->base != SIZE_MAX) {
            put_paired(o, "cost_usd", &x->usd);
            put_paired(o, "waited_h", &x->wait_h);
            put_paired(o, "wait_p95_s", &x->p95_s);
            put_paired(o, "regretted_removals_per_day", &x->regretted);
            json_put_number(o, "warm_frac", x->warm_frac.mean);
        }
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *notes_json(const struct size_job *j)
{
    char notes[SIZE_NOTES][SIZE_NOTE];
    size_t n = size_notes(j, notes);
    json_t *all = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(all, json_string(notes[i]));
    return all;
}

void size_json(const struct size_job *j, FILE *out)
{
    json_t *all = json_object();
    char answer[SIZE_ANSWER];

    size_answer(j, answer);
    json_put_count(all, "schema", 1);
    json_put_text(all, "scenario", j->scenario.name);
    json_put_count(all, "seed", j->options->common.seed);
    json_put_text(all, "answer", answer);
    json_object_set_new(all, "has_answer", json_boolean(size_has_answer(j)));
    json_object_set_new(all, "over_cost_usd",
                        json_boolean(size_has_answer(j) && size_over_usd(j)));
    json_object_set_new(all, "notes", notes_json(j));
    json_put_number(all, "days", size_days(j));
    json_put_count(all, "replications", size_basis(j));
    json_object_set_new(all, "pools", pools_json(j));
    if (size_has_answer(j))
        json_object_set_new(all, "proof", proof_json(j));
    if (j->study_on > 0)
        json_object_set_new(all, "levers", levers_json(j));
    json_put_file(all, out);
}
