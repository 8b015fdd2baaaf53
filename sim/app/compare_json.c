/* compare_json.c - compare.json. */
#include "sim/app/compare_out.h"
#include "sim/app/json_put.h"

static const char *const senses[] = {"same", "noise", "better", "worse",
                                     "unknown"};
static const char *const effects[] = {"not tried", "none", "some"};
static const char *const kinds[] = {"value", "added", "removed"};

static void put_place(json_t *o, const char *key,
                      const struct compare_side *side, const char *where)
{
    char text[COMPARE_TEXT];

    compare_say(side, where, text, sizeof text);
    json_put_text(o, key, text);
}

/* ------------------------------------------------------------ figures */

static json_t *verdict_json(const struct compare_job *j)
{
    const struct contrast *c = &j->contrast;
    json_t *all = json_array();

    for (size_t i = 0; i < c->n; i++) {
        const struct contrast_line *line = &c->lines[i];
        json_t *o = json_object();
        json_put_text(o, "figure", scenario_goal_name(line->goal));
        if (line->pool != NO_INDEX)
            json_put_text(
                o, "pool",
                j->side[HEAD].run.scenario.system.pools[line->pool].name);
        json_put_number(o, "base", line->base.mean);
        json_put_number(o, "head", line->head.mean);
        json_put_number(o, "difference", line->off.mean);
        if (j->options->n_reps > 1)
            json_put_number(o, "half_width", line->off.half_width);
        json_put_text(o, "sense", senses[line->sense]);
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *figure_json(const struct compare_job *j, const uint32_t pools[2],
                           enum figure figure)
{
    const struct replications *base = &j->side[BASE].run.results;
    const struct replications *head = &j->side[HEAD].run.results;
    struct paired off = contrast_figure(base, head, pools, figure);
    json_t *o = json_object();

    json_put_number(o, "base", estimate_of(base, pools[0], figure).mean);
    json_put_number(o, "head", estimate_of(head, pools[1], figure).mean);
    json_put_number(o, "difference", off.mean);
    if (j->options->n_reps > 1)
        json_put_number(o, "half_width", off.half_width);
    return o;
}

static json_t *pools_json(const struct compare_job *j)
{
    const struct system_params *p = &j->side[HEAD].run.scenario.system;
    json_t *all = json_object();

    for (uint32_t i = 0; i < p->n_pools; i++) {
        const uint32_t pools[2] = {j->contrast.base_pool[i], i};
        json_t *o = json_object();
        for (int f = 0; pools[0] != NO_INDEX && f < FIG_MEASURED; f++) {
            char key[64];
            const struct figure_row *row = &figure_rows[f];
            (void)snprintf(key, sizeof key, "%s%s%s",
                           row->group ? row->group : "", row->group ? "." : "",
                           row->key);
            json_object_set_new(o, key, figure_json(j, pools, (enum figure)f));
        }
        json_object_set_new(all, p->pools[i].name, o);
    }
    return all;
}

/* ------------------------------------------------------------ lists */

static json_t *changes_json(const struct compare_job *j)
{
    json_t *all = json_array();

    for (size_t i = 0; i < j->diff.n; i++) {
        const struct param_change *c = &j->diff.at[i];
        json_t *o = json_object();
        json_put_text(o, "key", c->key);
        json_put_text(o, "kind", kinds[c->kind]);
        json_put_text(o, "base", c->base.value);
        put_place(o, "base_at", &j->side[BASE], c->base.where);
        json_put_text(o, "head", c->head.value);
        put_place(o, "head_at", &j->side[HEAD], c->head.where);
        json_put_text(o, "effect", effects[j->effects[i]]);
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *hazards_json(const struct compare_job *j, int side,
                            const bool shown[])
{
    const struct hazards *h = &j->side[side].run.hazards;
    json_t *all = json_array();

    for (size_t i = 0; i < h->n; i++) {
        json_t *o;
        if (!shown[i])
            continue;
        o = json_object();
        json_put_text(o, "level", hazard_level_name(h->at[i].level));
        json_put_text(o, "code", h->at[i].code);
        put_place(o, "where", &j->side[side], h->at[i].where);
        put_place(o, "evidence", &j->side[side], h->at[i].what);
        json_put_text(o, "advice", h->at[i].advice);
        json_array_append_new(all, o);
    }
    return all;
}

static json_t *builds_json(const struct compare_job *j)
{
    const struct trace *t = &j->side[HEAD].run.scenario.trace;
    json_t *all = json_array();

    for (size_t i = 0; i < j->n_worst; i++) {
        const struct trace_build *b = &t->builds[j->worst[i].build];
        json_t *o = json_object();
        json_put_text(o, "build", strings_at(&t->strings, b->id));
        json_put_text(o, "name", strings_at(&t->strings, b->name));
        json_put_number(o, "more_s", s_from_us(j->worst[i].more_us));
        json_array_append_new(all, o);
    }
    return all;
}

void compare_json(const struct compare_job *j, FILE *out)
{
    json_t *o = json_object();
    char answer[COMPARE_ANSWER];

    compare_answer(j, answer);
    json_put_count(o, "schema", 1);
    json_put_text(o, "base", j->side[BASE].label);
    json_put_text(o, "head", j->side[HEAD].label);
    json_put_count(o, "seed", j->options->seed);
    json_put_count(o, "replications", j->options->n_reps);
    json_put_text(o, "verdict", compare_word(j));
    json_put_text(o, "answer", answer);
    json_object_set_new(o, "passes", json_boolean(!compare_fails(j)));
    json_object_set_new(o, "same_history", json_boolean(j->same_history));
    json_object_set_new(o, "judged", verdict_json(j));
    json_object_set_new(o, "pools", pools_json(j));
    json_object_set_new(o, "changes", changes_json(j));
    json_object_set_new(o, "new_hazards", hazards_json(j, HEAD, j->fresh));
    json_object_set_new(o, "fixed_hazards", hazards_json(j, BASE, j->gone));
    json_object_set_new(o, "worst_builds", builds_json(j));
    json_put_file(o, out);
}
