#include "models/keda.h"

#include <assert.h>

/* What one reading of one trigger gave. */
struct evaluation {
    struct keda_reading v;
    bool active;
    uint32_t gets;
    sim_us delay_us;
};

void keda_init(struct keda *k, const struct keda_params *p, sim_us created_us)
{
    *k = (struct keda){.p = p, .created_us = created_us};
    keda_status_on_restart(&k->status);
}

static void drop_records(struct keda *k)
{
    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        k->records[i].stored = false;
}

void keda_on_restart(struct keda *k)
{
    k->seen = (struct keda_seen){0};
    drop_records(k);
    keda_status_on_restart(&k->status);
}

static struct evaluation evaluate_cron(const struct keda_params *p, size_t i,
                                       sim_us now_us)
{
    const struct keda_trigger *t = &p->triggers[i];
    bool active = keda_cron_active(&t->cron, p->origin_us + now_us);
    int64_t outside = keda_since(p, 18, 0) ? 0 : 1;

    return (struct evaluation){
        .v = {true, 1000 * (active ? (int64_t)t->cron_replicas : outside)},
        .active = active,
    };
}

/* One GET; a slow one is worth its value if it is in time. */
static bool get(const struct keda_trigger *t, enum keda_read how,
                sim_us latency_us, struct evaluation *e)
{
    bool in_time = how == KEDA_READ_OK && latency_us < t->timeout_us;

    e->gets++;
    if (how != KEDA_READ_FAILS)
        e->delay_us += in_time ? latency_us : t->timeout_us;
    return in_time;
}

/* A failed GET is repeated once, at once. */
static struct evaluation evaluate(const struct keda_params *p, size_t i,
                                  sim_us now_us, const struct keda_sample *s)
{
    const struct keda_trigger *t = &p->triggers[i];
    struct evaluation e = {0};

    if (s->lost)
        return e;
    if (t->kind == KEDA_CRON)
        return evaluate_cron(p, i, now_us);
    e.v.ok = get(t, s->first, s->latency_us, &e) ||
             get(t, s->second, s->latency_us, &e);
    if (e.v.ok) {
        e.active = s->value > t->activation;
        e.v.value_milli = keda_milli(p, s->value);
    }
    return e;
}

/* An evaluation got no value: up to 2.20 the records go, too. */
static void end_in_error(struct keda *k)
{
    keda_status_on_error(&k->status);
    if (!keda_since(k->p, 21, 0))
        drop_records(k);
}

struct keda_answer keda_on_hpa_query(struct keda *k, sim_us now_us,
                                     size_t trigger,
                                     const struct keda_sample *s,
                                     const struct keda_context *c)
{
    assert(trigger < k->p->n_triggers);
    const struct keda_record *r = &k->records[trigger];
    struct evaluation e = {.v = r->v};

    if (!k->p->triggers[trigger].use_cached || !r->stored)
        e = evaluate(k->p, trigger, now_us, s);
    bool fallback =
        keda_status_count(&k->status, k->p, false, trigger, c, &e.v);
    keda_seen_evaluation(&k->seen, trigger, e.v.ok, e.v.value_milli);
    if (!e.v.ok)
        end_in_error(k);
    return (struct keda_answer){.ok = e.v.ok,
                                .fallback = fallback,
                                .value_milli = e.v.ok ? e.v.value_milli : 0,
                                .gets = e.gets,
                                .delay_us = e.delay_us};
}

sim_us keda_wait_us(const struct keda_params *p, sim_us away_us)
{
    sim_us look_us = keda_since(p, 20, 0) ? 1 : 500 * US_PER_MS;
    sim_us found_us = (away_us + look_us - 1) / look_us * look_us;

    assert(away_us > 0);
    return found_us < KEDA_DEADLINE_US ? found_us : KEDA_DEADLINE_US;
}

/* One trigger of a poll, and the record of what it found. From 2.19 polls go
 * through the fallback, too.
 */
static void poll_trigger(struct keda *k, size_t i, struct evaluation *e,
                         const struct keda_context *c, struct keda_poll *out)
{
    struct keda_reading *v = &e->v;
    bool counts = keda_since(k->p, 19, 0) && (v->ok || e->gets > 0);
    bool fallback =
        counts && keda_status_count(&k->status, k->p, true, i, c, v);

    keda_seen_evaluation(&k->seen, i, v->ok, v->value_milli);
    out->fallback = out->fallback || fallback;
    out->active = out->active || fallback || (v->ok && e->active);
    out->error = out->error || !v->ok;
    out->ok[i] = v->ok;
    out->value_milli[i] = v->ok ? v->value_milli : 0;
    out->gets += e->gets;
    out->delay_us += e->delay_us;
    if (!k->p->triggers[i].use_cached)
        return;
    k->records[i] = (struct keda_record){true, *v};
    if (!v->ok)
        k->records[i].v.value_milli = 0;
}

static struct keda_poll look(struct keda *k, sim_us now_us,
                             const struct keda_sample s[],
                             const struct keda_context *c)
{
    const struct keda_params *p = k->p;
    struct keda_poll out = {.replicas = c->spec};

    keda_status_on_poll(&k->status);
    for (size_t i = 0; i < p->n_triggers; i++) {
        struct evaluation e = evaluate(p, i, now_us, &s[i]);
        poll_trigger(k, i, &e, c, &out);
    }
    keda_seen_poll(&k->seen, out.error);
    if (out.error)
        end_in_error(k);
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
        keda_status_on_jump(&k->status);
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

static bool same_records(const struct keda *a, const struct keda *b)
{
    for (size_t i = 0; i < a->p->n_triggers; i++) {
        const struct keda_record *x = &a->records[i], *y = &b->records[i];
        if (x->stored != y->stored)
            return false;
        if (x->stored &&
            (x->v.ok != y->v.ok || x->v.value_milli != y->v.value_milli))
            return false;
    }
    return true;
}

sim_us keda_idle_until(const struct keda *k, sim_us now_us,
                       const struct keda_sample s[],
                       const struct keda_context *c)
{
    const struct keda_params *p = k->p;
    struct keda after = *k;
    struct keda_poll out = keda_on_poll(&after, now_us, s, c);
    sim_us until_us = SIM_NEVER;

    if (out.move != KEDA_STAY || !same_records(k, &after) ||
        !keda_status_same(&k->status, &after.status))
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
    keda_seen_idle(&k->seen, out.ok, k->p->n_triggers, n - 1);
    return n * out.gets;
}
