/* stage.h - a scenario played with a real balancer: builders, names, HAProxy,
 * clients, and a look at HAProxy's gauges at every scrape.
 *
 * Pods come and go as in the simulated run of the same scenario; what is real
 * is the balancer, its resolver and every connection.
 */
#ifndef SIM_DRIVE_STAGE_H
#define SIM_DRIVE_STAGE_H

#include "sim/drive/balancer.h"
#include "sim/drive/dialer.h"
#include "sim/drive/gauge.h"
#include "sim/drive/names.h"

struct stage_sample {
    sim_us at_us;
    uint32_t pool;
    struct gauge real;
};

struct stage {                 /* starts from {0}, but for what is set */
    struct scenario *scenario; /* set; borrowed */
    const struct life *life;   /* set; borrowed */
    struct balancer *balancer; /* set; found, not started; borrowed */
    uint64_t seed;             /* set */
    double shrink;             /* set */
    sim_us sample_us;          /* set; from scrape to scrape */
    uint32_t max_clients;      /* set */
    sim_us until_us;           /* set; SIM_NEVER: until all builds ended */

    struct poller *poller; /* owned */
    struct stubs stubs;
    struct names names;
    struct dialer dialer;
    bool *is_dialled;             /* owned; by backend, see system_dialled */
    struct port_address *targets; /* owned; by backend */
    struct stage_sample *samples; /* owned; pools of the first scrape, ... */
    size_t n_samples, cap_samples;
    bool begun;     /* the balancer knows the pods of the start */
    bool timely;    /* see poller_is_timely */
    sim_us late_us; /* real; see poller_late_us */
};

/* Plays it to its end.
 * Errors    ERR_INPUT, ERR_IO. The stage is to be closed in any case.
 */
int stage_play(struct stage *s, struct err *e);

/* Results stay; sockets and programs are gone. */
void stage_close(struct stage *s);

void stage_free(struct stage *s);

#endif
