#include "models/upstream/roll.h"

/* splitmix64 */
static uint64_t next(struct roll *r)
{
    uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

int64_t roll(struct roll *r, int64_t low, int64_t high)
{
    return low + (int64_t)(next(r) % (uint64_t)(high - low + 1));
}

bool roll_one_in(struct roll *r, int64_t n)
{
    return roll(r, 1, n) == 1;
}
