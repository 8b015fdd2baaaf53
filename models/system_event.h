/* system_event.h - what can happen in a replication, and what is drawn.
 */
#ifndef MODELS_SYSTEM_EVENT_H
#define MODELS_SYSTEM_EVENT_H

/* In the order in which they run at one instant: the world moves before it is
 * observed, observation before control.
 */
enum event_kind {
    EV_FAULT,        /* fault: it begins */
    EV_FAULT_END,    /* fault */
    EV_LB_OLD_END,   /* process of the balancer: what is left of it dies */
    EV_LB_LISTEN,    /* the balancer is back after a restart */
    EV_WORK_END,     /* build, client generation: a mark of its work */
    EV_GHOST,        /* session, its generation: a ghost gives up its slot */
    EV_DEMAND_END,   /* build: it would be done if nobody ever waited */
    EV_ASKED,        /* build: the next of the trace */
    EV_RERUN,        /* build: its next job comes to its first dial */
    EV_LEAVES,       /* build: its owner cancels it */
    EV_JOB_END,      /* build: the job's own limit */
    EV_HOLD,         /* build, client generation: its dial's deadline */
    EV_DIAL,         /* build, client generation */
    EV_LAST_DIALS,   /* clients that slept until now dial for the last time */
    EV_WORK,         /* build, client generation: connected, work starts */
    EV_LB_LIMIT,     /* session, generation: bound of the queue */
    EV_LB_CONNECT,   /* session, generation: connect to the pod again */
    EV_LB_SILENT,    /* session, generation: a connect got no answer */
    EV_LB_IDLE,      /* build, client generation: silent for too long? */
    EV_LB_CHECK,     /* slot, generation; see lb_check */
    EV_POD_CREATE,   /* pod */
    EV_POD_DELETE,   /* pod */
    EV_POD_BOUND,    /* pod, generation */
    EV_POD_STARTED,  /* pod, generation: its container runs */
    EV_POD_READY,    /* pod, generation */
    EV_POD_UNREADY,  /* pod, generation: its readiness probe has failed */
    EV_POD_KILLED,   /* pod, generation: its liveness probe has failed */
    EV_POD_LOOK,     /* pod, generation: look of the drain script */
    EV_POD_TERM,     /* pod, generation: SIGTERM, builds on it are lost */
    EV_POD_TRIGGER,  /* pod: the provisioner hears that it fits nowhere */
    EV_POD_GONE,     /* pod, generation */
    EV_NODE_REQUEST, /* node: its instance is asked for (again) */
    EV_NODE_ANSWER,  /* node: the cloud's answer; generation 1: refused */
    EV_NODE_BILLED,  /* node: running, paid from now on */
    EV_NODE_REGISTERED, /* node */
    EV_NODE_READY,      /* node */
    EV_NODE_LIVENESS,   /* node: gave up on it if it did not come */
    EV_NODE_EXPIRY,     /* node */
    EV_NODE_EVICT,      /* node: pods that their budget protected */
    EV_NODE_SILENT,     /* node: not heard of for a while: not ready */
    EV_NODE_TAINTED,    /* node: not ready for long: its pods are deleted */
    EV_NODE_HEARD,      /* node: no longer cut off */
    EV_NODE_COLLECT,    /* node: lost, its claim is deleted */
    EV_NODE_TERMINATE,  /* node: drained, instance is given back */
    EV_NODE_STOPPED,    /* node: no longer paid */
    EV_NODE_GONE,       /* node: its object is gone */
    EV_FOREIGN_POD,     /* number of a pod of a pool that is not simulated */
    EV_FOREIGN_PLACED,  /* number: it has a node */
    EV_SCHEDULE,        /* pool: pending pods are tried */
    EV_LB_ANSWER,       /* backend: its resolver sees a change */
    EV_LB_HOLD,         /* backend: a failing name's hold is over */
    EV_WINDOW,          /* figures begin */
    EV_WINDOW_END,      /* figures are closed */
    EV_LINK,            /* whoever scales from outside */
    EV_KEDA_POLL,       /* pool, generation */
    EV_HPA_WAKE,   /* pool, generation: the first reading that may differ */
    EV_HPA_SYNC,   /* pool, generation: reads scale and metric */
    EV_HPA_DECIDE, /* pool, generation: a metric that took long has come */
    EV_HPA_WRITE,  /* pool, generation: writes the scale */
    EV_RS_SYNC,    /* pool, template */
    EV_BATCH,      /* the batcher's timer */
    EV_SOLVED,     /* generation: claims of the last solve are made */
    EV_FOREIGN,    /* a node of a pool that is not simulated is due */
    EV_DISRUPT,    /* generation: a pass of the disruption loop */
    EV_KINDS
};

/* What a draw is for; one number each, never reused for another purpose. */
enum purpose {
    DRAW_GAP,
    DRAW_LB_CHOICE,
    DRAW_BUILD_END,
    DRAW_DNS_PHASE,
    DRAW_DNS_FILL,
    DRAW_SLICE,
    DRAW_HPA_PHASE,
    DRAW_HPA_RETRY,
    DRAW_KEDA_PHASE,
    DRAW_RS_LAG,
    DRAW_RS_TRIP,
    DRAW_POD_UID,
    DRAW_SCHED,
    DRAW_BIND,
    DRAW_PULL,
    DRAW_START,
    DRAW_SLEEP,
    DRAW_NOTICED,
    DRAW_EXEC,
    DRAW_STATUS,
    DRAW_STARTUP_SLEEP,
    DRAW_STARTUP_EXEC,
    DRAW_EXIT,
    DRAW_TRIGGER,
    DRAW_SOLVE,
    DRAW_FLEET,
    DRAW_NODE,
    DRAW_DISRUPT_PHASE,
    DRAW_START_AGE,
    DRAW_FOREIGN,
    DRAW_LOST,
    DRAW_SILENCE,
    DRAW_RERUN,
    DRAW_GET,
    DRAW_RACE,
    DRAW_FOREIGN_POD,
    DRAW_LIVENESS
};

#endif
