#include "scenarios/haproxy_cfg.h"

#include "scenarios/haproxy_reader.h"
#include "sim/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct hap_settings built_in = {
    .mode = "tcp",
    .balance = "roundrobin",
    .timeout_us = {SIM_NEVER, SIM_NEVER, SIM_NEVER, SIM_NEVER, SIM_NEVER},
    .retries = 3,
    .server = {.inter_us = 2 * US_PER_S, .rise = 2, .fall = 3},
};

static int read_mode(struct hap_reader *r)
{
    snprintf(r->proxy->set.mode, sizeof r->proxy->set.mode, "%s",
             hap_word(r, 1));
    return ERR_OK;
}

static int read_balance(struct hap_reader *r)
{
    snprintf(r->proxy->set.balance, sizeof r->proxy->set.balance, "%s",
             hap_word(r, 1));
    return ERR_OK;
}

static int read_timeout(struct hap_reader *r)
{
    static const char *const names[HAP_TIMEOUTS] = {"connect", "client",
                                                    "server", "queue", "check"};

    for (size_t i = 0; i < HAP_TIMEOUTS; i++)
        if (strcmp(hap_word(r, 1), names[i]) == 0)
            return hap_time(r, 2, &r->proxy->set.timeout_us[i]);
    return hap_ignore(r);
}

static int read_retries(struct hap_reader *r)
{
    return hap_number(r, 1, "retries", (const uint32_t[]){0, 1000},
                      &r->proxy->set.retries);
}

static int set_option(struct hap_reader *r, const char *name, bool on)
{
    if (strcmp(name, "redispatch") == 0)
        r->proxy->set.redispatch = on;
    else if (strcmp(name, "abortonclose") == 0)
        r->proxy->set.abortonclose = on;
    else
        return hap_ignore(r);
    return ERR_OK;
}

static int read_option(struct hap_reader *r)
{
    return set_option(r, hap_word(r, 1), true);
}

static int read_no(struct hap_reader *r)
{
    if (strcmp(hap_word(r, 1), "option") != 0)
        return hap_ignore(r);
    return set_option(r, hap_word(r, 2), false);
}

/* "*:1234", ":1234", "[::]:1234", "ipv6@:1234" */
static int read_bind(struct hap_reader *r)
{
    struct hap_proxy *p = r->proxy;
    const char *address = hap_word(r, 1), *colon = strrchr(address, ':');
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : 0;

    if (!colon || end == colon + 1 || *end || port < 1 || port > 65535)
        return hap_fail(r, "bind needs address:port, not \"%s\"", address);
    if (p->n_ports == sizeof p->ports / sizeof *p->ports)
        return hap_fail(r, "%s binds too many ports", p->name);
    p->ports[p->n_ports++] = (uint16_t)port;
    return ERR_OK;
}

static int read_default_backend(struct hap_reader *r)
{
    return hap_name(r, 1, r->proxy->default_backend);
}

static int add_route(struct hap_reader *r, uint16_t port, const char *backend)
{
    struct haproxy_cfg *c = r->cfg;

    c->routes =
        mem_grow(c->routes, &c->cap_routes, c->n_routes + 1, sizeof *c->routes);
    struct hap_route *route = &c->routes[c->n_routes++];
    *route = (struct hap_route){.port = port, .line = r->line};
    snprintf(route->backend, sizeof route->backend, "%s", backend);
    return ERR_OK;
}

/* "use_backend B", or "use_backend B if { dst_port P }" */
static int read_use_backend(struct hap_reader *r)
{
    char name[HAP_NAME];
    int rc = hap_name(r, 1, name);
    uint32_t port;

    if (rc != ERR_OK)
        return rc;
    if (r->n_words == 2) {
        memcpy(r->proxy->default_backend, name, sizeof name);
        return ERR_OK;
    }
    if (r->n_words != 7 || strcmp(hap_word(r, 2), "if") != 0 ||
        strcmp(hap_word(r, 4), "dst_port") != 0)
        return hap_ignore(r);
    rc = hap_number(r, 5, "dst_port", (const uint32_t[]){1, 65535}, &port);
    return rc == ERR_OK ? add_route(r, (uint16_t)port, name) : rc;
}

static const struct hap_word proxy_words[] = {
    {"mode", read_mode},
    {"balance", read_balance},
    {"timeout", read_timeout},
    {"retries", read_retries},
    {"option", read_option},
    {"no", read_no},
    {"bind", read_bind},
    {"default_backend", read_default_backend},
    {"use_backend", read_use_backend},
    {"server-template", hap_server_template},
    {"server", hap_server},
    {"default-server", hap_default_server},
};

