#include "models/client.h"

#include <assert.h>

void client_defaults(struct client_params *p, enum client_tool tool)
{
    bool buildx = tool == CLIENT_BUILDX;

    *p = (struct client_params){
        .tool = tool,
        .retry = buildx ? CLIENT_RETRY_OLD : CLIENT_RETRY_ANY,
        .attempts = buildx ? 360 : 45,
        .delay_us = 15 * US_PER_S,
        .job_timeout_us = buildx ? 4 * US_PER_H : SIM_NEVER,
        .rerun_delay = {DIST_EXPONENTIAL, 600.0, 0.0, 0.0, DIST_NO_BOUND_S},
        .wait_budget_us = 20 * US_PER_S,
        .poll_us = US_PER_S,
        .first_gap_us = US_PER_S,
        .redial_gap = {DIST_UNIFORM, 0.0, 1.0, 0.0, 1.0},
        .connect_timeout_us = 20 * US_PER_S,
        .connect_ok_us = 50 * US_PER_MS,
        .launch_us = buildx ? 150 * US_PER_MS : 0,
        .exit_us = buildx ? 50 * US_PER_MS : 40 * US_PER_MS,
        .silence_frac = 1.0,
    };
}

sim_us client_job_end_us(const struct client_params *p, sim_us dial_us)
{
    if (p->job_timeout_us >= SIM_NEVER - dial_us)
        return SIM_NEVER;
    if (p->job_timeout_us <= p->setup_us)
        return dial_us;
    return dial_us - p->setup_us + p->job_timeout_us;
}

/* The only place where the generation rises: every function ends here. */
static struct client_todo todo(struct client *c, enum client_what what,
                               sim_us at_us)
{
    c->generation++;
    return (struct client_todo){.what = what, .at_us = at_us};
}

static struct client_todo leaving(struct client_todo t)
{
    t.leave = true;
    return t;
}

static struct client_todo end(struct client *c, sim_us at_us,
                              enum client_outcome outcome)
{
    c->state = CLIENT_ENDED;
    c->outcome = outcome;
    return todo(c, CLIENT_DO_END, at_us);
}

/* A dial that begins an attempt. */
static struct client_todo begin_attempt(struct client *c, sim_us at_us)
{
    c->state = CLIENT_GAP;
    c->fresh = true;
    return todo(c, CLIENT_DO_DIAL, at_us);
}

/* The command failed at failed_us. The last attempt does not sleep. */
static struct client_todo after_failure(struct client *c, sim_us failed_us,
                                        bool retry, enum client_outcome outcome)
{
    const struct client_params *p = c->p;
    sim_us over_us = failed_us + p->exit_us;

    if (!retry || c->attempt >= p->attempts)
        return end(c, over_us, outcome);
    return begin_attempt(c, over_us + p->delay_us + p->launch_us);
}

/* The attempt ends without having built anything. */
static struct client_todo no_slot(struct client *c, sim_us failed_us)
{
    return after_failure(c, failed_us, c->p->retry != CLIENT_RETRY_NONE,
                         CLIENT_GAVE_UP);
}

static sim_us budget_end_us(const struct client *c)
{
    return c->wait_us + c->p->wait_budget_us;
}

/* When the next dial follows a loss. A poll wakes the channel, so that dials
 * that fail at once come one a poll; else the loss falls anywhere between
 * two polls, but for the first, whose back-off has no jitter.
 */
static sim_us redial_us(const struct client *c, sim_us now_us, bool first,
                        double u)
{
    const struct client_params *p = c->p;

    if (first)
        return now_us + p->first_gap_us;
    sim_us gap_us = dist_us(&p->redial_gap, u, 1.0);
    sim_us next_poll_us = c->dial_us + p->poll_us;
    return now_us + gap_us > next_poll_us ? now_us + gap_us : next_poll_us;
}

/* A dial of an attempt is gone. Once the probe has failed, 20 s remain. */
static struct client_todo dial_lost(struct client *c, sim_us now_us, double u)
{
    if (c->p->tool == CLIENT_BUILDCTL)
        return no_slot(c, now_us);
    bool first = !c->waited;
    if (first) {
        c->waited = true;
        c->wait_us = now_us;
    }
    sim_us again_us = redial_us(c, now_us, first, u);
    if (again_us >= budget_end_us(c))
        return no_slot(c, budget_end_us(c));
    c->state = CLIENT_GAP;
    return todo(c, CLIENT_DO_DIAL, again_us);
}

struct client_todo client_on_start(struct client *c,
                                   const struct client_params *p, sim_us now_us)
{
    assert(p->attempts >= 1 && p->poll_us > 0);
    *c =
        (struct client){.p = p, .generation = c->generation, .dials = c->dials};
    struct client_todo t = begin_attempt(c, now_us);
    if (p->create_dials && p->tool == CLIENT_BUILDX)
        c->state = CLIENT_NEW; /* its dial comes first */
    return t;
}

