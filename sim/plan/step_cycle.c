/* step_cycle.c - whether the loop swings by itself. */
#include "sim/plan/step_response.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

/* A curve on the grid, less its moving average. */
struct grid {
    double *x; /* owned */
    size_t n;
    double squares;
};

static double *sample(const struct step_curve *c, sim_us from_us, size_t n)
{
    double *x = mem_array(n, sizeof *x), value = 0.0;
    size_t next = 0;

    for (size_t i = 0; i < n; i++) {
        sim_us at_us = from_us + (sim_us)i * CYCLE_STEP_US;
        for (; next < c->n && c->steps[next].at_us <= at_us; next++)
            value = c->steps[next].builds;
        x[i] = value;
    }
    return x;
}

/* Centred; shorter on the side of an end. */
static struct grid detrended(const struct step_curve *c, sim_us from_us,
                             size_t n, size_t half)
{
    double *x = sample(c, from_us, n);
    double *sum = mem_array(n + 1, sizeof *sum);
    struct grid g = {.x = mem_array(n, sizeof *g.x), .n = n};

    for (size_t i = 0; i < n; i++)
        sum[i + 1] = sum[i] + x[i];
    for (size_t i = 0; i < n; i++) {
        size_t low = i > half ? i - half : 0;
        size_t high = i + half + 1 < n ? i + half + 1 : n;
        g.x[i] = x[i] - (sum[high] - sum[low]) / (double)(high - low);
        g.squares += g.x[i] * g.x[i];
    }
    free(x);
    free(sum);
    return g;
}

static double correlation(const struct grid *g, size_t lag)
{
    double sum = 0.0;

    if (!(g->squares > 0.0) || lag >= g->n)
        return 0.0;
    for (size_t i = 0; i + lag < g->n; i++)
        sum += g->x[i] * g->x[i + lag];
    return sum / g->squares;
}

static size_t lobe_end(const double r[], size_t lag, size_t most)
{
    while (lag <= most && r[lag] > 0.0)
        lag++;
    return lag;
}

/* The top of the next lobe above 0 that passes CYCLE_STRENGTH between `from`
 * and `most`, so that a ripple on its flank is not taken for it; 0: none.
 */
static size_t next_peak(const double r[], size_t from, size_t most)
{
    for (size_t lag = from > 0 ? from : 1; lag <= most; lag++) {
        size_t end = lobe_end(r, lag, most), top = lag;
        for (; lag < end; lag++)
            top = r[lag] > r[top] ? lag : top;
        if (r[top] > CYCLE_STRENGTH && r[top] > r[top - 1] &&
            r[top] >= r[top + 1])
            return top;
    }
    return 0;
}

static double *correlations(const struct step_curve *c,
                            const struct cycle_task *t, size_t n, size_t most)
{
    size_t half = (size_t)(t->most_us / CYCLE_STEP_US);
    struct grid g = detrended(c, t->from_us, n, half);
    double *r = mem_array(most + 2, sizeof *r);

    for (size_t lag = 0; lag <= most + 1; lag++)
        r[lag] = correlation(&g, lag);
    free(g.x);
    return r;
}

/* The supply's first swing that is not the demand's. */
static size_t find(const double supply[], const double demand[], size_t least,
                   size_t most)
{
    size_t lag = 0;

    while (lag <= most && supply[lag] > 0.0)
        lag++;
    lag = lag > least ? lag : least;
    while ((lag = next_peak(supply, lag, most)) > 0) {
        size_t near = lag / 10 + 1;
        size_t theirs = next_peak(demand, lag - near, lag + near);
        if (theirs == 0)
            return lag;
        lag = lobe_end(supply, lag, most);
    }
    return 0;
}

struct cycle step_cycle(const struct cycle_task *t)
{
    assert(t->from_us <= t->until_us && t->least_us > 0);
    size_t n = (size_t)((t->until_us - t->from_us) / CYCLE_STEP_US);
    size_t most = (size_t)(t->most_us / CYCLE_STEP_US);
    size_t least = (size_t)((t->least_us + CYCLE_STEP_US - 1) / CYCLE_STEP_US);
    size_t beyond = most + most / 10 + 1; /* a peak of the demand near by */
    struct cycle c = {0};

    double *supply = correlations(&t->supply, t, n, beyond);
    double *demand = correlations(&t->demand, t, n, beyond);
    size_t lag = find(supply, demand, least, most);
    if (lag > 0)
        c = (struct cycle){(sim_us)lag * CYCLE_STEP_US, supply[lag]};
    free(supply);
    free(demand);
    return c;
}
