/* haproxy_cfg.h - what a haproxy.cfg says about backends, limits and DNS.
 *
 * Models    global, defaults (also named, with "from"), frontend, backend,
 *           listen and resolvers sections; server-template and default-server
 *           options; inheritance and fall-backs of timeouts; routes by port.
 * Source    HAProxy configuration manual 3.1.
 * Left out  everything else: it is listed in ignored[], never dropped silently.
 */
#ifndef SCENARIOS_HAPROXY_CFG_H
#define SCENARIOS_HAPROXY_CFG_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HAP_NAME = 128,
    HAP_MAX_SLOTS = 65535,
    HAP_MAX_PROXIES = 4096, /* sections of one kind */
};

enum hap_kind { HAP_DEFAULTS, HAP_FRONTEND, HAP_BACKEND, HAP_LISTEN };

enum hap_timeout {
    HAP_CONNECT,
    HAP_CLIENT,
    HAP_SERVER,
    HAP_QUEUE,
    HAP_CHECK,
    HAP_TIMEOUTS
};

/* What a defaults section passes on. */
struct hap_settings {
    char mode[16];                   /* "tcp", "http" */
    char balance[32];                /* "roundrobin" if nothing is said */
    sim_us timeout_us[HAP_TIMEOUTS]; /* SIM_NEVER: not set, no limit */
    uint32_t retries;                /* 3 */
    bool redispatch, abortonclose;
    struct hap_server_options {
        uint32_t maxconn; /* 0: no limit */
        bool check;
        sim_us inter_us;          /* 2 s */
        uint32_t rise, fall;      /* 2, 3 */
        bool init_addr_none;      /* starts without an address */
        bool init_down;           /* init-state down or fully-down */
        bool prefer_ipv4;         /* resolve-prefer ipv4; else AAAA first */
        bool shutdown_on_down;    /* on-marked-down shutdown-sessions */
        char resolvers[HAP_NAME]; /* "" : none */
    } server;
};

struct hap_proxy {
    enum hap_kind kind;
    unsigned line;
    char name[HAP_NAME];
    struct hap_settings set;
    char prefix[HAP_NAME]; /* of the names in its server-template */
    char fqdn[HAP_NAME];   /* of its server-template; "" if it has none */
    uint32_t n_slots;      /* of its server-template */
    uint16_t server_port;  /* of its server-template */
    uint32_t n_servers;    /* lines "server": fixed addresses */
    unsigned server_line;  /* of the server-template */
    char default_backend[HAP_NAME];
    uint16_t ports[8]; /* of its bind lines */
    size_t n_ports;
};

/* Connections to a port of the balancer go to a backend. */
struct hap_route {
    uint16_t port;
    unsigned line;
    char backend[HAP_NAME];
};

struct hap_resolvers {
    unsigned line;
    char name[HAP_NAME];
    uint32_t n_nameservers;
    bool over_tcp;            /* a nameserver "tcp@..." */
    uint32_t payload_bytes;   /* 512 */
    uint32_t resolve_retries; /* 3 */
    sim_us resolve_us;        /* 1 s */
    sim_us retry_us;          /* 1 s */
    sim_us hold_nx_us, hold_other_us, hold_timeout_us, hold_refused_us;
    sim_us hold_obsolete_us, hold_valid_us; /* 0 s, 10 s; the four: 30 s */
};

struct hap_ignored {
    unsigned line;
    char words[64]; /* the start of the line */
};

/* Starts from {0}; every array is owned. */
struct haproxy_cfg {
    struct hap_proxy *proxies; /* without the defaults sections */
    size_t n_proxies, cap_proxies;
    struct hap_resolvers *resolvers;
    size_t n_resolvers, cap_resolvers;
    struct hap_route *routes;
    size_t n_routes, cap_routes;
    struct hap_ignored *ignored;
    size_t n_ignored, cap_ignored;
    sim_us hard_stop_us; /* SIM_NEVER: not set */
    uint32_t n_threads;  /* 0: not set */
};

/* Reads the text of a configuration.
 *
 * path, line  where the text stands: its first line is line `line` of path
 * Errors    ERR_INPUT with path:line; *c is empty then. A value that is a
 *           placeholder of a template is refused with the advice to render it.
 */
int haproxy_cfg_parse(struct haproxy_cfg *c, const char *path, unsigned line,
                      const char *text, struct err *e);

/* The backend or listen section of this name, or NULL. */
const struct hap_proxy *haproxy_cfg_backend(const struct haproxy_cfg *c,
                                            const char *name);

/* The resolvers section of this name, or NULL. */
const struct hap_resolvers *haproxy_cfg_resolvers(const struct haproxy_cfg *c,
                                                  const char *name);

void haproxy_cfg_free(struct haproxy_cfg *c);

#endif
