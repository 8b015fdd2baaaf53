#include "sim/upstream/real_loop.h"

#include "sim/base/mem.h"
#include "sim/base/signals.h"
#include "sim/upstream/driver.h"
#include "sim/upstream/page.h"
#include "sim/upstream/real_hpa.h"
#include "sim/upstream/real_keda.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* A program that has said nothing for so long is stuck. */
enum { SILENCE_MS = 120000 };

struct real_pool {
    bool on;
    struct real_loop *loop; /* borrowed */
    struct driver hpa_driver, keda_driver;
    struct real_hpa hpa;
    struct real_keda keda;
    struct page *page; /* owned */
    sim_us held_us; /* the HPA's question waits until then for the operator */
};

struct real_loop {
    const struct system_params *params; /* borrowed */
    struct real_pool *pools;            /* owned; params->n_pools */
    struct scaler_link link;
    struct system *s; /* borrowed; while a run goes on */
    struct signals interrupt;
    struct err err;
    int rc;
};

/* ------------------------------------------------------------ the wires */

/* Waits until the driver has said something. Its GETs are answered meanwhile if
 * there is a page.
 */
static int wait_for(struct real_loop *l, struct driver *d, struct page *page)
{
    struct pollfd fds[3] = {{l->interrupt.fd, POLLIN, 0},
                            {d->from, POLLIN, 0},
                            {page ? page_fd(page) : -1, POLLIN, 0}};
    int ms = page ? page_wait_ms(page) : -1;
    bool served = ms >= 0;
    int n = poll(fds, 3, served ? ms : SILENCE_MS);

    if (n < 0 && errno != EINTR)
        return err_set(&l->err, ERR_IO, "poll: %s", strerror(errno));
    if (n == 0 && !served)
        return err_set(&l->err, ERR_IO, "%s: it has not answered for %d s",
                       d->name, SILENCE_MS / 1000);
    if (fds[0].revents && signals_came(&l->interrupt))
        return err_set(&l->err, ERR_IO, "interrupted");
    if (page && (served || fds[2].revents))
        page_serve(page);
    return fds[1].revents ? driver_fill(d, &l->err) : ERR_OK;
}

/* The next line of a driver, owned; NULL if the loop is broken. */
static json_t *receive(struct real_loop *l, struct driver *d, struct page *page)
{
    json_t *line = NULL;

    while (l->rc == ERR_OK && !(line = driver_take(d)))
        l->rc = wait_for(l, d, page);
    return line;
}

static void next_of_hpa(struct real_pool *p)
{
    json_t *line = receive(p->loop, &p->hpa_driver, NULL);

    if (line)
        real_hpa_take(&p->hpa, line);
    if (line && real_hpa_asks(&p->hpa) == HPA_UNKNOWN)
        p->loop->rc = err_set(&p->loop->err, ERR_IO,
                              "%s: asks for something unknown; is it of this "
                              "drydock's 'make upstream'?",
                              p->hpa_driver.name);
}

/* has_turn: the world stands where the driver does, so it may look. */
static void next_of_keda(struct real_pool *p, bool has_turn)
{
    json_t *line = receive(p->loop, &p->keda_driver, has_turn ? p->page : NULL);

    if (line && !real_keda_take(&p->keda, line))
        p->loop->rc = err_set(&p->loop->err, ERR_IO,
                              "%s: tells something unknown; is it of this "
                              "drydock's 'make upstream'?",
                              p->keda_driver.name);
}

static void send_to(struct real_loop *l, struct driver *d, json_t *answer)
{
    if (answer && l->rc == ERR_OK)
        l->rc = driver_send(d, answer, &l->err);
    json_decref(answer);
}

/* ------------------------------------------------------------ one pool */

/* When the HPA's question is to be answered. */
static sim_us hpa_due_us(const struct real_pool *p)
{
    return p->hpa.at_us > p->held_us ? p->hpa.at_us : p->held_us;
}

/* An operator with nothing to do goes on to where its HPA is answered, or to
 * where it meets something on the way.
 */
static void run_on(struct real_pool *p)
{
    struct real_loop *l = p->loop;

    while (l->rc == ERR_OK && p->keda.idle) {
        sim_us until_us = real_keda_bound_us(&p->keda, hpa_due_us(p));
        if (until_us <= p->keda.at_us)
            return;
        send_to(l, &p->keda_driver, real_keda_go(&p->keda, until_us));
        next_of_keda(p, false);
    }
}

