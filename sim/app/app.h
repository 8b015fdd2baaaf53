/* app.h - what every subcommand shares: reading its options, reporting a
 * failure, choosing a subcommand.
 */
#ifndef SIM_APP_APP_H
#define SIM_APP_APP_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_GOOD = 0, EXIT_BAD = 1, EXIT_USAGE = 2, EXIT_VERDICT = 3 };

/* One word of the command line and what runs it. */
struct command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

/* Runs the command that argv names, after the options before it.
 *
 * commands  ended by a row without a name
 * doc       first line of the help
 */
int app_dispatch(const struct command commands[], const char *doc, int argc,
                 char **argv);

/* argp_parse, with "did you mean" for an unknown option. Does not return if the
 * command line is wrong (status 2), or asks for help or the version.
 */
void app_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Prints "drydock: message" and returns the exit status of a code of err.h. */
int app_fail(const struct err *e, int code);

/* Prints "drydock: text" to standard error, harmless for a terminal. */
void app_remark(const char *text);

/* Reads a whole number of an option.
 *
 * Does not return (status 2) unless min <= number <= max.
 */
uint64_t app_number(const struct argp_state *state, const char *option,
                    const char *text, uint64_t min, uint64_t max);

/* The same for any number, and for a duration, which has no bounds here. */
double app_real(const struct argp_state *state, const char *option,
                const char *text, double min, double max);
sim_us app_duration(const struct argp_state *state, const char *option,
                    const char *text);

/* A path that an option or argument names. Does not return (status 2) if it is
 * empty.
 */
const char *app_path(const struct argp_state *state, const char *what,
                     const char *text);

/* Whether progress is wanted: standard error is a terminal. */
bool app_is_watched(bool quiet);

/* Whether figures that were drawn have pictures; if not, and it is not quiet,
 * a remark says what is missing.
 */
bool app_pictures(bool quiet);

/* For atexit: ends the program with EXIT_BAD and a message if some result did
 * not reach standard output.
 */
void app_close_stdout(void);

#endif
