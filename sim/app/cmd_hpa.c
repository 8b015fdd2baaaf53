#include "models/hpa.h"
#include "sim/app/app.h"
#include "sim/app/behavior_json.h"
#include "sim/app/decide.h"
#include "sim/app/field.h"
#include "sim/app/json_lines.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* One line: an HPA at one moment, which is time 0. */
struct question {
    struct hpa_params p;
    struct hpa h;
    struct hpa_reading r;
    bool has_metric, has_proposal;
    uint32_t proposal;
};

static const double ages[2] = {0.0, 1e9};

static int read_size(struct question *q, const json_t *o, struct err *e)
{
    static const char *const needed[] = {"kubernetes", "specReplicas",
                                         "statusReplicas", "minReplicas",
                                         "maxReplicas"};
    uint32_t version[2] = {0};
    int rc = ERR_OK;

    for (size_t i = 0; i < 5 && rc == ERR_OK; i++)
        rc = field_need(o, needed[i], e);
    if (rc == ERR_OK)
        rc = field_version(o, needed[0], 1, version, e);
    if (rc == ERR_OK)
        rc = field_u32(o, needed[1], &q->r.spec, e);
    if (rc == ERR_OK)
        rc = field_u32(o, needed[2], &q->r.status, e);
    if (rc == ERR_OK)
        rc = field_u32(o, needed[3], &q->p.min, e);
    if (rc == ERR_OK)
        rc = field_u32(o, needed[4], &q->p.max, e);
    q->p.kubernetes_minor = version[0];
    if (rc == ERR_OK && (q->p.max < 1 || q->p.min > q->p.max))
        return err_set(e, ERR_INPUT,
                       "\"maxReplicas\" must be at least 1 and not below "
                       "\"minReplicas\"");
    return rc;
}

static int read_series(struct question *q, const json_t *list, struct err *e)
{
    size_t n = json_array_size(list);
    int64_t *values = mem_array(n, sizeof *values);
    int rc = ERR_OK;

    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        const json_t *v = json_array_get(list, i);
        values[i] = json_integer_value(v);
        if (!json_is_integer(v))
            rc = err_set(e, ERR_INPUT,
                         "\"metricMilli\" must be a list of whole numbers or "
                         "\"error\"");
    }
    q->r.metrics[0].ok = n > 0; /* no series is an error, not a zero */
    q->r.metrics[0].usage_milli = hpa_sum_milli(values, n);
    free(values);
    return rc;
}

static int read_metric(struct question *q, const json_t *o, struct err *e)
{
    static const int64_t targets[2] = {1, INT64_MAX};
    const json_t *v = json_object_get(o, "metricMilli");
    const char *word = json_string_value(v);

    q->p.n_metrics = 1;
    q->p.metrics[0].target_milli = 1000;
    q->has_metric = field_has(o, "targetMilli") && field_has(o, "metricMilli");
    if (field_int(o, "targetMilli", targets, &q->p.metrics[0].target_milli,
                  e) != ERR_OK)
        return ERR_INPUT;
    if (json_is_array(v))
        return read_series(q, v, e);
    if (field_has(o, "metricMilli") && !(word && strcmp(word, "error") == 0))
        return err_set(e, ERR_INPUT,
                       "\"metricMilli\" must be a list of whole numbers or "
                       "\"error\"");
    return ERR_OK;
}

static int read_flags(struct question *q, const json_t *o, struct err *e)
{
    static const int64_t windows[2] = {0, 86400};
    static const double tolerances[2] = {0.0, 1e6};
    int64_t window_s = q->p.down_stabilization_us / US_PER_S;
    json_t *t = NULL;
    int rc =
        field_int(o, "downscaleStabilizationSeconds", windows, &window_s, e);

    q->p.down_stabilization_us = window_s * US_PER_S;
    if (rc == ERR_OK)
        rc = field_object(o, "tolerance", &t, e);
    if (rc == ERR_OK)
        rc = field_number(t, "up", tolerances, &q->p.tolerance_up_frac, e);
    if (rc == ERR_OK)
        rc = field_number(t, "down", tolerances, &q->p.tolerance_down_frac, e);
    return rc;
}

