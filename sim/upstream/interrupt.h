/* interrupt.h - SIGINT and SIGTERM as something to wait for, so that whoever
 * started programs ends them on the way out.
 */
#ifndef SIM_UPSTREAM_INTERRUPT_H
#define SIM_UPSTREAM_INTERRUPT_H

#include "sim/base/err.h"

#include <signal.h>

struct interrupt {
    int fd; /* readable when a signal has come */
    sigset_t before;
};

/* Errors    ERR_IO; the signals are as before then. */
int interrupt_hold(struct interrupt *i, struct err *e);

/* The signals act again; one that came and was not taken ends the program. */
void interrupt_release(struct interrupt *i);

/* Takes the signal that has come, if one has. */
bool interrupt_came(const struct interrupt *i);

#endif
