/* hpa_replay_step.h - the second half of hpa_replay.h: writes and steps. */
#ifndef TESTS_HPA_REPLAY_STEP_H
#define TESTS_HPA_REPLAY_STEP_H

#include "tests/hpa_replay.h"

/* Attempts to write: their size, number and times. *end_us is when the last
 * was over, with the reading again that follows a failed one.
 */
static bool replay_writes(struct hpa_replay *r, const json_t *o,
                          const struct hpa_decision *d, uint32_t from,
                          sim_us *end_us)
{
    const json_t *w = json_object_get(o, "w");
    size_t n = json_array_size(w);
    const char *how = "";
    sim_us low_us = *end_us, high_us = low_us;

    if (!replay_number(r, "written size", replay_int(o, "n", -1),
                       d->write ? (int64_t)d->desired : -1))
        return false;
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(w, i);
        sim_us at_us = json_integer_value(json_array_get(one, 0));
        if (at_us < low_us + r->p.write_us || at_us > high_us + r->p.write_us)
            return REPLAY_DIFFERS(r, "attempt %zu at %lld", i,
                                  (long long)at_us);
        how = json_string_value(json_array_get(one, 1));
        *end_us = at_us;
        if (strcmp(how, "ok") != 0 && r->p.kubernetes_minor >= 34)
            *end_us += r->get_us; /* reads the scale again */
        low_us = *end_us + hpa_retry_us(0.0);
        high_us = *end_us + hpa_retry_us(1.0) + 1;
    }
    if (n > 0 && strcmp(how, "conflict") == 0)
        return replay_number(r, "attempts", (int64_t)n,
                             hpa_write_attempts(&r->p));
    if (n > hpa_write_attempts(&r->p))
        return REPLAY_DIFFERS(r, "%zu attempts", n);
    if (n > 0 && strcmp(how, "ok") == 0)
        hpa_on_scaled(&r->h, *end_us, from, d->desired);
    return true;
}

static bool replay_wrote(const json_t *o)
{
    const json_t *w = json_object_get(o, "w");
    const json_t *last = json_array_get(w, json_array_size(w) - 1);
    const char *how = json_string_value(json_array_get(last, 1));

    return how && strcmp(how, "ok") == 0;
}

/* A resync tick at the very start of a reconcile comes before or after it, as
 * chance has it, in the real controller.
 */
static void replay_next(struct hpa_replay *r, sim_us start_us, sim_us end_us,
                        const struct hpa_decision *d)
{
    sim_us resync_us = r->p.resync_us;

    r->next_us = r->tied_us = hpa_next_sync_us(&r->p, start_us, end_us, d);
    if (resync_us != SIM_NEVER && (start_us - resync_us) % r->p.sync_us == 0)
        r->tied_us = start_us + r->p.sync_us;
}

/* One reconcile: "t" is [start, decision]. */
static bool replay_step(struct hpa_replay *r, const json_t *o)
{
    const json_t *t = json_object_get(o, "t");
    sim_us start_us = json_integer_value(json_array_get(t, 0));
    sim_us read_us = json_integer_value(json_array_get(t, 1));
    sim_us end_us = read_us;
    struct hpa_reading in;

    r->n_steps++;
    if (start_us != r->tied_us &&
        !replay_number(r, "start", start_us, r->next_us))
        return false;
    replay_reading(o, &in);
    in.scale_age_us = read_us - (start_us + r->get_us);
    struct hpa_decision d = hpa_on_sync(&r->h, read_us, &in);
    if (!replay_writes(r, o, &d, in.spec, &end_us))
        return false;
    if (d.write && !replay_wrote(o))
        hpa_on_write_failed(&r->h);
    if (!replay_status(r, o, &d.status))
        return false;
    if (d.write)
        end_us -= r->p.write_us; /* hpa_next_sync_us adds it */
    replay_next(r, start_us, end_us, &d);
    return true;
}

/* One line of a recording. Returns false at a difference, told in r->why. */
static bool replay_line(struct hpa_replay *r, const json_t *o)
{
    if (json_object_get(o, "scenario"))
        return replay_begin(r, o);
    if (json_object_get(o, "seen")) {
        r->next_us = hpa_first_sync_us(&r->p, replay_int(o, "seen", 0));
        return true;
    }
    if (json_object_get(o, "tick")) {
        r->p.resync_us = replay_int(o, "tick", 0);
        return true;
    }
    if (json_object_get(o, "edited"))
        return replay_spec(r, o);
    if (json_object_get(o, "stopped")) {
        r->next_us = SIM_NEVER;
        r->p.resync_us = SIM_NEVER;
        hpa_on_restart(&r->h);
        return true;
    }
    return replay_step(r, o);
}

#endif
