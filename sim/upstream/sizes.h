/* sizes.h - the replica counts of a run over time, and two runs compared. */
#ifndef SIM_UPSTREAM_SIZES_H
#define SIM_UPSTREAM_SIZES_H

#include "models/system_note.h"

#include <stddef.h>

struct sizes { /* starts from {0} */
    struct size_change {
        sim_us at_us;
        uint32_t pool, from, to;
    } * at; /* owned */
    size_t n, cap;
};

/* Keeps what a note says about a size, if it says anything. */
void sizes_on_note(struct sizes *z, const struct note *n);
void sizes_free(struct sizes *z);

/* Two changes at the same place of both histories are the same if they lead
 * from and to the same sizes within slack_us of each other.
 */
struct sizes_verdict {
    size_t n;           /* changes of the longer history */
    size_t n_different; /* those that are not the same, or lack the other */
    sim_us first_us;    /* the first of these; SIM_NEVER: none */
    sim_us most_us;     /* largest distance in time of two that are the same */
};
struct sizes_verdict sizes_compare(const struct sizes *a, const struct sizes *b,
                                   uint32_t pool, sim_us slack_us);

#endif
