#include "models/hpa_rules.h"
#include "sim/base/mem.h"

#include <assert.h>

/* Age beyond which a slot of the log may be reused. */
static sim_us keep_us_of(const struct hpa_params *p)
{
    if (!p->has_behavior)
        return p->down_stabilization_us;
    sim_us up_us = hpa_up_window_us(p);
    sim_us down_us = hpa_down_window_us(p);
    return up_us > down_us ? up_us : down_us;
}

/* above_us[i] is the oldest time in the slots from i on, for every i behind the
 * slot that was written last: there the search can stop where it is young.
 */
static void know_above(struct hpa *h, size_t slot)
{
    sim_us oldest_us = SIM_NEVER;

    for (size_t i = h->n_log; i-- > slot + 1;) {
        if (h->log[i].at_us < oldest_us)
            oldest_us = h->log[i].at_us;
        h->above_us[i] = oldest_us;
    }
    h->has_above = true;
}

/* The last slot that is older than that, or n_log. */
static size_t last_free(const struct hpa *h, sim_us oldest_us)
{
    size_t from = h->has_above ? h->written + 1 : h->n_log;
    size_t i = from;

    while (i < h->n_log && h->above_us[i] < oldest_us)
        i++;
    if (i > from)
        return i - 1;
    while (from-- > 0)
        if (h->log[from].at_us < oldest_us)
            return from;
    return h->n_log;
}

bool hpa_log_has_peak(const struct hpa *h, sim_us after_us)
{
    return after_us >= h->peak_after_us && h->peak.at_us > after_us;
}

/* The last entry is as told. The window is longest for it, so that the peak
 * holds for shorter and later ones, too.
 */
static void know_peak(struct hpa *h, sim_us now_us, int32_t proposal)
{
    sim_us after_us = now_us - keep_us_of(h->p) - 1;

    if (!hpa_log_has_peak(h, after_us)) {
        h->peak = (struct hpa_recommendation){after_us, INT32_MIN};
        h->peak_after_us = after_us;
        for (size_t i = 0; i < h->n_log; i++) {
            const struct hpa_recommendation *e = &h->log[i];
            if (e->at_us > after_us && e->replicas >= h->peak.replicas)
                h->peak = *e;
        }
    }
    if (proposal >= h->peak.replicas)
        h->peak = (struct hpa_recommendation){now_us, proposal};
}

/* Which slot is reused decides which old entries survive, so the order of
 * slots is part of the state.
 */
static void put(struct hpa *h, sim_us now_us, sim_us keep_us, int32_t proposal)
{
    size_t slot = last_free(h, now_us - keep_us);
    bool behind = h->has_above && slot > h->written;

    if (slot == h->n_log) {
        h->n_log++;
        h->log = mem_grow(h->log, &h->cap_log, h->n_log, sizeof *h->log);
        h->above_us =
            mem_grow(h->above_us, &h->cap_above, h->n_log, sizeof *h->above_us);
    }
    h->log[slot] = (struct hpa_recommendation){now_us, proposal};
    if (!behind)
        know_above(h, slot);
    h->written = slot;
}

void hpa_log(struct hpa *h, sim_us now_us, int32_t proposal)
{
    put(h, now_us, keep_us_of(h->p), proposal);
    know_peak(h, now_us, proposal);
}

/* Of n entries, 2 q are logged; the others put off the times of the last q. */
static void put_off(struct hpa *h, sim_us first_us, sim_us step_us, uint64_t n,
                    uint64_t q)
{
    sim_us settled_us = first_us + (sim_us)q * step_us;

    h->has_above = false;
    for (size_t i = 0; i < h->n_log; i++) {
        sim_us at_us = h->log[i].at_us;
        if (at_us < settled_us)
            continue;
        uint64_t j = (uint64_t)((at_us - first_us) / step_us);
        uint64_t rounds = (n - 1 - j) / q;
        h->log[i].at_us = at_us + (sim_us)(rounds * q) * step_us;
    }
}

/* A slot is free again q entries after it was written. By then every older
 * entry is free, too, and each of the next q entries takes the highest free
 * slot, which leaves lower ones behind. So from the entry 2q on, entry j goes
 * where entry j - q went, and only the times of the last q slots move.
 */
void hpa_log_repeat(struct hpa *h, sim_us first_us, sim_us step_us, uint64_t n,
                    int32_t proposal)
{
    assert(step_us > 0);
    sim_us keep_us = keep_us_of(h->p);
    uint64_t q = (uint64_t)(keep_us / step_us) + 1;
    uint64_t n_head = n < 2 * q ? n : 2 * q;

    if (n == 0)
        return;
    for (uint64_t i = 0; i < n_head; i++)
        put(h, first_us + (sim_us)i * step_us, keep_us, proposal);
    if (n > n_head)
        put_off(h, first_us, step_us, n, q);
    know_peak(h, first_us + (sim_us)(n - 1) * step_us, proposal);
}

static sim_us longest_period_us(const struct hpa_rules *rules)
{
    sim_us longest_us = 0;

    for (size_t i = 0; i < rules->n_policies; i++)
        if (rules->policies[i].period_us > longest_us)
            longest_us = rules->policies[i].period_us;
    return longest_us;
}

void hpa_events_store(struct hpa_events *e, const struct hpa_rules *rules,
                      sim_us now_us, int32_t change)
{
    sim_us oldest_us = now_us - longest_period_us(rules);
    size_t slot = e->n;

    for (size_t i = 0; i < e->n; i++) {
        if (e->at[i].at_us < oldest_us)
            e->at[i].stale = true;
        if (e->at[i].stale)
            slot = i;
    }
    if (slot == e->n) {
        e->at = mem_grow(e->at, &e->cap, e->n + 1, sizeof *e->at);
        e->n++;
    }
    e->at[slot] = (struct hpa_event){now_us, change, false};
}

int32_t hpa_events_sum(const struct hpa_events *e, sim_us now_us,
                       sim_us period_us)
{
    uint32_t sum = 0; /* wraps as upstream's int32 does */

    for (size_t i = 0; i < e->n; i++)
        if (e->at[i].at_us > now_us - period_us)
            sum += (uint32_t)e->at[i].change;
    return (int32_t)sum;
}
