#include "sim/base/wall.h"

#include <time.h>

int64_t wall_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

double wall_s(void)
{
    return (double)wall_ns() / 1e9;
}
