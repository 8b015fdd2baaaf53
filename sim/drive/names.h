/* names.h - the cluster's DNS, as the balancer's resolver meets it: headless
 * names with the builders that are listed.
 *
 * Models    one UDP name server on loopback; a name without builders is not
 *           there (NXDOMAIN); an answer beyond the resolver's payload size is
 *           cut with the TC bit. AAAA records hold IPv4-mapped addresses, since
 *           IPv6 has but one loopback address.
 *
 * The simulated resolver has polled at certain instants; the real one polls at
 * others. A query whose period contains the next change is answered when that
 * change comes, so that both learn of it at the same instant: when a poll
 * falls is chance, what the balancer makes of it is not.
 */
#ifndef SIM_DRIVE_NAMES_H
#define SIM_DRIVE_NAMES_H

#include "sim/drive/life.h"
#include "sim/drive/stub.h"

struct names {                          /* starts from {0} */
    struct poller *poller;              /* borrowed */
    const struct system_params *params; /* borrowed */
    const struct haproxy_cfg *cfg;      /* borrowed */
    const struct life *life;            /* borrowed */
    struct stubs *stubs; /* borrowed; its slots' listed is ours */
    size_t next;         /* first event of life that is to come */
    bool mapped;         /* IPv6 sockets can be made here */
    sim_us margin_us;    /* a held answer is sent so long before it is late */
    int fd;
    uint16_t port;
    struct names_held *held; /* owned; queries that wait for a change */
    size_t n_held, cap_held;
    uint64_t n_answers;
};

/* Opens the name server. The other fields are set before.
 * Errors    ERR_IO.
 */
int names_open(struct names *n, struct err *e);
void names_close(struct names *n);

#endif
