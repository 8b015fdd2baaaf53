/* lb.h - HAProxy in TCP mode in front of a pool: sessions, queue, servers.
 *
 * Models    one process; per backend leastconn over server-template slots
 *           with maxconn, the backend queue and its bound, ghosts, connect
 *           retries, the gauges of the exporter. Names and addresses are in
 *           lb_dns.h, health checks in lb_check.h.
 * Source    HAProxy 2.6.12, 3.0.11, 3.1.0, 3.1 with the queue fixes and
 *           3.2.26, measured; src/queue.c, src/backend.c, src/lb_fwlc.c.
 * Left out  server queues (empty under leastconn with maxconn); two sessions
 *           from dials in one millisecond on several threads (about 1 % of
 *           such bursts); cookies, weights, slow start. A probe on the
 *           balancer's port is a dial and an end, if the caller wants it.
 *
 * What the balancer wants done stands in out[n_out], in order; the caller
 * acts on it after every call and then sets n_out = 0.
 */
#ifndef MODELS_LB_H
#define MODELS_LB_H

#include "models/lb_queue.h"
#include "models/lb_slots.h"

enum lb_out_kind {
    LB_DISPATCH, /* session takes its slot: connect it to pod */
    LB_GHOST,    /* the same, but its client has left: lb_on_end 1 ms later */
    LB_CLOSE,    /* client gets a FIN; it was not being served */
    LB_CUT,      /* client loses a session it was served in */
    LB_CHECK     /* call lb_on_check(slot, generation) at at_us */
};

struct lb_out {
    enum lb_out_kind kind;
    uint32_t backend;
    uint32_t session; /* already free in CLOSE and CUT */
    uint32_t client, pod, slot, generation;
    sim_us at_us; /* CHECK */
};

struct lb_gauges {              /* since the process started */
    uint32_t sessions;          /* haproxy_backend_current_sessions */
    uint32_t max_sessions;      /* haproxy_backend_max_sessions */
    uint32_t max_queue;         /* haproxy_backend_max_queue */
    uint64_t sessions_total;    /* haproxy_backend_sessions_total */
    uint64_t connection_errors; /* ..._connection_errors_total */
    uint64_t retry_warnings;    /* ..._retry_warnings_total */
};

struct lb_backend {
    const struct lb_backend_params *p; /* borrowed */
    struct lb_slots slots;
    struct lb_queue queue;
    struct lb_gauges gauges;
    bool failing;      /* the newest answers are bad */
    uint32_t bad;      /* failing: enum lb_records_kind of the newest */
    sim_us good_us;    /* failing: the last good one */
    sim_us hold_at_us; /* failing: all servers are lost then; or SIM_NEVER */
};

struct lb {
    const struct lb_params *p;   /* borrowed */
    struct lb_backend *backends; /* owned; p->n_backends of them */
    struct lb_sessions sessions;
    bool listening;
    struct lb_out *out; /* owned */
    size_t n_out, cap_out;
};

enum lb_dial_result {
    LB_DIAL_SERVED, /* session has a slot: connect it to pod */
    LB_DIAL_QUEUED, /* call lb_on_queue_limit at limit_us */
    LB_DIAL_CLOSED, /* FIN at once: no usable server; no session */
    LB_DIAL_REFUSED /* no process listens; nothing is counted */
};

struct lb_dial {
    enum lb_dial_result result;
    uint32_t session, generation, pod;
    sim_us limit_us; /* SIM_NEVER unless queued */
};

/* A client connects.
 *
 * client    any index but NO_INDEX; comes back in out[]
 * u         uniform in (0, 1); used from 3.2 on
 */
struct lb_dial lb_on_dial(struct lb *lb, uint32_t backend, uint32_t client,
                          sim_us now_us, double u);

/* n dials more that met no usable server, or no process. */
void lb_on_idle_dials(struct lb *lb, uint32_t backend, uint64_t n);

/* The queue bound of a session; a stale generation or a session that is no
 * longer queued is ignored. CLOSE unless it is a ghost.
 */
void lb_on_queue_limit(struct lb *lb, uint32_t session, uint32_t generation);

enum lb_how {
    LB_FIN,      /* closes after its HTTP/2 preface, as every gRPC client */
    LB_FIN_BARE, /* closes, nothing sent */
    LB_RESET
};

enum lb_left {
    LB_LEFT_FREED, /* session is gone, its slot passed on */
    LB_LEFT_GHOST, /* stays until served or its bound, as no one's */
    LB_LEFT_OPEN   /* call lb_on_end when the pod closes too */
};

/* The client of a session leaves. */
enum lb_left lb_on_leave(struct lb *lb, uint32_t session, enum lb_how how);

/* Both sides of a served session are closed (work done, pod killed,
 * inactivity). A usable server takes the head of the queue at once.
 */
void lb_on_end(struct lb *lb, uint32_t session);

enum lb_connect { LB_CONNECT_REFUSED, LB_CONNECT_SILENT };

/* The pod of a served session refused, or was silent for connect_us.
 *
 * u         as in lb_on_dial, for a redispatch
 * Returns when to connect again, to the session's pod (a redispatch changes
 * it); SIM_NEVER if the session is closed, which stands in out[] too.
 */
sim_us lb_on_connect_failed(struct lb *lb, uint32_t session,
                            enum lb_connect how, sim_us now_us, double u);

/* The pod accepted after all; needed only after lb_on_connect_failed. False
 * if the client has left meanwhile: call lb_on_end 1 ms later.
 */
bool lb_on_connected(struct lb *lb, uint32_t session);

/* haproxy_backend_current_sessions: running, queued, connecting, ghosts. */
static inline uint32_t lb_sessions(const struct lb *lb, uint32_t backend)
{
    return lb->backends[backend].gauges.sessions;
}

static inline uint32_t lb_queue(const struct lb *lb, uint32_t backend)
{
    return lb->backends[backend].queue.n;
}

uint32_t lb_active_servers(const struct lb *lb, uint32_t backend);

#endif
