#include "models/client_idle.h"

/* The largest number below 1 that is drawn. */
#define LARGEST_U 0x1.fffffffffffffp-1

/* A chain of so many attempts begins anew, so that no sum overflows. */
enum { MOST_ATTEMPTS = 100000 };

static int64_t ceil_div(sim_us a, sim_us b)
{
    return (a + b - 1) / b;
}

static int64_t at_most(int64_t n, int64_t limit)
{
    return n < limit ? n : limit;
}

/* End of an attempt to the first dial of the next one. */
static sim_us pause_us(const struct client_params *p)
{
    return p->exit_us + p->delay_us + p->launch_us;
}

static sim_us budget_us(const struct client_params *p)
{
    return p->tool == CLIENT_BUILDX ? p->wait_budget_us : 0;
}

bool client_fails_evenly(const struct client_params *p)
{
    sim_us period_us = budget_us(p) + pause_us(p);

    if (period_us <= 0 || period_us > US_PER_DAY)
        return false;
    return p->tool == CLIENT_BUILDCTL ||
           (p->first_gap_us > 0 &&
            dist_us(&p->redial_gap, LARGEST_U, 1.0) <= p->poll_us);
}

struct client_chain client_chain(const struct client *c, sim_us dial_us)
{
    const struct client_params *p = c->p;
    int64_t n_attempts = p->retry == CLIENT_RETRY_NONE ? 1 : p->attempts;
    int64_t n_begin = at_most(n_attempts - c->attempt, MOST_ATTEMPTS);
    struct client_chain h = {
        .dial_us = dial_us,
        .attempt_us = dial_us,
        .first_us = p->first_gap_us,
        .step_us = p->poll_us,
        .period_us = budget_us(p) + pause_us(p),
        .n_dials = 1,
    };

    if (budget_us(p) > h.first_us)
        h.n_dials += ceil_div(budget_us(p) - h.first_us, h.step_us);
    if (!c->fresh) {
        h.n_left = ceil_div(c->wait_us + budget_us(p) - dial_us, h.step_us);
        h.attempt_us = c->wait_us + h.period_us;
    }
    h.until_us = client_chain_dial_us(&h, h.n_left + n_begin * h.n_dials - 1);
    return h;
}

sim_us client_chain_dial_us(const struct client_chain *h, int64_t dial)
{
    if (dial < h->n_left)
        return h->dial_us + dial * h->step_us;
    int64_t attempt = (dial - h->n_left) / h->n_dials;
    int64_t i = (dial - h->n_left) % h->n_dials;
    sim_us since_us = i == 0 ? 0 : h->first_us + (i - 1) * h->step_us;

    return h->attempt_us + attempt * h->period_us + since_us;
}

int64_t client_chain_before(const struct client_chain *h, sim_us us)
{
    if (us <= h->dial_us)
        return 0;
    if (us <= h->attempt_us)
        return at_most(ceil_div(us - h->dial_us, h->step_us), h->n_left);
    int64_t n = h->n_left + (us - h->attempt_us) / h->period_us * h->n_dials;
    sim_us since_us = (us - h->attempt_us) % h->period_us;

    if (since_us > h->first_us)
        n += at_most(ceil_div(since_us - h->first_us, h->step_us),
                     h->n_dials - 1);
    return n + (since_us > 0);
}

void client_chain_skip(const struct client_chain *h, struct client *c,
                       int64_t n)
{
    int64_t n_new = n - h->n_left; /* in attempts that began meanwhile */

    if (n == 0)
        return;
    c->dials += (uint32_t)n;
    c->dial_us = client_chain_dial_us(h, n - 1);
    c->fresh = n_new >= 0 && n_new % h->n_dials == 0;
    if (n_new <= 0)
        return;
    int64_t n_begun = ceil_div(n_new, h->n_dials);

    c->attempt += (uint32_t)n_begun;
    c->late = false;
    c->waited = c->p->tool == CLIENT_BUILDX;
    if (c->waited)
        c->wait_us = h->attempt_us + (n_begun - 1) * h->period_us;
}

static bool same_rhythm(const struct client_chain *a,
                        const struct client_chain *b)
{
    return a->n_dials == b->n_dials && a->first_us == b->first_us &&
           a->step_us == b->step_us && a->period_us == b->period_us;
}

int64_t client_chain_common(const struct client_chain *a, int64_t i,
                            const struct client_chain *b, int64_t k)
{
    i -= a->n_left;
    k -= b->n_left;
    if (i <= 0 || k <= 0 || !same_rhythm(a, b) || (i - k) % a->n_dials != 0)
        return 0;
    return at_most(i, k);
}
