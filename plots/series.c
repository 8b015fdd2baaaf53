#include "plots/series.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Takes in the rows up to now; afterwards next is the first later row. */
static void take_rows(struct series *s)
{
    const struct plots_input *in = s->in;

    for (; s->next < in->n_rows; s->next++) {
        const struct timeline_row *r = &in->rows[s->next];

        if (r->at_us > s->at_us)
            break;
        if (r->pool != s->pool)
            continue;
        s->state = r->state;
        s->usd_per_h = r->usd_per_h;
    }
}

void series_start(struct series *s, const struct plots_input *in, uint32_t pool,
                  sim_us from_us, sim_us until_us)
{
    *s = (struct series){
        .in = in, .pool = pool, .at_us = from_us, .until_us = until_us};
}

/* When the pool's next row comes, or the end of the interval. */
static sim_us next_change(struct series *s)
{
    const struct plots_input *in = s->in;

    while (s->next < in->n_rows && in->rows[s->next].pool != s->pool)
        s->next++;
    if (s->next == in->n_rows || in->rows[s->next].at_us > s->until_us)
        return s->until_us;
    return in->rows[s->next].at_us;
}

bool series_next(struct series *s, struct series_step *out)
{
    if (s->at_us >= s->until_us)
        return false;
    take_rows(s);
    *out = (struct series_step){.from_us = s->at_us,
                                .until_us = next_change(s),
                                .state = s->state,
                                .usd_per_h = s->usd_per_h};
    s->at_us = out->until_us;
    return true;
}

static void end_step(struct series_step *x, sim_us until_us, uint32_t pool,
                     series_heard on_step, void *context)
{
    x->until_us = until_us;
    if (x->from_us < until_us)
        on_step(context, pool, x);
    x->from_us = until_us;
}

void series_all(const struct plots_input *in, series_heard on_step,
                void *context)
{
    struct series_step *steps = mem_array(in->n_pools, sizeof *steps);
    sim_us from_us = in->window_from_us, until_us = from_us + in->window_us;

    for (uint32_t pool = 0; pool < in->n_pools; pool++)
        steps[pool].from_us = from_us;
    for (size_t i = 0; i < in->n_rows && in->rows[i].at_us < until_us; i++) {
        const struct timeline_row *r = &in->rows[i];
        struct series_step *x = &steps[r->pool];

        if (r->at_us > x->from_us)
            end_step(x, r->at_us, r->pool, on_step, context);
        x->state = r->state;
        x->usd_per_h = r->usd_per_h;
    }
    for (uint32_t pool = 0; pool < in->n_pools; pool++)
        end_step(&steps[pool], until_us, pool, on_step, context);
    free(steps);
}

static void raise(struct pool_state *max, const struct pool_state *s)
{
    int32_t *to = (int32_t *)max;
    const int32_t *from = (const int32_t *)s;

    for (size_t i = 0; i < POOL_LEVELS; i++)
        if (from[i] > to[i])
            to[i] = from[i];
}

sim_us series_column_us(sim_us from_us, sim_us width_us, size_t i, size_t n)
{
    /* In two parts, because width times i may not fit. */
    sim_us whole = width_us / (sim_us)n, rest = width_us % (sim_us)n;

    return from_us + whole * (sim_us)i + rest * (sim_us)i / (sim_us)n;
}

void series_envelope(const struct plots_input *in, uint32_t pool,
                     struct pool_state max[], size_t n)
{
    sim_us from_us = in->window_from_us, width_us = in->window_us;
    struct series_step step;
    struct series s;
    size_t i = 0;

    assert(n > 0);
    memset(max, 0, n * sizeof *max);
    series_start(&s, in, pool, from_us, from_us + width_us);
    while (series_next(&s, &step)) {
        while (series_column_us(from_us, width_us, i + 1, n) <= step.from_us)
            i++;
        raise(&max[i], &step.state);
        while (series_column_us(from_us, width_us, i + 1, n) < step.until_us)
            raise(&max[++i], &step.state);
    }
}

struct pool_state series_peak(const struct plots_input *in, uint32_t pool)
{
    struct pool_state peak;

    series_envelope(in, pool, &peak, 1);
    return peak;
}

size_t series_builds(const struct plots_input *in, uint32_t pool)
{
    size_t n = 0;

    for (size_t i = 0; i < in->trace->n; i++)
        n += in->build_pool[i] == pool && in->builds[i].counted;
    return n;
}

static size_t *count_builds(const struct plots_input *in)
{
    size_t *n = mem_array(in->n_pools, sizeof *n);

    for (size_t i = 0; i < in->trace->n; i++)
        if (in->build_pool[i] < in->n_pools)
            n[in->build_pool[i]] += in->builds[i].counted;
    return n;
}

size_t series_biggest(const struct plots_input *in, uint32_t pools[MAX_DRAWN])
{
    size_t *builds = count_builds(in), sizes[MAX_DRAWN];
    size_t n = 0;

    for (uint32_t pool = 0; pool < in->n_pools; pool++) {
        size_t size = builds[pool], i = n;

        if (n == MAX_DRAWN && size <= sizes[n - 1])
            continue;
        if (n < MAX_DRAWN)
            n++;
        else
            i--;
        for (; i > 0 && sizes[i - 1] < size; i--) {
            sizes[i] = sizes[i - 1];
            pools[i] = pools[i - 1];
        }
        sizes[i] = size;
        pools[i] = pool;
    }
    free(builds);
    return n;
}
