#include "models/rollout.h"

#include <assert.h>
#include <math.h>

void rollout_defaults(struct rollout_params *p)
{
    *p = (struct rollout_params){
        .max_surge = {25, true},
        .max_unavailable = {25, true},
    };
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t pods_of(struct rollout_amount a, int64_t replicas, bool up)
{
    if (!a.percent)
        return a.value;
    return (a.value * replicas + (up ? 99 : 0)) / 100;
}

void rollout_bounds(const struct rollout_params *p, int64_t replicas,
                    int64_t *surge, int64_t *unavailable)
{
    assert(replicas >= 0);
    *surge = pods_of(p->max_surge, replicas, true);
    *unavailable = pods_of(p->max_unavailable, replicas, false);
    if (*surge == 0 && *unavailable == 0)
        *unavailable = 1;
    *unavailable = smaller(*unavailable, replicas);
}

static bool set(int64_t *spec, int64_t value)
{
    bool changed = *spec != value;

    *spec = value;
    return changed;
}

static bool recreate(struct rollout *r, int64_t replicas, int64_t n_old_left)
{
    if (r->old_spec > 0)
        return set(&r->old_spec, 0);
    return n_old_left == 0 && set(&r->new_spec, replicas);
}

/* Pods of the new template, as far as the surge has room for them. */
static int64_t new_wanted(const struct rollout *r, int64_t replicas,
                          int64_t surge)
{
    int64_t room = replicas + surge - r->new_spec - r->old_spec;

    if (r->new_spec >= replicas)
        return replicas;
    if (room <= 0)
        return r->new_spec;
    return r->new_spec + smaller(room, replicas - r->new_spec);
}

/* Old pods that may go: first those that are not available, and then
 * available ones down to the minimum. What the new ReplicaSet still owes is
 * taken off before, so that one bad new template cannot eat the old pods.
 */
static int64_t old_wanted(const struct rollout *r, int64_t min_available)
{
    int64_t new_missing = r->new_spec - r->new_available;
    int64_t most = r->new_spec + r->old_spec - min_available - new_missing;

    if (most <= 0)
        return r->old_spec;
    int64_t left = r->old_spec - smaller(most, r->old_spec - r->old_available);
    int64_t spare = r->new_available + r->old_available - min_available;

    return spare > 0 ? left - smaller(spare, left) : left;
}

bool rollout_on_sync(const struct rollout_params *p, struct rollout *r,
                     int64_t replicas, int64_t n_old_left)
{
    int64_t surge, unavailable;

    assert(r->new_available <= r->new_spec && r->old_available <= r->old_spec);
    if (p->recreate)
        return recreate(r, replicas, n_old_left);
    rollout_bounds(p, replicas, &surge, &unavailable);
    if (set(&r->new_spec, new_wanted(r, replicas, surge)))
        return true;
    return r->old_spec > 0 &&
           set(&r->old_spec, old_wanted(r, replicas - unavailable));
}

/* What one ReplicaSet gets of the change: its share by size, rounded half away
 * from zero, and never beyond what is left to hand out.
 */
static int64_t share(int64_t spec, int64_t from_total, int64_t to_total,
                     int64_t left)
{
    if (spec == 0 || left == 0 || from_total == 0)
        return 0;
    double size = (double)(spec * to_total) / (double)from_total;
    int64_t change = llround(size) - spec;

    if (left > 0)
        return change < 0 ? 0 : smaller(change, left);
    return change > 0 ? 0 : -smaller(-change, -left);
}

void rollout_on_scale(const struct rollout_params *p, struct rollout *r,
                      int64_t from, int64_t to)
{
    int64_t surge_from = 0, surge_to = 0, unused;

    assert(from >= 0 && to >= 0);
    if (r->old_spec == 0) {
        r->new_spec = to;
        return;
    }
    if (!p->recreate) {
        rollout_bounds(p, from, &surge_from, &unused);
        rollout_bounds(p, to, &surge_to, &unused);
    }
    int64_t from_total = from + surge_from;
    int64_t to_total = to > 0 ? to + surge_to : 0;
    int64_t left = to_total - r->new_spec - r->old_spec;
    bool new_first =
        left > 0 ? r->new_spec >= r->old_spec : r->new_spec > r->old_spec;
    int64_t *big = new_first ? &r->new_spec : &r->old_spec;
    int64_t *small = new_first ? &r->old_spec : &r->new_spec;
    int64_t big_change = share(*big, from_total, to_total, left);
    int64_t small_change =
        share(*small, from_total, to_total, left - big_change);

    *small += small_change;
    *big += left - small_change; /* the remainder, too */
    if (*big < 0)
        *big = 0;
}
