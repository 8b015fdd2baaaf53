/* hook.h - a drain script on this machine: the real one, with the real
 * programs that it names, beside a stub builder with real connections.
 *
 * Its time is divided like every other: the `sleep` that it finds is ours and
 * divides its seconds. It finds only the programs that its own text names, in
 * a PATH of ours; its environment is PATH and LC_ALL; it has a process group,
 * few files, no new privileges and a limit of time, and it is killed with us.
 */
#ifndef SIM_DRIVE_HOOK_H
#define SIM_DRIVE_HOOK_H

#include "models/drain.h"
#include "sim/base/err.h"

#include <stddef.h>

/* A build's connection to the builder. One that begins at 0 or before is there
 * when the script begins.
 */
struct hook_span {
    sim_us from_us, to_us; /* to_us SIM_NEVER: for ever */
};

struct hook_case { /* all borrowed */
    const char *text;
    const char *hidden; /* a program that it does not find, or NULL */
    double shrink;
    const struct hook_span *spans;
    size_t n_spans;
    uint16_t port;   /* of the builder */
    sim_us limit_us; /* the script is killed then */
};

struct hook_result {
    sim_us end_us;  /* SIM_NEVER: it was killed at the limit */
    int status;     /* as waitpid has it */
    uint32_t n_cut; /* connections that were there when it ended */
};

/* Plays one case.
 * Errors    ERR_IO: something cannot be started; interrupted.
 */
int hook_play(const struct hook_case *c, struct hook_result *out,
              struct err *e);

/* The same by arithmetic (models/drain.h): when the script ends, SIM_NEVER
 * beyond the limit; n_cut is set, status is 0.
 */
void hook_model(const struct hook_case *c, const struct drain_params *p,
                struct hook_result *out);

/* A program that the text names, as a word, and this machine lacks: writes its
 * name. Only programs that look at connections: netstat, ss.
 */
bool hook_misses(const char *text, char name[16]);

/* Whether the text names the program, as a word. */
bool hook_names(const char *text, const char *program);

#endif
