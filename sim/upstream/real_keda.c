#include "sim/upstream/real_keda.h"

#include "sim/base/mem.h"
#include "sim/upstream/keda_object.h"
#include "sim/upstream/page.h"
#include "sim/upstream/step.h"

#include <stdlib.h>
#include <string.h>

enum { HTTP_OK = 200, HTTP_UNAVAILABLE = 503 };

/* Its clock begins so long before the simulated one; whole seconds, since
 * lastActiveTime has no more.
 */
static const sim_us before_us = US_PER_DAY;

/* ------------------------------------------------------------ the object */

static bool is_cached(const struct keda_params *p)
{
    for (size_t i = 0; i < p->n_triggers; i++)
        if (p->triggers[i].use_cached)
            return true;
    return false;
}

static bool fails_reads(const struct fault *f, uint32_t pool)
{
    return (f->pool == NO_INDEX || f->pool == pool) &&
           (f->kind == FAULT_METRICS_DOWN || f->kind == FAULT_METRICS_SLOW ||
            f->kind == FAULT_METRICS_FLAKY || f->kind == FAULT_LB_RESTART);
}

const char *real_keda_refuses(const struct system_params *params, uint32_t pool)
{
    if (!is_cached(&params->pools[pool].keda))
        return NULL;
    for (size_t i = 0; i < params->n_faults; i++)
        if (fails_reads(&params->faults[i], pool))
            return "with useCachedMetrics what follows a failed read is "
                   "chance in the real operator: it stores the record and "
                   "deletes it at the same time; leave out one of the two, "
                   "the faults that fail reads or useCachedMetrics";
    return NULL;
}

static void add_turn(struct real_keda *k, sim_us at_us, bool start)
{
    k->turns[k->n_turns++] = (struct keda_turn){at_us, start};
}

/* A restarted operator works through its objects one after the other. */
static void plan_restarts(struct real_keda *k)
{
    const struct system_params *p = k->params;

    for (size_t i = 0; i < p->n_faults; i++) {
        const struct fault *f = &p->faults[i];
        if (f->kind != FAULT_KEDA_RESTART ||
            (f->pool != NO_INDEX && f->pool != k->pool))
            continue;
        add_turn(k, f->at_us, false);
        if (f->until_us != SIM_NEVER)
            add_turn(k, f->until_us + k->pool * US_PER_MS, true);
    }
}

/* When its clock begins, for cron. Its virtual time begins with 2000, and until
 * 2100 the calendar is the same after 28 years.
 */
static sim_us clock_us(sim_us origin_us)
{
    static const sim_us year_2000_us = 946684800 * US_PER_S;
    sim_us at_us = origin_us - before_us;

    while (at_us < year_2000_us)
        at_us += 28 * 365 * US_PER_DAY + 7 * US_PER_DAY;
    return at_us;
}

void real_keda_init(struct real_keda *k, const struct system_params *params,
                    uint32_t pool, uint32_t minor, uint32_t patch)
{
    struct keda_params p = params->pools[pool].keda;

    p.minor = minor;
    p.patch = patch;
    p.origin_us = clock_us(p.origin_us);
    *k = (struct real_keda){
        .params = params,
        .pool = pool,
        .offset_us = before_us,
        .turns = mem_array(2 * params->n_faults + 1, sizeof *k->turns),
    };
    keda_replay_init(&k->replay, &p, SIM_NEVER);
}

void real_keda_free(struct real_keda *k)
{
    json_decref(k->line);
    json_decref(k->step);
    free(k->turns);
    *k = (struct real_keda){0};
}

json_t *real_keda_begin(struct real_keda *k, sim_us phase_us, uint16_t port)
{
    add_turn(k, phase_us, true);
    plan_restarts(k);
    return json_pack("{s:o, s:o, s:I, s:b, s:I}", "object",
                     keda_object_json(k->params, k->pool, port), "annotations",
                     keda_object_annotations(&k->replay.p), "spec",
                     (json_int_t)k->params->pools[k->pool].replicas, "told", 1,
                     "clock_us", (json_int_t)k->replay.p.origin_us);
}

/* ------------------------------------------------------------ what it tells */

