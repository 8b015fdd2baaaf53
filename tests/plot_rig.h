/* plot_rig.h - a run put together by hand, for tests of the figures. */
#ifndef TESTS_PLOT_RIG_H
#define TESTS_PLOT_RIG_H

#include "plots/figure.h"
#include "plots/plots.h"
#include "tests/support.h"

#include <string.h>

#define S(s) us_from_s(s)

enum { RIG_ROWS = 64, RIG_BUILDS = 64, RIG_POOLS = 6 };

struct rig {
    struct plots_input in;
    struct trace t;
    struct timeline_row rows[RIG_ROWS];
    struct build_result builds[RIG_BUILDS];
    uint32_t build_pool[RIG_BUILDS];
    const char *names[RIG_POOLS];
};

/* A window of so many seconds from 0, pools without rows or builds. */
static inline void rig_init(struct rig *r, size_t n_pools, double window_s)
{
    static const char *const names[RIG_POOLS] = {"amd64", "arm64", "s390x",
                                                 "riscv", "ppc",   "mips"};

    memset(r, 0, sizeof *r);
    memcpy(r->names, names, sizeof names);
    r->in = (struct plots_input){.title_prefix = "prod",
                                 .trace = &r->t,
                                 .pool_names = r->names,
                                 .n_pools = n_pools,
                                 .rows = r->rows,
                                 .builds = r->builds,
                                 .build_pool = r->build_pool,
                                 .window_us = S(window_s)};
}

static inline void rig_row(struct rig *r, double at_s, uint32_t pool,
                           struct pool_state state, double usd_per_h)
{
    assert_true(r->in.n_rows < RIG_ROWS);
    r->rows[r->in.n_rows++] =
        (struct timeline_row){S(at_s), pool, state, usd_per_h};
}

/* A build that is served after a wait and then works for 10 s. */
static inline struct build_result *rig_build(struct rig *r, uint32_t pool,
                                             double asked_s, double wait_s)
{
    struct trace_build b = {
        .asked_us = S(asked_s), .work_us = S(10), .leaves_us = SIM_NEVER};
    size_t i = r->t.n;

    assert_true(i < RIG_BUILDS);
    trace_add(&r->t, &b);
    r->build_pool[i] = pool;
    r->builds[i] = (struct build_result){.first_dial_us = S(asked_s),
                                         .waited_us = S(wait_s),
                                         .served_us = S(asked_s + wait_s),
                                         .end_us = S(asked_s + wait_s + 10),
                                         .attempts = 1,
                                         .end = END_SERVED,
                                         .counted = true};
    return &r->builds[i];
}

static inline void rig_free(struct rig *r)
{
    trace_free(&r->t);
}

#endif
