/* bench_engine.c - events a second, on a queue that theory knows and on the
 * hold model.
 */
#include "sim/app/bench.h"
#include "sim/base/mem.h"
#include "sim/engine/dist.h"
#include "sim/engine/fel.h"
#include "sim/engine/random.h"
#include "sim/engine/tally.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const double load = 0.9; /* service takes 1 s in the mean */

/* ------------------------------------------------------------ the queue */

enum { ARRIVAL, DEPARTURE };
enum { DRAW_GAP = 1, DRAW_SERVICE };
enum { ROOM = 1 << 16 }; /* power of two; as good as endless at this load */

struct queue {
    struct dist_row gaps, services;
    struct fel *fel;      /* owned */
    sim_us *asked;        /* owned ring; those inside came at these times */
    uint32_t n_in, n_out; /* arrivals and departures so far */
    struct level inside;
    struct tally sojourn_s;
};

static void plan_arrival(struct queue *q, sim_us now_us)
{
    fel_add(q->fel, now_us + dist_next(&q->gaps), ARRIVAL, q->n_in, 0);
}

static void plan_departure(struct queue *q, sim_us now_us)
{
    fel_add(q->fel, now_us + dist_next(&q->services), DEPARTURE, q->n_out, 0);
}

static void arrive(struct queue *q, sim_us now_us, uint32_t n_customers)
{
    assert(q->n_in - q->n_out < ROOM);
    q->asked[q->n_in % ROOM] = now_us;
    if (q->n_in == q->n_out)
        plan_departure(q, now_us);
    q->n_in++;
    level_add(&q->inside, now_us, 1);
    if (q->n_in < n_customers)
        plan_arrival(q, now_us);
}

static void depart(struct queue *q, sim_us now_us)
{
    sim_us asked_us = q->asked[q->n_out++ % ROOM];

    tally_add(&q->sojourn_s, s_from_us(now_us - asked_us));
    level_add(&q->inside, now_us, -1);
    if (q->n_out < q->n_in)
        plan_departure(q, now_us);
}

/* Until everybody has left; returns that time. */
static sim_us run_queue(struct queue *q, uint32_t n_customers)
{
    struct event e = {0};

    level_start(&q->inside, 0, 0);
    plan_arrival(q, 0);
    while (fel_pop(q->fel, &e)) {
        if (e.kind == ARRIVAL)
            arrive(q, e.at_us, n_customers);
        else
            depart(q, e.at_us);
    }
    return e.at_us;
}

/* Standard error of the mean wait of n customers in a row, in service times.
 * Source    Whitt, "Planning Queueing Simulations", Management Science 35
 *           (1989): asymptotic variance for M/M/1.
 */
static double wait_error(double n)
{
    double r = load, idle = 1.0 - load;
    double variance = r * (2.0 + r * (5.0 + r * (r - 4.0))) / pow(idle, 4.0);

    return sqrt(variance / n);
}

static int check_queue(const struct queue *q, sim_us end_us, struct err *e)
{
    double want_s = 1.0 / (1.0 - load);
    double error_s = wait_error((double)q->sojourn_s.n);
    double inside = level_mean(&q->inside, end_us);

    if (!(fabs(q->sojourn_s.mean - want_s) <= 4.0 * error_s))
        return err_set(e, ERR_VERDICT,
                       "bench: customers stay %.4f s in the mean, theory says "
                       "%.4f +- %.4f",
                       q->sojourn_s.mean, want_s, 4.0 * error_s);
    if (!(fabs(inside - load * want_s) <= 4.0 * error_s))
        return err_set(e, ERR_VERDICT,
                       "bench: %.4f customers are inside in the mean, theory "
                       "says %.4f +- %.4f",
                       inside, load * want_s, 4.0 * error_s);
    return ERR_OK;
}

static struct dist_row exponential(double mean_s, uint32_t purpose)
{
    const struct random_world world = {.seed = 1};

    return (struct dist_row){
        .d = {DIST_EXPONENTIAL, mean_s, 0, 0, DIST_NO_BOUND_S},
        .s = random_stream(&world, purpose),
    };
}

