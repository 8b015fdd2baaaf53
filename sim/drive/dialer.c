#include "sim/drive/dialer.h"

#include "models/system.h"
#include "models/system_event.h"
#include "sim/base/mem.h"
#include "sim/drive/call.h"
#include "sim/drive/dialer_rules.h"

#include <stdlib.h>

struct dialer_build {
    struct client client;
    struct call call;      /* the open dial or connection */
    bool asked, served;    /* served: has a slot now */
    bool was_cut;          /* while it was building, and not served since */
    uint32_t pod;          /* that it has reached, or NO_INDEX */
    sim_us waits_since_us; /* while it has no slot */
};

static void obey(struct dialer *d, uint32_t build, struct client_todo todo);

static uint32_t pool_of(const struct dialer *d, uint32_t build)
{
    const struct scenario *s = d->p.scenario;

    return s->pool_of[s->trace.builds[build].pool];
}

static const struct port_address *target(const struct dialer *d, uint32_t build)
{
    return &d->p.targets[dialer_backend(d->p.scenario, build)];
}

static double gap_u(const struct dialer *d, uint32_t build)
{
    return dialer_gap_u(d->p.seed, build, &d->builds[build].client);
}

/* ------------------------------------------------------------ slots */

static void take_slot(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];
    struct build_result *r = &d->results[build];

    b->served = true;
    b->was_cut = false;
    r->served_us = poller_now_us(d->poller);
    r->waited_us += r->served_us - b->waits_since_us;
}

static void hang_up(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];

    call_close(&b->call, d->poller);
    b->pod = NO_INDEX;
    if (b->served)
        b->waits_since_us = poller_now_us(d->poller);
    b->served = false;
}

/* ------------------------------------------------------------ the end */

static void stop_if_done(struct dialer *d)
{
    if (d->n_open == 0 && (d->over || d->next == d->p.scenario->trace.n))
        poller_stop(d->poller);
}

static void finish(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];
    struct build_result *r = &d->results[build];

    if (!d->over) /* who ended its pod is not known here */
        r->end = (uint8_t)system_end_of(b->client.outcome, b->was_cut, false);
    r->end_us = poller_now_us(d->poller);
    r->waited_us += r->end_us - b->waits_since_us;
    r->attempts = b->client.attempt;
    r->dials = b->client.dials;
    d->n_open--;
    stop_if_done(d);
}

/* ------------------------------------------------------------ sockets */

static void lost(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];

    if (b->client.state == CLIENT_BUILDING)
        b->was_cut = true;
    hang_up(d, build);
    obey(d, build,
         client_on_closed(&b->client, poller_now_us(d->poller),
                          gap_u(d, build)));
}

static bool is_dialling(const struct client *c)
{
    return c->state == CLIENT_CREATING || c->state == CLIENT_PROBING ||
           c->state == CLIENT_WAITING;
}

static void on_socket(void *context, uint32_t build, uint32_t events)
{
    struct dialer *d = context;
    struct dialer_build *b = &d->builds[build];

    enum call_state state = call_on_events(&b->call, d->poller, events);
    if (state == CALL_LOST)
        lost(d, build);
    if (state != CALL_READY || !is_dialling(&b->client))
        return;
    take_slot(d, build);
    obey(d, build, client_on_connected(&b->client, poller_now_us(d->poller)));
}

static void dial(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];
    sim_us now_us = poller_now_us(d->poller);
    struct client_todo hold = client_on_dial(&b->client, now_us);
    struct call_owner owner = {on_socket, d, build};
    uint64_t number = build;

    if (d->results[build].first_dial_us == SIM_NEVER)
        d->results[build].first_dial_us = now_us;
    if (call_dial(&b->call, target(d, build), d->p.numbered ? &number : NULL,
                  d->poller, &owner))
        obey(d, build, hold);
    else
        lost(d, build);
}

/* ------------------------------------------------------------ the client */

static bool gives_up(const struct dialer *d, uint32_t build)
{
    return dialer_gives_up(&d->p.scenario->system, pool_of(d, build),
                           &d->builds[build].client, poller_now_us(d->poller));
}

