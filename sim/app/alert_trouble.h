/* alert_trouble.h - what an alert should have been about.
 *
 * Models    a trouble of a pool: builds that wait longer than the scenario's
 *           p95_wait allows (5 minutes without that target), from then until
 *           they have their slot or end; builds that are given up, killed, cut
 *           or timed out, at that moment. Troubles of a pool that are less
 *           than ALERT_GRACE apart are one. A spell of an alert covers a
 *           trouble if both hold at some instant; it is near if it misses one
 *           by less than ALERT_GRACE, and else false, unless a fault of the
 *           scenario is as near.
 * Left out  builds of the warm-up; loss of a pod whose build is repeated.
 */
#ifndef SIM_APP_ALERT_TROUBLE_H
#define SIM_APP_ALERT_TROUBLE_H

#include "models/system_result.h"
#include "scenarios/scenario.h"
#include "sim/app/alert_engine.h"

#define ALERT_GRACE (15 * 60 * US_PER_S)

struct trouble {
    uint32_t pool;
    sim_us from_us, until_us; /* both included */
    uint32_t n_waiting, n_lost;
};

/* Starts from {0}. */
struct troubles {
    struct trouble *at; /* owned; by instant of their beginning */
    size_t n, cap;
};

/* How long a build may wait before that is a trouble. */
sim_us trouble_bound_us(const struct scenario *s);

void troubles_find(struct troubles *out, const struct scenario *s,
                   const struct build_result builds[]);
void troubles_free(struct troubles *t);

enum spell_meaning { SPELL_REAL, SPELL_NEAR, SPELL_FAULT, SPELL_FALSE };

/* What a spell was about.
 *
 * pool      that its labels name, or NO_INDEX: any
 * trouble   set to the first that it covers or is near, or to NO_INDEX
 */
enum spell_meaning spell_judge(const struct alert_spell *x, uint32_t pool,
                               const struct troubles *t,
                               const struct scenario *s, uint32_t *trouble);

/* Whether the spell covers the trouble. */
bool spell_covers(const struct alert_spell *x, uint32_t pool,
                  const struct trouble *t);

/* The pool whose objects the labels name; NO_INDEX if none or several. */
uint32_t spell_pool(const struct scenario *s, const char *labels);

/* Whether the spell holds at some moment of the fault, or soon after. */
bool spell_touches_fault(const struct alert_spell *x, uint32_t pool,
                         const struct fault *f);

const char *spell_meaning_name(enum spell_meaning m);

#endif
