#include "sim/drive/names.h"

#include "models/system_event.h"
#include "sim/base/mem.h"
#include "sim/drive/port.h"
#include "sim/drive/wire.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

struct names_held {
    struct wire_query query;
    struct sockaddr_in from;
    bool waits;
};

/* ------------------------------------------------------------ what is asked */

/* Backend of a name, or NO_INDEX. Backends stand in the order of the proxies
 * that have a server-template.
 */
static uint32_t find_backend(const struct names *n, const char *name)
{
    uint32_t backend = 0;

    for (size_t i = 0; i < n->cfg->n_proxies; i++) {
        const struct hap_proxy *p = &n->cfg->proxies[i];
        size_t length = strlen(p->fqdn);

        if (p->n_slots == 0)
            continue;
        if (length > 0 && p->fqdn[length - 1] == '.')
            length--;
        if (strlen(name) == length && strncasecmp(name, p->fqdn, length) == 0)
            return backend;
        backend++;
    }
    return NO_INDEX;
}

static struct wire_address address_of(const struct names *n, uint32_t slot,
                                      uint16_t type)
{
    struct sockaddr_in at = port_loopback(stubs_host(n->stubs, slot), 0);
    struct wire_address out = {{0}};

    if (type == WIRE_A) {
        memcpy(out.bytes, &at.sin_addr, 4);
        return out;
    }
    out.bytes[10] = out.bytes[11] = 0xff;
    memcpy(out.bytes + 12, &at.sin_addr, 4);
    return out;
}

static size_t listed(const struct names *n, uint32_t backend, uint16_t type,
                     struct wire_address out[STUB_SLOTS], size_t *n_pods)
{
    bool ipv6 = n->params->lb.backends[backend].ipv6 && n->mapped;
    bool ours = type == (ipv6 ? WIRE_AAAA : WIRE_A);
    size_t count = 0;

    *n_pods = 0;
    for (uint32_t i = 0; i < STUB_SLOTS; i++) {
        const struct stub *s = &n->stubs->slots[i];

        if (s->pod == NO_INDEX || !s->listed ||
            !life_is_linked(n->params, s->pool, backend))
            continue;
        ++*n_pods;
        if (ours)
            out[count++] = address_of(n, i, type);
    }
    return count;
}

/* ------------------------------------------------------------ answers */

static void answer(struct names *n, const struct wire_query *q,
                   enum wire_code code, const struct sockaddr_in *to)
{
    struct wire_address at[STUB_SLOTS];
    uint8_t out[WIRE_MAX];
    size_t count = 0, n_pods;

    if (code == WIRE_OK) {
        uint32_t backend = find_backend(n, q->name);
        if (backend != NO_INDEX)
            count = listed(n, backend, q->type, at, &n_pods);
        if (backend == NO_INDEX || n_pods == 0)
            code = WIRE_NO_NAME;
    }
    size_t length = wire_answer(q, code, at, count, out);
    (void)sendto(n->fd, out, length, 0, (const struct sockaddr *)to,
                 sizeof *to);
    n->n_answers++;
}

/* The next change of the names of a backend, or SIM_NEVER. */
static sim_us next_change_us(const struct names *n, uint32_t backend)
{
    for (size_t i = n->next; i < n->life->n_events; i++) {
        const struct life_event *event = &n->life->events[i];
        if (event->change != LIFE_STOPPED &&
            life_is_linked(n->params, event->pool, backend))
            return event->at_us;
    }
    return SIM_NEVER;
}

/* Until when the answer is to wait; now or earlier: it is not. */
static sim_us hold_until_us(const struct names *n, const struct wire_query *q)
{
    uint32_t backend = find_backend(n, q->name);
    sim_us now_us = poller_now_us(n->poller);

    if (backend == NO_INDEX || now_us < 0)
        return now_us;
    const struct lb_backend_params *p = &n->params->lb.backends[backend];
    sim_us period_us =
        p->resolve_us < p->retry_us ? p->resolve_us : p->retry_us;
    sim_us change_us = next_change_us(n, backend);
    return change_us <= now_us + period_us - n->margin_us ? change_us : now_us;
}

