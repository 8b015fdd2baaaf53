/* run_plots.c - what the figures of a run are drawn from. */
#include "plots/plots.h"
#include "sim/app/run.h"
#include "sim/base/mem.h"

#include <stdlib.h>

static uint32_t *pools_of_builds(const struct scenario *s)
{
    uint32_t *pools = mem_array(s->trace.n, sizeof *pools);

    for (size_t i = 0; i < s->trace.n; i++)
        pools[i] = s->pool_of[s->trace.builds[i].pool];
    return pools;
}

static int draw(const struct run *r, struct err *e)
{
    const struct scenario *s = &r->scenario;
    const char *names[SCENARIO_POOLS];
    uint32_t *pools = pools_of_builds(s);
    const struct plots_input in = {
        .title_prefix = s->name,
        .trace = &s->trace,
        .pool_names = names,
        .n_pools = s->system.n_pools,
        .rows = r->log.rows,
        .n_rows = r->log.n_rows,
        .builds = r->log.builds,
        .build_pool = pools,
        .window_from_us = s->system.warm_up_us,
        .window_us = r->results.horizon_us - s->system.warm_up_us,
        .synthetic = s->trace.synthetic,
    };

    for (size_t i = 0; i < s->system.n_pools; i++)
        names[i] = s->system.pools[i].name;
    int rc = plots_draw(r->options->out, &in, e);

    free(pools);
    return rc;
}

int run_draw(struct run *r, struct err *e)
{
    if (r->results.horizon_us <= r->scenario.system.warm_up_us)
        return ERR_OK;
    int rc = draw(r, e);

    r->has_plots = rc == ERR_OK && app_pictures(r->options->quiet);
    return rc;
}
