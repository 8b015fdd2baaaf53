#include "models/keda.h"

#include <assert.h>

/* What one reading of one trigger gave. */
struct evaluation {
    bool ok, active;
    int64_t value_milli;
    uint32_t gets;
    sim_us delay_us;
};

void keda_init(struct keda *k, const struct keda_params *p, sim_us created_us)
{
    *k = (struct keda){.p = p, .created_us = created_us};
}

static void drop_records(struct keda *k)
{
    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        k->health[i].has_record = false;
}

void keda_on_restart(struct keda *k)
{
    drop_records(k);
}

static struct evaluation evaluate_cron(const struct keda_params *p, size_t i,
                                       sim_us now_us)
{
    const struct keda_trigger *t = &p->triggers[i];
    bool active = keda_cron_active(&t->cron, p->origin_us + now_us);

    return (struct evaluation){
        .ok = true,
        .active = active,
        .value_milli = active ? 1000 * (int64_t)t->cron_replicas : 1000,
    };
}

/* A failed GET is repeated once, at once. */
static struct evaluation evaluate(const struct keda_params *p, size_t i,
                                  sim_us now_us, const struct keda_sample *s)
{
    const struct keda_trigger *t = &p->triggers[i];
    struct evaluation v = {.gets = 1, .ok = s->first == KEDA_READ_OK};

    if (t->kind == KEDA_CRON)
        return evaluate_cron(p, i, now_us);
    if (s->first == KEDA_READ_HANGS)
        v.delay_us = t->timeout_us;
    if (!v.ok) {
        v.gets = 2;
        v.ok = s->second == KEDA_READ_OK;
        if (s->second == KEDA_READ_HANGS)
            v.delay_us += t->timeout_us;
    }
    if (v.ok) {
        v.active = s->value > t->activation;
        v.value_milli = keda_milli(p, s->value);
    }
    return v;
}

static bool fallback_allowed(const struct keda_params *p,
                             const struct keda_trigger *t)
{
    return p->has_fallback && p->fallback_threshold >= 0 &&
           p->fallback_replicas >= 0 && (!t->is_value || keda_since(p, 18, 0));
}

static bool beyond_threshold(const struct keda *k, size_t i)
{
    return k->health[i].failures > (uint32_t)k->p->fallback_threshold;
}

static bool fallback_exists(const struct keda *k, size_t trigger)
{
    if (!fallback_allowed(k->p, &k->p->triggers[trigger]))
        return false;
    for (size_t i = 0; i < k->p->n_triggers; i++)
        if (beyond_threshold(k, i))
            return true;
    return false;
}

/* Up to 2.19 the condition was computed from the status before the count. */
static void count(struct keda *k, size_t trigger, bool ok)
{
    struct keda_health *h = &k->health[trigger];
    bool late = fallback_exists(k, trigger);

    if (ok)
        h->failures = 0;
    else if (h->failures < INT32_MAX)
        h->failures++;
    k->fallback_condition =
        keda_since(k->p, 20, 0) ? fallback_exists(k, trigger) : late;
}

static uint32_t fallback_replicas(const struct keda_params *p,
                                  const struct keda_context *c)
{
    uint32_t n = (uint32_t)p->fallback_replicas;

    if (!keda_since(p, 17, 0))
        return n;
    switch (p->fallback) {
    case KEDA_CURRENT_REPLICAS:
        return c->spec;
    case KEDA_CURRENT_IF_HIGHER:
        return c->spec > n ? c->spec : n;
    case KEDA_CURRENT_IF_LOWER:
        return c->spec < n ? c->spec : n;
    case KEDA_STATIC:
    case KEDA_MODIFIERS:
        break;
    }
    return n;
}

static int64_t saturated_product(int64_t a, int64_t b)
{
    int64_t x;

    return __builtin_mul_overflow(a, b, &x) ? INT64_MAX : x;
}

/* A formula would take the place of the value, which upstream then does not
 * call a fallback: the trigger is neither failed nor active.
 */
static bool is_placeholder(const struct keda_params *p)
{
    return p->fallback == KEDA_MODIFIERS && keda_since(p, 20, 0);
}

/* The value that makes the HPA propose the fallback's replicas. Up to 2.17
 * the target is cut to a whole number first.
 */
