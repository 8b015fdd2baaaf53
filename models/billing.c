#include "models/billing.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

void billing_defaults(struct billing_params *p)
{
    *p = (struct billing_params){
        .start_delay = {DIST_UNIFORM, 3, 10, 3, 10},
        .stop_delay = {DIST_UNIFORM, 0, 2, 0, 2},
        .minimum_us = 60 * US_PER_S,
        .quantum_us = 1 * US_PER_S,
        .price_factor = 1.0,
    };
}

/* What is paid for an instance that ran for so long. */
static sim_us paid_us(const struct billing_params *p, sim_us ran_us)
{
    sim_us us = ran_us > p->minimum_us ? ran_us : p->minimum_us;

    assert(ran_us >= 0 && p->quantum_us > 0);
    return (us + p->quantum_us - 1) / p->quantum_us * p->quantum_us;
}

static double usd_for(double usd_per_h, sim_us us)
{
    return usd_per_h * (double)us / (double)US_PER_H;
}

double billing_usd(const struct billing_params *p, double usd_per_h,
                   sim_us from_us, sim_us until_us)
{
    return usd_for(usd_per_h * p->price_factor, paid_us(p, until_us - from_us));
}

void billing_init(struct billing *b, const struct billing_params *p)
{
    *b = (struct billing){.p = p};
}

void billing_again(struct billing *b)
{
    b->n_on = 0;
    b->closed_usd = 0.0;
}

void billing_free(struct billing *b)
{
    free(b->on);
    *b = (struct billing){0};
}

/* Position of the node in on[], n_on if it is not there. */
static size_t find(const struct billing *b, uint32_t node)
{
    size_t i = 0;

    while (i < b->n_on && b->on[i].node != node)
        i++;
    return i;
}

void billing_on_start(struct billing *b, sim_us now_us, uint32_t node,
                      double usd_per_h)
{
    assert(usd_per_h >= 0.0 && find(b, node) == b->n_on);
    b->on = mem_grow(b->on, &b->cap_on, b->n_on + 1, sizeof *b->on);
    b->on[b->n_on++] = (struct billing_item){
        .node = node,
        .from_us = now_us,
        .shown_us = now_us,
        .usd_per_h = usd_per_h * b->p->price_factor,
    };
}

void billing_on_stop(struct billing *b, sim_us now_us, uint32_t node)
{
    size_t at = find(b, node);

    if (at == b->n_on)
        return;
    struct billing_item item = b->on[at];
    sim_us until_us = item.from_us + paid_us(b->p, now_us - item.from_us);

    /* Order is kept, so that sums are added in one order on every run. */
    for (b->n_on--; at < b->n_on; at++)
        b->on[at] = b->on[at + 1];
    b->closed_usd += usd_for(item.usd_per_h, until_us - item.shown_us);
}

void billing_reset(struct billing *b, sim_us now_us)
{
    b->closed_usd = 0.0;
    for (size_t i = 0; i < b->n_on; i++)
        b->on[i].shown_us = now_us;
}

double billing_total_usd(const struct billing *b, sim_us now_us)
{
    double usd = b->closed_usd;

    for (size_t i = 0; i < b->n_on; i++)
        usd += usd_for(b->on[i].usd_per_h, now_us - b->on[i].shown_us);
    return usd;
}

double billing_rate_usd_per_h(const struct billing *b)
{
    double usd_per_h = 0.0;

    for (size_t i = 0; i < b->n_on; i++)
        usd_per_h += b->on[i].usd_per_h;
    return usd_per_h;
}
