/* dialer.h - the builds of a trace as real connections.
 *
 * Models    nothing: models/client.h decides when to dial, to wait, to close
 *           and to try again, here as in a simulated run and with the same
 *           draws; this carries its decisions to sockets. A build holds its
 *           connection for its work and does none.
 * Left out  TLS; a proxy; the bytes of a build, but for a few now and then, so
 *           that none is silent (client.silent_frac acts in the model only);
 *           work that slows down where builds share a pod.
 *
 * A dial is connected when the other side's HTTP/2 SETTINGS have come.
 */
#ifndef SIM_DRIVE_DIALER_H
#define SIM_DRIVE_DIALER_H

#include "models/system_result.h"
#include "scenarios/scenario.h"
#include "sim/drive/poller.h"
#include "sim/drive/port.h"

struct dialer_params {
    const struct scenario *scenario;    /* borrowed */
    uint64_t seed;                      /* of the draws */
    const struct port_address *targets; /* borrowed; by backend */
    uint32_t max_clients; /* builds that are open at one time; >= 1 */
    sim_us until_us;      /* all that is open is closed then; or SIM_NEVER */
    bool numbered;        /* each connection carries its build in a PING */
};

struct dialer { /* starts from dialer_start */
    struct dialer_params p;
    struct poller *poller;        /* borrowed */
    struct dialer_build *builds;  /* owned; in the order of the trace */
    struct build_result *results; /* owned; likewise */
    uint8_t *first_on_pod;        /* owned; pods that have served nobody: 0 */
    size_t cap_pods;
    size_t next, n_open;
    uint32_t n_asked, n_skipped; /* skipped: beyond max_clients, no target */
    uint32_t open_most;
    sim_us chatter_us; /* from a few bytes of a build to the next */
    bool over;         /* until_us has come */
};

/* Plans the first build; the poller stops when the last has ended. */
void dialer_start(struct dialer *d, const struct dialer_params *p,
                  struct poller *poller);

/* Closes every connection; results stay. May repeat. */
void dialer_hang_up(struct dialer *d);
void dialer_free(struct dialer *d); /* after it; takes {0} */

/* A stub_reached, with the dialer as its context. */
void dialer_on_reached(void *dialer, uint32_t build, uint32_t pod);

/* The build was asked for and not skipped. */
bool dialer_has(const struct dialer *d, size_t build);

#endif
