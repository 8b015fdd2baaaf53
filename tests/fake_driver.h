/* fake_driver.h - drivers of controllers without controllers: the models speak
 * the protocol of models/upstream/README.md on descriptors 3 and 4, with a
 * virtual clock of their own and real GETs of the balancer's page.
 *
 * The environment variable FAKE says what is wrong with them: "": nothing;
 * "more": the HPA wants one pod more; "late": it starts 1 us late; "dies": it
 * ends in its tenth reconcile; "mute": it stops talking there; "babble": it
 * asks nonsense there; "blind": KEDA's answers are one session too low.
 */
#ifndef TESTS_FAKE_DRIVER_H
#define TESTS_FAKE_DRIVER_H

#include "models/hpa.h"
#include "models/keda.h"
#include "sim/app/behavior_json.h"
#include "sim/upstream/step.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fake {
    FILE *in, *out;
    sim_us now_us;
    const char *fault;
};

static void fake_tell(struct fake *f, json_t *q)
{
    json_object_set_new(q, "t", json_integer(f->now_us));
    json_dumpf(q, f->out, JSON_COMPACT);
    fputc('\n', f->out);
    fflush(f->out);
    json_decref(q);
}

/* The next line, owned; ends the program when there is none. */
static json_t *fake_read(struct fake *f)
{
    static char line[1 << 16];

    if (!fgets(line, sizeof line, f->in))
        exit(0);
    return json_loads(line, 0, NULL);
}

static json_t *fake_ask(struct fake *f, json_t *q)
{
    fake_tell(f, q);
    return fake_read(f);
}

static bool fake_is(const struct fake *f, const char *fault)
{
    return strcmp(f->fault, fault) == 0;
}

/* ------------------------------------------------------------ the HPA */

struct fake_hpa {
    struct fake *f;
    struct hpa_params p;
    struct hpa h;
    sim_us wake_us, start_us, first_event_us;
    unsigned n_reconciles;
};

static void fake_hpa_begin(struct fake_hpa *x, const json_t *start)
{
    const json_t *spec = json_object_get(start, "hpa"), *m;
    const json_t *lat = json_object_get(start, "latency");
    const json_t *flags = json_object_get(start, "flags");
    struct err e;
    size_t i;

    hpa_defaults(&x->p);
    x->p.kubernetes_minor = 35;
    x->p.min = (uint32_t)step_int(spec, "minReplicas", 0);
    x->p.max = (uint32_t)step_int(spec, "maxReplicas", 0);
    json_array_foreach(json_object_get(spec, "metrics"), i, m)
    {
        const json_t *target = json_object_get(
            json_object_get(json_object_get(m, "external"), "target"),
            "averageValue");
        x->p.metrics[x->p.n_metrics++].target_milli =
            strtoll(json_string_value(target), NULL, 10);
    }
    if (behavior_read(spec, &x->p, &e) != ERR_OK)
        exit(3);
    x->p.sync_us = step_int(flags, "sync_us", 0);
    x->p.down_stabilization_us = step_int(flags, "down_stabilization_us", 0);
    x->p.read_us = step_int(lat, "get_us", 0);
    x->p.write_us = step_int(lat, "write_us", 0);
    x->p.echo_us = step_int(lat, "echo_us", 0);
    x->p.status_us = step_int(lat, "status_us", 0);
    x->first_event_us = step_int(lat, "first_event_us", 0);
    hpa_init(&x->h, &x->p);
}

static void fake_hpa_seen(struct fake_hpa *x)
{
    fake_tell(x->f, json_pack("{s:s}", "ask", "seen"));
    x->start_us = hpa_first_sync_us(&x->p, x->f->now_us) +
                  (fake_is(x->f, "late") ? 1 : 0);
}

/* Sleeps; the main loop asks on the way when it is to wake. */
static void fake_hpa_sleep(struct fake_hpa *x, sim_us until_us)
{
    struct fake *f = x->f;

    while (x->wake_us <= until_us) {
        f->now_us = x->wake_us > f->now_us ? x->wake_us : f->now_us;
        json_t *a = fake_ask(f, json_pack("{s:s}", "ask", "wake"));
        sim_us resume_us = step_int(a, "resume_us", -1);
        x->wake_us = step_int(a, "wake_us", 0);
        json_decref(a);
        if (resume_us < 0)
            continue;
        fake_tell(f, json_pack("{s:s}", "ask", "stopped"));
        hpa_on_restart(&x->h);
        f->now_us = resume_us + x->first_event_us;
        fake_hpa_seen(x);
        until_us = x->start_us;
    }
    f->now_us = until_us;
}

