/* flap.h - capacity that was given up and wanted back, and what came of it.
 *
 * Models    churn of the wanted replicas, pairs of removal and return by
 *           level, reversals, pods and nodes that lived briefly, starts within
 *           a rolling window; of one pool over the window [from, until).
 *           Each level of the wanted count remembers when it was given up:
 *           removals and returns are matched last in, first out.
 * Left out  limit cycles and the step response: see step_response.h.
 */
#ifndef SIM_PLAN_FLAP_H
#define SIM_PLAN_FLAP_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>

enum { FLAP_GAPS = 5 }; /* points of the curve over the gap */

#define FLAP_ROLLING_US (600 * US_PER_S)   /* of the start budget */
#define FLAP_NODE_LIFE_US (900 * US_PER_S) /* a shorter life is a brief one */
#define FLAP_WARM_US (3600 * US_PER_S)     /* a node's cache counts as warm */

extern const sim_us flap_gaps_us[FLAP_GAPS]; /* 1, 2, 5, 10, 30 minutes */

/* Starts with flap_start; may be started again. */
struct flap {
    sim_us from_us, until_us;
    sim_us break_even_us;  /* holding so long costs as much as a start */
    sim_us down_window_us; /* of the scaler; a self-check */
    uint32_t wanted;
    int last_sign; /* of the last change; 0: none yet */
    sim_us last_change_us;
    uint64_t moved, n_reversals, n_hasty, n_hasty_downs;
    uint64_t n_pairs[FLAP_GAPS];
    double saved_us;     /* what a longer hold would have saved, in pod time */
    sim_us *given_up_us; /* owned; by level */
    size_t cap_given_up;
    sim_us *starts_us; /* owned; of pods, not falling */
    size_t n_starts, cap_starts;
    sim_us *lives_us; /* owned; of ended pods that were ready once */
    size_t n_lives, cap_lives;
    double lag_us; /* sum from creation to readiness */
    uint64_t n_lags, n_never_ready, n_nodes, n_brief_nodes;
};

struct flap_figures {
    double churn;                    /* replicas moved */
    double pairs_per_day[FLAP_GAPS]; /* wanted back within the gap */
    double hold_saves_pod_h;
    double reversals_per_day;
    double hasty_frac;  /* reversals sooner than the scaler's down window */
    double hasty_downs; /* of these, those that remove: 0 if it is obeyed */
    double brief_frac; /* pods that ended within brief_s, of those ready once */
    double brief_s;    /* twice the mean time from creation to readiness */
    double never_ready; /* pods that ended before */
    double brief_nodes_frac;
    double starts_p99, starts_max; /* pods created in a rolling window */
};

void flap_start(struct flap *f, sim_us from_us, sim_us until_us,
                sim_us break_even_us, sim_us down_window_us);
void flap_free(struct flap *f); /* takes {0}; may repeat */

/* The wanted replicas from at_us on; at_us never falls. What happens up to the
 * start of the window is its first state, but a level that was given up then
 * may be wanted back later.
 */
void flap_on_wanted(struct flap *f, sim_us at_us, uint32_t wanted);

void flap_on_pod_created(struct flap *f, sim_us at_us);

/* lag_us    from creation to readiness */
void flap_on_pod_ready(struct flap *f, sim_us at_us, sim_us lag_us);

/* life_us   since creation; SIM_NEVER: from before the history
 * was_ready once, or not
 */
void flap_on_pod_gone(struct flap *f, sim_us at_us, sim_us life_us,
                      bool was_ready);
void flap_on_node_gone(struct flap *f, sim_us at_us, sim_us life_us);

/* Ends the window. Everything is 0 if it is empty; shares of nothing are 0. */
void flap_take(const struct flap *f, struct flap_figures *out);

/* A build's stay on a node. */
struct flap_stay {
    uint32_t node;
    sim_us from_us, until_us; /* SIM_NEVER: still there at the end */
    bool counted;             /* in the share; all stays warm the node */
};

/* Share of the counted stays that begin on a node on which a build ended at
 * most warm_us before; 0 if none is counted. Sorts the stays.
 */
double flap_warm_frac(struct flap_stay *stays, size_t n, sim_us warm_us);

#endif
