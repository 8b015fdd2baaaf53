/* station.h - a queue in front of equal servers, built on the public interface
 * of the engine, for tests against theory.
 */
#ifndef TESTS_STATION_H
#define TESTS_STATION_H

#include "sim/base/mem.h"
#include "sim/engine/dist.h"
#include "sim/engine/fel.h"
#include "sim/engine/random.h"
#include "sim/engine/tally.h"

#include <stdbool.h>
#include <stdlib.h>

enum kind { DONE, ARRIVAL };
enum purpose { DRAW_GAP = 1, DRAW_SERVICE };

/* A station of equal servers, first come first served. */
struct station {
    struct dist gap, service;
    uint32_t n_servers;
    uint32_t room;        /* customers inside, at most */
    uint32_t n_customers; /* that arrive */
    uint32_t warm_up;     /* the first of them, not measured */
};

struct customer {
    sim_us asked_us, served_us, done_us;
    bool lost;
};

struct run {
    const struct station *p; /* borrowed */
    struct random_world world;
    struct fel *fel;           /* owned */
    struct customer *customer; /* owned; in order of arrival */
    uint32_t n_asked, n_lost;
    uint32_t next; /* to be served, or lost */
    uint32_t n_busy;
    struct level inside;   /* customers, from time 0 on */
    struct level measured; /* the same from the end of the warm-up on */
    double inside_mean;    /* of measured, until the last arrival */
};

static inline void plan_arrival(struct run *r, sim_us now_us)
{
    uint32_t i = r->n_asked;

    if (i == r->p->n_customers)
        return;
    double u = random_u01(&r->world, DRAW_GAP, i, 0);

    fel_add(r->fel, now_us + dist_us(&r->p->gap, u, 1.0), ARRIVAL, i, 0);
}

/* Gives a server to those who wait, as long as there are both. */
static inline void serve(struct run *r, sim_us now_us)
{
    while (r->next < r->n_asked && r->n_busy < r->p->n_servers) {
        uint32_t i = r->next++;
        double u = random_u01(&r->world, DRAW_SERVICE, i, 0);

        if (r->customer[i].lost)
            continue;
        r->n_busy++;
        r->customer[i].served_us = now_us;
        fel_add(r->fel, now_us + dist_us(&r->p->service, u, 1.0), DONE, i, 0);
    }
}

static inline void arrive(struct run *r, sim_us now_us)
{
    struct customer *c = &r->customer[r->n_asked];

    if (r->n_asked++ == r->p->warm_up)
        level_start(&r->measured, now_us, r->inside.value);
    c->asked_us = now_us;
    c->lost = r->inside.value == r->p->room;
    if (c->lost) {
        r->n_lost += r->n_asked > r->p->warm_up;
    } else {
        level_add(&r->inside, now_us, 1);
        level_add(&r->measured, now_us, 1);
        serve(r, now_us);
    }
    if (r->n_asked == r->p->n_customers)
        r->inside_mean = level_mean(&r->measured, now_us);
    plan_arrival(r, now_us);
}

static inline void depart(struct run *r, sim_us now_us, uint32_t i)
{
    r->customer[i].done_us = now_us;
    r->n_busy--;
    level_add(&r->inside, now_us, -1);
    level_add(&r->measured, now_us, -1);
    serve(r, now_us);
}

/* Runs until everybody has left; returns that time. */
static inline sim_us run_station(struct run *r, const struct station *p,
                                 struct random_world world)
{
    struct event e = {0};

    *r = (struct run){.p = p, .world = world, .fel = fel_new()};
    r->customer = mem_array(p->n_customers, sizeof *r->customer);
    plan_arrival(r, 0);
    while (fel_pop(r->fel, &e)) {
        if (e.kind == ARRIVAL)
            arrive(r, e.at_us);
        else
            depart(r, e.at_us, e.entity);
    }
    return e.at_us;
}

static inline void run_free(struct run *r)
{
    fel_free(r->fel);
    free(r->customer);
}

#endif
