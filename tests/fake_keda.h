/* fake_keda.h - the model of KEDA as a driver: its object, its GETs. */
#ifndef TESTS_FAKE_KEDA_H
#define TESTS_FAKE_KEDA_H

#include "models/keda.h"
#include "tests/fake_pipe.h"

#include <arpa/inet.h>
#include <unistd.h>

struct fake_keda {
    struct fake *f;
    struct keda_params p;
    struct keda k;
    struct keda_context context;
    unsigned port;
    char location[128];
    sim_us poll_us;
    bool polled;
};

static void fake_keda_fallback(struct keda_params *p, const json_t *o)
{
    p->has_fallback = o != NULL;
    p->fallback_threshold = (int32_t)step_int(o, "failureThreshold", 0);
    p->fallback_replicas = (int32_t)step_int(o, "replicas", 0);
}

static const char *fake_text(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static bool fake_text_is(const json_t *o, const char *key, const char *text)
{
    return strcmp(fake_text(o, key), text) == 0;
}

static void fake_keda_cron(struct keda_trigger *g, const json_t *m)
{
    struct err e;

    g->kind = KEDA_CRON;
    g->cron_replicas = (uint32_t)atoi(fake_text(m, "desiredReplicas"));
    if (keda_cron_parse(&g->cron, fake_text(m, "start"), fake_text(m, "end"),
                        fake_text(m, "timezone"), &e) != ERR_OK)
        exit(5);
}

static void fake_keda_begin(struct fake_keda *x, const json_t *start)
{
    const json_t *o = json_object_get(start, "object"), *t;
    struct keda_params *p = &x->p;
    size_t i;

    keda_defaults(p);
    p->has_min = json_object_get(o, "minReplicaCount") != NULL;
    p->min = (uint32_t)step_int(o, "minReplicaCount", 0);
    p->has_max = true;
    p->max = (uint32_t)step_int(o, "maxReplicaCount", 100);
    p->polling_us = step_int(o, "pollingInterval", 0) * US_PER_S;
    p->cooldown_us = step_int(o, "cooldownPeriod", 0) * US_PER_S;
    fake_keda_fallback(p, json_object_get(o, "fallback"));
    json_array_foreach(json_object_get(o, "triggers"), i, t)
    {
        const json_t *m = json_object_get(t, "metadata");
        struct keda_trigger *g = &p->triggers[p->n_triggers++];
        keda_trigger_defaults(g);
        g->use_cached = json_is_true(json_object_get(t, "useCachedMetrics"));
        g->is_value = fake_text_is(t, "metricType", "Value");
        if (fake_text_is(t, "type", "cron")) {
            fake_keda_cron(g, m);
            continue;
        }
        g->target = atof(json_string_value(json_object_get(m, "targetValue")));
        (void)sscanf(json_string_value(json_object_get(m, "url")),
                     "http://127.0.0.1:%u/metrics", &x->port);
        (void)snprintf(x->location, sizeof x->location, "%s",
                       json_string_value(json_object_get(m, "valueLocation")));
    }
    x->context.spec = (uint32_t)step_int(start, "spec", 0);
    p->origin_us = step_int(start, "clock_us", 0);
    if (fake_is(x->f, "newer")) {
        p->minor = 20;
        p->patch = 2;
    }
    x->poll_us = SIM_NEVER;
    keda_init(&x->k, p, 0);
}

/* The whole answer to one GET, zero-terminated. */
static void fake_get(const struct fake_keda *x, size_t trigger, char out[8192])
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)x->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t n = 0;
    ssize_t got;

    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        exit(4);
    dprintf(fd,
            "GET /metrics?t=%zu HTTP/1.1\r\nHost: x\r\n"
            "Connection: close\r\n\r\n",
            trigger);
    while (n < 8191 && (got = read(fd, out + n, 8191 - n)) > 0)
        n += (size_t)got;
    out[n] = '\0';
    close(fd);
}

static enum keda_read fake_read_page(const struct fake_keda *x, size_t trigger,
                                     double *value)
{
    char text[8192];

    fake_get(x, trigger, text);
    const char *at = strstr(text, x->location);
    if (!strstr(text, " 200 ") || !at)
        return KEDA_READ_FAILS;
    *value = strtod(at + strlen(x->location), NULL);
    return KEDA_READ_OK;
}

static struct keda_sample fake_sample(const struct fake_keda *x, size_t trigger)
{
    struct keda_sample s = {.second = KEDA_READ_FAILS};

    if (x->p.triggers[trigger].kind == KEDA_CRON)
        return s;
    s.first = fake_read_page(x, trigger, &s.value);
    if (s.first != KEDA_READ_OK)
        s.second = fake_read_page(x, trigger, &s.value);
    return s;
}

/* The status of the object: failures of each trigger, fallback, last active. */
static json_t *fake_state(const struct fake_keda *x, json_t *line)
{
    json_t *failures = json_array();

    for (size_t i = 0; i < x->p.n_triggers; i++)
        json_array_append_new(failures,
                              json_integer(x->k.status.api.health[i].failures));
    json_t *state = json_pack("{s:o, s:b}", "failures", failures, "fallback",
                              x->k.status.api.fallback);
    if (x->k.has_last_active)
        json_object_set_new(
            state, "active_s",
            json_integer((x->k.last_active_us + x->p.origin_us % US_PER_S) /
                         US_PER_S));
    json_object_set_new(line, "state", state);
    return line;
}

#endif
