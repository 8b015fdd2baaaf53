/* bench_many.c - many replications, and histories that are longer, have more
 * builds, or nothing to do.
 */
#include "scenarios/scenario.h"
#include "sim/app/bench.h"
#include "sim/base/mem.h"
#include "sim/plan/replicate.h"

#include <inttypes.h>
#include <stdlib.h>

enum { THREADS = 2 };

/* CPU seconds of n replications of the scenario over a history. */
static double time_of(const struct scenario *s, const struct trace *t,
                      uint32_t n_reps, uint32_t n_threads)
{
    struct replicate_task task = replicate_task_of(s, 1);
    struct replications r;
    double began_s = bench_cpu_s();

    task.trace = t;
    task.n_reps = n_reps;
    task.n_threads = n_threads;
    replicate(&r, &task);
    replications_free(&r);
    return bench_cpu_s() - began_s;
}

/* Each thread keeps the memory of its first replication. */
int bench_many(FILE *out, const struct bench_size *size, struct err *e)
{
    struct scenario s;
    int rc = scenario_load(&s, size->scenario, NULL, e);

    if (rc != ERR_OK)
        return rc;
    double took_s = time_of(&s, &s.trace, size->replications, THREADS);

    bench_print(out, &(struct bench_line){
                         .name = "many: replications per second, 2 threads",
                         .unit = "1/s",
                         .value = THREADS * size->replications / took_s,
                         .goal = BENCH_AT_LEAST,
                         .target = 600});
    scenario_free(&s);
    return ERR_OK;
}

/* Copies of the history one after the other, until either bound is reached.
 * Strings are borrowed; the builds are the caller's.
 */
static struct trace repeated(const struct trace *t, sim_us span_us,
                             size_t n_builds)
{
    struct trace long_one = *t;

    long_one.builds = NULL;
    long_one.n = long_one.cap = 0;
    for (sim_us from_us = 0; t->n > 0; from_us += t->span_us) {
        for (size_t i = 0; i < t->n; i++) {
            struct trace_build b = t->builds[i];

            b.asked_us += from_us;
            if (b.leaves_us != SIM_NEVER)
                b.leaves_us += from_us;
            long_one.span_us = b.asked_us + 1;
            if (b.asked_us >= span_us || long_one.n == n_builds)
                return long_one;
            trace_add(&long_one, &b);
        }
    }
    return long_one;
}

/* Runs a history, which it frees; returns CPU seconds. */
static double print_history(FILE *out, const struct scenario *s,
                            const char *name, struct trace *t)
{
    double took_s = time_of(s, t, 1, 1);
    char text[64];

    (void)snprintf(text, sizeof text, "scaling: %s, %zu builds", name, t->n);
    bench_print(out, &(struct bench_line){
                         .name = text, .unit = "ms", .value = 1e3 * took_s});
    bench_print(out,
                &(struct bench_line){.name = "  of which each build",
                                     .unit = "us",
                                     .value = 1e6 * took_s / (double)t->n});
    free(t->builds);
    return took_s;
}

static void print_days(FILE *out, const struct scenario *s, uint32_t most)
{
    static const uint32_t days[] = {14, 90, 365};
    char name[32];

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (days[i] > most)
            continue;
        struct trace t = repeated(&s->trace, days[i] * US_PER_DAY, SIZE_MAX);

        (void)snprintf(name, sizeof name, "%" PRIu32 " days", days[i]);
        print_history(out, s, name, &t);
    }
}

/* The history, and the history before so many days without any build. */
static void print_idle(FILE *out, const struct scenario *s, uint32_t days)
{
    struct trace t = s->trace;
    double busy_s = time_of(s, &t, 1, 1);
    char name[64];

    t.span_us += days * US_PER_DAY;
    double both_s = time_of(s, &t, 1, 1);

    (void)snprintf(name, sizeof name, "scaling: %" PRIu32 " idle days more",
                   days);
    bench_print(out, &(struct bench_line){.name = name,
                                          .unit = "ms",
                                          .value = 1e3 * (both_s - busy_s)});
}

int bench_scaling(FILE *out, const struct bench_size *size, struct err *e)
{
    struct scenario s;
    int rc = scenario_load(&s, size->scenario, NULL, e);

    if (rc != ERR_OK)
        return rc;
    print_days(out, &s, size->days);
    print_idle(out, &s, size->days);
    for (uint32_t n = size->builds / 100; n > 0 && n <= size->builds; n *= 10) {
        struct trace t = repeated(&s.trace, SIM_NEVER, n);
        double took_s = print_history(out, &s, "one after the other", &t);

        if (n > size->builds / 10)
            bench_print(out,
                        &(struct bench_line){.name = "scaling: the most builds",
                                             .unit = "s",
                                             .value = took_s,
                                             .goal = BENCH_AT_MOST,
                                             .target = 2e-6 * size->builds});
    }
    scenario_free(&s);
    return ERR_OK;
}
