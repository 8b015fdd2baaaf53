#include "sim/drive/stage.h"

#include "models/system.h"
#include "models/system_event.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <sys/socket.h>

enum {
    READY_MS = 20,      /* real; from look to look before the start */
    PATIENCE_MS = 15000 /* real; until the balancer must be ready */
};

/* Real milliseconds in simulated time. */
static sim_us in_real_ms(const struct stage *s, double ms)
{
    return (sim_us)(ms * s->shrink * (double)US_PER_MS);
}

static const char *backend_of(const struct stage *s, uint32_t pool)
{
    const struct system_params *p = &s->scenario->system;

    return p->lb.backends[p->pools[pool].backend].name;
}

/* ------------------------------------------------------------ the start */

/* Pods that the names of a backend show now. */
static int32_t listed_now(const struct stage *s, uint32_t backend)
{
    const struct system_params *p = &s->scenario->system;
    int32_t n = 0;

    for (uint32_t i = 0; i < STUB_SLOTS; i++)
        n += s->stubs.slots[i].pod != NO_INDEX && s->stubs.slots[i].listed &&
             life_is_linked(p, s->stubs.slots[i].pool, backend);
    return n;
}

static bool knows_all(const struct stage *s, const char *table)
{
    const struct system_params *p = &s->scenario->system;

    for (uint32_t i = 0; i < p->lb.n_backends; i++) {
        const struct lb_backend_params *b = &p->lb.backends[i];
        int32_t most = (int32_t)b->n_slots, want = listed_now(s, i);
        struct gauge g;
        struct err e;

        if (!s->is_dialled[i])
            continue;
        if (gauge_read(&g, table, b->name, &e) != ERR_OK ||
            g.servers < (want < most ? want : most))
            return false;
    }
    return true;
}

static void look_again(const struct stage *s)
{
    poller_plan(s->poller, poller_now_us(s->poller) + in_real_ms(s, READY_MS),
                EV_WINDOW, 0, 0);
}

/* Simulated time begins when the balancer is as it was at its start there. */
static void on_look(void *context, uint32_t entity, uint32_t generation)
{
    struct stage *s = context;
    char table[BALANCER_TABLE];
    struct err e;
    int rc = balancer_ask(s->balancer, table, &e);

    (void)entity, (void)generation;
    if (rc == ERR_OK && knows_all(s, table)) {
        s->begun = true;
        poller_jump(s->poller, -in_real_ms(s, READY_MS));
        return;
    }
    if (s->balancer->child.pid == 0 ||
        poller_now_us(s->poller) > -in_real_ms(s, 2 * READY_MS)) {
        if (rc == ERR_OK)
            err_set(&e, ERR_IO, "haproxy does not find the pods of the start");
        poller_fail(s->poller, &e);
        return;
    }
    look_again(s);
}

/* ------------------------------------------------------------ scrapes */

static void on_scrape(void *context, uint32_t entity, uint32_t generation)
{
    struct stage *s = context;
    char table[BALANCER_TABLE];
    sim_us at_us = poller_now_us(s->poller);
    size_t n_pools = s->scenario->system.n_pools;
    struct err e;
    int rc = balancer_ask(s->balancer, table, &e);

    (void)generation;
    s->samples = mem_grow(s->samples, &s->cap_samples, s->n_samples + n_pools,
                          sizeof *s->samples);
    for (uint32_t i = 0; rc == ERR_OK && i < n_pools; i++) {
        struct stage_sample *sample = &s->samples[s->n_samples++];
        *sample = (struct stage_sample){.at_us = at_us, .pool = i};
        rc = gauge_read(&sample->real, table, backend_of(s, i), &e);
    }
    if (rc != ERR_OK)
        poller_fail(s->poller, &e);
    poller_plan(s->poller, (sim_us)(entity + 1) * s->sample_us, EV_KEDA_POLL,
                entity + 1, 0);
}

/* ------------------------------------------------------------ the play */

static int open_names(struct stage *s, struct err *e)
{
    uint16_t port = 0;

    for (size_t i = 0; i < s->scenario->haproxy.n_proxies; i++) {
        const struct hap_proxy *p = &s->scenario->haproxy.proxies[i];
        if (p->n_slots == 0)
            continue;
        if (port != 0 && p->server_port != port)
            return err_set(e, ERR_INPUT,
                           "%s: haproxy.cfg:%u: builders with several ports "
                           "are not driven",
                           s->scenario->path, p->server_line);
        port = p->server_port;
    }
    stubs_init(&s->stubs, s->poller, port);
    s->stubs.on_reached = dialer_on_reached;
    s->stubs.context = &s->dialer;
    s->names = (struct names){.poller = s->poller,
                              .params = &s->scenario->system,
                              .cfg = &s->scenario->haproxy,
                              .life = s->life,
                              .stubs = &s->stubs,
                              .mapped = port_has_family(AF_INET6),
                              .margin_us = in_real_ms(s, 5.0)};
    return names_open(&s->names, e);
}

static int find_targets(struct stage *s, struct err *e)
{
    const struct system_params *p = &s->scenario->system;
    int rc = ERR_OK;

    s->targets = mem_array(p->lb.n_backends, sizeof *s->targets);
    for (uint32_t i = 0; i < p->lb.n_backends && rc == ERR_OK; i++)
        if (s->is_dialled[i])
            rc = balancer_address(s->balancer, s->scenario,
                                  p->lb.backends[i].name, &s->targets[i], e);
    return rc;
}

int stage_play(struct stage *s, struct err *e)
{
    port_raise_limit();
    s->is_dialled = system_dialled(&s->scenario->system);
    s->poller = poller_new(s->shrink, -in_real_ms(s, PATIENCE_MS));
    int rc = open_names(s, e);
    if (rc == ERR_OK)
        rc = balancer_start(s->balancer, s->scenario, s->shrink, s->names.port,
                            e);
    if (rc == ERR_OK)
        rc = find_targets(s, e);
    if (rc != ERR_OK)
        return rc;
    struct dialer_params dialer = {.scenario = s->scenario,
                                   .seed = s->seed,
                                   .targets = s->targets,
                                   .max_clients = s->max_clients,
                                   .until_us = s->until_us,
                                   .numbered = true};
    dialer_start(&s->dialer, &dialer, s->poller);
    poller_handle(s->poller, EV_WINDOW, on_look, s);
    poller_handle(s->poller, EV_KEDA_POLL, on_scrape, s);
    poller_plan(s->poller, 0, EV_KEDA_POLL, 0, 0);
    look_again(s);
    rc = poller_run(s->poller, e);
    s->timely = poller_is_timely(s->poller);
    s->late_us = poller_late_us(s->poller);
    return rc;
}

void stage_close(struct stage *s)
{
    dialer_hang_up(&s->dialer);
    if (s->balancer)
        child_stop(&s->balancer->child);
    names_close(&s->names);
    stubs_free(&s->stubs);
    poller_free(s->poller);
    s->poller = NULL;
}

void stage_free(struct stage *s)
{
    dialer_free(&s->dialer);
    free(s->is_dialled);
    free(s->targets);
    free(s->samples);
    *s = (struct stage){0};
}