int bench_queue(FILE *out, const struct bench_size *size, struct err *e)
{
    struct queue q = {
        .gaps = exponential(1.0 / load, DRAW_GAP),
        .services = exponential(1.0, DRAW_SERVICE),
        .fel = fel_new(),
        .asked = mem_array(ROOM, sizeof *q.asked),
    };
    double began_s = bench_cpu_s();
    sim_us end_us = run_queue(&q, size->customers);
    double took_s = bench_cpu_s() - began_s;
    int rc = check_queue(&q, end_us, e);

    if (rc == ERR_OK) {
        bench_print(out, &(struct bench_line){
                             .name = "queue: mean time inside (theory: 10)",
                             .unit = "s",
                             .value = q.sojourn_s.mean});
        bench_print(
            out, &(struct bench_line){.name = "queue: customers per CPU second",
                                      .unit = "1/s",
                                      .value = size->customers / took_s,
                                      .goal = BENCH_AT_LEAST,
                                      .target = 20e6});
    }
    fel_free(q.fel);
    free(q.asked);
    return rc;
}

/* ------------------------------------------------------------ hold model */

enum { INCREMENTS = 1 << 16, ROUNDS = 3 };

/* Drawn before the clock starts: the list is measured, not the draws. */
static void draw_increments(sim_us increments[INCREMENTS], bool mixed)
{
    const struct random_world w = {.seed = 2};
    const struct random_stream lags = random_stream(&w, 1);
    const struct dist laws[] = {
        {DIST_EXPONENTIAL, 30.0, 0, 0, DIST_NO_BOUND_S},
        {DIST_LOGNORMAL, 35.0, 60.0, 0, DIST_NO_BOUND_S},
    };

    dist_fill(&laws[mixed], lags, 0, increments, INCREMENTS);
    for (uint32_t i = 0; mixed && i < INCREMENTS; i++)
        if (random_u01(&w, 2, i, 0) < 0.5)
            increments[i] = 15 * US_PER_S;
}

static void hold(struct fel *f, const sim_us increments[INCREMENTS], uint32_t n)
{
    struct event e;

    for (uint32_t i = 0; i < n; i++) {
        fel_pop(f, &e);
        e.at_us += increments[i % INCREMENTS];
        fel_push(f, e);
    }
}

/* CPU seconds of the fastest round, once the list is in its steady state. */
static double time_holds(const sim_us increments[INCREMENTS], uint32_t pending,
                         uint32_t n)
{
    struct fel *f = fel_new();
    double best_s = INFINITY;

    for (uint32_t i = 0; i < pending; i++)
        fel_add(f, increments[i % INCREMENTS], 0, i, 0);
    hold(f, increments, 3 * pending);
    for (int round = 0; round < ROUNDS; round++) {
        double began_s = bench_cpu_s();
        hold(f, increments, n);
        best_s = fmin(best_s, bench_cpu_s() - began_s);
    }
    fel_free(f);
    return best_s;
}

int bench_hold(FILE *out, const struct bench_size *size, struct err *e)
{
    static const uint32_t pending[] = {10, 100, 1000, 10000, 100000};
    sim_us *increments = mem_array(INCREMENTS, sizeof *increments);
    char name[64];

    (void)e;
    for (int mixed = 0; mixed < 2; mixed++) {
        draw_increments(increments, mixed);
        for (size_t i = 0; i < sizeof pending / sizeof *pending; i++) {
            double s = time_holds(increments, pending[i], size->holds);
            (void)snprintf(name, sizeof name, "hold: %u pending, %s",
                           pending[i],
                           mixed ? "ticks and lognormal" : "exponential");
            bool judged = pending[i] == 100 || pending[i] == 1000;
            bench_print(out, &(struct bench_line){
                                 .name = name,
                                 .unit = "ns",
                                 .value = 1e9 * s / size->holds,
                                 .goal = judged ? BENCH_AT_MOST : BENCH_NO_GOAL,
                                 .target = 35});
        }
    }
    free(increments);
    return ERR_OK;
}
