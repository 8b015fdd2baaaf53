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
    struct random_stream gaps, services;
    dist gap, service;

  public:
    Draws()
    {
        const random_world world = {1, 0, false};

        gaps = random_stream(&world, 1);
        services = random_stream(&world, 2);
        gap = {DIST_EXPONENTIAL, 1.0 / 0.9, 0, 0, DIST_NO_BOUND_S};
        service = {DIST_EXPONENTIAL, 1.0, 0, 0, DIST_NO_BOUND_S};
    }
    sim_us gap_us(uint64_t i) const
    {
        return dist_us(&gap, random_stream_u01(&gaps, i, 0), 1.0);
    }
    sim_us service_us(uint64_t i) const
    {
        return dist_us(&service, random_stream_u01(&services, i, 0), 1.0);
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
