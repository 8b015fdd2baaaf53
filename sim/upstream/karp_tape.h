/* karp_tape.h - the lives of nodes and what the model's disruption loop decides
 * about them, kept as one scenario for the real loop.
 *
 * Upstream leaves the order of nodes of equal cost to chance, and keeps the
 * creation of a claim in whole seconds. So that both sides have one order, each
 * claim is told as created a second after the one before it, if not later.
 *
 * Left out  drift and restarts: the tape ends where they begin.
 */
#ifndef SIM_UPSTREAM_KARP_TAPE_H
#define SIM_UPSTREAM_KARP_TAPE_H

#include "models/karpenter_state.h"

#include <jansson.h>

struct karp_tape {        /* starts from karp_tape_init */
    const struct karp *k; /* borrowed; set before the first word, and not
                             looked at after the last */
    json_t *events, *decisions, *marked; /* owned */
    struct karp_life {
        sim_us claimed_us, created_us;
        uint32_t pool, type;
        bool taken, registered;
        struct karp_guests {
            uint32_t *number; /* owned; the first is the oldest */
            size_t n, cap;
        } active, terminating;
    } * lives; /* owned; as k->nodes */
    size_t n, cap;
    uint32_t n_guests;
    sim_us start_us; /* of the loop; SIM_NEVER: not yet */
    sim_us until_us; /* words from here on are not heard */
    sim_us last_us;  /* of the last that was */
};

void karp_tape_init(struct karp_tape *t, sim_us until_us);
void karp_tape_free(struct karp_tape *t);

/* Words that do not concern nodes are ignored. */
void karp_tape_word(struct karp_tape *t, sim_us now_us, enum karp_word word,
                    uint32_t node, uint32_t b);

/* Puts the history into the scenario, which has types and pools; what the model
 * decided is t->decisions, in the driver's form.
 */
void karp_tape_put(struct karp_tape *t, json_t *scenario,
                   const uint32_t numbers[]);

#endif
