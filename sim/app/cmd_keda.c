#include "models/keda.h"
#include "sim/app/app.h"
#include "sim/app/decide.h"
#include "sim/app/field.h"
#include "sim/app/json_lines.h"
#include "sim/app/scaledobject_json.h"

#include <string.h>

struct session {
    struct keda_params p;
    struct keda k;
    sim_us now_us;
    struct keda_context c; /* spec: as last written, by the user or KEDA */
};

/* One line: who evaluates, and what the endpoint says to each trigger. */
struct step {
    bool is_poll;
    uint32_t trigger; /* of a query */
    struct keda_sample samples[KEDA_TRIGGERS];
};

static int read_result(const json_t *v, struct keda_sample *s, struct err *e)
{
    const char *word = json_string_value(v);

    *s = (struct keda_sample){0};
    if (json_is_number(v)) {
        s->value = json_number_value(v);
    } else if (word && strcmp(word, "error") == 0) {
        s->first = s->second = KEDA_READ_FAILS;
    } else if (word && strcmp(word, "hang") == 0) {
        s->first = s->second = KEDA_READ_HANGS;
    } else {
        return err_set(e, ERR_INPUT,
                       "\"result\" must be a number, \"error\" or \"hang\"");
    }
    return ERR_OK;
}

/* One result for all triggers, or a list with one each. A cron trigger needs
 * none.
 */
static int read_results(const struct session *x, const json_t *o,
                        struct step *y, struct err *e)
{
    const json_t *v = json_object_get(o, "result");
    size_t n = x->p.n_triggers;
    int rc = ERR_OK;

    if (!field_has(o, "result") && n == 1 && x->p.triggers[0].kind == KEDA_CRON)
        return ERR_OK;
    if (json_is_array(v) && json_array_size(v) != n)
        return err_set(e, ERR_INPUT,
                       "\"result\" has %zu entries for %zu triggers",
                       json_array_size(v), n);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = read_result(json_is_array(v) ? json_array_get(v, i) : v,
                         &y->samples[i], e);
    return rc;
}

static int read_time(struct session *x, const json_t *o, struct err *e)
{
    static const double times[2] = {0.0, 1e12};
    double t_s = 0.0;
    int rc = field_need(o, "t", e);

    if (rc == ERR_OK)
        rc = field_number(o, "t", times, &t_s, e);
    if (rc != ERR_OK)
        return rc;
    if (us_from_s(t_s) < x->now_us)
        return err_set(e, ERR_INPUT, "\"t\" runs backward");
    x->now_us = us_from_s(t_s);
    return ERR_OK;
}

/* The size may be left out: it is then what the line before left. */
static int read_step(struct session *x, const json_t *o, struct step *y,
                     struct err *e)
{
    static const char *const words[] = {"result", "status", "trigger", NULL};
    static const char *const who[] = {"hpa", "poll", NULL};
    int kind = 0;
    int rc = field_misspelt(o, words, e);

    *y = (struct step){0};
    if (rc == ERR_OK)
        rc = read_time(x, o, e);
    if (rc == ERR_OK)
        rc = field_need(o, "who", e);
    if (rc == ERR_OK)
        rc = field_word(o, "who", who, &kind, e);
    if (rc == ERR_OK)
        rc = read_results(x, o, y, e);
    if (rc == ERR_OK)
        rc = field_u32(o, "spec", &x->c.spec, e);
    x->c.ready = x->c.spec;
    if (rc == ERR_OK)
        rc = field_u32(o, "status", &x->c.ready, e);
    if (rc == ERR_OK)
        rc = field_u32(o, "ready", &x->c.ready, e);
    if (rc == ERR_OK)
        rc = field_u32(o, "trigger", &y->trigger, e);
    y->is_poll = kind == 1;
    if (rc == ERR_OK && y->trigger >= x->p.n_triggers)
        return err_set(e, ERR_INPUT, "there is no trigger %u", y->trigger);
    return rc;
}

static json_t *value_json(bool ok, int64_t value_milli)
{
    return ok ? json_integer(value_milli) : json_string("error");
}

static json_t *per_trigger(const struct session *x,
                           json_t *(*one)(const void *, size_t),
                           const void *from)
{
    if (x->p.n_triggers == 1)
        return one(from, 0);
    json_t *list = json_array();
    for (size_t i = 0; i < x->p.n_triggers; i++)
        json_array_append_new(list, one(from, i));
    return list;
}

