/* system_rollout.c - a rolling update: the pods of one template give way to
 * those of another. A second update during the first is not begun.
 */
#include "models/system_parts.h"

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static struct rollout view(const struct sys_pool *p)
{
    const struct sys_set *new = &p->sets[p->set];
    const struct sys_set *old = &p->sets[1 - p->set];

    return (struct rollout){
        .new_spec = new->spec,
        .new_available = smaller(new->n_ready, new->spec),
        .old_spec = old->spec,
        .old_available = smaller(old->n_ready, old->spec),
    };
}

static void clamp(struct rollout *r)
{
    if (r->new_available > r->new_spec)
        r->new_available = r->new_spec;
    if (r->old_available > r->old_spec)
        r->old_available = r->old_spec;
}

static void apply(struct system *s, uint32_t pool, uint32_t set, int64_t spec)
{
    struct sys_set *r = &s->pools[pool].sets[set];

    if (r->spec == (uint32_t)spec)
        return;
    r->spec = (uint32_t)spec;
    sys_rs_soon(s, pool, set);
}

static void apply_both(struct system *s, uint32_t pool, const struct rollout *r)
{
    uint32_t set = s->pools[pool].set;

    apply(s, pool, set, r->new_spec);
    apply(s, pool, 1 - set, r->old_spec);
}

static uint32_t old_left(const struct system *s, uint32_t pool)
{
    const struct sys_pool *p = &s->pools[pool];
    uint32_t n = 0;

    for (uint32_t i = p->first; i != NO_INDEX; i = sys_pod(s, i)->next)
        n += sys_pod(s, i)->set != p->set;
    return n;
}

/* Something that the Deployment watches has changed. */
void sys_rollout_go_on(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];

    if (!p->rolling)
        return;
    struct rollout r = view(p);
    uint32_t n_left = old_left(s, pool);
    while (rollout_on_sync(&p->p->rollout, &r, p->state.wanted, n_left))
        clamp(&r);
    apply_both(s, pool, &r);
    p->rolling = r.old_spec > 0 || p->sets[1 - p->set].n_active > 0 ||
                 r.new_spec != p->state.wanted;
}

void sys_rollout_scale(struct system *s, uint32_t pool, uint32_t from,
                       uint32_t to)
{
    struct sys_pool *p = &s->pools[pool];
    struct rollout r = view(p);

    rollout_on_scale(&p->p->rollout, &r, from, to);
    apply_both(s, pool, &r);
    sys_rollout_go_on(s, pool);
}

void sys_rollout_begin(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];

    if (p->rolling)
        return;
    p->rolling = true;
    p->set = 1 - p->set;
    sys_rollout_go_on(s, pool);
}
