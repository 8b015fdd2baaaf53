#include "sim/drive/compare.h"

#include <stdlib.h>

/* ------------------------------------------------------------ builds */

static bool is_served(const struct build_result *r)
{
    return r->end == END_SERVED;
}

static int by_model_time(const void *a, const void *b)
{
    const struct compare_pair *x = a, *y = b;
    sim_us p = x->model->served_us, q = y->model->served_us;

    return (p > q) - (p < q);
}

/* Builds that both sides served, first; in the model's order. */
static size_t served_first(struct compare_pair pairs[], size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++) {
        struct compare_pair p = pairs[i];
        if (!is_served(p.model) || !is_served(p.real))
            continue;
        pairs[i] = pairs[k];
        pairs[k++] = p;
    }
    qsort(pairs, k, sizeof *pairs, by_model_time);
    return k;
}

/* Builds that had to wait until one that the model served clearly later, by
 * more than reach_us, had been served clearly earlier. From the back, with the
 * earliest real slot of those that are clearly later than the build.
 */
static uint32_t count_order(const struct compare_pair p[], size_t n,
                            sim_us reach_us)
{
    sim_us earliest_us = SIM_NEVER;
    uint32_t count = 0;
    size_t later = n;

    for (size_t i = n; i-- > 0;) {
        while (later > 0 && p[later - 1].model->served_us >
                                p[i].model->served_us + reach_us) {
            later--;
            if (p[later].real->served_us < earliest_us)
                earliest_us = p[later].real->served_us;
        }
        count += earliest_us < p[i].real->served_us;
    }
    return count;
}

static int32_t far(int64_t a, int64_t b, int32_t most)
{
    int64_t d = a > b ? a - b : b - a;

    return d > most ? (int32_t)d : most;
}

static void add_pair(struct compare_builds *out, const struct compare_pair *p)
{
    const struct build_result *m = p->model, *r = p->real;
    sim_us d_us = llabs((long long)(m->waited_us - r->waited_us));

    out->n_ends += m->end != r->end;
    out->n_attempts += m->attempts != r->attempts;
    out->attempts_most = far(m->attempts, r->attempts, out->attempts_most);
    out->dials_most = far(m->dials, r->dials, out->dials_most);
    out->model_attempts += m->attempts;
    out->real_attempts += r->attempts;
    out->model_dials += m->dials;
    out->real_dials += r->dials;
    if (d_us > out->wait_most_us)
        out->wait_most_us = d_us;
    out->model_wait_s += s_from_us(m->waited_us);
    out->real_wait_s += s_from_us(r->waited_us);
}

void compare_builds(struct compare_builds *out, struct compare_pair pairs[],
                    size_t n, sim_us reach_us)
{
    *out = (struct compare_builds){.n = (uint32_t)n};
    for (size_t i = 0; i < n; i++)
        add_pair(out, &pairs[i]);
    if (n > 0) {
        out->model_wait_s /= (double)n;
        out->real_wait_s /= (double)n;
    }
    out->n_order = count_order(pairs, served_first(pairs, n), reach_us);
}

/* ------------------------------------------------------------ series */

void compare_series(struct compare_series *out,
                    const struct compare_reading readings[], size_t n,
                    const struct compare_model *m, sim_us reach_us,
                    int32_t most)
{
    *out =
        (struct compare_series){.n = (uint32_t)n, .outside_at_us = SIM_NEVER};
    for (size_t i = 0; i < n; i++) {
        sim_us at_us = readings[i].at_us;
        struct gauge_range near = gauge_range(m->rows, m->n_rows, m->pool,
                                              m->offset, at_us, reach_us);
        struct gauge_range here =
            gauge_range(m->rows, m->n_rows, m->pool, m->offset, at_us, 0);
        int32_t outside = gauge_outside(readings[i].real, near);

        out->n_outside += outside > most;
        if (outside > out->outside_most) {
            out->outside_most = outside;
            out->outside_at_us = at_us;
        }
        out->instant_most = far(readings[i].real, here.most, out->instant_most);
        out->model_mean += here.most;
        out->real_mean += readings[i].real;
    }
    if (n > 0) {
        out->model_mean /= (double)n;
        out->real_mean /= (double)n;
    }
}
