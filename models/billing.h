/* billing.h - what the nodes of one pool cost.
 *
 * Models    on-demand instances, paid by the second with a minimum, from the
 *           state running to TerminateInstances plus a moment.
 * Source    EC2 user guide, instance lifecycle and per-second billing.
 * Left out  discounts other than one factor, disks, data transfer, the
 *           control plane.
 */
#ifndef MODELS_BILLING_H
#define MODELS_BILLING_H

#include "sim/base/units.h"
#include "sim/engine/dist.h"

#include <stddef.h>
#include <stdint.h>

struct billing_params {
    struct dist start_delay; /* Launched to running */
    struct dist stop_delay;  /* TerminateInstances to shutting-down */
    sim_us minimum_us;       /* a started instance pays at least this */
    sim_us quantum_us;       /* rounded up to whole ones of these, > 0 */
    double price_factor;     /* 1 is the list price; >= 0 */
};

/* uniform(3s, 10s), uniform(0s, 2s), 60 s, 1 s, factor 1. */
void billing_defaults(struct billing_params *p);

/* Cost of one instance that runs from from_us to until_us >= from_us. */
double billing_usd(const struct billing_params *p, double usd_per_h,
                   sim_us from_us, sim_us until_us);

/* The running account of a pool. */
struct billing {
    const struct billing_params *p; /* borrowed */
    struct billing_item {
        uint32_t node;
        sim_us from_us;   /* when it started to run */
        sim_us shown_us;  /* what lies before is not counted */
        double usd_per_h; /* with price_factor */
    } * on;               /* owned; running nodes, oldest first */
    size_t n_on, cap_on;
    double closed_usd; /* of stopped ones */
};

void billing_init(struct billing *b, const struct billing_params *p);

/* As after billing_init with the same p; keeps its memory. */
void billing_again(struct billing *b);
void billing_free(struct billing *b); /* takes {0}; may repeat */

/* The instance of a node runs, or stops (ignored if it does not run), so a
 * node that stops while its instance is still pending must not be started. The
 * caller delays both by draws of start_delay and stop_delay.
 */
void billing_on_start(struct billing *b, sim_us now_us, uint32_t node,
                      double usd_per_h);
void billing_on_stop(struct billing *b, sim_us now_us, uint32_t node);

/* End of the warm-up: forgets all cost so far; running nodes count from now.
 */
void billing_reset(struct billing *b, sim_us now_us);

/* Cost since the start or the reset; running nodes count as if stopped now,
 * without the minimum.
 */
double billing_total_usd(const struct billing *b, sim_us now_us);

/* Cost per hour at this moment. */
double billing_rate_usd_per_h(const struct billing *b);

#endif
