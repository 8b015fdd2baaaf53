/* run_plots.c - what the figures of a run are drawn from. */
#include "sim/app/run.h"
#include "sim/base/mem.h"

#include <stdlib.h>

void run_drawing_take(struct run_drawing *d, const struct run *r)
{
    const struct scenario *s = &r->scenario;

    d->pools = mem_array(s->trace.n, sizeof *d->pools);
    for (size_t i = 0; i < s->trace.n; i++)
        d->pools[i] = s->pool_of[s->trace.builds[i].pool];
    d->names = mem_array(s->system.n_pools, sizeof *d->names);
    for (size_t i = 0; i < s->system.n_pools; i++)
        d->names[i] = s->system.pools[i].name;
    d->in = (struct plots_input){
        .title_prefix = s->name,
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

void run_drawing_free(struct run_drawing *d)
{
    free(d->pools);
    free(d->names);
    *d = (struct run_drawing){0};
}

static int draw(const struct run *r, struct err *e)
{
    struct run_drawing d;

    run_drawing_take(&d, r);
    int rc = plots_draw(r->options->out, &d.in, e);

    run_drawing_free(&d);
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
