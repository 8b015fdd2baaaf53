/* bench.h - the program measures itself: engine, import, one replication.
 *
 * Models    CPU time, never time on the wall, so that a busy machine disturbs
 *           little; of several rounds the fastest.
 * Left out  counting instructions: tests/bench.sh, with the same jobs.
 */
#ifndef SIM_APP_BENCH_H
#define SIM_APP_BENCH_H

#include "sim/base/err.h"

#include <stdint.h>
#include <stdio.h>

int cmd_bench(int argc, char **argv);

/* How large the jobs are. */
struct bench_size {
    uint32_t customers;    /* of the queue, 1 to 10^8 */
    uint32_t holds;        /* of each hold model */
    uint32_t megabytes;    /* of the imported file */
    uint32_t runs;         /* of the replication */
    uint32_t replications; /* of many in a row, from 1 */
    uint32_t days;         /* of the longest history */
    uint32_t builds;       /* of the largest history, below 4 * 10^8 */
    const char *scenario;  /* borrowed; its file */
};

/* What a figure is held against; for information only. */
enum bench_goal { BENCH_NO_GOAL, BENCH_AT_MOST, BENCH_AT_LEAST };

struct bench_line {
    const char *name, *unit;
    double value;
    enum bench_goal goal;
    double target; /* unused without a goal */
};

/* One line of text: name, figure, unit, target, met or not. */
void bench_print(FILE *out, const struct bench_line *line);

/* A queue of one server at load 0.9, whose mean time inside and mean number
 * inside must lie within four standard errors of theory.
 * Errors    ERR_VERDICT: they do not, and no speed is printed.
 */
int bench_queue(FILE *out, const struct bench_size *size, struct err *e);

/* The hold model on 10 to 100,000 pending events, with two laws of increments:
 * a hold takes the next event and plans another one.
 * Source    Vaucher and Duval, "A Comparison of Simulation Event List
 *           Algorithms", CACM 18 (1975).
 */
int bench_hold(FILE *out, const struct bench_size *size, struct err *e);

/* A made-up table of jobs in a temporary file, imported and deleted.
 * Errors    ERR_IO; those of trace_import.
 */
int bench_import(FILE *out, const struct bench_size *size, struct err *e);

/* Rows of that table, to at least n_bytes. Returns the number of jobs.
 *
 * Every job is complete and distinct, so that each becomes a build.
 */
uint64_t bench_table(FILE *out, uint64_t n_bytes);

/* One replication of a scenario, again and again.
 * Errors    those of scenario_load.
 */
int bench_scenario(FILE *out, const struct bench_size *size, struct err *e);

/* Many replications on two threads, per second of two idle processors: CPU
 * time is shared between the threads, so that a busy machine disturbs little.
 * Errors    those of scenario_load.
 */
int bench_many(FILE *out, const struct bench_size *size, struct err *e);

/* The history of a scenario repeated for 14, 90 and 365 days, as far as
 * size->days goes, and to 1, 10 and 100 % of size->builds; and what size->days
 * without a build cost more.
 * Errors    those of scenario_load.
 */
int bench_scaling(FILE *out, const struct bench_size *size, struct err *e);

/* CPU time of the whole process, in seconds. */
double bench_cpu_s(void);

/* Most memory the process ever had, in MiB. */
double bench_peak_mib(void);

#endif
