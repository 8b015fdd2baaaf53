#include "scenarios/scenario_build.h"

#include "sim/base/mem.h"

#include <stdio.h>
#include <string.h>

/* "service.namespace.svc...": both parts are compared, the rest is not. */
static const struct m_service *find_service(struct build *b,
                                            const struct hap_proxy *p)
{
    size_t n = strcspn(p->fqdn, ".");
    const char *space = p->fqdn + n + (p->fqdn[n] == '.');
    size_t k = strcspn(space, ".");

    for (size_t i = 0; i < b->n_services; i++) {
        const struct m_service *s = &b->services[i];

        if (strlen(s->name) == n && memcmp(s->name, p->fqdn, n) == 0 &&
            (k == 0 ||
             (strlen(s->space) == k && memcmp(s->space, space, k) == 0)))
            return s;
    }
    err_set(b->err, ERR_INPUT,
            "%s:%u: backend %s resolves %s, but the manifests have no such "
            "Service",
            scenario_haproxy(b->s)->path, p->line, p->name, p->fqdn);
    return NULL;
}

static int refuse(struct build *b, const struct hap_proxy *p, const char *what)
{
    return err_set(b->err, ERR_INPUT, "%s:%u: backend %s: %s",
                   scenario_haproxy(b->s)->path, p->line, p->name, what);
}

static int check_proxy(struct build *b, const struct hap_proxy *p)
{
    const struct hap_server_options *o = &p->set.server;

    if (strcmp(p->set.balance, "leastconn") != 0)
        return refuse(b, p, "only balance leastconn is modelled");
    if (strcmp(p->set.mode, "tcp") != 0)
        return refuse(b, p, "only mode tcp is modelled");
    if (p->set.timeout_us[HAP_CONNECT] == SIM_NEVER)
        return refuse(b, p, "timeout connect is not set");
    if (!*o->resolvers)
        return refuse(b, p, "server-template needs resolvers");
    if (o->maxconn > LB_MAXCONN)
        return refuse(b, p, "maxconn above 16 is not modelled");
    if (o->maxconn == 0)
        scenario_note(b->s, "haproxy.cfg: backend %s: no maxconn, taken as %d",
                      p->name, LB_MAXCONN);
    if (o->shutdown_on_down)
        scenario_note(b->s,
                      "haproxy.cfg: backend %s: on-marked-down is not modelled",
                      p->name);
    return ERR_OK;
}

static int too_many(struct build *b, const struct hap_proxy *p)
{
    const struct manifest_text *t = scenario_haproxy(b->s);

    return err_set(b->err, ERR_INPUT,
                   "%s:%u: backend %s: more than %d backends with a "
                   "server-template",
                   t->path, p->line, p->name, SCENARIO_BACKENDS);
}

/* The client's side of the limit is the frontend's. */
static sim_us inactivity_of(const struct scenario *s, const struct hap_proxy *p)
{
    const sim_us most = 24 * US_PER_DAY;
    sim_us limit = p->set.timeout_us[HAP_SERVER];

    for (size_t i = 0; i < s->haproxy.n_proxies; i++) {
        const struct hap_proxy *f = &s->haproxy.proxies[i];
        sim_us client = f->set.timeout_us[HAP_CLIENT];

        if ((f == p || strcmp(f->default_backend, p->name) == 0) &&
            client < limit)
            limit = client;
    }
    return limit < most ? limit : most;
}

static void fill_names(struct scenario *s, const struct hap_proxy *p,
                       struct lb_backend_params *out)
{
    const struct hap_resolvers *r =
        haproxy_cfg_resolvers(&s->haproxy, p->set.server.resolvers);
    size_t n = strlen(p->fqdn);

    out->name_chars = (uint32_t)(n - (n > 0 && p->fqdn[n - 1] == '.'));
    out->payload_bytes = r->payload_bytes;
    out->resolve_us = r->resolve_us;
    out->retry_us = r->retry_us;
    out->resolve_tries = r->resolve_retries;
    out->hold_nx_us = r->hold_nx_us;
    out->hold_other_us = r->hold_other_us;
    out->hold_refused_us = r->hold_refused_us;
    out->hold_timeout_us = r->hold_timeout_us;
    if (r->hold_obsolete_us > 0)
        scenario_note(s, "haproxy.cfg: hold obsolete is not modelled");
}

static int fill(struct build *b, const struct hap_proxy *p,
                const struct m_service *service, struct lb_backend_params *out)
{
    const struct hap_server_options *o = &p->set.server;
    sim_us queue = p->set.timeout_us[HAP_QUEUE];

    if (!service)
        return ERR_INPUT;
    if (!service->headless)
        return yaml_fail(service->node, b->err,
                         "Service %s must be headless (clusterIP: None), "
                         "since backend %s wants the pods' addresses",
                         service->name, p->name);
    if (service->not_ready)
        scenario_note(b->s,
                      "Service %s: publishNotReadyAddresses is not "
                      "modelled",
                      service->name);
    int rc = check_proxy(b, p);
    if (rc != ERR_OK)
        return rc;
    lb_backend_defaults(out);
    out->name = p->name;
    out->prefix = p->prefix;
    out->n_slots = p->n_slots;
    out->maxconn = o->maxconn > 0 ? o->maxconn : LB_MAXCONN;
    out->connect_us = p->set.timeout_us[HAP_CONNECT];
    out->queue_us = queue == out->connect_us ? 0 : queue;
    out->inactivity_us = inactivity_of(b->s, p);
    out->retries = p->set.retries;
    out->redispatch = p->set.redispatch;
    out->abortonclose = p->set.abortonclose;
    out->check = o->check;
    out->init_down = o->init_down;
    out->check_us = o->inter_us;
    out->rise = o->rise;
    out->fall = o->fall;
    out->ipv6 = !o->prefer_ipv4 && !service->ipv4_only;
    fill_names(b->s, p, out);
    return ERR_OK;
}

int build_backends(struct build *b)
{
    struct scenario *s = b->s;
    size_t n = 0;

    s->backends = mem_array(s->haproxy.n_proxies, sizeof *s->backends);
    b->service_of = mem_array(s->haproxy.n_proxies, sizeof(struct m_service *));
    s->system.lb.backends = s->backends;
    for (size_t i = 0; i < s->haproxy.n_proxies; i++) {
        const struct hap_proxy *p = &s->haproxy.proxies[i];

        if (p->n_slots == 0)
            continue;
        if (n == SCENARIO_BACKENDS)
            return too_many(b, p);
        b->service_of[n] = find_service(b, p);
        int rc = fill(b, p, b->service_of[n], &s->backends[n]);
        if (rc != ERR_OK)
            return rc;
        n++;
    }
    s->system.lb.n_backends = n;
    if (n == 0)
        return err_set(b->err, ERR_INPUT,
                       "%s: haproxy.cfg has no backend with a server-template",
                       s->path);
    return ERR_OK;
}
