#include "models/drain.h"

#include <assert.h>

void drain_defaults(struct drain_params *p)
{
    *p = (struct drain_params){.poll_us = 15 * US_PER_S, .idle_looks = 2};
}

void drain_start(struct drain *d, const struct drain_params *p, sim_us now_us)
{
    assert(p->poll_us > 0 && p->idle_looks >= 1);
    *d = (struct drain){.p = p, .look_us = now_us};
}

/* The script sleeps after each look and only then asks whether it has seen
 * enough: the end is one poll after the last idle look.
 */
struct drain_step drain_on_look(struct drain *d, bool busy)
{
    d->n_idle = busy && !d->p->blind ? 0 : d->n_idle + 1;
    d->look_us += d->p->poll_us;
    return (struct drain_step){
        .at_us = d->look_us,
        .done = d->n_idle >= d->p->idle_looks,
    };
}

/* Polls in us, rounded up. */
static sim_us polls_in(const struct drain_params *p, sim_us us)
{
    return us / p->poll_us + (us % p->poll_us != 0);
}

uint64_t drain_skip_busy(struct drain *d, sim_us until_us)
{
    if (d->p->blind || d->look_us >= until_us)
        return 0;
    sim_us n_looks = polls_in(d->p, until_us - d->look_us);

    d->look_us += n_looks * d->p->poll_us;
    d->n_idle = 0;
    return (uint64_t)n_looks;
}
