/* lb_slots.h - the server slots of one backend: which pod sits in which, and
 * which idle one comes next. Used by lb*.c only; others read.
 *
 * A slot is free for a new address as soon as it has none, even while a
 * session of the address before still runs in it. That session keeps its
 * place, so the new pod gets nothing until it ends.
 */
#ifndef MODELS_LB_SLOTS_H
#define MODELS_LB_SLOTS_H

#include "models/lb_params.h"

/* What a check or a connect finds. */
enum lb_port { LB_PORT_CLOSED, LB_PORT_OPEN, LB_PORT_SILENT };

struct lb_slot {
    uint32_t pod;        /* NO_INDEX: no address, in maintenance */
    uint32_t served;     /* sessions, old ones included */
    uint32_t prev, next; /* in the idle list of its load, or NO_INDEX */
    uint32_t rank;       /* position in members[] of that list */
    bool up;             /* has an address and is not DOWN */
    bool idle;           /* is in a list: up and served < maxconn */
    bool checked;        /* a good check since it got out of maintenance */
    bool fresh;          /* DOWN since then, without any check: init_down */
    enum lb_port port;
    sim_us silent_us;    /* SILENT: the first check that gets no answer */
    uint32_t streak;     /* checks in a row against the present state */
    uint32_t generation; /* of the planned change of state */
    sim_us since_us;     /* checks up to here are counted */
    uint32_t mark;       /* number of the answer that last held its pod */
};

/* Idle servers of one load, the longest idle first. */
struct lb_idle {
    uint32_t head, tail;
    uint32_t *members; /* owned; the same servers in no order */
    uint32_t n;
};

struct lb_slots {
    struct lb_slot *slots; /* owned; n of them */
    uint32_t n, maxconn;
    struct lb_idle idle[LB_MAXCONN]; /* by sessions served */
    uint32_t n_up;                   /* UP servers, busy ones included */
    uint32_t n_placed;               /* slots with an address */
    uint32_t n_answers;
    uint32_t *cells;  /* owned; slot + 1 or 0, hashed by the slot's pod, so that
                         it grows with the slots and not with the pods */
    uint32_t n_cells; /* a power of two, above twice n */
};

void lb_slots_init(struct lb_slots *s, const struct lb_backend_params *p);
void lb_slots_free(struct lb_slots *s);

/* As after init, but generations go on: no planned event fits any more. */
void lb_slots_clear(struct lb_slots *s);

/* Slot of the pod, or NO_INDEX. */
uint32_t lb_slots_find(const struct lb_slots *s, uint32_t pod);

/* The server leastconn takes, or NO_INDEX if every usable one is full.
 *
 * at_random  the choice of 3.2 among the least loaded; else longest idle
 * u          uniform in (0, 1)
 */
uint32_t lb_slots_pick(const struct lb_slots *s, bool at_random, double u);

/* One session more or less in the slot; it moves to the tail of its list. */
void lb_slots_take(struct lb_slots *s, uint32_t slot);
void lb_slots_release(struct lb_slots *s, uint32_t slot);

/* The slot gets an address (any before it is forgotten), or none with
 * NO_INDEX. Does not touch up.
 */
void lb_slots_place(struct lb_slots *s, uint32_t slot, uint32_t pod);

/* Into service at the tail, out of it. */
void lb_slots_set_up(struct lb_slots *s, uint32_t slot, bool up);

#endif
