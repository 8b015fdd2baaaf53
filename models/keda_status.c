#include "models/keda_status.h"

#include <assert.h>

void keda_status_on_restart(struct keda_statuses *s)
{
    s->own = s->api;
    s->copy = KEDA_OWN_COPY;
}

void keda_status_on_poll(struct keda_statuses *s)
{
    s->loop = s->api;
    if (s->copy == KEDA_NO_COPY)
        s->copy = KEDA_LOOPS_COPY;
}

void keda_status_on_error(struct keda_statuses *s)
{
    s->copy = KEDA_NO_COPY;
}

static void set_fallback(struct keda_status *o, bool fallback)
{
    o->fallback_known = true;
    o->fallback = fallback;
}

void keda_status_on_jump(struct keda_statuses *s)
{
    set_fallback(&s->api, true);
    set_fallback(&s->loop, true);
}

/* The object that a query counts on. */
static struct keda_status *queried(struct keda_statuses *s)
{
    if (s->copy == KEDA_LOOPS_COPY)
        return &s->loop;
    if (s->copy == KEDA_NO_COPY)
        keda_status_on_restart(s);
    return &s->own;
}

/* ------------------------------------------------------------ counting */

static bool fallback_allowed(const struct keda_params *p,
                             const struct keda_trigger *t)
{
    return p->has_fallback && p->fallback_threshold >= 0 &&
           p->fallback_replicas >= 0 && (!t->is_value || keda_since(p, 18, 0));
}

static bool beyond_threshold(const struct keda_params *p,
                             const struct keda_status *o, size_t trigger)
{
    return o->health[trigger].failures > (uint32_t)p->fallback_threshold;
}

static bool fallback_exists(const struct keda_params *p,
                            const struct keda_status *o)
{
    for (size_t i = 0; i < p->n_triggers; i++)
        if (o->health[i].failing && beyond_threshold(p, o, i))
            return true;
    return false;
}

static bool same_count(const struct keda_count *a, const struct keda_count *b)
{
    return a->known == b->known && a->failing == b->failing &&
           a->failures == b->failures;
}

/* What differs between two counts is written, and nothing else. */
static void put(struct keda_count *api, const struct keda_count *was,
                const struct keda_count *now)
{
    if (now->failures != was->failures || !was->known)
        api->failures = now->failures;
    if (now->failing != was->failing || !was->known)
        api->failing = now->failing;
    api->known = true;
}

/* Up to 2.19 the condition was computed from the status before the count. What
 * has changed on the object is written; what others changed since it was read
 * comes back with the answer to that.
 */
static void count(struct keda_statuses *s, const struct keda_params *p,
                  struct keda_status *o, size_t trigger, bool ok)
{
    struct keda_count *now = &o->health[trigger], was = *now;
    bool late = fallback_exists(p, o);
    bool knew = o->fallback_known, showed = o->fallback;

    now->known = true;
    now->failing = !ok;
    if (ok)
        now->failures = 0;
    else if (now->failures < INT32_MAX)
        now->failures++;
    o->fallback = keda_since(p, 20, 0) ? fallback_exists(p, o) : late;
    bool counted = !same_count(now, &was);
    put(&s->api.health[trigger], &was, now);
    o->fallback_known = true;
    bool turned = !knew || o->fallback != showed;
    if (turned)
        set_fallback(&s->api, o->fallback);
    if (counted || turned)
        *o = s->api;
}

/* ------------------------------------------------------------ fallback */

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

/* Without a fraction, as an integer. */
static int64_t cut(double x)
{
    return x < (double)INT64_MAX ? (int64_t)x : INT64_MAX;
}

/* A formula would take the place of the value, which upstream then does not
 * call a fallback: the trigger is neither failed nor active.
 */
static bool is_placeholder(const struct keda_params *p)
{
    return p->fallback == KEDA_MODIFIERS && keda_since(p, 20, 0);
}

/* The value that makes the HPA propose the fallback's replicas. Up to 2.17
 * the target is cut to a whole number first; then upstream reckons in binary64,
 * in this order: 29 of 25 ready pods at 0.8 are 927 and not 928.
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
    if (!keda_since(p, 18, 0)) {
        *value_milli = saturated_product(target_milli / 1000 * 1000,
                                         fallback_replicas(p, c));
        return true;
    }
    double replicas = (double)fallback_replicas(p, c);
    if (t->is_value && c->ready == 0)
        return false;
    if (t->is_value)
        replicas /= c->ready;
    *value_milli = cut((double)target_milli * 1e-3 * 1000.0 * replicas);
    return true;
}

bool keda_status_count(struct keda_statuses *s, const struct keda_params *p,
                       bool poll, size_t trigger, const struct keda_context *c,
                       struct keda_reading *v)
{
    struct keda_status *o = poll ? &s->loop : queried(s);

    assert(trigger < p->n_triggers);
    if (!fallback_allowed(p, &p->triggers[trigger]))
        return false; /* nor is anything counted or shown */
    count(s, p, o, trigger, v->ok);
    if (v->ok || !beyond_threshold(p, o, trigger))
        return false;
    v->ok = fallback_value(p, trigger, c, &v->value_milli);
    return v->ok && !is_placeholder(p);
}

/* ------------------------------------------------------------ comparison */

static bool same(const struct keda_status *a, const struct keda_status *b)
{
    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        if (!same_count(&a->health[i], &b->health[i]))
            return false;
    return a->fallback == b->fallback && a->fallback_known == b->fallback_known;
}

bool keda_status_same(const struct keda_statuses *a,
                      const struct keda_statuses *b)
{
    return a->copy == b->copy && same(&a->api, &b->api) &&
           same(&a->loop, &b->loop) && same(&a->own, &b->own);
}
