/* size_parts.h - shared by the files of size.h and by no one else. */
#ifndef SIM_PLAN_SIZE_PARTS_H
#define SIM_PLAN_SIZE_PARTS_H

#include "sim/plan/size.h"

/* The search of one pool. */
struct size_work {
    struct size_plan *plan;
    const struct size_task *task;
    uint32_t at;         /* the pool */
    struct size_pool *p; /* of the plan */
    double regretted;    /* at most so many removals a day */
    size_t *order;       /* owned; histories, those that threw out a */
    size_t n_order;      /* candidate first */
    double *hard;        /* owned; by history: p95 wait beside that of others */
    bool *helpless;      /* owned; by history: no minimum helps */
    size_t n_helpless[HISTORY_DAYS + 1];
    size_t n_tied;   /* candidates that only others' targets threw out */
    bool beside_all; /* later pools, too, are as recommended */
};

/* What a pool is given; combo 0 is today's. */
struct size_choice {
    uint32_t min, max;
    size_t combo;
};

/* What a pool that has an answer is given. */
struct size_choice size_settled(const struct size_pool *p);

/* The setting with this choice for the pool, beside the pools that are settled
 * already; ceilings of other parts are raised with it where they must be.
 * Errors    ERR_INPUT: a contradiction.
 */
int size_setting(const struct size_work *w, const struct size_choice *c,
                 size_t *setting, struct err *e);

/* Histories of a kind that may miss: of the record none. */
size_t size_may_miss(const struct size_task *task, enum history_kind kind);

/* Whether a run of the setting keeps the targets in the pool alone; *goal is
 * the first that is missed. A cost is no target of one history.
 */
bool size_keeps_own(const struct size_work *w, size_t setting, size_t history,
                    enum scenario_goal *goal);

/* The same for the pool and for those that are settled before it: Karpenter's
 * batches tie them together.
 */
bool size_keeps(const struct size_work *w, size_t setting, size_t history,
                enum scenario_goal *goal);

/* Mean over the screen of a figure of the pool. */
double size_screened(const struct size_work *w, size_t setting, size_t figure);

/* Another candidate on the screen, as those in p->tried were.
 * Errors    as size_setting, trials_run
 */
int size_try(const struct size_work *w, size_t combo, uint32_t min,
             struct size_candidate *c, struct err *e);

/* How many histories to ask at once after so many: enough for many machines,
 * and little is lost if the first of them says no.
 */
enum { SIZE_AT_ONCE = 2048 };
size_t size_at_once(size_t n_asked);

/* Sets candidate->reason by trying it on all histories. */
int size_race(struct size_work *w, struct size_candidate *c, struct err *e);

/* The cheapest candidate, in p->best. */
int size_chains(struct size_work *w, struct err *e);

/* The maximum of the best candidate, in p->max_proved and p->max_history. */
int size_maximum(struct size_work *w, struct err *e);

/* Fills peaks and peak of every pool. */
void size_peaks(struct size_plan *plan, const struct trials *t);

/* Pods up to whole nodes. */
uint32_t size_nodes(const struct size_pool *p, uint64_t pods);

#endif
