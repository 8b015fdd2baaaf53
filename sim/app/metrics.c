/* metrics.c - one look at everything every scrape interval. */
#include "sim/app/metrics_parts.h"

#include "sim/app/metric_labels.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ series */

static struct metric_series *object_at(struct metrics *m, enum metric_object of,
                                       size_t i)
{
    if (i >= m->n_objects[of]) {
        m->objects[of] = mem_grow(m->objects[of], &m->cap_objects[of], i + 1,
                                  sizeof *m->objects[of]);
        m->n_objects[of] = i + 1;
    }
    return &m->objects[of][i];
}

static size_t rows_of(enum metric_object of)
{
    return (size_t)(metric_end(of) - metric_first(of));
}

struct metric_series *metrics_known(struct metrics *m, enum metric_object of,
                                    size_t i)
{
    bool seen = i < m->n_objects[of] && m->objects[of][i].labels;

    return seen ? &m->objects[of][i] : NULL;
}

struct metric_series *metrics_introduce(struct metrics *m,
                                        enum metric_object of, size_t i,
                                        const char *labels)
{
    struct metric_series *x = object_at(m, of, i);
    size_t n = rows_of(of);

    x->labels = mem_text(labels, strlen(labels));
    x->of = mem_array(n, sizeof *x->of);
    for (size_t k = 0; k < n; k++)
        x->of[k] = NO_INDEX;
    return x;
}

struct metric_series *metrics_series(
    struct metrics *m, enum metric_object of, size_t i,
    void (*name)(const struct scenario *s, size_t i, char out[METRIC_LABELS]))
{
    struct metric_series *x = metrics_known(m, of, i);
    char labels[METRIC_LABELS];

    if (x)
        return x;
    name(m->scenario, i, labels);
    return metrics_introduce(m, of, i, labels);
}

static uint32_t new_series(struct metrics *m, const struct metric_series *x,
                           enum metric row)
{
    const char *more = metric_row(row)->label;
    char labels[METRIC_LABELS + 128];

    (void)snprintf(labels, sizeof labels, "%s%s%s", x->labels,
                   more && x->labels[0] ? "," : "", more ? more : "");
    return history_add(&m->history, row, labels);
}

void metrics_put(struct metrics *m, struct metric_series *x, enum metric row,
                 double value)
{
    uint32_t *series = &x->of[row - m->first[metric_row(row)->of]];

    if (!m->wanted[row])
        return;
    if (*series == NO_INDEX)
        *series = new_series(m, x, row);
    history_put(&m->history, *series, value);
}

/* ------------------------------------------------------------ pools */

static void look_at_deployment(struct metrics *m, size_t pool,
                               const struct view_pool *v)
{
    struct metric_series *x =
        metrics_series(m, OF_DEPLOYMENT, pool, labels_deployment);

    metrics_put(m, x, M_DEPLOYMENT_SPEC, v->spec);
    metrics_put(m, x, M_DEPLOYMENT_REPLICAS, v->replicas);
    metrics_put(m, x, M_DEPLOYMENT_READY, v->ready);
    metrics_put(m, x, M_DEPLOYMENT_AVAILABLE, v->ready);
    metrics_put(m, x, M_DEPLOYMENT_UNAVAILABLE,
                v->replicas > v->ready ? v->replicas - v->ready : 0);
    metrics_put(m, x, M_DEPLOYMENT_UPDATED, v->updated);
}

static void look_at_hpa(struct metrics *m, size_t pool,
                        const struct view_pool *v)
{
    struct metric_series *x = metrics_series(m, OF_HPA, pool, labels_hpa);

    metrics_put(m, x, M_HPA_MAX, v->hpa_max);
    metrics_put(m, x, M_HPA_MIN, v->hpa_min);
    metrics_put(m, x, M_HPA_CURRENT, v->hpa_current);
    metrics_put(m, x, M_HPA_DESIRED, v->hpa_desired);
}

static void look_at_trigger(struct metrics *m, size_t pool, size_t trigger,
                            const struct keda_seen_trigger *seen)
{
    size_t i = pool * KEDA_TRIGGERS + trigger;
    struct metric_series *x = metrics_known(m, OF_TRIGGER, i);
    char labels[METRIC_LABELS];

    if (!x && !labels_trigger(m->scenario, pool, trigger, labels))
        return;
    if (!x)
        x = metrics_introduce(m, OF_TRIGGER, i, labels);
    if (seen->has_value)
        metrics_put(m, x, M_KEDA_VALUE, (double)seen->value_milli / 1000.0);
    metrics_put(m, x, M_KEDA_ERRORS_TOTAL, (double)seen->errors);
}

static void look_at_keda(struct metrics *m, size_t pool,
                         const struct view_pool *v)
{
    const struct pool_params *p = &m->scenario->system.pools[pool];
    const struct scenario_objects *o = m->scenario->objects;

    if (v->operator_down || (o && !o[pool].keda))
        return;
    for (size_t i = 0; i < p->keda.n_triggers; i++)
        look_at_trigger(m, pool, i, &v->keda->triggers[i]);
    metrics_put(m,
                metrics_series(m, OF_SCALED_OBJECT, pool, labels_scaled_object),
                M_KEDA_OBJECT_ERRORS_TOTAL, (double)v->keda->errors);
}

