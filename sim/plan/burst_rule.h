/* burst_rule.h - a maximum from the size of a burst, and what the burst was.
 *
 * Models    B builds that are asked for at one instant on M slots: they are
 *           served in waves of M, so that the last one starts after about
 *           ceil(B / M) - 1 mean builds.
 *           A record that was made on a pool of fixed size never shows more
 *           builds in service than the pool had slots. If its times are starts
 *           of service, builds that started out of a full house were asked for
 *           earlier; their run says when: its first build, on whatever pool.
 * Left out  waits of runs that start as a whole later than they were asked
 *           for: the demand found is then still too low.
 */
#ifndef SIM_PLAN_BURST_RULE_H
#define SIM_PLAN_BURST_RULE_H

#include "traces/trace.h"

/* The smallest number of slots for a burst whose last build is to start after
 * at most so many mean builds. The waves are whole, so that a fraction of a
 * build helps nobody: 2.9 tolerated builds need as many slots as 2.
 *
 * tolerated     >= 0
 * Returns ceil(burst / (floor(tolerated) + 1)); 0 for no burst.
 */
uint64_t burst_rule_slots(uint64_t burst, double tolerated);

struct burst_peak {
    int64_t recorded; /* peak of the demand as the record has it */
    bool capped;      /* looks cut by a fixed pool; see traces/stats.h */
    double capped_frac;
    size_t n_plateaus;  /* times that the demand stood at its peak, and */
    sim_us longest_us;  /* the longest of them */
    size_t n_moved;     /* builds that are taken to have waited */
    int64_t uncapped;   /* peak from first asking; at least, if capped */
    sim_us uncapped_us; /* when it is first reached */
};

/* The demand of a pool as if nobody had waited for it.
 *
 * pool      index into the strings of t
 * out       a copy of t in which the builds of a capped pool that started
 *           within five minutes of a full house are asked for when the first
 *           build of their run was, if that is earlier; builds without a run
 *           stay. Its strings have the numbers of those of t. Not capped:
 *           nothing is moved. NULL: not wanted.
 */
struct burst_peak burst_uncap(struct trace *out, const struct trace *t,
                              uint32_t pool);

#endif
