/* draws.h - the customers of `drydock bench queue`, for other simulators: the
 * same draws, so that the same customers come and stay equally long.
 */
#ifndef TESTS_RACE_DRAWS_H
#define TESTS_RACE_DRAWS_H

extern "C" {
#include "sim/engine/dist.h"
#include "sim/engine/random.h"
}

#include <cstdio>
#include <cstdlib>
#include <ctime>

class Draws
{
    struct dist_row gaps, services;

  public:
    Draws() : gaps(), services()
    {
        const random_world world = {1, 0, false};

        gaps.d = {DIST_EXPONENTIAL, 1.0 / 0.9, 0, 0, DIST_NO_BOUND_S};
        gaps.s = random_stream(&world, 1);
        services.d = {DIST_EXPONENTIAL, 1.0, 0, 0, DIST_NO_BOUND_S};
        services.s = random_stream(&world, 2);
    }
    sim_us gap_us()
    {
        return dist_next(&gaps);
    }
    sim_us service_us()
    {
        return dist_next(&services);
    }
};

/* Runs so many customers, each of whom adds the seconds that it was inside to
 * the sum, and prints mean time inside and customers per CPU second.
 */
static inline int race(int argc, char **argv, double (*run)(uint64_t n))
{
    uint64_t n = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;

    if (n == 0) {
        fprintf(stderr, "usage: %s CUSTOMERS\n", argv[0]);
        return 2;
    }
    clock_t began = clock();
    double sum_s = run(n);
    double took_s = (double)(clock() - began) / CLOCKS_PER_SEC;

    printf("%.6f %.0f\n", sum_s / (double)n, (double)n / took_s);
    return 0;
}

#endif
