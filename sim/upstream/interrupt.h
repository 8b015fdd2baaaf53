/* interrupt.h - SIGINT and SIGTERM as something to wait for, so that whoever
 * started programs ends them on the way out.
 */
#ifndef SIM_UPSTREAM_INTERRUPT_H
#define SIM_UPSTREAM_INTERRUPT_H

#include "sim/base/err.h"

#include <signal.h>

struct interrupt {
    int fd; /* readable when a signal has come */
    bool came;
    sigset_t before;
};

/* Errors    ERR_IO; the signals are as before then. */
int interrupt_hold(struct interrupt *i, struct err *e);

/* The signals act again. One that came and was not asked for ends the program.
 */
void interrupt_release(struct interrupt *i);

/* Whether one has come since they are held. */
bool interrupt_came(struct interrupt *i);

#endif
