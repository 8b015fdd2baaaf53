/* hazards_front.c - how many balancers there are, and what they do not show. */
#include "sim/plan/hazards_parts.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------ processes */

/* The ConfigMap with the balancer's configuration, newest first. */
static const struct yaml_node *config_map(const struct manifest *m)
{
    for (size_t i = m->n_texts; i-- > 0;)
        if (m->texts[i].object && strstr(m->texts[i].name, ".cfg"))
            return m->texts[i].object;
    return NULL;
}

static bool is_text(const struct yaml_node *n, const char *text)
{
    return n && n->kind == YAML_SCALAR && strcmp(n->text, text) == 0;
}

static bool mounts(const struct yaml_node *workload,
                   const struct yaml_node *config)
{
    const struct yaml_node *pod =
        yaml_get(yaml_get(yaml_get(workload, "spec"), "template"), "spec");
    const struct yaml_node *volumes = yaml_get(pod, "volumes");

    if (strcmp(manifest_space(workload), manifest_space(config)) != 0)
        return false;
    for (size_t i = 0; volumes && i < volumes->n; i++) {
        const struct yaml_node *map =
            yaml_get(volumes->items[i].value, "configMap");
        if (is_text(yaml_get(map, "name"), manifest_name(config)))
            return true;
    }
    return false;
}

static void tell_several(struct hazard *at, const char *name, int64_t n)
{
    hazard_what(at,
                "Deployment %s runs %ld balancers: each counts its own "
                "sessions and gives a pod one of its own, so that %ld builds "
                "may share a pod, and a read of the metric sees one balancer",
                name, (long)n, (long)n);
    hazard_advice(at, "run one, or let the scaler add up all of them; drydock "
                      "takes them for one");
}

static void tell_single(struct hazard *at, const char *name)
{
    hazard_what(at,
                "Deployment %s is the only balancer: when it restarts or its "
                "configuration changes, every build on it is cut",
                name);
    hazard_advice(at, "let clients try a cut build again, change it when no "
                      "build runs, and give it time to end: "
                      "terminationGracePeriodSeconds above the longest build");
}

static void check_balancers(struct hazard_search *h)
{
    const struct manifest *m = &h->s->manifests;
    const struct yaml_node *config = config_map(m);

    for (size_t i = 0; config && i < m->n_objects; i++) {
        const struct manifest_object *o = &m->objects[i];
        int64_t n = 1;
        if (strcmp(o->kind, "Deployment") != 0 || !mounts(o->node, config))
            continue;
        const struct yaml_node *written =
            yaml_get(yaml_get(o->node, "spec"), "replicas");
        if (written && !whole_number(written->text, &n))
            continue;
        if (n < 1)
            continue;
        struct hazard *at =
            hazard_add(h, HAZARD_WARNING,
                       n == 1 ? "single-balancer" : "several-balancers");
        hazard_place(h, at, "Deployment", o->name);
        if (n == 1)
            tell_single(at, o->name);
        else
            tell_several(at, o->name, n);
    }
}

/* ------------------------------------------------------------ double use */

static bool is_routed(const struct haproxy_cfg *c, const char *backend)
{
    for (size_t i = 0; i < c->n_routes; i++)
        if (strcmp(c->routes[i].backend, backend) == 0)
            return true;
    return false;
}

/* A pool that the backend lists and that belongs to another one. */
static const struct pool_params *borrowed_by(const struct system_params *p,
                                             uint32_t backend)
{
    for (size_t i = 0; i < p->n_links; i++) {
        const struct pool_params *pool = &p->pools[p->links[i].pool];
        if (p->links[i].backend == backend && pool->backend != backend)
            return pool;
    }
    return NULL;
}

static void check_booking(struct hazard_search *h, uint32_t backend)
{
    const struct lb_backend_params *b = &h->p->lb.backends[backend];
    const struct pool_params *pool = borrowed_by(h->p, backend);

    if (!pool)
        return;
    const struct lb_backend_params *own = &h->p->lb.backends[pool->backend];
    struct hazard *at = hazard_add(
        h, is_routed(&h->s->haproxy, b->name) ? HAZARD_WARNING : HAZARD_NOTE,
        "pod-booked-twice");
    hazard_what(at,
                "backends %s and %s both list the pods of pool %s and count "
                "apart: a pod may hold %u from one and %u from the other at "
                "once, and the scaler reads %s alone",
                b->name, own->name, pool->name, b->maxconn, own->maxconn,
                own->name);
    hazard_advice(at, "take %s out, or keep it for clients that build nothing",
                  b->name);
}

/* ------------------------------------------------------------ queue */

/* The share of a try's cycle, sleep included, that a client stands in the
 * queue and is counted there.
 */
static double shown_frac(const struct client_params *c, sim_us limit_us)
{
    double limit_s = s_from_us(limit_us), budget_s = 0.0, gone_s = 0.0;

    if (c->tool == CLIENT_BUILDX) {
        double later_s = dist_mean_s(&c->redial_gap);
        budget_s = s_from_us(c->wait_budget_us);
        gone_s = fmin(s_from_us(c->first_gap_us), budget_s);
        double left_s = budget_s - gone_s, part_s = limit_s + later_s;
        gone_s += floor(left_s / part_s) * later_s +
                  fmax(fmod(left_s, part_s) - limit_s, 0.0);
    }
    double cycle_s = limit_s + budget_s + s_from_us(c->delay_us) +
                     s_from_us(c->launch_us + c->exit_us);
    return (limit_s + budget_s - gone_s) / cycle_s;
}

/* Waiting longer than the balancer lets it, a client comes and goes. */
static void check_sight(struct hazard_search *h, uint32_t backend)
{
    const struct lb_backend_params *b = &h->p->lb.backends[backend];
    const struct client_params *c = &h->p->callers[0].client;
    sim_us limit_us = lb_queue_limit_us(b);
    char limit[32], patience[32];

    if (limit_us >= c->connect_timeout_us || c->retry == CLIENT_RETRY_NONE)
        return;
    struct hazard *at = hazard_add(h, HAZARD_WARNING, "queue-below-patience");
    duration_print(limit_us, limit);
    duration_print(c->connect_timeout_us, patience);
    hazard_what(at,
                "backend %s drops a queued client after %s, before the %s "
                "that it would stay: waiting clients are counted about %.0f %% "
                "of the time, so that the scaler sees only so many of them",
                b->name, limit, patience, 100.0 * shown_frac(c, limit_us));
    hazard_advice(at, "set timeout queue to the clients' patience or more, "
                      "with option abortonclose so that nobody who left is "
                      "counted; or shorten the sleep between tries");
}

void hazards_front(struct hazard_search *h)
{
    const struct system_params *p = h->p;

    check_balancers(h);
    for (uint32_t b = 0; b < p->lb.n_backends; b++) {
        check_booking(h, b);
        for (size_t i = 0; i < p->n_pools; i++)
            if (p->pools[i].backend == b && p->pools[i].autoscaled) {
                check_sight(h, b);
                break;
            }
    }
}
