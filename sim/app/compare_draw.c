/* compare_draw.c - what the figures of a comparison are drawn from. */
#include "plots/pair.h"
#include "sim/app/compare_out.h"
#include "sim/base/mem.h"

#include <stdlib.h>

/* One side as the figures want it. */
struct drawn {
    const char *names[SCENARIO_POOLS];
    uint32_t *pools; /* owned; of the builds */
    struct plots_input in;
};

static void fill(struct drawn *d, const struct compare_side *side)
{
    const struct run *r = &side->run;
    const struct scenario *s = &r->scenario;

    d->pools = mem_array(s->trace.n, sizeof *d->pools);
    for (size_t i = 0; i < s->trace.n; i++)
        d->pools[i] = s->pool_of[s->trace.builds[i].pool];
    for (size_t i = 0; i < s->system.n_pools; i++)
        d->names[i] = s->system.pools[i].name;
    d->in = (struct plots_input){
        .title_prefix = run_trace_name(r),
        .trace = &s->trace,
        .pool_names = d->names,
        .n_pools = s->system.n_pools,
        .rows = r->log.rows,
        .n_rows = r->log.n_rows,
        .builds = r->log.builds,
        .build_pool = d->pools,
        .window_from_us = s->system.warm_up_us,
        .window_us = r->results.horizon_us - s->system.warm_up_us,
        .synthetic = s->trace.synthetic,
    };
}

int compare_draw(struct compare_job *j, struct err *e)
{
    struct drawn d[SIDES];
    int rc = ERR_OK;

    for (int i = 0; i < SIDES; i++)
        fill(&d[i], &j->side[i]);
    if (d[BASE].in.window_us > 0 && d[HEAD].in.window_us > 0) {
        rc = pair_draw(j->options->out, &d[BASE].in, &d[HEAD].in, e);
        j->has_plots = rc == ERR_OK && app_pictures(j->options->quiet);
    }
    for (int i = 0; i < SIDES; i++)
        free(d[i].pools);
    return rc;
}