static json_t *fake_status(const struct fake_hpa *x)
{
    const struct hpa_status *s = &x->h.status;
    json_t *average = json_array();

    for (size_t i = 0; i < x->p.n_metrics; i++)
        json_array_append_new(average, json_integer(s->average_milli[i]));
    return json_pack("{s:i, s:i, s:o, s:s, s:s, s:s}", "current",
                     (int)s->current, "desired", (int)s->desired, "average",
                     average, "able", hpa_reason_name(s->conditions.able),
                     "active", hpa_reason_name(s->conditions.active), "limited",
                     hpa_reason_name(s->conditions.limited));
}

/* Attempts to write the scale. Returns when the last one was over, less the
 * time of a write, as hpa_next_sync_us takes it.
 */
static sim_us fake_hpa_write(struct fake_hpa *x, struct hpa_decision *d,
                             const struct hpa_reading *r, json_int_t version)
{
    struct fake *f = x->f;

    if (fake_is(f, "more") && d->desired < x->p.max)
        d->desired++;
    for (uint32_t n = 1;; n++) {
        f->now_us += x->p.write_us;
        json_t *a =
            fake_ask(f, json_pack("{s:s, s:i, s:I}", "ask", "write", "replicas",
                                  (int)d->desired, "version", version));
        bool conflict = json_is_true(json_object_get(a, "conflict"));
        json_decref(a);
        if (!conflict) {
            hpa_on_scaled(&x->h, f->now_us, r->spec, d->desired);
            break;
        }
        if (n == hpa_write_attempts(&x->p)) {
            hpa_on_write_failed(&x->h);
            break;
        }
        a = fake_ask(f, json_pack("{s:s, s:I}", "ask", "scale", "from",
                                  (json_int_t)f->now_us));
        version = step_int(a, "version", 0);
        json_decref(a);
        f->now_us += hpa_retry_us(0.999);
    }
    return f->now_us - x->p.write_us;
}

static void fake_hpa_misbehave(struct fake_hpa *x)
{
    if (++x->n_reconciles != 10)
        return;
    if (fake_is(x->f, "dies"))
        exit(0);
    if (fake_is(x->f, "babble"))
        fake_tell(x->f, json_pack("{s:s}", "ask", "for the moon"));
    if (fake_is(x->f, "mute") || fake_is(x->f, "babble"))
        pause();
}

static void fake_hpa_metric(struct fake_hpa *x, struct hpa_reading *r, size_t i)
{
    char name[16];

    (void)snprintf(name, sizeof name, "s%zu", i);
    json_t *a =
        fake_ask(x->f, json_pack("{s:s, s:s}", "ask", "metric", "name", name));
    const json_t *values = json_object_get(a, "values");

    r->metrics[i].ok = json_array_size(values) > 0;
    r->metrics[i].usage_milli = json_integer_value(json_array_get(values, 0));
    r->scale_age_us += step_int(a, "delay_us", 0);
    x->f->now_us += step_int(a, "delay_us", 0);
    json_decref(a);
}

static void fake_hpa_reconcile(struct fake_hpa *x)
{
    struct fake *f = x->f;
    sim_us start_us = f->now_us;

    fake_hpa_misbehave(x);
    f->now_us += x->p.read_us;
    json_t *a = fake_ask(f, json_pack("{s:s, s:I}", "ask", "scale", "from",
                                      (json_int_t)start_us));
    struct hpa_reading r = {.spec = (uint32_t)step_int(a, "spec", 0),
                            .status = (uint32_t)step_int(a, "status", 0)};
    json_int_t version = step_int(a, "version", 0);
    json_decref(a);
    for (size_t i = 0; i < x->p.n_metrics; i++)
        fake_hpa_metric(x, &r, i);
    struct hpa_decision d = hpa_on_sync(&x->h, f->now_us, &r);
    sim_us done_us = f->now_us;
    if (d.write)
        done_us = fake_hpa_write(x, &d, &r, version);
    if (d.status)
        json_decref(fake_ask(f, json_pack("{s:s, s:o}", "ask", "status",
                                          "status", fake_status(x))));
    x->start_us = hpa_next_sync_us(&x->p, start_us, done_us, &d);
}

static void fake_hpa_run(struct fake *f, const json_t *start)
{
    struct fake_hpa x = {.f = f, .wake_us = step_int(start, "wake_us", 0)};

    fake_hpa_begin(&x, start);
    fake_hpa_sleep(&x, x.first_event_us);
    fake_hpa_seen(&x);
    for (;;) {
        fake_hpa_sleep(&x, x.start_us);
        fake_hpa_reconcile(&x);
    }
}

