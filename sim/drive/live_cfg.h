/* live_cfg.h - a haproxy.cfg as the balancer on this machine gets it.
 *
 * The scenario's own file, line by line. Changed are: addresses and ports that
 * it binds (sockets that we hand over), its name servers (ours), the log (its
 * standard output), and every time, which is divided by the factor; times that
 * the file leaves to HAProxy are written out, since these are divided, too. A
 * socket for statistics is added. Lines that reach out of this program, or
 * that nobody here can vouch for, are left out and listed; a fixed server or
 * TLS is refused.
 */
#ifndef SIM_DRIVE_LIVE_CFG_H
#define SIM_DRIVE_LIVE_CFG_H

#include "scenarios/haproxy_cfg.h"
#include "scenarios/manifest.h"

#include <stdio.h>

enum { LIVE_PORTS = 64 };

struct live_cfg {      /* starts from {0}, but for what the caller sets */
    double shrink;     /* set */
    uint16_t dns_port; /* set; on 127.0.0.1 */
    const char *stats; /* set; path of the socket for statistics */
    struct live_port {
        uint16_t written; /* port of the file */
        int fd;           /* set for each port of live_cfg_ports */
        uint16_t port;    /* set; that of the socket */
    } ports[LIVE_PORTS];
    size_t n_ports;
    struct hap_ignored *left; /* owned; lines that are left out */
    size_t n_left, cap_left;
};

/* Fills ports with those that the configuration binds, their fd -1.
 * Errors    ERR_INPUT: there are too many.
 */
int live_cfg_ports(struct live_cfg *l, const char *path,
                   const struct haproxy_cfg *c, struct err *e);

/* Writes the configuration.
 *
 * t         the text and where it stands; c is what it was read as
 * Errors    ERR_INPUT with path:line.
 */
int live_cfg_write(struct live_cfg *l, const struct manifest_text *t,
                   const struct haproxy_cfg *c, FILE *out, struct err *e);

void live_cfg_free(struct live_cfg *l);

#endif
