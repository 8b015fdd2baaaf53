/* fel.h - the future event list.
 *
 * Events leave in the order (time, kind, sequence of insertion), so that
 * events at one instant always run in the same, meaningful order: kinds are
 * numbered world first, then observation, then control.
 *
 * Nothing is deleted from the middle. An entity that changes its mind raises
 * the generation it compares with; the stale event is dropped when it comes
 * up.
 */
#ifndef SIM_ENGINE_FEL_H
#define SIM_ENGINE_FEL_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FEL_KINDS = 256 };

struct event {
    sim_us at_us;
    uint16_t kind;   /* below FEL_KINDS; smaller runs first at one instant */
    uint32_t entity; /* meaning depends on the kind */
    uint32_t generation; /* compared by whoever handles the event */
};

struct fel; /* owned by the caller through fel_new and fel_free */

struct fel *fel_new(void);
void fel_free(struct fel *f);

/* Forgets all events and starts again at time 0; keeps the memory. */
void fel_clear(struct fel *f);

/* Plans an event. Its time must not lie before the last one popped. Allocates
 * only while the list is longer than ever before.
 */
void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation);

/* The same; in line, so that the event travels in registers. */
static inline void fel_push(struct fel *f, struct event e)
{
    fel_add(f, e.at_us, e.kind, e.entity, e.generation);
}

/* Takes the next event into *out; false when there is none. */
bool fel_pop(struct fel *f, struct event *out);

/* Time of the next event, or SIM_NEVER. */
sim_us fel_next_us(const struct fel *f);

size_t fel_length(const struct fel *f);

/* Events popped since fel_new or fel_clear. */
uint64_t fel_count(const struct fel *f);

#endif
