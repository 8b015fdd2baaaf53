#include "models/hpa_rules.h"
#include "sim/base/mem.h"

#include <assert.h>

sim_us hpa_log_keep_us(const struct hpa_params *p)
{
    if (!p->has_behavior)
        return p->down_stabilization_us;
    sim_us up_us = hpa_up_window_us(p);
    sim_us down_us = hpa_down_window_us(p);
    return up_us > down_us ? up_us : down_us;
}

/* Which slot is reused decides which old entries survive, so the order of
 * slots is part of the state.
 */
void hpa_log(struct hpa *h, sim_us now_us, int32_t proposal)
{
    sim_us oldest_us = now_us - hpa_log_keep_us(h->p);
    size_t slot = h->n_log;

    for (size_t i = h->n_log; i-- > 0;) {
        if (h->log[i].at_us < oldest_us) {
            slot = i;
            break;
        }
    }
    if (slot == h->n_log) {
        h->log = mem_grow(h->log, &h->cap_log, h->n_log + 1, sizeof *h->log);
        h->n_log++;
    }
    h->log[slot] = (struct hpa_recommendation){now_us, proposal};
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
    uint64_t q = (uint64_t)(hpa_log_keep_us(h->p) / step_us) + 1;
    uint64_t n_head = n < 2 * q ? n : 2 * q;

    for (uint64_t i = 0; i < n_head; i++)
        hpa_log(h, first_us + (sim_us)i * step_us, proposal);
    if (n <= 2 * q)
        return;
    sim_us settled_us = first_us + (sim_us)q * step_us;
    for (size_t i = 0; i < h->n_log; i++) {
        sim_us at_us = h->log[i].at_us;
        if (at_us < settled_us)
            continue;
        uint64_t j = (uint64_t)((at_us - first_us) / step_us);
        uint64_t rounds = (n - 1 - j) / q;
        h->log[i].at_us = at_us + (sim_us)(rounds * q) * step_us;
    }
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
