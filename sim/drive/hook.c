#include "sim/drive/hook.h"

#include "models/system_event.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/room.h"
#include "sim/drive/call.h"
#include "sim/drive/child.h"
#include "sim/drive/hook_room.h"
#include "sim/drive/stub.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { LEAD_MS = 200 }; /* real; for connections that are there at the start */

struct play {
    const struct hook_case *c;
    struct hook_result *out;
    struct poller *poller;
    struct stubs stubs;
    struct port_address builder;
    struct call *calls; /* owned; by span */
    struct hook_room room;
    struct child child;
};

/* ------------------------------------------------------------ connections */

static void on_call(void *context, uint32_t span, uint32_t events)
{
    struct play *p = context;

    if (call_on_events(&p->calls[span], p->poller, events) == CALL_LOST)
        call_close(&p->calls[span], p->poller);
}

static void on_open(void *context, uint32_t span, uint32_t generation)
{
    struct play *p = context;
    struct call_owner owner = {on_call, p, span};
    struct err e;

    (void)generation;
    if (call_dial(&p->calls[span], &p->builder, NULL, p->poller, &owner))
        return;
    err_set(&e, ERR_IO, "cannot connect to the stub builder");
    poller_fail(p->poller, &e);
}

static void on_close(void *context, uint32_t span, uint32_t generation)
{
    struct play *p = context;

    (void)generation;
    call_close(&p->calls[span], p->poller);
}

/* ------------------------------------------------------------ the script */

static void end(struct play *p, sim_us at_us)
{
    p->out->end_us = at_us;
    for (size_t i = 0; i < p->c->n_spans; i++)
        p->out->n_cut += p->calls[i].fd >= 0;
    poller_stop(p->poller);
}

static void on_ended(void *context, uint32_t item, uint32_t events)
{
    struct play *p = context;

    (void)item, (void)events;
    poller_forget(p->poller, p->child.fd);
    (void)child_wait(&p->child, 0, &p->out->status);
    end(p, poller_now_us(p->poller));
}

static void on_start(void *context, uint32_t entity, uint32_t generation)
{
    struct play *p = context;
    const char *const argv[] = {"/bin/sh", p->room.script, NULL};
    const char *const env[] = {p->room.path, "LC_ALL=C", NULL};
    struct child_spec spec = {.argv = argv,
                              .env = env,
                              .folder = p->room.folder,
                              .output = p->room.output,
                              .confined = true};
    struct err e;

    (void)entity, (void)generation;
    if (child_start(&p->child, &spec, &e) != ERR_OK)
        poller_fail(p->poller, &e);
    else
        poller_watch(p->poller, p->child.fd, EPOLLIN, on_ended, p, 0);
}

static void on_limit(void *context, uint32_t entity, uint32_t generation)
{
    struct play *p = context;

    (void)entity, (void)generation;
    end(p, SIM_NEVER);
}

/* ------------------------------------------------------------ the case */

static int open_builder(struct play *p, struct err *e)
{
    stubs_init(&p->stubs, p->poller, p->c->port);
    long slot = stubs_open(&p->stubs, 0, 0, e);

    if (slot < 0)
        return (int)slot;
    struct sockaddr_in at =
        port_loopback(stubs_host(&p->stubs, (uint32_t)slot), p->c->port);
    p->builder = (struct port_address){.n_bytes = sizeof at};
    memcpy(&p->builder.at, &at, sizeof at);
    return ERR_OK;
}

static void plan(struct play *p)
{
    poller_handle(p->poller, EV_DIAL, on_open, p);
    poller_handle(p->poller, EV_WORK_END, on_close, p);
    poller_handle(p->poller, EV_POD_LOOK, on_start, p);
    poller_handle(p->poller, EV_POD_TERM, on_limit, p);
    for (size_t i = 0; i < p->c->n_spans; i++) {
        const struct hook_span *s = &p->c->spans[i];
        /* Those of the start: as early as there is time. */
        poller_plan(p->poller, s->from_us > 0 ? s->from_us : INT64_MIN / 2,
                    EV_DIAL, (uint32_t)i, 0);
        poller_plan(p->poller, s->to_us, EV_WORK_END, (uint32_t)i, 0);
    }
    poller_plan(p->poller, 0, EV_POD_LOOK, 0, 0);
    poller_plan(p->poller, p->c->limit_us, EV_POD_TERM, 0, 0);
}

static void clean(struct play *p)
{
    for (size_t i = 0; p->calls && i < p->c->n_spans; i++)
        call_close(&p->calls[i], p->poller);
    if (p->child.pid != 0)
        poller_forget(p->poller, p->child.fd);
    child_stop(&p->child);
    stubs_free(&p->stubs);
    poller_free(p->poller);
    hook_room_remove(&p->room);
    free(p->calls);
}

int hook_play(const struct hook_case *c, struct hook_result *out, struct err *e)
{
    struct play p = {.c = c, .out = out};

    *out = (struct hook_result){.end_us = SIM_NEVER};
    int rc = hook_room_make(&p.room, c->text, c->hidden, c->shrink, e);
    if (rc != ERR_OK)
        return rc;
    p.calls = mem_array(c->n_spans, sizeof *p.calls);
    for (size_t i = 0; i < c->n_spans; i++)
        p.calls[i].fd = -1;
    p.poller = poller_new(c->shrink,
                          -(sim_us)(LEAD_MS * c->shrink * (double)US_PER_MS));
    rc = open_builder(&p, e);
    if (rc == ERR_OK) {
        plan(&p);
        rc = poller_run(p.poller, e);
    }
    clean(&p);
    return rc;
}

/* ------------------------------------------------------------ the model */

static bool is_busy(const struct hook_case *c, sim_us at_us)
{
    for (size_t i = 0; i < c->n_spans; i++)
        if (c->spans[i].from_us <= at_us && at_us < c->spans[i].to_us)
            return true;
    return false;
}

void hook_model(const struct hook_case *c, const struct drain_params *p,
                struct hook_result *out)
{
    struct drain d;
    struct drain_step step;

    *out = (struct hook_result){.end_us = SIM_NEVER};
    drain_start(&d, p, 0);
    do
        step = drain_on_look(&d, is_busy(c, d.look_us));
    while (!step.done && step.at_us < c->limit_us);
    if (step.done)
        out->end_us = step.at_us;
    sim_us end_us = step.done ? step.at_us : c->limit_us;
    for (size_t i = 0; i < c->n_spans; i++)
        out->n_cut +=
            c->spans[i].from_us <= end_us && end_us < c->spans[i].to_us;
}
