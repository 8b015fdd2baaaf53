#include "sim/drive/pace.h"

#include <math.h>

sim_us pace_us(const struct pace *p, int64_t real_ns)
{
    double us = (double)(real_ns - p->at_ns) * p->shrink / 1e3;

    return p->at_us + (sim_us)floor(us);
}

int64_t pace_ns(const struct pace *p, sim_us us)
{
    if (us == SIM_NEVER)
        return INT64_MAX;
    double ns = ceil((double)(us - p->at_us) * 1e3 / p->shrink);
    if (!(ns < 9e18 - (double)p->at_ns))
        return INT64_MAX;
    int64_t at_ns = p->at_ns + (int64_t)ns;

    /* Both ways are rounded in floating point. */
    while (pace_us(p, at_ns) < us)
        at_ns++;
    return at_ns;
}

int32_t pace_ms(double shrink, sim_us us)
{
    double ms = round((double)us / 1e3 / shrink);

    if (!(ms > 1.0))
        return 1;
    return ms < INT32_MAX ? (int32_t)ms : INT32_MAX;
}
