/* lb_params.h - what an haproxy.cfg decides about the balancer.
 *
 * Source    HAProxy configuration manual 3.1; defaults of
 *           include/haproxy/defaults.h and src/resolvers.c v3.1.0.
 */
#ifndef MODELS_LB_PARAMS_H
#define MODELS_LB_PARAMS_H

#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>

enum lb_version {
    LB_2_6,
    LB_3_0,
    LB_3_1_0, /* 3.1.0 alone: before the queue fixes of December 2024 */
    LB_3_1,   /* 3.1 with these fixes; the reference */
    LB_3_2    /* and later: idle servers are picked at random */
};

enum { LB_MAXCONN = 16, LB_SLOTS = 65536 }; /* bounds; scenarios/ checks */

struct lb_backend_params {
    const char *name;       /* borrowed; as in the metrics */
    const char *prefix;     /* borrowed; of its servers' names; or NULL */
    uint32_t n_slots;       /* servers of the template, 1 to LB_SLOTS */
    uint32_t maxconn;       /* sessions a server, 1 to LB_MAXCONN */
    sim_us queue_us;        /* timeout queue; 0: not set, connect_us counts */
    sim_us connect_us;      /* timeout connect */
    sim_us inactivity_us;   /* smaller of timeout client and server */
    uint32_t retries;       /* connect attempts after the first */
    bool redispatch;        /* option redispatch */
    bool abortonclose;      /* option abortonclose */
    bool check;             /* health checks are on */
    bool init_down;         /* init-state down: a new server is DOWN until a
                               check is good; no effect without checks */
    sim_us check_us;        /* inter */
    uint32_t rise, fall;    /* good checks to be UP, bad ones to be DOWN */
    uint32_t payload_bytes; /* accepted_payload_size, or less if DNS caps it */
    uint32_t name_chars;    /* length of the resolved name, no final dot */
    bool ipv6;              /* AAAA records, else A */
    sim_us resolve_us;      /* timeout resolve: pause between queries */
    sim_us retry_us;        /* resolvers' timeout retry */
    uint32_t resolve_tries;
    sim_us hold_nx_us, hold_other_us, hold_refused_us, hold_timeout_us;
};

struct lb_params {
    enum lb_version version;
    const struct lb_backend_params *backends; /* borrowed */
    size_t n_backends;
};

/* The production file: 400 slots, maxconn 1, 5 s connect, no queue timeout,
 * 120 min, 8192 bytes, AAAA, hold nx and other 5 s, name of 47 characters.
 */
void lb_backend_defaults(struct lb_backend_params *p);

/* Bound of the time in the queue: queue_us, or connect_us if it is not set. */
sim_us lb_queue_limit_us(const struct lb_backend_params *p);

/* Most records an answer can have before it is truncated.
 *
 * Returns floor((payload - 29 - name) / 28), or / 16 for A; 0 if nothing
 * fits. 8192 bytes and 47 characters: 289 AAAA, 507 A.
 * Source    RFC 1035 section 4.1; measured with HAProxy 2.6 to 3.2.
 */
uint32_t lb_max_records(const struct lb_backend_params *p);

#endif