static void look_at_pod(struct metrics *m, size_t pool, uint32_t pod)
{
    struct metric_series *x = metrics_known(m, OF_POD, pod);
    char labels[METRIC_LABELS];
    struct view_pod v;

    system_view_pod(m->system, pod, &v);
    if (!v.exists)
        return;
    if (!x) {
        labels_pod(m->scenario, pool, pod, labels);
        x = metrics_introduce(m, OF_POD, pod, labels);
    }
    metrics_put(m, x, M_POD_PENDING, !v.running);
    metrics_put(m, x, M_POD_SUCCEEDED, 0);
    metrics_put(m, x, M_POD_FAILED, 0);
    metrics_put(m, x, M_POD_UNKNOWN, 0);
    metrics_put(m, x, M_POD_RUNNING, v.running);
    metrics_put(m, x, M_POD_READY_TRUE, v.ready);
    metrics_put(m, x, M_POD_READY_FALSE, !v.ready);
    metrics_put(m, x, M_POD_READY_UNKNOWN, 0);
}

static void look_at_pool(struct metrics *m, size_t pool)
{
    struct view_pool v;

    system_view_pool(m->system, pool, &v);
    look_at_deployment(m, pool, &v);
    if (v.scaled) {
        look_at_hpa(m, pool, &v);
        look_at_keda(m, pool, &v);
    }
    if (!m->scenario->scrape.pods)
        return;
    for (uint32_t pod = system_view_next_pod(m->system, pool, NO_INDEX);
         pod != NO_INDEX; pod = system_view_next_pod(m->system, pool, pod))
        look_at_pod(m, pool, pod);
}

/* ------------------------------------------------------------ the run */

static void on_begin(void *context, const struct system *s)
{
    struct metrics *m = context;

    m->system = s;
}

/* Series of a pod that is gone hold no memory any more. */
static void forget_pod(struct metrics *m, uint32_t pod)
{
    struct metric_series *x = metrics_known(m, OF_POD, pod);

    for (size_t k = 0; x && k < rows_of(OF_POD); k++)
        if (x->of[k] != NO_INDEX)
            history_rest(&m->history, x->of[k]);
}

static void on_note(void *context, const struct note *n)
{
    struct metrics *m = context;

    if (n->kind >= NOTE_NODE_CLAIMED && n->kind <= NOTE_NODE_UNPAID)
        metrics_count_node(m, n);
    else if (n->kind == NOTE_POD_GONE)
        forget_pod(m, n->a);
}

static void on_span(void *context, sim_us from_us, sim_us until_us)
{
    struct metrics *m = context;
    sim_us step_us = m->scenario->scrape.interval_us;
    sim_us end_us = system_horizon_us(m->system);

    (void)from_us; /* the instants before it have been looked at */
    for (sim_us at_us = m->n_ticks * step_us;
         at_us < until_us && at_us <= end_us; at_us += step_us) {
        m->history.tick = m->n_ticks++;
        metrics_look_at_balancer(m);
        for (size_t i = 0; i < m->scenario->system.n_pools; i++)
            look_at_pool(m, i);
        metrics_look_at_nodes(m);
    }
}

static void on_end(void *context, const struct system *s)
{
    struct metrics *m = context;

    m->end_us = system_horizon_us(s);
    m->system = NULL;
}

struct replicate_watch metrics_watch(struct metrics *m)
{
    return (struct replicate_watch){
        .context = m,
        .on_begin = on_begin,
        .on_note = on_note,
        .on_span = on_span,
        .on_end = on_end,
    };
}

/* ------------------------------------------------------------ life */

static bool is_named(const char *name, const char *const words[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(words[i], name))
            return true;
    return n == 0;
}

int metrics_open(struct metrics *m, const struct scenario *s,
                 const char *const words[], size_t n_words, const char *folder,
                 struct err *e)
{
    *m = (struct metrics){.scenario = s};
    int rc = history_open(&m->history, folder, METRICS, e);

    if (rc != ERR_OK)
        return rc;
    for (unsigned i = 0; i < METRICS; i++)
        m->wanted[i] =
            is_named(metric_row((enum metric)i)->name, words, n_words);
    for (unsigned of = 0; of < METRIC_OBJECTS; of++)
        m->first[of] = metric_first((enum metric_object)of);
    m->counts =
        mem_array(s->system.karpenter.n_pools * METRICS, sizeof *m->counts);
    return ERR_OK;
}

int metrics_check(const struct metrics *m, struct err *e)
{
    return history_check(&m->history, e);
}

void metrics_close(struct metrics *m)
{
    for (unsigned of = 0; of < METRIC_OBJECTS; of++) {
        for (size_t i = 0; i < m->n_objects[of]; i++) {
            free(m->objects[of][i].labels);
            free(m->objects[of][i].of);
        }
        free(m->objects[of]);
    }
    free(m->counts);
    free(m->claimed);
    history_close(&m->history);
    *m = (struct metrics){0};
}
