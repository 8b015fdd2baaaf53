#include "sim/plan/effect.h"

#include "sim/base/mem.h"

#include <stdlib.h>

#define ERROR_SHARE 0.05

size_t effect_histories(const struct histories *h, size_t n, size_t out[])
{
    size_t runs = history_first(h, HISTORY_RUNS);
    size_t days = history_first(h, HISTORY_DAYS), m = 0;

    for (size_t i = 0; m < n && (i < h->n_runs || i < h->n_days); i++) {
        if (i < h->n_runs)
            out[m++] = runs + i;
        if (i < h->n_days && m < n)
            out[m++] = days + i;
    }
    for (size_t i = 0; h->n_runs == 0 && m < n && i < h->n_recorded; i++)
        out[m++] = i;
    return m;
}

static double *values(const struct effect_on *on, size_t setting, uint32_t pool,
                      size_t figure)
{
    double *y = mem_array(on->n, sizeof *y);

    for (size_t i = 0; i < on->n; i++)
        y[i] =
            pool == NO_INDEX
                ? trials_total(on->t, setting, on->histories[i], figure)
                : trials_at(on->t, setting, on->histories[i])[pool].at[figure];
    return y;
}

struct estimate effect_mean(const struct effect_on *on, size_t setting,
                            uint32_t pool, size_t figure)
{
    double *y = values(on, setting, pool, figure);
    struct tally tally = {0};

    for (size_t i = 0; i < on->n; i++)
        tally_add(&tally, y[i]);
    free(y);
    return (struct estimate){tally.mean, tally_half_width(&tally)};
}

struct paired effect_of(const struct effect_on *on, size_t setting, size_t base,
                        uint32_t pool, size_t figure)
{
    double *a = values(on, setting, pool, figure);
    double *b = values(on, base, pool, figure);
    struct paired d = paired_difference(a, b, on->n, ERROR_SHARE);

    free(a);
    free(b);
    return d;
}

int effect_run(const struct effect_on *on, const size_t settings[],
               size_t n_settings, struct err *e)
{
    size_t n = n_settings * on->n;
    struct trial_pair *pairs = mem_array(n, sizeof *pairs);

    for (size_t i = 0; i < n; i++)
        pairs[i] =
            (struct trial_pair){settings[i / on->n], on->histories[i % on->n]};
    int rc = trials_run(on->t, pairs, n, e);

    free(pairs);
    return rc;
}
