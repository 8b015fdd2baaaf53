/* outputs.h - files that are written while the run goes on, or from what was
 * seen meanwhile: events.log, metrics.om, trace.json. Each is written whole
 * and then renamed into place.
 */
#ifndef SIM_APP_OUTPUTS_H
#define SIM_APP_OUTPUTS_H

#include "sim/app/metrics.h"
#include "sim/app/options.h"
#include "sim/app/perfetto.h"
#include "sim/base/file.h"

/* Starts from {0}. */
struct outputs {
    const struct system *system; /* while it runs */
    struct sink events, openmetrics, perfetto;
    struct metrics metrics;
    struct perfetto trace;
};

/* Opens what the options ask for.
 * Errors    ERR_IO; *x is as after outputs_abort.
 */
int outputs_open(struct outputs *x, const struct options *o,
                 const struct scenario *s, struct err *e);

/* Whoever looks on for them: n of them, at most OUTPUTS. */
enum { OUTPUTS = 3 };
size_t outputs_watches(struct outputs *x, struct replicate_watch out[OUTPUTS]);

/* After the run: writes what is left, and closes.
 * Errors    ERR_IO; the file that failed is as it was.
 */
int outputs_close(struct outputs *x, struct err *e);

/* Forgets them; may repeat. */
void outputs_abort(struct outputs *x);

#endif
