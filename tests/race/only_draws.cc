/* only_draws.cc - the draws of the queue without a queue: what no event list
 * can save.
 */
#include "tests/race/draws.h"

namespace
{
double run(uint64_t n)
{
    Draws draws;
    double sum_s = 0;

    for (uint64_t i = 0; i < n; i++)
        sum_s +=
            1e-6 * static_cast<double>(draws.gap_us() + draws.service_us());
    return sum_s;
}
} // namespace

int main(int argc, char **argv)
{
    return race(argc, argv, run);
}