/* One entry [count, ageSeconds] or, of an event, [count, ageSeconds, stale]. */
static int read_entry(const json_t *entry, const char *key, int64_t low,
                      struct hpa_event *out, struct err *e)
{
    const json_t *count = json_array_get(entry, 0);
    const json_t *age = json_array_get(entry, 1);
    const json_t *stale = json_array_get(entry, 2);
    size_t most = low > 0 ? 3 : 2;
    double age_s = json_number_value(age);

    if (json_array_size(entry) < 2 || json_array_size(entry) > most ||
        !json_is_integer(count) || json_integer_value(count) < low ||
        json_integer_value(count) > INT32_MAX || !json_is_number(age) ||
        !(age_s >= ages[0] && age_s <= ages[1]) ||
        (stale && !json_is_boolean(stale)))
        return err_set(e, ERR_INPUT,
                       "\"%s\" must be a list of [%s, ageSeconds%s]", key,
                       low > 0 ? "change" : "replicas",
                       low > 0 ? "] or [change, ageSeconds, stale" : "");
    *out = (struct hpa_event){.at_us = -us_from_s(age_s),
                              .change = (int32_t)json_integer_value(count),
                              .stale = json_is_true(stale)};
    return ERR_OK;
}

static int read_events(const json_t *o, const char *key, struct hpa_events *out,
                       struct err *e)
{
    json_t *list = NULL;
    int rc = field_list(o, key, &list, e);
    size_t n = json_array_size(list);

    out->at = mem_grow(out->at, &out->cap, n, sizeof *out->at);
    for (; out->n < n && rc == ERR_OK; out->n++)
        rc = read_entry(json_array_get(list, out->n), key, 1, &out->at[out->n],
                        e);
    return rc;
}

static int read_log(struct hpa *h, const json_t *o, struct err *e)
{
    json_t *list = NULL;
    int rc = field_list(o, "recommendations", &list, e);
    size_t n = json_array_size(list);
    struct hpa_event one = {0};

    h->has_log = list != NULL;
    h->log = mem_grow(h->log, &h->cap_log, n, sizeof *h->log);
    for (; h->n_log < n && rc == ERR_OK; h->n_log++) {
        rc = read_entry(json_array_get(list, h->n_log), "recommendations", 0,
                        &one, e);
        h->log[h->n_log] = (struct hpa_recommendation){one.at_us, one.change};
    }
    return rc;
}

/* Outside the bounds, and at zero, the metric is not read. */
static int check_metric(const struct question *q, struct err *e)
{
    bool used = q->r.spec >= q->p.min && q->r.spec <= q->p.max;

    if (!used || q->has_metric || q->has_proposal)
        return ERR_OK;
    return err_set(e, ERR_INPUT,
                   "\"targetMilli\" and \"metricMilli\", or \"proposal\", are "
                   "missing");
}

static int read_question(struct question *q, const json_t *o, struct err *e)
{
    static const char *const words[] = {"kubernetes",
                                        "specReplicas",
                                        "statusReplicas",
                                        "minReplicas",
                                        "maxReplicas",
                                        "targetMilli",
                                        "metricMilli",
                                        "tolerance",
                                        "behavior",
                                        "proposal",
                                        "recommendations",
                                        "scaleUpEvents",
                                        "scaleDownEvents",
                                        "downscaleStabilizationSeconds",
                                        NULL};
    int rc = field_misspelt(o, words, e);

    if (rc == ERR_OK)
        rc = read_size(q, o, e);
    if (rc == ERR_OK)
        rc = read_metric(q, o, e);
    if (rc == ERR_OK)
        rc = read_flags(q, o, e);
    if (rc == ERR_OK)
        rc = behavior_read(o, &q->p, e);
    if (rc == ERR_OK)
        rc = read_log(&q->h, o, e);
    if (rc == ERR_OK)
        rc = read_events(o, "scaleUpEvents", &q->h.ups, e);
    if (rc == ERR_OK)
        rc = read_events(o, "scaleDownEvents", &q->h.downs, e);
    if (rc == ERR_OK)
        rc = field_u32(o, "proposal", &q->proposal, e);
    q->has_proposal = field_has(o, "proposal");
    return rc == ERR_OK ? check_metric(q, e) : rc;
}

