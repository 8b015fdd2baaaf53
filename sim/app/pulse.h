/* pulse.h - signs of life of one long piece of work, on a terminal: how far a
 * replication has come, or how much of a history is read. What is done at once
 * shows none.
 */
#ifndef SIM_APP_PULSE_H
#define SIM_APP_PULSE_H

#include "sim/plan/replicate.h"

/* Starts from {0}, which nobody looks at. */
struct pulse {
    FILE *out;        /* borrowed, or NULL */
    double next_s;    /* of the next sign; 0 before the first question */
    uint64_t n_spans; /* of a replication */
    const struct system *system; /* borrowed, while it runs */
    bool shown;                  /* a line is to be cleared */
};

/* Whether a sign is due at now_s, on a clock that only runs forward: the first
 * half a second after the first question, then ten a second.
 */
bool pulse_due(struct pulse *p, double now_s);

/* Looks on while a replication runs. */
struct replicate_watch pulse_watch(struct pulse *p);

/* For import_options: so many bytes are read, unpacked; p is a pulse. */
void pulse_on_read(void *p, uint64_t bytes);

/* Clears the line; may repeat. */
void pulse_end(struct pulse *p);

#endif
