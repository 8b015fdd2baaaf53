/* balancer.h - the distribution's HAProxy on loopback, with the scenario's own
 * configuration (live_cfg.h).
 */
#ifndef SIM_DRIVE_BALANCER_H
#define SIM_DRIVE_BALANCER_H

#include "scenarios/scenario.h"
#include "sim/drive/child.h"
#include "sim/drive/live_cfg.h"
#include "sim/drive/port.h"

enum { BALANCER_TABLE = 1 << 16 };

struct balancer {            /* starts from {0} */
    char *program;           /* owned */
    char version[32];        /* "2.6.12" */
    enum lb_version model;   /* nearest that is modelled */
    char *folder;            /* owned; ours alone, removed at the end */
    char *cfg, *log, *stats; /* owned; paths */
    struct live_cfg live;
    struct child child;
};

/* Looks for the program and asks for its version.
 * Errors    ERR_IO: it is missing; the message says how to get it.
 */
int balancer_find(struct balancer *b, struct err *e);

/* Starts it. It listens soon after; balancer_ask then has an answer.
 *
 * Errors    ERR_INPUT: a line of the configuration is not driven; ERR_IO.
 */
int balancer_start(struct balancer *b, struct scenario *s, double shrink,
                   uint16_t dns_port, struct err *e);

/* The table of statistics of all backends.
 * Errors    ERR_IO: it does not answer, or it has ended: then the message is
 *           its own.
 */
int balancer_ask(struct balancer *b, char out[BALANCER_TABLE], struct err *e);

/* Where clients of a backend dial.
 * Errors    ERR_INPUT: no frontend leads there.
 */
int balancer_address(const struct balancer *b, const struct scenario *s,
                     const char *backend, struct port_address *out,
                     struct err *e);

/* Copies its configuration and its log to a folder. */
int balancer_keep(const struct balancer *b, const char *folder, struct err *e);

void balancer_stop(struct balancer *b); /* may repeat */

#endif
