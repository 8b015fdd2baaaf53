/* fake_keda_loop.h - the model of KEDA as a driver: its polls and answers. */
#ifndef TESTS_FAKE_KEDA_LOOP_H
#define TESTS_FAKE_KEDA_LOOP_H

#include "tests/fake_keda.h"

/* Only a fallback of type Value would ask; too often does no harm. */
static void fake_count_pods(struct fake_keda *x)
{
    if (!x->p.triggers[0].is_value)
        return;
    json_t *a = fake_ask(x->f, json_pack("{s:s}", "ask", "ready"));
    x->context.ready = (uint32_t)step_int(a, "replicas", 0);
    json_decref(a);
}

static void fake_keda_poll(struct fake_keda *x)
{
    struct keda_sample s[KEDA_TRIGGERS];

    fake_tell(x->f, json_pack("{s:s}", "ask", "poll"));
    fake_count_pods(x);
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
    const struct keda_record *r = &x->k.records[trigger];
    struct keda_sample s = {.second = KEDA_READ_FAILS};

    fake_tell(x->f, json_pack("{s:s}", "ask", "query"));
    if (!x->p.triggers[trigger].use_cached || !r->stored)
        s = fake_sample(x, trigger);
    fake_count_pods(x);
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

static void fake_keda_targets(struct fake_keda *x)
{
    json_t *targets = json_array();

    for (size_t i = 0; i < x->p.n_triggers; i++)
        json_array_append_new(
            targets, json_integer((json_int_t)(x->p.triggers[i].target * 1e3) +
                                  (fake_is(x->f, "aims high") ? 1 : 0)));
    fake_tell(x->f,
              json_pack("{s:s, s:o}", "ask", "targets", "targets", targets));
}

static void fake_keda_run(struct fake *f, const json_t *start)
{
    struct fake_keda x = {.f = f};

    fake_keda_begin(&x, start);
    fake_keda_targets(&x);
    for (;;) {
        json_t *a = fake_ask(f, json_pack("{s:s}", "ask", "wake"));
        fake_keda_sleep(&x, step_int(a, "wake_us", 0));
        fake_keda_do(&x, a);
        json_decref(a);
    }
}

#endif
