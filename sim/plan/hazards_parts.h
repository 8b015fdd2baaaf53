/* hazards_parts.h - the rules of hazards.h, by what they look at. */
#ifndef SIM_PLAN_HAZARDS_PARTS_H
#define SIM_PLAN_HAZARDS_PARTS_H

#include "sim/plan/hazards.h"
#include "traces/by_pool.h"

/* What a rule is given. */
struct hazard_search {
    struct hazards *found;
    const struct scenario *s;
    const struct system_params *p;
    struct by_pool builds; /* of the history; none without one */
    bool *is_dialled;      /* by backend, see system_dialled */
};

/* A new hazard; the caller prints into what and advice. */
struct hazard *hazard_add(struct hazard_search *h, enum hazard_level level,
                          const char *code);

/* Whether an object is a pool's: it bears its name, or ends in "-name". */
bool hazard_is_named(const char *object, const char *name);

/* Says where the object stands that a pool gets such settings from: the first
 * of the kind that bears the name or ends in "-name".
 */
void hazard_place(struct hazard_search *h, struct hazard *at, const char *kind,
                  const char *name);

void hazard_what(struct hazard *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void hazard_advice(struct hazard *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Errors first; equal levels stay in the order in which they were found. */
void hazards_sort(struct hazards *h);

/* The most pods that a pool may have: its scaler's maximum or its replicas. */
uint32_t hazard_most(const struct pool_params *pool);

/* The most pods that node pools, limits and the account's quota let it have. */
int64_t hazard_room(const struct system_params *p,
                    const struct pool_params *pool);

void hazards_balancer(struct hazard_search *h); /* slots, DNS */
void hazards_front(struct hazard_search *h);    /* balancers, what they hide */
void hazards_scaling(struct hazard_search *h);  /* bounds, fallback, no-ops */
void hazards_nodes(struct hazard_search *h);    /* limits, sizes */
void hazards_return(struct hazard_search *h);   /* are nodes given back? */
void hazards_alerts(struct hazard_search *h);   /* alert conditions */
void hazards_reach(struct hazard_search *h);    /* tolerance, maximum */
void hazards_ends(struct hazard_search *h);     /* grace, drain, patience */

#endif