static int read_hard_stop(struct hap_reader *r)
{
    return hap_time(r, 1, &r->cfg->hard_stop_us);
}

static int read_threads(struct hap_reader *r)
{
    return hap_number(r, 1, "nbthread", (const uint32_t[]){1, 1024},
                      &r->cfg->n_threads);
}

static const struct hap_word global_words[] = {
    {"hard-stop-after", read_hard_stop},
    {"nbthread", read_threads},
};

static int read_line(struct hap_reader *r)
{
    const struct hap_word *words = proxy_words;
    size_t n = sizeof proxy_words / sizeof *proxy_words;

    if (r->section == HAP_NOWHERE)
        return hap_fail(r, "\"%s\" stands before any section", hap_word(r, 0));
    if (r->section == HAP_OTHER)
        return hap_ignore(r);
    if (r->section == HAP_GLOBAL) {
        words = global_words;
        n = sizeof global_words / sizeof *global_words;
    } else if (r->section == HAP_DNS) {
        words = hap_dns_words(&n);
    }
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i].word, hap_word(r, 0)) == 0)
            return words[i].read(r);
    return hap_ignore(r);
}

/* Where a new proxy starts from: the section behind "from", else the last. */
static int inherit(struct hap_reader *r, size_t from, struct hap_settings *out)
{
    bool named = strcmp(hap_word(r, from), "from") == 0;

    *out = built_in;
    for (size_t i = 0; i < r->n_defaults; i++) {
        if (named && strcmp(r->defaults[i].name, hap_word(r, from + 1)) != 0)
            continue;
        *out = r->defaults[i].set;
        if (named)
            return ERR_OK;
    }
    return named ? hap_fail(r, "no defaults section \"%s\" before this line",
                            hap_word(r, from + 1))
                 : ERR_OK;
}

static int start_defaults(struct hap_reader *r)
{
    struct hap_proxy p = {.kind = HAP_DEFAULTS, .line = r->line};
    bool named = r->n_words > 1 && strcmp(hap_word(r, 1), "from") != 0;
    int rc = named ? hap_name(r, 1, p.name) : ERR_OK;

    /* An unnamed defaults section starts afresh; only "from" inherits. */
    p.set = built_in;
    if (rc == ERR_OK && strcmp(hap_word(r, 1 + named), "from") == 0)
        rc = inherit(r, 1 + named, &p.set);
    if (r->n_defaults == HAP_MAX_PROXIES)
        return hap_fail(r, "too many defaults sections");
    r->defaults = mem_grow(r->defaults, &r->cap_defaults, r->n_defaults + 1,
                           sizeof *r->defaults);
    r->defaults[r->n_defaults++] = p;
    r->proxy = &r->defaults[r->n_defaults - 1];
    r->section = HAP_PROXY;
    return rc;
}

static int start_proxy(struct hap_reader *r, enum hap_kind kind)
{
    struct haproxy_cfg *c = r->cfg;
    struct hap_proxy p = {.kind = kind, .line = r->line};
    int rc = hap_name(r, 1, p.name);

    if (rc == ERR_OK)
        rc = inherit(r, 2, &p.set);
    if (rc != ERR_OK)
        return rc;
    if (kind != HAP_FRONTEND && haproxy_cfg_backend(c, p.name))
        return hap_fail(r, "backend %s is defined twice, first in line %u",
                        p.name, haproxy_cfg_backend(c, p.name)->line);
    if (c->n_proxies == HAP_MAX_PROXIES)
        return hap_fail(r, "more than %d proxies", HAP_MAX_PROXIES);
    c->proxies = mem_grow(c->proxies, &c->cap_proxies, c->n_proxies + 1,
                          sizeof *c->proxies);
    c->proxies[c->n_proxies++] = p;
    r->proxy = &c->proxies[c->n_proxies - 1];
    r->section = HAP_PROXY;
    return ERR_OK;
}

static int start_resolvers(struct hap_reader *r)
{
    struct haproxy_cfg *c = r->cfg;

    if (c->n_resolvers == HAP_MAX_PROXIES)
        return hap_fail(r, "too many resolvers sections");
    c->resolvers = mem_grow(c->resolvers, &c->cap_resolvers, c->n_resolvers + 1,
                            sizeof *c->resolvers);
    r->dns = &c->resolvers[c->n_resolvers++];
    hap_dns_defaults(r->dns);
    r->dns->line = r->line;
    r->section = HAP_DNS;
    return hap_name(r, 1, r->dns->name);
}