static bool fallback_value(const struct keda_params *p, size_t trigger,
                           const struct keda_context *c, int64_t *value_milli)
{
    const struct keda_trigger *t = &p->triggers[trigger];
    struct keda_hpa hpa;

    if (is_placeholder(p)) {
        *value_milli = -1000;
        return true;
    }
    keda_hpa_bounds(p, &hpa);
    int64_t target_milli = hpa.metrics[trigger].target_milli;
    if (!keda_since(p, 18, 0))
        target_milli = target_milli / 1000 * 1000;
    *value_milli = saturated_product(target_milli, fallback_replicas(p, c));
    if (!t->is_value)
        return true;
    if (c->ready == 0)
        return false;
    *value_milli /= (int64_t)c->ready;
    return true;
}

/* Counts, and puts the fallback's value in the place of a failure. Returns
 * whether it did.
 */
static bool suppress(struct keda *k, size_t trigger, struct evaluation *v,
                     const struct keda_context *c)
{
    if (!fallback_allowed(k->p, &k->p->triggers[trigger]))
        return false; /* nor is anything counted or shown */
    count(k, trigger, v->ok);
    if (v->ok || !beyond_threshold(k, trigger))
        return false;
    v->ok = fallback_value(k->p, trigger, c, &v->value_milli);
    return v->ok && !is_placeholder(k->p);
}

static bool keeps_failed_records(const struct keda_params *p)
{
    return keda_since(p, 21, 0);
}

struct keda_answer keda_on_hpa_query(struct keda *k, sim_us now_us,
                                     size_t trigger,
                                     const struct keda_sample *s,
                                     const struct keda_context *c)
{
    assert(trigger < k->p->n_triggers);
    const struct keda_health *h = &k->health[trigger];
    struct evaluation v = {.ok = h->record_ok, .value_milli = h->record_milli};

    if (!k->p->triggers[trigger].use_cached || !h->has_record)
        v = evaluate(k->p, trigger, now_us, s);
    bool fallback = suppress(k, trigger, &v, c);
    if (!v.ok && !keeps_failed_records(k->p))
        drop_records(k);
    return (struct keda_answer){.ok = v.ok,
                                .fallback = fallback,
                                .value_milli = v.ok ? v.value_milli : 0,
                                .gets = v.gets,
                                .delay_us = v.delay_us};
}

/* One trigger of a poll, and the record of what it found. From 2.19 polls go
 * through the fallback, too.
 */
static void poll_trigger(struct keda *k, size_t i, struct evaluation *v,
                         const struct keda_context *c, struct keda_poll *out)
{
    struct keda_health *h = &k->health[i];
    bool fallback = keda_since(k->p, 19, 0) && suppress(k, i, v, c);

    out->fallback = out->fallback || fallback;
    out->active = out->active || fallback || (v->ok && v->active);
    out->error = out->error || !v->ok;
    out->ok[i] = v->ok;
    out->value_milli[i] = v->ok ? v->value_milli : 0;
    out->gets += v->gets;
    out->delay_us += v->delay_us;
    if (!k->p->triggers[i].use_cached)
        return;
    h->has_record = true;
    h->record_ok = v->ok;
    h->record_milli = v->ok ? v->value_milli : 0;
}

static struct keda_poll look(struct keda *k, sim_us now_us,
                             const struct keda_sample s[],
                             const struct keda_context *c)
{
    const struct keda_params *p = k->p;
    struct keda_poll out = {.replicas = c->spec};

    for (size_t i = 0; i < p->n_triggers; i++) {
        struct evaluation v = evaluate(p, i, now_us, &s[i]);
        poll_trigger(k, i, &v, c, &out);
    }
    if (out.error && !keeps_failed_records(p))
        drop_records(k);
    if (p->force_activation && keda_since(p, 18, 0))
        out.active = true;
    return out;
}

static void move_to(struct keda_poll *out, enum keda_move move, uint32_t to)
{
    if (to == out->replicas)
        return;
    out->move = move;
    out->replicas = to;
}

/* Some trigger is active. */
static void act_active(struct keda *k, sim_us now_us, struct keda_poll *out)
{
    const struct keda_params *p = k->p;
    uint32_t min = keda_min(p);

    if (out->replicas == 0 || (p->has_idle && out->replicas < min)) {
        if (p->paused_scale_out && keda_since(p, 18, 0))
            return;
        move_to(out, KEDA_FROM_ZERO, min > 0 ? min : 1);
    } else if (out->error) {
        return;
    }
    k->has_last_active = true;
    k->last_active_us = now_us;
}

