/* fake_hpa_sync.h - the model of the HPA as a driver: one reconcile. */
#ifndef TESTS_FAKE_HPA_SYNC_H
#define TESTS_FAKE_HPA_SYNC_H

#include "tests/fake_hpa.h"

#include <unistd.h>

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
    char name[24];

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

#endif