static json_t *log_json(const struct hpa *h)
{
    json_t *list = json_array();

    if (!h->has_log) {
        json_decref(list);
        return json_null();
    }
    for (size_t i = 0; i < h->n_log; i++)
        json_array_append_new(list, json_pack("[i, o]", (int)h->log[i].replicas,
                                              field_seconds(-h->log[i].at_us)));
    return list;
}

static json_t *events_json(const struct hpa_events *e)
{
    json_t *list = json_array();

    for (size_t i = 0; i < e->n; i++) {
        json_t *one = json_pack("[i, o]", (int)e->at[i].change,
                                field_seconds(-e->at[i].at_us));
        if (e->at[i].stale)
            json_array_append_new(one, json_true());
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *count_json(bool has, int64_t count)
{
    return has ? json_integer(count) : json_null();
}

static json_t *reason_json(enum hpa_reason reason)
{
    return reason == HPA_NOT_SET ? json_null()
                                 : json_string(hpa_reason_name(reason));
}

static json_t *answer_json(const struct question *q,
                           const struct hpa_decision *d)
{
    bool read = d->has_proposal && !q->has_proposal;

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "proposal", count_json(d->has_proposal, d->proposal),
                     "stabilized", count_json(d->has_proposal, d->stabilized),
                     "desired", count_json(true, d->desired), "averageMilli",
                     count_json(read, d->average_milli[0]), "scalingLimited",
                     reason_json(d->conditions.limited), "ableToScale",
                     reason_json(d->conditions.able), "scalingActive",
                     reason_json(d->conditions.active), "recommendationsAfter",
                     log_json(&q->h), "scaleUpEventsAfter",
                     events_json(&q->h.ups), "scaleDownEventsAfter",
                     events_json(&q->h.downs), "effectiveBehavior",
                     behavior_json(&q->p));
}

static int answer(struct question *q, FILE *out, struct err *e)
{
    struct hpa_decision d;

    hpa_behavior_defaults(&q->p);
    q->h.p = &q->p;
    d = q->has_proposal ? hpa_on_proposal(&q->h, 0, &q->r, q->proposal)
                        : hpa_on_sync(&q->h, 0, &q->r);
    if (d.write)
        hpa_on_scaled(&q->h, 0, q->r.spec, d.desired);
    json_t *json = answer_json(q, &d);
    int rc = json_lines_print(json, out, e);
    json_decref(json);
    return rc;
}

static int answer_line(const struct json_lines *l, const json_t *o, FILE *out,
                       struct err *e)
{
    struct question q = {0};

    hpa_defaults(&q.p);
    int rc = read_question(&q, o, e);
    if (rc != ERR_OK)
        rc = json_lines_blame(l, rc, e);
    else
        rc = answer(&q, out, e);
    hpa_free(&q.h);
    return rc;
}

int decide_hpa(FILE *in, const char *name, FILE *out, struct err *e)
{
    struct json_lines l;
    json_t *o;
    int rc;

    json_lines_open(&l, in, name);
    while ((rc = json_lines_next(&l, &o, e)) > 0) {
        rc = answer_line(&l, o, out, e);
        json_decref(o);
        if (rc != ERR_OK)
            break;
    }
    json_lines_close(&l);
    return rc;
}

int cmd_hpa(int argc, char **argv)
{
    static const struct argp argp = {
        .doc =
            "Decides as a HorizontalPodAutoscaler: one JSON object a line "
            "on standard input, one answer a line on standard output.\v"
            "Needed: kubernetes (\"1.34\"), specReplicas, statusReplicas, "
            "minReplicas, maxReplicas; and targetMilli with metricMilli "
            "(a list, or \"error\"), or proposal. Possible: tolerance "
            "{up, down}, behavior, downscaleStabilizationSeconds, "
            "recommendations [[replicas, ageSeconds], ...], scaleUpEvents "
            "and scaleDownEvents [[change, ageSeconds], ...]. 'drydock check "
            "--schema=hpa' tells all of it.\n\n"
            "Exit status: 0 every line was decided; 1 bad input; 2 usage."};
    struct err e;

    app_parse(&argp, argc, argv, NULL);
    int rc = decide_hpa(stdin, "<stdin>", stdout, &e);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