static void plan(struct dialer *d, uint32_t build, sim_us at_us,
                 enum event_kind kind)
{
    poller_plan(d->poller, at_us, (uint16_t)kind, build,
                d->builds[build].client.generation);
}

static void obey(struct dialer *d, uint32_t build, struct client_todo todo)
{
    struct client *c = &d->builds[build].client;

    if (todo.leave)
        hang_up(d, build);
    switch (todo.what) {
    case CLIENT_DO_DIAL:
        if (gives_up(d, build))
            obey(d, build,
                 client_on_kill(c, poller_now_us(d->poller), CLIENT_GAVE_UP));
        else
            plan(d, build, todo.at_us, EV_DIAL);
        break;
    case CLIENT_DO_HOLD:
        plan(d, build, todo.at_us, EV_HOLD);
        break;
    case CLIENT_DO_WORK:
        plan(d, build, todo.at_us, EV_WORK);
        break;
    case CLIENT_DO_RUN:
        break;
    case CLIENT_DO_END:
        finish(d, build);
        break;
    }
}

static bool is_cold(struct dialer *d, uint32_t pod)
{
    if (pod == NO_INDEX)
        return false;
    d->first_on_pod =
        mem_grow(d->first_on_pod, &d->cap_pods, (size_t)pod + 1, 1);
    bool cold = d->first_on_pod[pod] == 0;
    d->first_on_pod[pod] = 1;
    return cold;
}

static void start_work(struct dialer *d, uint32_t build)
{
    struct dialer_build *b = &d->builds[build];
    const struct scenario *s = d->p.scenario;
    sim_us now_us = poller_now_us(d->poller);
    sim_us work_us = s->trace.builds[build].work_us;

    obey(d, build, client_on_work(&b->client, now_us));
    d->results[build].pod = b->pod;
    d->results[build].cold = is_cold(d, b->pod);
    if (d->results[build].cold)
        work_us = us_from_s(s->system.cold_factor * s_from_us(work_us));
    plan(d, build, now_us + work_us, EV_WORK_END);
    plan(d, build, now_us + d->chatter_us, EV_LB_SILENT);
}

static void end_work(struct dialer *d, uint32_t build)
{
    bool error = d->p.scenario->trace.builds[build].outcome == TRACE_ERROR;

    hang_up(d, build);
    obey(d, build,
         client_on_build_end(&d->builds[build].client, poller_now_us(d->poller),
                             error ? CLIENT_BUILD_ERROR : CLIENT_BUILD_OK,
                             dialer_end_u(d->p.seed, build)));
}

/* ------------------------------------------------------------ events */

static bool is_stale(const struct dialer *d, uint32_t build,
                     uint32_t generation)
{
    return d->builds[build].client.generation != generation;
}

static void on_dial(void *context, uint32_t build, uint32_t generation)
{
    if (!is_stale(context, build, generation))
        dial(context, build);
}

static void on_work(void *context, uint32_t build, uint32_t generation)
{
    if (!is_stale(context, build, generation))
        start_work(context, build);
}

static void on_work_end(void *context, uint32_t build, uint32_t generation)
{
    if (!is_stale(context, build, generation))
        end_work(context, build);
}

static void on_chatter(void *context, uint32_t build, uint32_t generation)
{
    struct dialer *d = context;

    if (is_stale(d, build, generation))
        return;
    call_chatter(&d->builds[build].call, d->poller);
    plan(d, build, poller_now_us(d->poller) + d->chatter_us, EV_LB_SILENT);
}

static void on_hold(void *context, uint32_t build, uint32_t generation)
{
    struct dialer *d = context;

    if (!is_stale(d, build, generation))
        obey(d, build,
             client_on_deadline(&d->builds[build].client,
                                poller_now_us(d->poller), gap_u(d, build)));
}

static void kill_job(struct dialer *d, uint32_t build,
                     enum client_outcome outcome)
{
    struct dialer_build *b = &d->builds[build];

    if (b->asked && b->client.state != CLIENT_ENDED)
        obey(d, build,
             client_on_kill(&b->client, poller_now_us(d->poller), outcome));
}

static void on_leaves(void *context, uint32_t build, uint32_t generation)
{
    (void)generation;
    kill_job(context, build, CLIENT_CANCELLED);
}

