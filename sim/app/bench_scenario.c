/* bench_scenario.c - one replication of a scenario, with its figures. */
#include "scenarios/scenario.h"
#include "sim/app/bench.h"
#include "sim/plan/replicate.h"

#include <math.h>

struct measured {
    double best_s;
    uint64_t events;
    size_t state_bytes;
};

static void on_begin(void *context, const struct system *s)
{
    (void)context;
    (void)s;
}

static void on_end(void *context, const struct system *s)
{
    struct measured *m = context;

    m->state_bytes = system_memory(s);
}

/* Figures and lower bounds are part of it, as of every replication. */
static void run_once(const struct scenario *s, struct measured *m)
{
    const struct replicate_watch watch = {
        .context = m, .on_begin = on_begin, .on_end = on_end};
    struct replicate_task task = replicate_task_of(s, 1);
    struct replications r;
    double began_s = bench_cpu_s();

    task.watch = &watch;
    replicate(&r, &task);
    m->best_s = fmin(m->best_s, bench_cpu_s() - began_s);
    m->events = r.events;
    replications_free(&r);
}

static void print_all(FILE *out, const struct measured *m)
{
    double events = (double)m->events;
    const struct bench_line lines[] = {
        {"replication: events", "", events, BENCH_NO_GOAL, 0},
        {"replication: events per CPU second", "1/s", events / m->best_s,
         BENCH_NO_GOAL, 0},
        {"replication: CPU time", "ms", 1e3 * m->best_s, BENCH_AT_MOST, 5},
        {"replication: state", "MiB", (double)m->state_bytes / (1 << 20),
         BENCH_AT_MOST, 1},
        {"replication: peak memory of the process", "MiB", bench_peak_mib(),
         BENCH_AT_MOST, 16},
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        bench_print(out, &lines[i]);
}

int bench_scenario(FILE *out, const struct bench_size *size, struct err *e)
{
    struct measured m = {.best_s = INFINITY};
    struct scenario s;
    int rc = scenario_load(&s, size->scenario, NULL, e);

    if (rc != ERR_OK)
        return rc;
    for (uint32_t i = 0; i < size->runs; i++)
        run_once(&s, &m);
    print_all(out, &m);
    scenario_free(&s);
    return ERR_OK;
}