static json_t *poll_value(const void *from, size_t i)
{
    const struct keda_poll *a = from;

    return value_json(a->ok[i], a->value_milli[i]);
}

static json_t *poll_failures(const void *from, size_t i)
{
    const struct keda *k = from;

    return json_integer(k->status.api.health[i].failures);
}

/* The same fields for both; replicas is null unless KEDA sets the size. */
static json_t *answer_json(const struct session *x, const struct step *y,
                           json_t *value, json_t *failures, bool fallback)
{
    return json_pack("{s:o, s:s, s:o, s:o, s:b}", "t", field_seconds(x->now_us),
                     "who", y->is_poll ? "poll" : "hpa", "value", value,
                     "failures", failures, "fallback", (int)fallback);
}

static json_t *answer_query(struct session *x, const struct step *y)
{
    struct keda_answer a = keda_on_hpa_query(&x->k, x->now_us, y->trigger,
                                             &y->samples[y->trigger], &x->c);
    json_t *o = answer_json(
        x, y, value_json(a.ok, a.value_milli),
        json_integer(x->k.status.api.health[y->trigger].failures), a.fallback);

    json_object_set_new(o, "setReplicas", json_null());
    json_object_set_new(o, "gets", json_integer(a.gets));
    return o;
}

static json_t *answer_poll(struct session *x, const struct step *y)
{
    struct keda_poll a = keda_on_poll(&x->k, x->now_us, y->samples, &x->c);
    json_t *o = answer_json(x, y, per_trigger(x, poll_value, &a),
                            per_trigger(x, poll_failures, &x->k), a.fallback);

    json_object_set_new(o, "setReplicas",
                        a.move == KEDA_STAY ? json_null()
                                            : json_integer(a.replicas));
    json_object_set_new(o, "gets", json_integer(a.gets));
    x->c.spec = a.replicas;
    return o;
}

static int begin(struct session *x, const json_t *o, struct err *e)
{
    int rc = scaledobject_read(o, &x->p, e);

    if (rc == ERR_OK && x->p.paused)
        return err_set(e, ERR_INPUT,
                       "the ScaledObject is paused: KEDA decides nothing");
    keda_init(&x->k, &x->p, -1); /* older than the first evaluation */
    x->c.spec = keda_min(&x->p) > 0 ? keda_min(&x->p) : 1;
    return rc;
}

static int go_on(struct session *x, const json_t *o, FILE *out, struct err *e)
{
    struct step y;
    int rc = read_step(x, o, &y, e);

    if (rc != ERR_OK)
        return rc;
    json_t *answer = y.is_poll ? answer_poll(x, &y) : answer_query(x, &y);
    rc = json_lines_print(answer, out, e);
    json_decref(answer);
    return rc;
}

int decide_keda(FILE *in, const char *name, FILE *out, struct err *e)
{
    struct json_lines l;
    struct session x = {0};
    bool begun = false;
    json_t *o;
    int rc;

    json_lines_open(&l, in, name);
    while ((rc = json_lines_next(&l, &o, e)) > 0) {
        rc = begun ? go_on(&x, o, out, e) : begin(&x, o, e);
        begun = true;
        json_decref(o);
        if (rc == ERR_INPUT)
            rc = json_lines_blame(&l, rc, e);
        if (rc != ERR_OK)
            break;
    }
    json_lines_close(&l);
    return rc;
}

int cmd_keda(int argc, char **argv)
{
    static const struct argp argp = {
        .doc = "Decides as KEDA: the first line on standard input is a "
               "ScaledObject in JSON with \"kedaVersion\", every other line "
               "an evaluation; one answer a line on standard output.\v"
               "An evaluation has t (seconds), who (\"hpa\" or \"poll\"), "
               "result (a number, \"error\" or \"hang\") and, where they "
               "matter, spec, status, ready and trigger. 'drydock check "
               "--schema=keda' tells all of it.\n\n"
               "Exit status: 0 every line was decided; 1 bad input; 2 usage."};
    struct err e;

    app_parse(&argp, argc, argv, NULL);
    int rc = decide_keda(stdin, "<stdin>", stdout, &e);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
