/* hpa_rig.h - an HPA with windows of its own. */
#ifndef TESTS_HPA_RIG_H
#define TESTS_HPA_RIG_H

#include "models/hpa.h"
#include "models/hpa_rules.h"
#include "tests/support.h"

static inline void with_windows(struct hpa_params *p, sim_us up_us,
                                sim_us down_us)
{
    hpa_defaults(p);
    p->n_metrics = 1;
    p->metrics[0].target_milli = 1000;
    p->has_behavior = true;
    p->up.has_window = p->down.has_window = true;
    p->up.window_us = up_us;
    p->down.window_us = down_us;
    hpa_behavior_defaults(p);
}

#endif
