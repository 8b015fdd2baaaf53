/* system_job.c - the jobs of a build: asked for, limited, ended, run again. */
#include "models/system_parts.h"
#include "sim/base/mem.h"

#include <assert.h>

/* ------------------------------------------------------------ the end */

enum build_end system_end_of(enum client_outcome how, bool was_cut,
                             bool pod_killed)
{
    enum build_end cut = pod_killed ? END_KILLED : END_CUT;

    switch (how) {
    case CLIENT_DONE:
    case CLIENT_ERROR:
        return END_SERVED;
    case CLIENT_CUT:
        return cut;
    case CLIENT_GAVE_UP:
        return was_cut ? cut : END_GAVE_UP;
    case CLIENT_TIMED_OUT:
        return END_TIMED_OUT;
    case CLIENT_CANCELLED:
        return END_LEFT;
    }
    assert(false && "no outcome");
    return END_UNFINISHED;
}

/* Nobody runs a job again that has done its work, well or with the build's own
 * error, or that its owner has cancelled.
 */
static bool is_run_again(const struct system *s, uint32_t build)
{
    const struct sys_build *b = sys_build(s, build);
    enum client_outcome how = b->client.outcome;

    return b->n_reruns < b->client.p->reruns &&
           (how == CLIENT_CUT || how == CLIENT_GAVE_UP ||
            how == CLIENT_TIMED_OUT) &&
           s->t->builds[build].leaves_us > s->now_us;
}

static void rest(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    const struct client_params *c = b->client.p;
    double u = sys_u(s, DRAW_RERUN, build, b->n_reruns++);

    b->rests = true;
    sys_note(s, NOTE_RESTS, b->pool, build, b->client.attempt);
    sys_plan(s, s->now_us + dist_us(&c->rerun_delay, u, 1.0) + c->setup_us,
             EV_RERUN, build, 0);
}

/* ------------------------------------------------------------ open */

static void open_build(struct system *s, uint32_t build)
{
    const struct trace_build *t = &s->t->builds[build];
    uint32_t place = s->free_build, pool = sys_pool_of(s, build);

    if (place == NO_INDEX) {
        place = (uint32_t)s->n_builds++;
        s->builds =
            mem_grow(s->builds, &s->cap_builds, s->n_builds, sizeof *s->builds);
    } else {
        s->free_build = s->builds[place].next_free;
    }
    s->place_of[build] = place;
    s->builds[place] = (struct sys_build){
        .pool = pool,
        .backend = system_dials(s->p, s->caller_of[t->caller], pool),
        .session = NO_INDEX,
        .pod = NO_INDEX,
    };
    s->n_open++;
}

static void close_build(struct system *s, uint32_t build)
{
    sys_build(s, build)->next_free = s->free_build;
    s->free_build = s->place_of[build];
    s->place_of[build] = NO_INDEX;
    s->n_open--;
}

static void end_build(struct system *s, uint32_t build)
{
    const struct sys_build *b = sys_build(s, build);
    struct build_result *r = &s->results[build];

    r->end =
        (uint8_t)system_end_of(b->client.outcome, b->was_cut, b->pod_killed);
    r->end_us = s->now_us;
    sys_note(s, NOTE_END, b->pool, build, r->end);
    close_build(s, build);
}

/* The job has ended. Between two jobs of a build nothing waits. */
void sys_end_job(struct system *s, uint32_t build)
{
    struct sys_build *b = sys_build(s, build);
    struct build_result *r = &s->results[build];

    assert(b->session == NO_INDEX && b->pod == NO_INDEX);
    r->waited_us += s->now_us - b->waits_since_us;
    r->attempts += b->client.attempt;
    r->dials = b->client.dials;
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, -1);
    if (is_run_again(s, build))
        rest(s, build);
    else
        end_build(s, build);
}

/* ------------------------------------------------------------ events */

/* Infinite-server demand: what the trace alone asks for. */
static void ask_demand(struct system *s, uint32_t build)
{
    const struct trace_build *t = &s->t->builds[build];
    sim_us end_us = t->asked_us + t->work_us;
    uint32_t pool = sys_pool_of(s, build);

    if (end_us > t->leaves_us)
        end_us = t->leaves_us;
    if (end_us <= t->asked_us)
        return;
    sys_count(s, pool, &s->pools[pool].state.demand, +1);
    sys_plan(s, end_us, EV_DEMAND_END, build, 0);
}

