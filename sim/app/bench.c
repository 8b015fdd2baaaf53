/* bench.c - clocks and lines that all measurements share. */
#include "sim/app/bench.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <time.h>

double bench_cpu_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double bench_peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0; /* Linux counts in KiB */
}

/* For four digits that count, and no exponent. */
static int decimals(double value)
{
    return value >= 1000.0 ? 0 : value >= 100.0 ? 1 : value >= 10.0 ? 2 : 3;
}

void bench_print(FILE *out, const struct bench_line *line)
{
    bool most = line->goal == BENCH_AT_MOST;
    bool met = most ? line->value <= line->target : line->value >= line->target;

    fprintf(out, "%-44s %12.*f %-4s", line->name, decimals(line->value),
            line->value, line->unit);
    if (line->goal != BENCH_NO_GOAL)
        fprintf(out, " target %s %.9g: %s", most ? "<=" : ">=", line->target,
                met ? "met" : "NOT MET");
    fputc('\n', out);
}