static void hold(struct names *n, const struct wire_query *q,
                 const struct sockaddr_in *from, sim_us until_us)
{
    size_t i = 0;

    while (i < n->n_held && n->held[i].waits)
        i++;
    n->held = mem_grow(n->held, &n->cap_held, i + 1, sizeof *n->held);
    if (i == n->n_held)
        n->n_held++;
    n->held[i] = (struct names_held){*q, *from, true};
    poller_plan(n->poller, until_us, EV_LB_ANSWER, (uint32_t)i, 0);
}

static void on_held(void *context, uint32_t entity, uint32_t generation)
{
    struct names *n = context;
    struct names_held *h = &n->held[entity];

    (void)generation;
    h->waits = false;
    answer(n, &h->query, WIRE_OK, &h->from);
}

static void on_query(void *context, uint32_t item, uint32_t events)
{
    struct names *n = context;
    struct sockaddr_in from;
    socklen_t n_from = sizeof from;
    uint8_t message[WIRE_MAX];
    struct wire_query q;

    (void)item, (void)events;
    ssize_t length = recvfrom(n->fd, message, sizeof message, 0,
                              (struct sockaddr *)&from, &n_from);
    if (length < 0)
        return;
    enum wire_code code = wire_read(&q, message, (size_t)length);
    if (code == WIRE_DROP)
        return;
    sim_us until_us = code == WIRE_OK ? hold_until_us(n, &q) : 0;
    if (code == WIRE_OK && until_us > poller_now_us(n->poller))
        hold(n, &q, &from, until_us);
    else
        answer(n, &q, code, &from);
}

/* ------------------------------------------------------------ changes */

static void apply(struct names *n, const struct life_event *event)
{
    uint32_t slot = stubs_find(n->stubs, event->pod);
    struct err e;

    if (event->change == LIFE_STOPPED) {
        stubs_close(n->stubs, event->pod);
        return;
    }
    if (event->change == LIFE_LISTED && slot == NO_INDEX) {
        long opened = stubs_open(n->stubs, event->pod, event->pool, &e);
        if (opened < 0) {
            poller_fail(n->poller, &e);
            return;
        }
        slot = (uint32_t)opened;
    }
    if (slot != NO_INDEX)
        n->stubs->slots[slot].listed = event->change == LIFE_LISTED;
}

static void plan_next(struct names *n)
{
    if (n->next < n->life->n_events)
        poller_plan(n->poller, n->life->events[n->next].at_us, EV_POD_READY,
                    (uint32_t)n->next, 0);
}

static void on_change(void *context, uint32_t entity, uint32_t generation)
{
    struct names *n = context;

    (void)entity, (void)generation;
    apply(n, &n->life->events[n->next++]);
    plan_next(n);
}

int names_open(struct names *n, struct err *e)
{
    n->port = 0;
    n->fd = port_bind(SOCK_DGRAM, 1, &n->port, e);
    if (n->fd < 0)
        return n->fd;
    poller_watch(n->poller, n->fd, EPOLLIN, on_query, n, 0);
    poller_handle(n->poller, EV_LB_ANSWER, on_held, n);
    poller_handle(n->poller, EV_POD_READY, on_change, n);
    /* Those of the start are there before the balancer is. */
    while (n->next < n->life->n_events && n->life->events[n->next].at_us <= 0)
        apply(n, &n->life->events[n->next++]);
    plan_next(n);
    return ERR_OK;
}

void names_close(struct names *n)
{
    if (n->port != 0) {
        poller_forget(n->poller, n->fd);
        close(n->fd);
    }
    free(n->held);
    n->held = NULL;
    n->port = 0;
}
