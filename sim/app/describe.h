/* describe.h - the command line told to a program: what manual pages and the
 * completion of shells are made from.
 *
 * One record a line, its fields between tabs, the first of them its kind:
 *
 *     doc TEXT                       before the options
 *     args TEXT                      form of the arguments; may be empty
 *     command NAME SUMMARY
 *     option LONG SHORT ARG HOW DOC  "-" for none; HOW: needed, optional, none
 *     end TEXT                       after the options
 */
#ifndef SIM_APP_DESCRIBE_H
#define SIM_APP_DESCRIBE_H

#include "sim/app/app.h"

/* The option that asks for it, alone behind a command; not in --help. */
#define APP_DESCRIBE "--describe"

void describe_commands(const struct command commands[], const struct argp *argp,
                       FILE *out);

/* options[n] are those of the parser and its children. */
void describe_options(const struct argp *argp,
                      const struct argp_option *const options[], size_t n,
                      FILE *out);

#endif
