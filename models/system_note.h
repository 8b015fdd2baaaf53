/* system_note.h - what happened, for people and for tests. */
#ifndef MODELS_SYSTEM_NOTE_H
#define MODELS_SYSTEM_NOTE_H

#include "models/system_params.h"

/* One note an occurrence. */
enum note_kind {
    NOTE_ASKED,
    NOTE_DIAL,
    NOTE_REFUSED,     /* no balancer listens */
    NOTE_TURNED_AWAY, /* the balancer has no usable server */
    NOTE_QUEUED,
    NOTE_SILENT, /* the pod that the balancer chose does not answer */
    NOTE_SERVED,
    NOTE_CLOSED, /* by the balancer */
    NOTE_HUNG_UP,
    NOTE_LOST, /* its pod ends under it */
    NOTE_WORK,
    NOTE_FAILED, /* the build's own error */
    NOTE_RESTS,  /* its job has failed and is to be run again */
    NOTE_RERUN,
    NOTE_END,
    NOTE_POD_SETTLED, /* from before the history */
    NOTE_POD_CREATED,
    NOTE_POD_PLACED, /* meant for a node that is there or to come */
    NOTE_POD_BOUND,
    NOTE_POD_STARTED,
    NOTE_POD_READY,
    NOTE_POD_UNREADY,
    NOTE_POD_READY_AGAIN,
    NOTE_POD_KILLED,   /* its container; it is started again */
    NOTE_POD_KNOWN,    /* to the balancer */
    NOTE_POD_LISTED,   /* in its answer, but has no slot there */
    NOTE_POD_UNLISTED, /* no longer in its answer */
    NOTE_POD_EVICTED,
    NOTE_POD_OUTDATED, /* deleted for its template */
    NOTE_POD_DELETED,
    NOTE_POD_LOOK, /* of its drain script; b idle ones in a row */
    NOTE_POD_TERM,
    NOTE_POD_GONE,
    NOTE_NODE_CLAIMED,
    NOTE_NODE_REFUSED,
    NOTE_NODE_LAUNCHED,
    NOTE_NODE_PAID,
    NOTE_NODE_REGISTERED,
    NOTE_NODE_READY,
    NOTE_NODE_LATE,
    NOTE_NODE_SILENT, /* counts as not ready */
    NOTE_NODE_HEARD,  /* ready again */
    NOTE_NODE_EXPIRED,
    NOTE_NODE_MARKED,
    NOTE_NODE_TERMINATED, /* b 1: lost at once */
    NOTE_NODE_UNPAID,
    NOTE_SCALE,
    NOTE_METRIC_LOST,
    NOTE_FAULT,
    NOTE_KINDS
};

/* a and b depend on the kind: build and session, pod and node, old and new
 * count; note_print knows.
 */
struct note {
    sim_us at_us;
    enum note_kind kind;
    uint32_t pool, a, b;
};

struct system;

/* A note in words, without a newline: seconds since the origin, pool, what. */
void note_print(const struct system *s, const struct note *n, char out[256]);

/* As the scenario's list of faults has it, "lb_restart". */
const char *fault_name(enum fault_kind kind);

#endif
