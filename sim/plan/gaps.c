#include "sim/plan/gaps.h"

#include "sim/base/mem.h"

#include <stdlib.h>

static int by_length(const void *left, const void *right)
{
    sim_us a = *(const sim_us *)left, b = *(const sim_us *)right;

    return (a > b) - (a < b);
}

static void add(struct gaps *g, sim_us gap_us)
{
    g->at = mem_grow(g->at, &g->cap, g->n + 1, sizeof *g->at);
    g->at[g->n++] = gap_us;
}

void gaps_find(struct gaps *g, const struct demand_step steps[], size_t n)
{
    sim_us *idle_us = NULL; /* since when; by level */
    size_t cap = 0, level = 0, most = 0;

    for (size_t i = 0; i < n; i++) {
        size_t to = (size_t)steps[i].builds;
        idle_us = mem_grow(idle_us, &cap, to + level + 1, sizeof *idle_us);
        for (; level > to; level--)
            idle_us[level - 1] = steps[i].at_us;
        for (; level < to; level++)
            if (level < most)
                add(g, steps[i].at_us - idle_us[level]);
        most = to > most ? to : most;
    }
    free(idle_us);
    if (g->n > 1)
        qsort(g->at, g->n, sizeof *g->at, by_length);
}

void gaps_free(struct gaps *g)
{
    free(g->at);
    *g = (struct gaps){0};
}

/* First gap that is longer than the window. */
static size_t first_longer(const struct gaps *g, sim_us window_us)
{
    size_t low = 0, high = g->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->at[middle] <= window_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t gaps_longer(const struct gaps *g, sim_us window_us)
{
    return g->n - first_longer(g, window_us);
}

double gaps_cost_s(const struct gaps *g, sim_us window_us, sim_us break_even_us)
{
    size_t longer = first_longer(g, window_us);
    double held_s = 0.0;

    for (size_t i = 0; i < longer; i++)
        held_s += s_from_us(g->at[i]);
    return held_s +
           (double)(g->n - longer) * s_from_us(window_us + break_even_us);
}

sim_us gaps_best_window(const struct gaps *g, sim_us break_even_us)
{
    double least_s = gaps_cost_s(g, 0, break_even_us), held_s = 0.0;
    sim_us best_us = 0;

    for (size_t i = 0; i < g->n; i++) {
        held_s += s_from_us(g->at[i]);
        if (i + 1 < g->n && g->at[i + 1] == g->at[i])
            continue;
        double cost_s = held_s + (double)(g->n - 1 - i) *
                                     s_from_us(g->at[i] + break_even_us);
        if (cost_s < least_s) {
            least_s = cost_s;
            best_us = g->at[i];
        }
    }
    return best_us;
}
