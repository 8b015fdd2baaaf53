/* metrics.h - the simulated history as the team's Prometheus would have it.
 *
 * Models    scrapes of all exporters at the same instants, every
 *           scrape.interval from the start of the trace; what does not answer
 *           (the balancer while it restarts, KEDA while it does) is absent.
 * Left out  the scatter of real scrapes over the interval; `up` and other
 *           series that Prometheus makes itself.
 */
#ifndef SIM_APP_METRICS_H
#define SIM_APP_METRICS_H

#include "scenarios/scenario.h"
#include "sim/app/history.h"
#include "sim/app/metric_table.h"
#include "sim/plan/replicate.h"

/* An object's labels and its series, by row of the table from its first. */
struct metric_series {
    char *labels; /* owned; NULL: not made yet */
    uint32_t *of; /* owned; NO_INDEX: not there yet */
};

/* Everything starts from metrics_open. */
struct metrics {
    const struct scenario *scenario; /* borrowed */
    const struct system *system;     /* while it runs */
    struct history history;
    bool wanted[METRICS];
    enum metric first[METRIC_OBJECTS];             /* row of an object */
    struct metric_series *objects[METRIC_OBJECTS]; /* owned; by index */
    size_t n_objects[METRIC_OBJECTS];
    size_t cap_objects[METRIC_OBJECTS];
    uint64_t *counts; /* owned; of a node pool's counters, METRICS each */
    bool *claimed;    /* owned; by node: its claim is counted */
    size_t cap_claimed;
    sim_us end_us;
    uint32_t n_ticks;
};

/* words     only the metrics that one of these texts names, n_words of them;
 *           0: all
 * folder    where what was seen is kept meanwhile
 * Errors    ERR_IO; *m is empty.
 */
int metrics_open(struct metrics *m, const struct scenario *s,
                 const char *const words[], size_t n_words, const char *folder,
                 struct err *e);

/* Looks on; m outlives the run. */
struct replicate_watch metrics_watch(struct metrics *m);

/* What was seen, after the run: OpenMetrics text, a metric after the other,
 * in it a series after the other, ended by # EOF.
 */
void metrics_write(struct metrics *m, FILE *out);

/* Microseconds since 1970 of scrape number tick. */
sim_us metrics_at_us(const struct metrics *m, uint32_t tick);

/* Whether all that was seen could be kept and read. */
int metrics_check(const struct metrics *m, struct err *e);

/* Takes {0}; may repeat. */
void metrics_close(struct metrics *m);

#endif
