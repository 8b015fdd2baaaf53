/* signals.h - SIGINT and SIGTERM as something to wait for, so that whoever
 * started programs ends them on the way out.
 */
#ifndef SIM_BASE_SIGNALS_H
#define SIM_BASE_SIGNALS_H

#include "sim/base/err.h"

#include <signal.h>

struct signals {
    int fd; /* for poll: readable when a signal has come */
    bool came;
    sigset_t before;
};

/* Errors    ERR_IO; the signals are as before then. */
int signals_hold(struct signals *i, struct err *e);

/* The signals act again. One that came and was not asked for ends the program.
 */
void signals_release(struct signals *i);

/* Whether one has come since they are held. */
bool signals_came(struct signals *i);

#endif