/* The status keeps whole seconds of the calendar. */
static sim_us whole_second(const struct keda_params *p, sim_us at_us)
{
    sim_us part_us = (p->origin_us + at_us) % US_PER_S;

    return at_us - (part_us < 0 ? part_us + US_PER_S : part_us);
}

/* The moment from which idle or zero is allowed: the limits are strict. */
static sim_us cooled_us(const struct keda *k)
{
    const struct keda_params *p = k->p;

    if (k->has_last_active)
        return whole_second(p, k->last_active_us) + p->cooldown_us + 1;
    return whole_second(p, k->created_us) + p->initial_cooldown_us + 1;
}

static bool wants_idle(const struct keda_params *p, uint32_t replicas)
{
    return (p->has_idle && replicas > p->idle) ||
           (replicas > 0 && keda_min(p) == 0);
}

/* No trigger is active and none failed, or the failure is passed over. */
static void act_inactive(const struct keda *k, sim_us now_us,
                         struct keda_poll *out)
{
    const struct keda_params *p = k->p;

    if (wants_idle(p, out->replicas)) {
        if (p->paused_scale_in && keda_since(p, 18, 0))
            return;
        if (now_us >= cooled_us(k))
            move_to(out, KEDA_TO_IDLE, p->has_idle ? p->idle : 0);
    } else if (out->replicas < keda_min(p) && !p->has_idle) {
        move_to(out, KEDA_TO_MIN, keda_min(p));
    }
}

/* No trigger is active and some failed. Returns whether that settles it. */
static bool act_failed(struct keda *k, struct keda_poll *out)
{
    const struct keda_params *p = k->p;

    if (!p->has_fallback)
        return true;
    if (p->fallback_replicas == 0)
        return false;
    if (!keda_since(p, 17, 0) && p->fallback_replicas > 0) {
        move_to(out, KEDA_JUMP, (uint32_t)p->fallback_replicas);
        out->fallback = true;
        k->fallback_condition = true;
    }
    return true;
}

struct keda_poll keda_on_poll(struct keda *k, sim_us now_us,
                              const struct keda_sample s[],
                              const struct keda_context *c)
{
    assert(!k->p->paused);
    struct keda_poll out = look(k, now_us, s, c);

    if (out.active)
        act_active(k, now_us, &out);
    else if (!out.error || !act_failed(k, &out))
        act_inactive(k, now_us, &out);
    return out;
}

sim_us keda_next_poll_us(const struct keda_params *p, sim_us start_us,
                         sim_us delay_us)
{
    return start_us + (delay_us > p->polling_us ? delay_us : p->polling_us);
}

static bool same_health(const struct keda *a, const struct keda *b)
{
    for (size_t i = 0; i < a->p->n_triggers; i++) {
        const struct keda_health *x = &a->health[i], *y = &b->health[i];
        if (x->failures != y->failures || x->has_record != y->has_record)
            return false;
        if (x->has_record && (x->record_ok != y->record_ok ||
                              x->record_milli != y->record_milli))
            return false;
    }
    return a->fallback_condition == b->fallback_condition;
}

sim_us keda_idle_until(const struct keda *k, sim_us now_us,
                       const struct keda_sample s[],
                       const struct keda_context *c)
{
    const struct keda_params *p = k->p;
    struct keda after = *k;
    struct keda_poll out = keda_on_poll(&after, now_us, s, c);
    sim_us until_us = SIM_NEVER;

    if (out.move != KEDA_STAY || !same_health(k, &after))
        return now_us;
    if (!out.active && wants_idle(p, c->spec) && now_us < cooled_us(k))
        until_us = cooled_us(k);
    for (size_t i = 0; i < p->n_triggers; i++) {
        if (p->triggers[i].kind != KEDA_CRON)
            continue;
        sim_us cron_us =
            keda_cron_until(&p->triggers[i].cron, p->origin_us + now_us);
        if (cron_us != SIM_NEVER && cron_us - p->origin_us < until_us)
            until_us = cron_us - p->origin_us;
    }
    return until_us;
}

/* Idle polls differ in the time of the last one only. */
uint64_t keda_on_idle(struct keda *k, sim_us last_us, uint64_t n,
                      const struct keda_sample s[],
                      const struct keda_context *c)
{
    struct keda_poll out = keda_on_poll(k, last_us, s, c);

    assert(n > 0 && out.move == KEDA_STAY);
    return n * out.gets;
}
