/* drive_lb.c - `drydock drive --lb haproxy`: a real balancer between clients
 * and builders.
 */
#include "sim/app/drive_lb.h"
#include "sim/app/app.h"
#include "sim/app/drive.h"
#include "sim/base/file.h"
#include "sim/drive/stage.h"

#include <stdlib.h>

enum { MAX_CLIENTS = 10000 };

/* ------------------------------------------------------------ checks */

/* Faults that no real balancer meets here as it would there. */
static int check_faults(const struct scenario *s, struct err *e)
{
    static const char starts[] =
        "a real HAProxy takes its own time to start, which --shrink does not "
        "divide";
    static const struct {
        enum fault_kind kind;
        const char *why;
    } not_driven[] = {
        {FAULT_LB_RESTART, starts},
        {FAULT_LB_RELOAD, starts},
        {FAULT_NODE_LOST, "connections of loopback cannot fall silent"},
        {FAULT_DNS_FAIL, "which of its names the resolver asks for first, and "
                         "so forgets first, is chance"},
    };

    for (size_t i = 0; i < s->system.n_faults; i++)
        for (size_t k = 0; k < sizeof not_driven / sizeof *not_driven; k++)
            if (s->system.faults[i].kind == not_driven[k].kind)
                return err_set(e, ERR_INPUT,
                               "%s: the fault %s cannot be driven with a real "
                               "balancer: %s; 'drydock run' plays it",
                               s->path, fault_name(not_driven[k].kind),
                               not_driven[k].why);
    return ERR_OK;
}

/* How long it will take, in real time, if nothing ends it before. */
static int check_length(const struct stage *s, sim_us for_us, struct err *e)
{
    char needs[32], limit[32];
    sim_us real_us = (sim_us)((double)s->life->last_end_us / s->shrink);

    if (s->until_us != SIM_NEVER || real_us <= for_us)
        return ERR_OK;
    duration_print(real_us / US_PER_S * US_PER_S, needs);
    duration_print(for_us, limit);
    return err_set(e, ERR_INPUT,
                   "%s: would take %s of real time, more than %s: shorten the "
                   "trace (drydock trace cut), or give --shrink or --for",
                   s->scenario->path, needs, limit);
}

/* The balancer's times are whole milliseconds. */
static int check_shrink(const struct scenario *s, double shrink, struct err *e)
{
    for (size_t i = 0; i < s->system.lb.n_backends; i++) {
        sim_us us = s->system.lb.backends[i].resolve_us;
        if ((double)us / shrink < 5.0 * (double)US_PER_MS)
            return err_set(e, ERR_INPUT,
                           "%s: --shrink %g leaves HAProxy less than 5ms from "
                           "one DNS query to the next",
                           s->path, shrink);
    }
    return ERR_OK;
}

/* ------------------------------------------------------------ the part */

/* Nothing is said for all that time. */
static void remark_length(const struct drive_options *o, const struct stage *s)
{
    sim_us end_us =
        s->until_us < s->life->last_end_us ? s->until_us : s->life->last_end_us;
    sim_us real_us = (sim_us)((double)end_us / s->shrink);
    char length[32], line[128];

    if (o->common.quiet || real_us < 60 * US_PER_S)
        return;
    duration_print(real_us / US_PER_S * US_PER_S, length);
    (void)snprintf(line, sizeof line,
                   "this takes up to %s of real time; --shrink divides it",
                   length);
    app_remark(line);
}

static int play(struct drive *d, struct stage *stage, struct err *e)
{
    const struct drive_options *o = d->options;
    int rc = check_length(stage, o->for_us > 0 ? o->for_us : US_PER_H, e);

    if (rc == ERR_OK) {
        remark_length(o, stage);
        rc = stage_play(stage, e);
    }
    stage_close(stage);
    if (rc == ERR_OK && o->common.out)
        rc = drive_lb_write(d, stage, e);
    return rc;
}

/* Of those who read the gauges, the one who reads most often. */
static sim_us look_us(const struct scenario *s)
{
    sim_us us = s->scrape.interval_us;

    for (size_t i = 0; i < s->system.n_pools; i++)
        if (s->system.pools[i].autoscaled &&
            s->system.pools[i].hpa.sync_us < us)
            us = s->system.pools[i].hpa.sync_us;
    return us;
}

int drive_lb(struct drive *d, struct err *e)
{
    const struct drive_options *o = d->options;
    struct scenario *s = &d->scenario;
    enum lb_version written = s->system.lb.version;
    struct balancer balancer = {0};
    struct life life = {0};
    struct stage stage = {
        .scenario = s,
        .life = &life,
        .balancer = &balancer,
        .seed = o->common.seed,
        .shrink = drive_shrink(o),
        .sample_us = look_us(s),
        .max_clients = o->max_clients > 0 ? o->max_clients : MAX_CLIENTS,
        .until_us = SIM_NEVER,
    };
    int rc = check_faults(s, e);

    if (o->for_us > 0)
        stage.until_us = (sim_us)((double)o->for_us * stage.shrink);
    if (rc == ERR_OK)
        rc = check_shrink(s, stage.shrink, e);
    if (rc == ERR_OK)
        rc = balancer_find(&balancer, e);
    if (rc == ERR_OK) {
        s->system.lb.version = balancer.model; /* like is held against like */
        life_take(&life, s, stage.seed);
        rc = play(d, &stage, e);
    }
    s->system.lb.version = written;
    if (rc == ERR_OK)
        drive_lb_tell(d, &stage);
    balancer_stop(&balancer);
    stage_free(&stage);
    life_free(&life);
    return rc;
}