static void on_job_end(void *context, uint32_t build, uint32_t generation)
{
    (void)generation;
    kill_job(context, build, CLIENT_TIMED_OUT);
}

static void plan_next(struct dialer *d)
{
    const struct trace *t = &d->p.scenario->trace;

    if (d->next < t->n)
        poller_plan(d->poller, t->builds[d->next].asked_us, EV_ASKED,
                    (uint32_t)d->next, 0);
}

static void begin(struct dialer *d, uint32_t build)
{
    const struct scenario *s = d->p.scenario;
    const struct trace_build *t = &s->trace.builds[build];
    struct dialer_build *b = &d->builds[build];
    const struct client_params *c =
        &s->system.callers[s->caller_of[t->caller]].client;
    sim_us now_us = poller_now_us(d->poller);

    b->asked = true;
    b->waits_since_us = now_us;
    d->n_asked++;
    if (++d->n_open > d->open_most)
        d->open_most = (uint32_t)d->n_open;
    poller_plan(d->poller, t->leaves_us, EV_LEAVES, build, 0);
    poller_plan(d->poller, client_job_end_us(c, now_us), EV_JOB_END, build, 0);
    obey(d, build, client_on_start(&b->client, c, now_us));
}

static void on_asked(void *context, uint32_t build, uint32_t generation)
{
    struct dialer *d = context;

    (void)generation;
    if (d->over)
        return;
    d->next = (size_t)build + 1;
    if (target(d, build)->n_bytes > 0 && d->n_open < d->p.max_clients)
        begin(d, build);
    else
        d->n_skipped++;
    plan_next(d);
    stop_if_done(d);
}

/* Whoever is open is let go; nobody comes any more. */
static void on_over(void *context, uint32_t entity, uint32_t generation)
{
    struct dialer *d = context;

    (void)entity, (void)generation;
    d->over = true;
    for (uint32_t i = 0; i < d->next; i++)
        kill_job(d, i, CLIENT_CANCELLED);
    poller_stop(d->poller);
}

void dialer_on_reached(void *dialer, uint32_t build, uint32_t pod)
{
    struct dialer *d = dialer;

    if (build < d->p.scenario->trace.n && d->builds[build].call.fd >= 0)
        d->builds[build].pod = pod;
}

bool dialer_has(const struct dialer *d, size_t build)
{
    return d->builds[build].asked;
}

void dialer_start(struct dialer *d, const struct dialer_params *p,
                  struct poller *poller)
{
    static const struct {
        uint16_t kind; /* enum event_kind */
        poller_due *on;
    } handlers[] = {
        {EV_ASKED, on_asked},       {EV_DIAL, on_dial},
        {EV_HOLD, on_hold},         {EV_WORK, on_work},
        {EV_WORK_END, on_work_end}, {EV_LEAVES, on_leaves},
        {EV_JOB_END, on_job_end},   {EV_WINDOW_END, on_over},
        {EV_LB_SILENT, on_chatter},
    };
    size_t n = p->scenario->trace.n;

    *d = (struct dialer){.p = *p, .poller = poller};
    d->chatter_us = dialer_chatter_us(&p->scenario->system);
    d->builds = mem_array(n, sizeof *d->builds);
    d->results = mem_array(n, sizeof *d->results);
    for (size_t i = 0; i < n; i++) {
        d->builds[i].call.fd = -1;
        d->builds[i].pod = NO_INDEX;
        d->results[i].first_dial_us = SIM_NEVER;
        d->results[i].served_us = SIM_NEVER;
        d->results[i].end_us = SIM_NEVER;
        d->results[i].pod = NO_INDEX;
    }
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        poller_handle(poller, handlers[i].kind, handlers[i].on, d);
    poller_plan(poller, p->until_us, EV_WINDOW_END, 0, 0);
    plan_next(d);
}

void dialer_hang_up(struct dialer *d)
{
    for (size_t i = 0; d->builds && i < d->p.scenario->trace.n; i++)
        call_close(&d->builds[i].call, d->poller);
}

void dialer_free(struct dialer *d)
{
    free(d->builds);
    free(d->results);
    free(d->first_on_pod);
    *d = (struct dialer){0};
}
