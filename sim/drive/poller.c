#include "sim/drive/poller.h"

#include "sim/base/mem.h"
#include "sim/base/signals.h"
#include "sim/base/wall.h"
#include "sim/engine/fel.h"

#include <assert.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { KINDS = 64 };

struct watch {
    poller_ready *on; /* NULL: not watched */
    void *context;
    uint32_t item;
};

struct poller {
    struct pace pace;
    struct fel *fel; /* owned; its instants count from base_us */
    sim_us base_us, popped_us;
    struct handler {
        poller_due *on;
        void *context;
    } handlers[KINDS];
    struct watch *watches; /* owned; by descriptor */
    size_t cap_watches;
    int epoll;
    struct signals signals;
    bool stopped, timely;
    int64_t late_ns; /* of the latest planned event so far */
    int code;
    struct err err;
};

static void on_signal(void *context, uint32_t item, uint32_t events)
{
    struct poller *p = context;
    struct err e;

    (void)item, (void)events;
    if (!signals_came(&p->signals))
        return;
    err_set(&e, ERR_IO, "interrupted");
    poller_fail(p, &e);
}

/* Woken at once, before whatever else this machine does; programs that are
 * started inherit it. Only root and the like may ask for it.
 */
static bool be_timely(void)
{
    struct sched_param first = {.sched_priority = 1};

    return sched_setscheduler(0, SCHED_RR, &first) == 0;
}

static void be_as_before(const struct poller *p)
{
    struct sched_param none = {0};

    if (p->timely)
        (void)sched_setscheduler(0, SCHED_OTHER, &none);
}

struct poller *poller_new(double shrink, sim_us from_us)
{
    struct poller *p = mem_array(1, sizeof *p);
    int held = signals_hold(&p->signals, &p->err);

    assert(shrink >= 1.0 && shrink <= PACE_MAX_SHRINK);
    p->pace = (struct pace){shrink, from_us, wall_ns()};
    p->base_us = p->popped_us = from_us;
    p->fel = fel_new();
    p->epoll = epoll_create1(EPOLL_CLOEXEC);
    assert(p->epoll >= 0 && held == ERR_OK);
    poller_watch(p, p->signals.fd, EPOLLIN, on_signal, p, 0);
    p->timely = sched_getscheduler(0) == SCHED_OTHER && be_timely();
    return p;
}

void poller_free(struct poller *p)
{
    if (!p)
        return;
    be_as_before(p);
    close(p->epoll);
    signals_release(&p->signals);
    fel_free(p->fel);
    free(p->watches);
    free(p);
}

sim_us poller_now_us(const struct poller *p)
{
    return pace_us(&p->pace, wall_ns());
}

static sim_us next_us(const struct poller *p)
{
    sim_us us = fel_next_us(p->fel);

    return us == SIM_NEVER ? us : us + p->base_us;
}

void poller_jump(struct poller *p, sim_us at_us)
{
    assert(next_us(p) >= at_us);
    p->pace.at_us = at_us;
    p->pace.at_ns = wall_ns();
    p->late_ns = 0;
}

/* ------------------------------------------------------------ descriptors */

void poller_watch(struct poller *p, int fd, uint32_t events, poller_ready *on,
                  void *context, uint32_t item)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    assert(fd >= 0);
    p->watches = mem_grow(p->watches, &p->cap_watches, (size_t)fd + 1,
                          sizeof *p->watches);
    assert(!p->watches[fd].on);
    p->watches[fd] = (struct watch){on, context, item};
    int rc = epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &event);
    assert(rc == 0);
    (void)rc;
}

void poller_change(struct poller *p, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};

    assert(p->watches[fd].on);
    (void)epoll_ctl(p->epoll, EPOLL_CTL_MOD, fd, &event);
}

void poller_forget(struct poller *p, int fd)
{
    assert(p->watches[fd].on);
    p->watches[fd] = (struct watch){0};
    (void)epoll_ctl(p->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* ------------------------------------------------------------ instants */

void poller_handle(struct poller *p, uint16_t kind, poller_due *on,
                   void *context)
{
    assert(kind < KINDS);
    p->handlers[kind] = (struct handler){on, context};
}

void poller_plan(struct poller *p, sim_us at_us, uint16_t kind, uint32_t entity,
                 uint32_t generation)
{
    if (at_us == SIM_NEVER)
        return;
    if (at_us < p->popped_us)
        at_us = p->popped_us;
    fel_add(p->fel, at_us - p->base_us, kind, entity, generation);
}

static void note_lateness(struct poller *p, sim_us due_us)
{
    int64_t late_ns = wall_ns() - pace_ns(&p->pace, due_us);

    if (late_ns > p->late_ns)
        p->late_ns = late_ns;
}

static void run_due(struct poller *p)
{
    sim_us now_us = poller_now_us(p);
    struct event due;

    while (!p->stopped && next_us(p) <= now_us && fel_pop(p->fel, &due)) {
        p->popped_us = due.at_us + p->base_us;
        note_lateness(p, p->popped_us);
        const struct handler *h = &p->handlers[due.kind];
        assert(h->on);
        h->on(h->context, due.entity, due.generation);
    }
}

/* ------------------------------------------------------------ the loop */

/* How long to sleep; NULL: for ever. */
static const struct timespec *pause_of(const struct poller *p,
                                       struct timespec *out)
{
    int64_t at_ns = pace_ns(&p->pace, next_us(p));
    int64_t ns = at_ns - wall_ns();

    if (at_ns == INT64_MAX)
        return NULL;
    if (ns < 0)
        ns = 0;
    out->tv_sec = ns / INT64_C(1000000000);
    out->tv_nsec = ns % INT64_C(1000000000);
    return out;
}

/* One descriptor at a time: a handler may close any other. */
static void wait_once(struct poller *p)
{
    struct timespec pause;
    struct epoll_event event;
    int n = epoll_pwait2(p->epoll, &event, 1, pause_of(p, &pause), NULL);

    if (n < 0) {
        struct err e;
        if (errno == EINTR)
            return;
        err_set(&e, ERR_IO, "cannot wait for sockets: %s", strerror(errno));
        poller_fail(p, &e);
    }
    if (n < 1)
        return;
    struct watch w = p->watches[event.data.fd];
    if (w.on)
        w.on(w.context, w.item, event.events);
}

int poller_run(struct poller *p, struct err *e)
{
    p->stopped = p->code != ERR_OK;
    while (!p->stopped) {
        run_due(p);
        if (!p->stopped)
            wait_once(p);
    }
    if (p->code != ERR_OK)
        *e = p->err;
    return p->code;
}

sim_us poller_late_us(const struct poller *p)
{
    return p->late_ns / 1000;
}

bool poller_is_timely(const struct poller *p)
{
    return p->timely;
}

void poller_stop(struct poller *p)
{
    p->stopped = true;
}

void poller_fail(struct poller *p, const struct err *e)
{
    if (p->code == ERR_OK) {
        p->code = ERR_IO;
        p->err = *e;
    }
    p->stopped = true;
}