sim_us client_deadline_us(const struct client *c)
{
    sim_us until_us = c->dial_us + c->p->connect_timeout_us;

    if (c->state < CLIENT_CREATING || c->state > CLIENT_WAITING)
        return SIM_NEVER;
    if (c->state == CLIENT_WAITING && until_us > budget_end_us(c))
        return budget_end_us(c);
    return until_us;
}

struct client_todo client_on_dial(struct client *c, sim_us now_us)
{
    assert(c->state == CLIENT_NEW || c->state == CLIENT_GAP);

    c->dial_us = now_us;
    c->dials++;
    if (c->state == CLIENT_NEW) {
        c->state = CLIENT_CREATING;
    } else if (c->fresh) {
        c->fresh = c->waited = c->late = false;
        c->attempt++;
        c->state = CLIENT_PROBING;
    } else {
        c->state = CLIENT_WAITING;
    }
    return todo(c, CLIENT_DO_HOLD, client_deadline_us(c));
}

struct client_todo client_on_closed(struct client *c, sim_us now_us, double u)
{
    assert(c->state >= CLIENT_CREATING && c->state <= CLIENT_BUILDING &&
           c->state != CLIENT_GAP);
    if (c->state == CLIENT_BUILDING)
        return client_on_build_end(c, now_us, CLIENT_BUILD_CUT, u);
    if (c->state == CLIENT_CREATING)
        return begin_attempt(c, now_us + c->p->launch_us);
    if (c->late)
        return no_slot(c, budget_end_us(c));
    return dial_lost(c, now_us, u);
}

struct client_todo client_on_deadline(struct client *c, sim_us now_us, double u)
{
    assert(c->state >= CLIENT_CREATING && c->state <= CLIENT_CONNECTED &&
           c->state != CLIENT_GAP);
    if (c->state == CLIENT_CREATING)
        return leaving(begin_attempt(c, now_us + c->p->launch_us));
    if (c->waited && now_us >= budget_end_us(c))
        return leaving(no_slot(c, now_us));
    return leaving(dial_lost(c, now_us, u));
}

/* The first poll of the wait at or after ready_us. */
static sim_us poll_at_us(const struct client *c, sim_us ready_us)
{
    sim_us step_us = c->p->poll_us;
    sim_us since_us = ready_us - c->wait_us;

    return c->wait_us + (since_us + step_us - 1) / step_us * step_us;
}

struct client_todo client_on_connected(struct client *c, sim_us now_us)
{
    assert(c->state >= CLIENT_CREATING && c->state <= CLIENT_WAITING);
    sim_us ready_us = now_us + c->p->connect_ok_us;

    if (c->state == CLIENT_CREATING)
        return leaving(begin_attempt(c, ready_us + c->p->launch_us));
    c->state = CLIENT_CONNECTED;
    if (!c->waited)
        return todo(c, CLIENT_DO_WORK, ready_us);
    sim_us seen_us = poll_at_us(c, ready_us);
    if (seen_us < budget_end_us(c))
        return todo(c, CLIENT_DO_WORK, seen_us);
    /* Polls drift behind by milliseconds: one due at the end is too late. */
    c->late = true;
    return todo(c, CLIENT_DO_HOLD, budget_end_us(c));
}

struct client_todo client_on_work(struct client *c, sim_us now_us)
{
    assert(c->state == CLIENT_CONNECTED && !c->late);
    c->state = CLIENT_BUILDING;
    return todo(c, CLIENT_DO_RUN, now_us);
}

/* What the classifier makes of the log of an attempt that has built. */
static bool retries(const struct client *c, enum client_build_end how, double u)
{
    if (c->p->retry == CLIENT_RETRY_ANY)
        return true;
    if (c->p->retry != CLIENT_RETRY_OLD)
        return false; /* there was progress */
    /* A cut leaves "EOF". A wait has left its own item, whatever follows. */
    return how == CLIENT_BUILD_CUT || c->waited || u < c->p->error_retry_frac;
}

struct client_todo client_on_build_end(struct client *c, sim_us now_us,
                                       enum client_build_end how, double u)
{
    assert(c->state == CLIENT_BUILDING);
    if (how == CLIENT_BUILD_OK)
        return end(c, now_us, CLIENT_DONE);
    return after_failure(c, now_us, retries(c, how, u),
                         how == CLIENT_BUILD_CUT ? CLIENT_CUT : CLIENT_ERROR);
}

struct client_todo client_on_kill(struct client *c, sim_us now_us,
                                  enum client_outcome outcome)
{
    assert(c->state != CLIENT_ENDED);
    assert(outcome >= CLIENT_GAVE_UP);
    bool open = c->state >= CLIENT_CREATING && c->state != CLIENT_GAP;
    struct client_todo t = end(c, now_us, outcome);

    t.leave = open;
    return t;
}