/* It is open, and not between two jobs. */
static bool has_job(const struct system *s, uint32_t build)
{
    return sys_is_open(s, build) &&
           sys_build(s, build)->client.state != CLIENT_ENDED;
}

/* First jobs of one caller end in the order in which they began, so only the
 * first limit of a caller is planned: that of its first open build from one on.
 */
static void plan_job_end(struct system *s, uint32_t caller, uint32_t from)
{
    const struct client_params *c = &s->p->callers[caller].client;
    uint32_t build = from;

    s->job_end_of[caller] = NO_INDEX;
    while (build < s->next_build &&
           (s->caller_of[s->t->builds[build].caller] != caller ||
            !has_job(s, build)))
        build++;
    if (build == s->next_build)
        return;
    sim_us at_us = client_job_end_us(c, s->t->builds[build].asked_us);
    if (at_us == SIM_NEVER)
        return;
    s->job_end_of[caller] = build;
    sys_plan(s, at_us, EV_JOB_END, build, 0);
}

void sys_on_asked(struct system *s, uint32_t build)
{
    const struct trace_build *t = &s->t->builds[build];
    const struct client_params *c =
        &s->p->callers[s->caller_of[t->caller]].client;

    open_build(s, build);
    struct sys_build *b = sys_build(s, build);
    b->waits_since_us = s->now_us;
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, +1);
    sys_note(s, NOTE_ASKED, b->pool, build, 0);
    if (t->leaves_us != SIM_NEVER)
        sys_plan(s, t->leaves_us > s->now_us ? t->leaves_us : s->now_us,
                 EV_LEAVES, build, 0);
    ask_demand(s, build);
    sys_obey(s, build, client_on_start(&b->client, c, s->now_us));
    if (s->job_end_of[s->caller_of[t->caller]] == NO_INDEX)
        plan_job_end(s, s->caller_of[t->caller], build);
}

/* A job that is run again has a limit of its own. */
void sys_on_rerun(struct system *s, uint32_t build)
{
    if (!sys_is_open(s, build) || !sys_build(s, build)->rests)
        return;
    struct sys_build *b = sys_build(s, build);
    const struct client_params *c = b->client.p;
    sim_us limit_us = client_job_end_us(c, s->now_us);

    b->rests = b->was_cut = b->pod_killed = false;
    b->waits_since_us = s->now_us;
    sys_count(s, b->pool, &s->pools[b->pool].state.waiting, +1);
    sys_note(s, NOTE_RERUN, b->pool, build, b->n_reruns);
    if (limit_us != SIM_NEVER)
        sys_plan(s, limit_us, EV_JOB_END, build, b->n_reruns);
    sys_obey(s, build, client_on_start(&b->client, c, s->now_us));
}

static void kill_job(struct system *s, uint32_t build,
                     enum client_outcome outcome)
{
    if (!has_job(s, build))
        return;
    struct sys_build *b = sys_build(s, build);
    uint32_t backend = b->backend;

    sys_retry_end(s, build);
    sys_obey(s, build, client_on_kill(&b->client, s->now_us, outcome));
    sys_obey_lb(s, backend);
}

/* Between two jobs there is none to be cancelled: the build ends as the last
 * one did.
 */
void sys_on_leaves(struct system *s, uint32_t build)
{
    if (sys_is_open(s, build) && sys_build(s, build)->rests)
        end_build(s, build);
    else
        kill_job(s, build, CLIENT_CANCELLED);
}

/* job       0: the first one of its build, whose limit is planned in a chain
 */
void sys_on_job_end(struct system *s, uint32_t build, uint32_t job)
{
    if (sys_is_open(s, build) && sys_build(s, build)->n_reruns == job)
        kill_job(s, build, CLIENT_TIMED_OUT);
    if (job == 0)
        plan_job_end(s, s->caller_of[s->t->builds[build].caller], build + 1);
}
