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

/* How far the sizes of a pool lie apart in two runs until until_us. */
struct sizes_verdict {
    size_t n_a, n_b; /* changes */
    sim_us apart_us; /* time during which they differ */
    uint32_t most;   /* largest difference */
    sim_us first_us; /* when they first differ; SIM_NEVER: they do not */
};
struct sizes_verdict sizes_compare(const struct sizes *a, const struct sizes *b,
                                   uint32_t pool, sim_us until_us);

#endif