/* ------------------------------------------------------------ KEDA */

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
        g->target = atof(json_string_value(json_object_get(m, "targetValue")));
        (void)sscanf(json_string_value(json_object_get(m, "url")),
                     "http://127.0.0.1:%u/metrics", &x->port);
        (void)snprintf(x->location, sizeof x->location, "%s",
                       json_string_value(json_object_get(m, "valueLocation")));
    }
    x->context.spec = (uint32_t)step_int(start, "spec", 0);
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

    s.first = fake_read_page(x, trigger, &s.value);
    if (s.first != KEDA_READ_OK)
        s.second = fake_read_page(x, trigger, &s.value);
    return s;
}

static json_t *fake_state(const struct fake_keda *x, json_t *line);

static void fake_keda_poll(struct fake_keda *x)
{
    struct keda_sample s[KEDA_TRIGGERS];

    fake_tell(x->f, json_pack("{s:s}", "ask", "poll"));
    for (size_t i = 0; i < x->p.n_triggers; i++)
        s[i] = fake_sample(x, i);
    struct keda_poll poll = keda_on_poll(&x->k, x->f->now_us, s, &x->context);
    if (poll.move != KEDA_STAY) {
        x->context.spec = poll.replicas;
        fake_tell(x->f, json_pack("{s:s, s:i}", "ask", "write", "replicas",
                                  (int)poll.replicas));
    }
    x->poll_us = keda_next_poll_us(&x->p, x->f->now_us, 0);
    x->polled = true;
}

static void fake_keda_query(struct fake_keda *x, size_t trigger)
{
    fake_tell(x->f, json_pack("{s:s}", "ask", "query"));
    struct keda_sample s = fake_sample(x, trigger);
    struct keda_answer a =
        keda_on_hpa_query(&x->k, x->f->now_us, trigger, &s, &x->context);

    if (fake_is(x->f, "blind") && a.value_milli >= 1000)
        a.value_milli -= 1000;
    fake_tell(x->f, fake_state(x, json_pack("{s:s, s:b, s:I}", "ask",
                                            "answered", "ok", a.ok, "milli",
                                            (json_int_t)a.value_milli)));
}

static void fake_keda_sleep(struct fake_keda *x, sim_us until_us)
{
    while (x->poll_us <= until_us) {
        x->f->now_us = x->poll_us;
        fake_keda_poll(x);
    }
    x->f->now_us = until_us;
    if (x->polled)
        fake_tell(x->f, fake_state(x, json_pack("{s:s}", "ask", "state")));
    x->polled = false;
}

static void fake_keda_do(struct fake_keda *x, const json_t *a)
{
    const char *what = json_string_value(json_object_get(a, "do"));

    if (strcmp(what, "loop") == 0) {
        fake_keda_poll(x);
    } else if (strcmp(what, "stop") == 0) {
        x->poll_us = SIM_NEVER;
        keda_on_restart(&x->k);
    } else if (strcmp(what, "query") == 0) {
        fake_keda_query(x, (size_t)step_int(a, "trigger", 0));
    } else if (strcmp(what, "resize") == 0) {
        x->context.spec = (uint32_t)step_int(a, "replicas", 0);
    }
}

static void fake_keda_run(struct fake *f, const json_t *start)
{
    struct fake_keda x = {.f = f};

    fake_keda_begin(&x, start);
    for (;;) {
        json_t *a = fake_ask(f, json_pack("{s:s}", "ask", "wake"));
        fake_keda_sleep(&x, step_int(a, "wake_us", 0));
        fake_keda_do(&x, a);
        json_decref(a);
    }
}

/* The status of the object: failures of each trigger, fallback, last active. */
static json_t *fake_state(const struct fake_keda *x, json_t *line)
{
    json_t *failures = json_array();

    for (size_t i = 0; i < x->p.n_triggers; i++)
        json_array_append_new(failures, json_integer(x->k.status.api.health[i].failures));
    json_t *state = json_pack("{s:o, s:b}", "failures", failures, "fallback",
                              x->k.status.api.fallback);
    if (x->k.has_last_active)
        json_object_set_new(state, "active_s",
                            json_integer(x->k.last_active_us / US_PER_S));
    json_object_set_new(line, "state", state);
    return line;
}

/* ------------------------------------------------------------ the program */

/* Whether this process was started as a driver. */
static bool fake_driver_wanted(int argc, char **argv)
{
    return argc > 1 && strcmp(argv[1], "-test.run=TestDrive") == 0;
}

static int fake_driver_main(void)
{
    const char *fault = getenv("FAKE");
    struct fake f = {fdopen(3, "r"), fdopen(4, "w"), 0, fault ? fault : ""};
    json_t *start = fake_read(&f);

    if (json_object_get(start, "hpa"))
        fake_hpa_run(&f, start);
    else
        fake_keda_run(&f, start);
    return 0;
}

#endif
