/* drain_script.h - the two numbers of a drain.sh.
 *
 * Recognised is a shell loop that looks at the pod's connections (netstat, ss
 * or /proc/net/tcp), counts idle looks in a row in a variable, sleeps a fixed
 * number of seconds between looks, and ends when the count is reached:
 *
 *     idle=0
 *     while [ "$idle" -lt 2 ]; do
 *       if netstat -tn | grep -q ESTABLISHED; then idle=0
 *       else idle=$((idle + 1)); fi
 *       sleep 15
 *     done
 *
 * Numbers may stand in variables (N=2, N="${N:-2}"). Any other script is
 * refused: the scenario then says `drain: {poll: 15s, idle_polls: 2}`.
 */
#ifndef SCENARIOS_DRAIN_SCRIPT_H
#define SCENARIOS_DRAIN_SCRIPT_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#include <stdint.h>

struct drain_script {
    sim_us poll_us;      /* 1 s to 1 h */
    uint32_t idle_looks; /* 1 to 1000 */
};

/* Reads a script.
 *
 * path, line  where the text stands, for messages
 * Errors    ERR_INPUT with path:line and what was not recognised.
 */
int drain_script_parse(struct drain_script *d, const char *path, unsigned line,
                       const char *text, struct err *e);

#endif
