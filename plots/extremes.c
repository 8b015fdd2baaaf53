#include "plots/extremes.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define COUNTS "builds, pods"

/* In the order of level_values. */
const struct extremes_level extremes_levels[EXTREMES_LEVELS] = {
    {"demand", "demand", COUNTS, "sky", true, 1.0},
    {"waiting", "builds waiting", COUNTS, "red", true, 1.0},
    {"wanted", "pods wanted", COUNTS, "orange", false, 1.0},
    {"ready", "pods ready", COUNTS, "green", true, 1.0},
    {"sessions", "sessions", COUNTS, "blue", false, 1.0},
    {"queue", "queue", COUNTS, "purple", false, 1.0},
    {"nodes", "nodes", "nodes", "grey", true, 1.0},
    {"cost", "cost rate", "$ an hour", "black", true, 0.01},
};

static void level_values(const struct series_step *s,
                         int32_t out[EXTREMES_LEVELS])
{
    const struct pool_state *p = &s->state;
    double cents = fmin(round(100.0 * s->usd_per_h), (double)INT32_MAX);
    const int32_t values[EXTREMES_LEVELS] = {
        p->demand,   p->waiting, p->wanted, p->ready,
        p->sessions, p->queue,   p->nodes,  (int32_t)cents,
    };

    for (size_t i = 0; i < EXTREMES_LEVELS; i++)
        out[i] = values[i];
}

/* ------------------------------------------------------------ columns */

/* A later value of a column whose two points these are. */
static void meet(int32_t pair[2], int32_t value)
{
    int32_t low = pair[0] < pair[1] ? pair[0] : pair[1];
    int32_t high = pair[0] < pair[1] ? pair[1] : pair[0];

    if (value >= low && value <= high)
        return;
    pair[0] = value > high ? low : high;
    pair[1] = value;
}

struct filling {
    struct extremes *x;
    size_t n_begun; /* columns that have a value */
};

static void fill(struct filling *f, size_t column,
                 const int32_t values[EXTREMES_LEVELS])
{
    bool first = column == f->n_begun;

    for (size_t k = 0; k < EXTREMES_LEVELS; k++) {
        int32_t *pair = f->x->points[k] + 2 * column;
        if (first)
            pair[0] = pair[1] = values[k];
        else
            meet(pair, values[k]);
    }
    f->n_begun += first;
}

static size_t columns_for(sim_us width_us)
{
    size_t n = EXTREMES_COLUMNS;

    while (n > EXTREMES_LEAST && width_us / (sim_us)n < 100 * US_PER_MS)
        n /= 2;
    while ((sim_us)n > width_us) /* no column is empty */
        n /= 2;
    return n;
}

void extremes_take(struct extremes *x, const struct plots_input *in,
                   uint32_t pool, sim_us from_us, sim_us until_us)
{
    sim_us width_us = until_us - from_us;
    struct filling f = {.x = x};
    int32_t values[EXTREMES_LEVELS];
    struct series_step step;
    struct series s;
    size_t i = 0;

    assert(width_us > 0);
    x->n = columns_for(width_us);
    for (size_t k = 0; k < EXTREMES_LEVELS; k++)
        x->points[k] = mem_array(2 * x->n, sizeof *x->points[k]);
    series_start(&s, in, pool, from_us, until_us);
    while (series_next(&s, &step)) {
        level_values(&step, values);
        while (series_column_us(from_us, width_us, i + 1, x->n) <= step.from_us)
            i++;
        fill(&f, i, values);
        while (series_column_us(from_us, width_us, i + 1, x->n) < step.until_us)
            fill(&f, ++i, values);
    }
}

void extremes_halve(struct extremes *x)
{
    assert(x->n > 1);
    x->n /= 2;
    for (size_t k = 0; k < EXTREMES_LEVELS; k++)
        for (size_t i = 0; i < x->n; i++) {
            const int32_t *four = x->points[k] + 4 * i;
            int32_t pair[2] = {four[0], four[0]};
            for (int j = 1; j < 4; j++)
                meet(pair, four[j]);
            x->points[k][2 * i] = pair[0];
            x->points[k][2 * i + 1] = pair[1];
        }
}

size_t extremes_runs(const struct extremes *x, size_t n_points)
{
    size_t n = 0;

    for (size_t k = 0; k < EXTREMES_LEVELS; k++)
        for (size_t i = 0; i < n_points; i++)
            n += i == 0 || x->points[k][i] != x->points[k][i - 1];
    return n;
}

void extremes_free(struct extremes *x)
{
    for (size_t k = 0; k < EXTREMES_LEVELS; k++)
        free(x->points[k]);
    *x = (struct extremes){0};
}
