/* decide.h - the decision logic alone, one JSON object a line.
 *
 * `drydock hpa` answers each line by itself; `drydock keda` reads a
 * ScaledObject and then a sequence of evaluations that share its state.
 */
#ifndef SIM_APP_DECIDE_H
#define SIM_APP_DECIDE_H

#include "sim/base/err.h"

#include <stdio.h>

/* The subcommands: standard input to standard output. Returns the status to
 * exit with.
 */
int cmd_hpa(int argc, char **argv);
int cmd_keda(int argc, char **argv);

/* The same on any stream; name stands in messages "name:LINE: ...".
 *
 * Returns ERR_OK at the end of the input, ERR_INPUT at the first bad line,
 * after the answers to the lines before it, or ERR_IO.
 */
int decide_hpa(FILE *in, const char *name, FILE *out, struct err *e);
int decide_keda(FILE *in, const char *name, FILE *out, struct err *e);

#endif