bool real_keda_take(struct real_keda *k, json_t *line)
{
    static const char *const words[] = {"wake",    "poll",  "query",
                                        "write",   "state", "answered",
                                        "targets", "ready"};
    const char *what = json_string_value(json_object_get(line, "ask"));

    json_decref(k->line);
    k->line = line;
    k->at_us = step_int(line, "t", 0) - k->offset_us;
    k->idle = what && strcmp(what, "wake") == 0;
    for (size_t i = 0; what && i < sizeof words / sizeof *words; i++)
        if (strcmp(what, words[i]) == 0)
            return true;
    return false;
}

static sim_us own_us(const struct real_keda *k)
{
    return k->at_us + k->offset_us;
}

static void step_begin(struct real_keda *k, const struct system *s,
                       const char *key)
{
    struct pool_view v = system_view(s, k->pool);

    json_decref(k->step);
    k->step = step_of_keda(key, own_us(k), k->replay.p.n_triggers);
    step_context(k->step, v.spec, 0);
}

static void step_end(struct real_keda *k)
{
    const json_t *at = json_object_get(k->step, "p");

    if (!k->step)
        return;
    if (!at)
        at = json_object_get(k->step, "q");
    sim_us at_us = json_integer_value(at) - k->offset_us;
    json_object_set(k->step, "st", json_object_get(k->line, "state"));
    bool same = keda_replay_line(&k->replay, k->step);
    compared_take(&k->compared, at_us, k->step, same, k->replay.why);
    json_decref(k->step);
    k->step = NULL;
}

/* What the GET of that number meets in the present evaluation. */
static enum keda_read met_by(const struct real_keda *k, const struct system *s,
                             size_t trigger, size_t get, sim_us *took_us)
{
    bool poll = json_object_get(k->step, "p") != NULL;
    struct keda_sample x = system_sample(s, k->pool, trigger, poll);
    enum keda_read how = get == 0 ? x.first : x.second;
    sim_us timeout_us = k->replay.p.triggers[trigger].timeout_us;

    if (how == KEDA_READ_OK && x.latency_us >= timeout_us)
        how = KEDA_READ_HANGS;
    *took_us = how == KEDA_READ_OK ? x.latency_us : 0;
    if (how == KEDA_READ_HANGS)
        *took_us = timeout_us;
    return how;
}

/* A GET that hangs takes its time on the HPA's side only: in the operator's
 * own clock no time passes while it waits for a socket.
 */
static sim_us delay_us(const struct real_keda *k, const struct system *s)
{
    sim_us sum_us = 0, took_us;

    for (size_t i = 0; i < step_gets(k->step, k->asked); i++) {
        met_by(k, s, k->asked, i, &took_us);
        sum_us += took_us;
    }
    return sum_us;
}

static void on_answered(struct real_keda *k, const struct system *s)
{
    k->answer = (struct metric_answer){
        .ok = json_is_true(json_object_get(k->line, "ok")),
        .value_milli = step_int(k->line, "milli", 0),
        .delay_us = delay_us(k, s),
    };
    json_object_set_new(k->step, "ok", json_boolean(k->answer.ok));
    if (k->answer.ok)
        json_object_set_new(k->step, "v", json_integer(k->answer.value_milli));
    step_end(k);
}

/* The targets of the HPA that it would make, against those of the model. */
static void on_targets(struct real_keda *k)
{
    const struct hpa_params *h = &k->params->pools[k->pool].hpa;
    const json_t *targets = json_object_get(k->line, "targets");
    json_t *step = json_pack("{s:O*}", "targets", targets);
    bool same = json_array_size(targets) == h->n_metrics;
    char why[COMPARED_WHY] = "number of targets";

    for (size_t i = 0; i < h->n_metrics && same; i++) {
        json_int_t real = json_integer_value(json_array_get(targets, i));
        same = real == h->metrics[i].target_milli;
        (void)snprintf(why, sizeof why, "target: real %lld, model %lld",
                       (long long)real, (long long)h->metrics[i].target_milli);
    }
    compared_take(&k->compared, k->at_us, step, same, why);
    json_decref(step);
}