static sim_us due_us(const struct real_pool *p)
{
    if (!p->keda.idle || real_keda_has_turn(&p->keda))
        return p->keda.at_us;
    return hpa_due_us(p);
}

static void hear(struct real_pool *p)
{
    send_to(p->loop, &p->keda_driver, real_keda_heard(&p->keda, p->loop->s));
    next_of_keda(p, true);
}

/* What the operator tells, until it waits again. */
static void hear_out(struct real_pool *p)
{
    next_of_keda(p, true);
    while (p->loop->rc == ERR_OK && !p->keda.idle)
        hear(p);
}

/* Asks the operator, or waits for one that is away. Returns whether there is
 * an answer already.
 */
static bool ask_keda(struct real_pool *p, struct metric_answer *m)
{
    sim_us away_us = system_view(p->loop->s, p->hpa.pool).keda_away_us;
    sim_us waited_us =
        p->held_us > p->hpa.at_us ? p->held_us - p->hpa.at_us : 0;

    if (away_us > 0) {
        m->delay_us = keda_wait_us(&p->keda.replay.p, away_us);
        p->held_us = p->hpa.at_us + m->delay_us;
        return m->delay_us >= KEDA_DEADLINE_US;
    }
    send_to(p->loop, &p->keda_driver,
            real_keda_query(&p->keda, real_hpa_metric(&p->hpa)));
    hear_out(p);
    *m = p->keda.answer;
    m->delay_us += waited_us;
    return true;
}

static void answer_hpa(struct real_pool *p)
{
    struct real_loop *l = p->loop;
    struct metric_answer metric = {0};
    bool scaled;

    if (real_hpa_asks(&p->hpa) == HPA_METRIC && !ask_keda(p, &metric))
        return;
    if (l->rc != ERR_OK)
        return;
    p->held_us = 0;
    json_t *answer = real_hpa_answer(&p->hpa, l->s, &metric, &scaled);

    if (scaled) {
        send_to(
            l, &p->keda_driver,
            real_keda_resize(&p->keda, system_view(l->s, p->hpa.pool).spec));
        hear_out(p);
    }
    send_to(l, &p->hpa_driver, answer);
    next_of_hpa(p);
}

static void act(struct real_pool *p)
{
    if (!p->keda.idle) {
        hear(p);
    } else if (real_keda_has_turn(&p->keda)) {
        send_to(p->loop, &p->keda_driver, real_keda_turn(&p->keda));
        next_of_keda(p, true);
    } else {
        answer_hpa(p);
    }
}

/* ------------------------------------------------------------ the link */

/* The pool with the earliest thing to do; NULL if none scales. */
static struct real_pool *earliest(struct real_loop *l)
{
    struct real_pool *first = NULL;

    for (size_t i = 0; i < l->params->n_pools; i++) {
        struct real_pool *p = &l->pools[i];
        if (!p->on)
            continue;
        run_on(p);
        if (!first || due_us(p) < due_us(first))
            first = p;
    }
    return first;
}

static sim_us on_time(void *context, struct system *s, sim_us now_us)
{
    struct real_loop *l = context;
    struct real_pool *p = NULL;

    l->s = s;
    while (l->rc == ERR_OK && (p = earliest(l)) && due_us(p) <= now_us &&
           l->rc == ERR_OK)
        act(p);
    return l->rc == ERR_OK && p ? due_us(p) : SIM_NEVER;
}

static void begin(struct real_pool *p, const struct system *s, uint32_t pool)
{
    struct scale_phases at = system_phases(s, pool);
    struct real_loop *l = p->loop;

    send_to(l, &p->hpa_driver, real_hpa_begin(&p->hpa, at.hpa_us));
    send_to(l, &p->keda_driver,
            real_keda_begin(&p->keda, at.poll_us, page_port(p->page)));
    next_of_hpa(p);
    next_of_keda(p, false);
}

static sim_us on_start(void *context, struct system *s)
{
    struct real_loop *l = context;

    l->s = s;
    for (uint32_t i = 0; i < l->params->n_pools; i++)
        if (l->pools[i].on)
            begin(&l->pools[i], s, i);
    return on_time(l, s, 0);
}

/* ------------------------------------------------------------ life */

/* What the driver said before its GET is heard first: it begins the step that
 * the GET belongs to.
 */
