/* system_work.c - a build at work: how far it is, whom it shares its pod with,
 * and when nothing goes over its connection.
 */
#include "models/system_parts.h"

#include <math.h>

static bool is_at_work(const struct system *s, uint32_t build)
{
    return sys_build(s, build)->at_work;
}

static struct sys_work *work_of(const struct system *s, uint32_t build)
{
    return &sys_build(s, build)->work;
}

/* ------------------------------------------------------------ pace */

/* The time that a microsecond of work takes on the pod. */
static double stretch_of(const struct system *s, uint32_t pod)
{
    uint32_t n = sys_pod(s, pod)->n_working;

    if (sys_pod_hangs(s, pod))
        return 0.0;
    return n > 1 && s->p->sharing > 0.0 ? pow(n, s->p->sharing) : 1.0;
}

static void count_work(const struct system *s, struct sys_work *w)
{
    if (w->stretch > 0.0)
        w->left_us -= (double)(s->now_us - w->counted_us) / w->stretch;
    w->counted_us = s->now_us;
}

static void plan_mark(struct system *s, uint32_t build)
{
    struct sys_work *w = work_of(s, build);
    double rest_us = round((w->left_us - w->next_us) * w->stretch);

    w->mark_us = SIM_NEVER;
    if (w->stretch == 0.0)
        return;
    w->mark_us = s->now_us + (rest_us > 0.0 ? (sim_us)rest_us : 0);
    sys_plan(s, w->mark_us, EV_WORK_END, build,
             sys_build(s, build)->client.generation);
}

/* ------------------------------------------------------------ silence */

/* By itself, not because it hangs. */
static bool is_silent(const struct sys_work *w)
{
    return w->next_us == 0.0 && w->left_us > w->speaks_us;
}

static sim_us inactivity_us(const struct system *s, uint32_t build)
{
    return s->p->lb.backends[sys_build(s, build)->backend].inactivity_us;
}

/* From now on the balancer sees no byte. */
static void fall_quiet(struct system *s, uint32_t build)
{
    work_of(s, build)->quiet_us = s->now_us;
    sys_plan(s, s->now_us + inactivity_us(s, build), EV_LB_IDLE, build,
             sys_build(s, build)->client.generation);
}

/* A build that is silent is so in every attempt, at the same place. */
static void set_silence(const struct system *s, uint32_t build)
{
    const struct client_params *c = sys_build(s, build)->client.p;
    struct sys_work *w = work_of(s, build);

    if (!(sys_u(s, DRAW_SILENCE, build, 0) < c->silent_frac))
        return;
    double silence_us = round(c->silence_frac * w->left_us);
    double before_us =
        round((w->left_us - silence_us) * sys_u(s, DRAW_SILENCE, build, 1));
    w->next_us = w->left_us - before_us;
    w->speaks_us = w->next_us - silence_us;
}

/* Nothing has come for the balancer's limit, unless the build has spoken. */
void sys_on_idle(struct system *s, uint32_t build)
{
    uint32_t session = sys_build(s, build)->session;
    struct lb *lb = sys_lb(s, build);

    if (!is_at_work(s, build))
        return;
    struct sys_work *w = work_of(s, build);
    if (s->now_us != w->quiet_us + inactivity_us(s, build))
        return;
    count_work(s, w);
    if (w->stretch > 0.0 && !is_silent(w))
        return;
    sys_closed(s, build, NOTE_CLOSED);
    if (session != NO_INDEX)
        lb_on_end(lb, session);
}

/* ------------------------------------------------------------ changes */

static void set_pace(struct system *s, uint32_t build, double stretch)
{
    if (!is_at_work(s, build))
        return;
    struct sys_work *w = work_of(s, build);
    if (w->stretch == stretch)
        return;
    count_work(s, w);
    w->stretch = stretch;
    plan_mark(s, build);
    if (stretch == 0.0 && !is_silent(w))
        fall_quiet(s, build);
}

/* The builds of the pod are more or fewer, or their pod hangs or does not. */
void sys_pace(struct system *s, uint32_t pod)
{
    double stretch = stretch_of(s, pod);
    uint32_t build = sys_pod(s, pod)->first_build;

    for (; build != NO_INDEX; build = sys_build(s, build)->next_on_pod)
        set_pace(s, build, stretch);
}

static double work_us(const struct system *s, uint32_t build)
{
    sim_us us = s->t->builds[build].work_us;
    bool cold = s->results[build].cold;

    if (cold && s->p->cold_factor != 1.0)
        us = us_from_s(s->p->cold_factor * s_from_us(us));
    return (double)us;
}

void sys_start_work(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    double us = work_us(s, build);

    sys_obey(s, build, client_on_work(&b->client, s->now_us));
    sys_pod(s, b->pod)->n_served++;
    sys_pod(s, b->pod)->n_working++;
    sys_note(s, NOTE_WORK, b->pool, build, b->pod);
    b->at_work = true;
    b->work = (struct sys_work){
        .left_us = us,
        .speaks_us = us,
        .stretch = -1.0, /* none yet */
        .counted_us = s->now_us,
        .quiet_us = SIM_NEVER,
    };
    if (b->client.p->silent_frac > 0.0)
        set_silence(s, build);
    sys_pace(s, b->pod);
}

/* The build has left its pod. */
void sys_stop_work(struct system *s, uint32_t build, uint32_t pod)
{
    if (!is_at_work(s, build))
        return;
    sys_build(s, build)->at_work = false;
    sys_pod(s, pod)->n_working--;
    sys_pace(s, pod);
}

static void end_work(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    bool error = s->t->builds[build].outcome == TRACE_ERROR;
    uint32_t session = b->session;

    if (error)
        sys_note(s, NOTE_FAILED, b->pool, build, b->client.attempt);
    b->session = NO_INDEX;
    sys_detach(s, build);
    if (session != NO_INDEX)
        lb_on_end(sys_lb(s, build), session);
    sys_obey(s, build,
             client_on_build_end(&b->client, s->now_us,
                                 error ? CLIENT_BUILD_ERROR : CLIENT_BUILD_OK,
                                 sys_u(s, DRAW_BUILD_END, build, 0)));
}

/* The build falls silent, or is done. */
void sys_on_mark(struct system *s, uint32_t build)
{
    if (!is_at_work(s, build))
        return;
    struct sys_work *w = work_of(s, build);
    if (w->mark_us != s->now_us)
        return;
    w->left_us = w->next_us;
    w->counted_us = s->now_us;
    if (w->next_us == 0.0) {
        end_work(s, build);
        return;
    }
    w->next_us = 0.0;
    plan_mark(s, build);
    fall_quiet(s, build);
}