/* For the fallback of a target of type Value. */
static json_t *on_ready(struct real_keda *k, const struct system *s)
{
    json_int_t ready = system_pods(s, k->pool).ready;

    json_object_set_new(k->step, "ready", json_integer(ready));
    return json_pack("{s:I}", "replicas", ready);
}

json_t *real_keda_heard(struct real_keda *k, struct system *s)
{
    const char *what = json_string_value(json_object_get(k->line, "ask"));

    if (strcmp(what, "poll") == 0) {
        /* A loop reads its object more than once in one poll. */
        if (!k->step || step_int(k->step, "p", -1) != own_us(k))
            step_begin(k, s, "p");
    } else if (strcmp(what, "write") == 0) {
        json_int_t replicas = step_int(k->line, "replicas", 0);
        json_object_set_new(k->step, "w", json_integer(replicas));
        system_scale(s, k->pool, (uint32_t)replicas);
    } else if (strcmp(what, "query") == 0) {
        step_begin(k, s, "q");
        json_object_set_new(k->step, "i", json_integer((json_int_t)k->asked));
    } else if (strcmp(what, "answered") == 0) {
        on_answered(k, s);
    } else if (strcmp(what, "state") == 0) {
        step_end(k);
    } else if (strcmp(what, "targets") == 0) {
        on_targets(k);
    } else if (strcmp(what, "ready") == 0) {
        return on_ready(k, s);
    }
    return NULL;
}

int real_keda_page(struct real_keda *k, const struct system *s, size_t trigger,
                   FILE *out)
{
    const struct lb_params *lb = &k->params->lb;
    size_t get = step_gets(k->step, trigger);
    sim_us ignored_us;
    bool ok = met_by(k, s, trigger, get, &ignored_us) == KEDA_READ_OK;
    uint32_t own = k->params->pools[k->pool].backend;
    char met[32] = "!503";

    struct backend_view *views = mem_array(lb->n_backends, sizeof *views);

    for (uint32_t i = 0; i < lb->n_backends; i++)
        views[i] = system_backend(s, i);
    if (ok) {
        page_print(lb, views, out);
        (void)snprintf(met, sizeof met, "%zu", views[own].sessions);
    }
    free(views);
    step_get(k->step, trigger, met);
    return ok ? HTTP_OK : HTTP_UNAVAILABLE;
}

/* ------------------------------------------------------------ what it is told
 */

static json_t *tell(struct real_keda *k, const char *what, sim_us at_us,
                    const char *key, json_int_t value)
{
    json_int_t wake_us = at_us + k->offset_us;

    k->idle = false;
    return json_pack("{s:I, s:s, s:I}", "wake_us", wake_us, "do", what, key,
                     value);
}

bool real_keda_has_turn(const struct real_keda *k)
{
    return k->n_taken < k->n_turns && k->turns[k->n_taken].at_us <= k->at_us;
}

sim_us real_keda_bound_us(const struct real_keda *k, sim_us until_us)
{
    sim_us look_us = k->at_us + k->replay.p.polling_us / 3 * 2;

    if (k->n_taken < k->n_turns && k->turns[k->n_taken].at_us < until_us)
        until_us = k->turns[k->n_taken].at_us;
    /* It shows a poll's state when it next wakes: before the next poll. */
    return k->looping && look_us < until_us ? look_us : until_us;
}

json_t *real_keda_go(struct real_keda *k, sim_us until_us)
{
    return tell(k, "nothing", until_us, "replicas", 0);
}

json_t *real_keda_turn(struct real_keda *k)
{
    const struct keda_turn *t = &k->turns[k->n_taken++];

    if (t->start)
        k->replay.poll_us = own_us(k);
    else /* whoever is asked next knows nothing of before */
        keda_on_restart(&k->replay.k);
    k->looping = t->start;
    return tell(k, t->start ? "loop" : "stop", k->at_us, "replicas", 0);
}

json_t *real_keda_query(struct real_keda *k, size_t trigger)
{
    k->asked = trigger;
    return tell(k, "query", k->at_us, "trigger", (json_int_t)trigger);
}

json_t *real_keda_resize(struct real_keda *k, uint32_t replicas)
{
    return tell(k, "resize", k->at_us, "replicas", (json_int_t)replicas);
}
