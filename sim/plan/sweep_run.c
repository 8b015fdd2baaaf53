/* sweep_run.c - the grid as a table of trials. */
#include "sim/base/mem.h"
#include "sim/plan/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>

/* Both begin with the figures of the targets. */
_Static_assert((int)SWEEP_REGRETTED == (int)TRIAL_REGRETTED,
               "a metric is the trial figure of the same number");

static void make_settings(const struct sweep *s, struct trials *t,
                          size_t number[])
{
    struct sweep_sets x;

    for (size_t i = 0; i < s->n; i++) {
        sweep_sets(s, s->settings[i].place, &x);
        number[i] = trials_setting_tried(t, x.set, x.n);
    }
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

/* The first n replications of each setting. */
static int run_some(struct sweep *s, struct trials *t, const size_t number[],
                    uint32_t n, struct err *e)
{
    struct trial_pair *pairs = mem_array(s->n * n, sizeof *pairs);

    for (size_t i = 0; i < s->n * n; i++)
        pairs[i] = (struct trial_pair){number[i / n], i % n};
    int rc = trials_run(t, pairs, s->n * n, e);

    free(pairs);
    return rc;
}

/* Whether the slowest setting has had enough. */
static enum stop_state look(const struct sweep *s, const struct trials *t,
                            const size_t number[], uint32_t n, double within)
{
    const struct stop_rule rule = {.relative = within,
                                   .error = 0.05,
                                   .first = SWEEP_FIRST,
                                   .every = SWEEP_EVERY,
                                   .at_most = s->n_reps};
    enum stop_state state = STOP_PRECISE;
    double *usd = mem_array(n, sizeof *usd);

    for (size_t i = 0; i < s->n && state == STOP_PRECISE; i++) {
        for (size_t r = 0; r < n; r++)
            usd[r] = trials_total(t, number[i], r, GOAL_COST_USD);
        state = stop_after(&rule, usd, n).state;
    }
    free(usd);
    return state;
}

/* Fewer replications than there could be, if that is enough. */
static int run_until(struct sweep *s, struct trials *t, const size_t number[],
                     double within, struct err *e)
{
    uint32_t n = SWEEP_FIRST;
    int rc;

    for (;; n += SWEEP_EVERY) {
        if (n > s->n_reps)
            n = s->n_reps;
        rc = run_some(s, t, number, n, e);
        if (rc == ERR_OK)
            s->stop = look(s, t, number, n, within);
        if (rc != ERR_OK || s->stop != STOP_GO_ON || n == s->n_reps)
            break;
    }
    if (rc != ERR_OK && n > SWEEP_FIRST)
        n -= SWEEP_EVERY; /* these are there of every setting */
    s->n_reps = n;
    return rc;
}

int sweep_run(struct sweep *s, struct trials *t, double within, struct err *e)
{
    size_t *number = mem_array(s->n, sizeof *number);

    assert(s->n_reps == t->histories->n_recorded);
    assert(!(within > 0.0) || s->n_reps >= SWEEP_FIRST);
    make_settings(s, t, number);
    int rc = within > 0.0 ? run_until(s, t, number, within, e)
                          : run_some(s, t, number, s->n_reps, e);

    free(s->values);
    s->values = mem_array(s->n * s->n_reps * SWEEP_METRICS, sizeof *s->values);
    take(s, t, number);
    free(number);
    return t->is_stopped && !t->is_lost ? ERR_OK : rc;
}
