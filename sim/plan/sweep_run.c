/* sweep_run.c - the grid as a table of trials. */
#include "sim/base/mem.h"
#include "sim/plan/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>

/* Both begin with the figures of the targets. */
_Static_assert((int)SWEEP_REGRETTED == (int)TRIAL_REGRETTED,
               "a metric is the trial figure of the same number");

static int make_settings(struct sweep *s, struct trials *t, size_t number[],
                         struct err *e)
{
    struct sweep_sets x;
    int rc = ERR_OK;

    for (size_t i = 0; i < s->n && rc == ERR_OK; i++) {
        sweep_sets(s, s->settings[i].place, &x);
        rc = trials_setting(t, x.set, x.n, &number[i], e);
    }
    return rc;
}

static void take(struct sweep *s, const struct trials *t, const size_t number[])
{
    for (size_t i = 0; i < s->n; i++) {
        s->settings[i].done = true;
        for (size_t r = 0; r < s->n_reps; r++)
            s->settings[i].done &= trials_at(t, number[i], r) != NULL;
        for (size_t k = 0; k < SWEEP_METRICS * s->n_reps; k++)
            if (s->settings[i].done)
                s->values[i * SWEEP_METRICS * s->n_reps + k] =
                    trials_total(t, number[i], k % s->n_reps, k / s->n_reps);
    }
}

static int run_all(struct sweep *s, struct trials *t, const size_t number[],
                   struct err *e)
{
    size_t n = s->n * s->n_reps;
    struct trial_pair *pairs = mem_array(n, sizeof *pairs);

    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct trial_pair){number[i / s->n_reps], i % s->n_reps};
    int rc = trials_run(t, pairs, n, e);

    free(pairs);
    return rc;
}

int sweep_run(struct sweep *s, struct trials *t, struct err *e)
{
    size_t *number = mem_array(s->n, sizeof *number);

    assert(s->n_reps == t->histories->n_recorded);
    free(s->values);
    s->values = mem_array(s->n * s->n_reps * SWEEP_METRICS, sizeof *s->values);
    int rc = make_settings(s, t, number, e);
    if (rc == ERR_OK) {
        rc = run_all(s, t, number, e);
        take(s, t, number);
    }
    free(number);
    return t->is_stopped && !t->is_lost ? ERR_OK : rc;
}