static int serve_page(void *context, size_t number, FILE *out)
{
    struct real_pool *p = context;

    if (driver_has_news(&p->keda_driver))
        return PAGE_LATER;
    return real_keda_page(&p->keda, p->loop->s, number, out);
}

static int start_driver(struct driver *d, const char *path, struct err *e)
{
    char *argv[] = {(char *)path, "-test.run=TestDrive", "-test.timeout=0",
                    NULL};

    return driver_start(d, argv, e);
}

static int refuse(const struct system_params *params, uint32_t pool,
                  struct err *e)
{
    const char *why = real_keda_refuses(params, pool);

    if (!why)
        return ERR_OK;
    return err_set(e, ERR_INPUT, "pool %s cannot be driven: %s",
                   params->pools[pool].name, why);
}

static int open_pool(struct real_loop *l, uint32_t i,
                     const struct real_programs *r, FILE *decisions,
                     struct err *e)
{
    const struct pool_params *params = &l->params->pools[i];
    struct real_pool *p = &l->pools[i];
    int rc = refuse(l->params, i, e);

    if (rc != ERR_OK)
        return rc;
    p->loop = l;
    p->on = true;
    real_hpa_init(&p->hpa, l->params, i, r->kubernetes_minor);
    real_keda_init(&p->keda, l->params, i, r->keda_minor, r->keda_patch);
    p->hpa.compared = (struct compared){
        .component = "HPA", .pool = params->name, .out = decisions};
    p->keda.compared = (struct compared){
        .component = "KEDA", .pool = params->name, .out = decisions};
    p->page = page_open(serve_page, p, e);
    if (!p->page)
        return ERR_IO;
    rc = start_driver(&p->hpa_driver, r->hpa, e);
    return rc == ERR_OK ? start_driver(&p->keda_driver, r->keda, e) : rc;
}

/* What the drivers inherit. An idle connection would keep KEDA's virtual time
 * from moving. The programs take turns, so that more threads only get in each
 * other's way.
 */
static void prepare_environment(void)
{
    setenv("KEDA_HTTP_DISABLE_KEEP_ALIVE", "true", 1);
    setenv("GOMAXPROCS", "1", 0);
    setenv("GOGC", "400", 0);
}

int real_loop_open(struct real_loop **out, const struct system_params *params,
                   const struct real_programs *r, FILE *decisions,
                   struct err *e)
{
    struct real_loop *l = mem_array(1, sizeof *l);

    *out = NULL;
    l->params = params;
    l->link = (struct scaler_link){l, on_start, on_time};
    int rc = signals_hold(&l->interrupt, e);
    if (rc != ERR_OK) {
        free(l);
        return rc;
    }
    l->pools = mem_array(params->n_pools, sizeof *l->pools);
    prepare_environment();
    for (uint32_t i = 0; i < params->n_pools && rc == ERR_OK; i++)
        if (params->pools[i].autoscaled && !params->pools[i].keda.paused)
            rc = open_pool(l, i, r, decisions, e);
    if (rc != ERR_OK)
        real_loop_close(l);
    else
        *out = l;
    return rc;
}

void real_loop_close(struct real_loop *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->params->n_pools; i++) {
        struct real_pool *p = &l->pools[i];
        driver_kill(&p->hpa_driver);
        driver_kill(&p->keda_driver);
        page_close(p->page);
        if (!p->on)
            continue;
        real_hpa_free(&p->hpa);
        real_keda_free(&p->keda);
    }
    signals_release(&l->interrupt);
    free(l->pools);
    free(l);
}

const struct scaler_link *real_loop_link(const struct real_loop *l)
{
    return &l->link;
}

int real_loop_result(const struct real_loop *l, struct err *e)
{
    if (l->rc != ERR_OK)
        *e = l->err;
    return l->rc;
}

const struct compared *real_loop_hpa(const struct real_loop *l, uint32_t pool)
{
    return l->pools[pool].on ? &l->pools[pool].hpa.compared : NULL;
}

const struct compared *real_loop_keda(const struct real_loop *l, uint32_t pool)
{
    return l->pools[pool].on ? &l->pools[pool].keda.compared : NULL;
}

sim_us real_loop_tick_us(const struct real_loop *l, uint32_t pool)
{
    return l->pools[pool].on ? l->pools[pool].hpa.tick_us : SIM_NEVER;
}