/* What it decides, it decides where the balancer starts. */
static int read_directive(struct hap_reader *r, const char *word)
{
    static const char *const messages[] = {".notice", ".warning", ".alert",
                                           ".diag"};

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        if (strcmp(word, messages[i]) == 0)
            return hap_ignore(r);
    return hap_fail(r,
                    "%s is decided when the balancer starts: leave only the "
                    "lines that are to hold",
                    word);
}

/* True if the line starts a section or stands outside of all; *rc is what
 * became of it.
 */
static bool starts_section(struct hap_reader *r, int *rc)
{
    static const char *const others[] = {"peers",       "program",  "userlist",
                                         "cache",       "ring",     "mailers",
                                         "http-errors", "fcgi-app", "traces",
                                         "log-forward", "crt-store"};
    const char *word = hap_word(r, 0);

    *rc = ERR_OK;
    if (*word == '.')
        *rc = read_directive(r, word);
    else if (strcmp(word, "global") == 0)
        r->section = HAP_GLOBAL;
    else if (strcmp(word, "defaults") == 0)
        *rc = start_defaults(r);
    else if (strcmp(word, "frontend") == 0)
        *rc = start_proxy(r, HAP_FRONTEND);
    else if (strcmp(word, "backend") == 0)
        *rc = start_proxy(r, HAP_BACKEND);
    else if (strcmp(word, "listen") == 0)
        *rc = start_proxy(r, HAP_LISTEN);
    else if (strcmp(word, "resolvers") == 0)
        *rc = start_resolvers(r);
    else {
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            if (strcmp(word, others[i]) == 0) {
                r->section = HAP_OTHER;
                hap_ignore(r);
                return true;
            }
        return false;
    }
    return true;
}

static int read_text(struct hap_reader *r, const char *text)
{
    while (*text) {
        size_t n = strcspn(text, "\n");
        int rc = hap_split(r, text, n);

        if (rc == ERR_OK && r->n_words > 0 && !starts_section(r, &rc))
            rc = read_line(r);
        if (rc != ERR_OK)
            return rc;
        text += n + (text[n] == '\n');
        r->line++;
    }
    return ERR_OK;
}

/* Every port of a frontend leads somewhere; a listen section is its own
 * backend. Routes of use_backend come first and stay.
 */
static int finish_proxy(struct hap_reader *r, struct hap_proxy *p)
{
    sim_us *t = p->set.timeout_us;
    const char *to = p->kind == HAP_LISTEN ? p->name : p->default_backend;

    r->line = p->line;
    if (t[HAP_QUEUE] == SIM_NEVER)
        t[HAP_QUEUE] = t[HAP_CONNECT];
    for (size_t i = 0; i < p->n_ports && *to; i++)
        add_route(r, p->ports[i], to);
    if (*p->default_backend && !haproxy_cfg_backend(r->cfg, p->default_backend))
        return hap_fail(r, "%s sends to the backend \"%s\", which is not there",
                        p->name, p->default_backend);
    if (p->n_slots > 0 && *p->set.server.resolvers &&
        !haproxy_cfg_resolvers(r->cfg, p->set.server.resolvers))
        return hap_fail(r, "%s uses the resolvers \"%s\", which are not there",
                        p->name, p->set.server.resolvers);
    return ERR_OK;
}

int haproxy_cfg_parse(struct haproxy_cfg *c, const char *path, unsigned line,
                      const char *text, struct err *e)
{
    struct hap_reader r = {.cfg = c, .err = e, .path = path, .line = line};

    *c = (struct haproxy_cfg){.hard_stop_us = SIM_NEVER};
    int rc = read_text(&r, text);
    for (size_t i = 0; i < c->n_proxies && rc == ERR_OK; i++)
        rc = finish_proxy(&r, &c->proxies[i]);
    free(r.defaults);
    if (rc != ERR_OK)
        haproxy_cfg_free(c);
    return rc;
}

const struct hap_proxy *haproxy_cfg_backend(const struct haproxy_cfg *c,
                                            const char *name)
{
    for (size_t i = 0; i < c->n_proxies; i++)
        if (c->proxies[i].kind != HAP_FRONTEND &&
            strcmp(c->proxies[i].name, name) == 0)
            return &c->proxies[i];
    return NULL;
}

const struct hap_resolvers *haproxy_cfg_resolvers(const struct haproxy_cfg *c,
                                                  const char *name)
{
    for (size_t i = 0; i < c->n_resolvers; i++)
        if (strcmp(c->resolvers[i].name, name) == 0)
            return &c->resolvers[i];
    return NULL;
}

void haproxy_cfg_free(struct haproxy_cfg *c)
{
    free(c->proxies);
    free(c->resolvers);
    free(c->routes);
    free(c->ignored);
    *c = (struct haproxy_cfg){0};
}
