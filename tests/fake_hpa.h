/* fake_hpa.h - the model of the HPA as a driver: when it reconciles. */
#ifndef TESTS_FAKE_HPA_H
#define TESTS_FAKE_HPA_H

#include "models/hpa.h"
#include "sim/app/behavior_json.h"
#include "tests/fake_pipe.h"

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

#endif
