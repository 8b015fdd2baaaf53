/* queue_simgrid.cc - the queue of `drydock bench queue` with two actors of
 * SimGrid, who arrives and who serves, and a semaphore between them.
 */
#include "tests/race/draws.h"

#include <deque>
#include <simgrid/s4u.hpp>

namespace sg4 = simgrid::s4u;

namespace
{
sg4::Engine *engine;

double run(uint64_t n)
{
    Draws draws;
    std::deque<double> asked_s;
    double sum_s = 0;
    auto *zone = sg4::create_full_zone("zone");
    auto *host = zone->create_host("host", 1e9);
    auto waiting = sg4::Semaphore::create(0);

    zone->seal();
    sg4::Actor::create("source", host, [&] {
        for (uint64_t i = 0; i < n; i++) {
            sg4::this_actor::sleep_for(1e-6 * (double)draws.gap_us());
            asked_s.push_back(sg4::Engine::get_clock());
            waiting->release();
        }
    });
    sg4::Actor::create("server", host, [&] {
        for (uint64_t i = 0; i < n; i++) {
            waiting->acquire();
            sg4::this_actor::sleep_for(1e-6 * (double)draws.service_us());
            sum_s += sg4::Engine::get_clock() - asked_s.front();
            asked_s.pop_front();
        }
    });
    engine->run();
    return sum_s;
}
}

int main(int argc, char **argv)
{
    sg4::Engine e(&argc, argv);

    engine = &e;
    return race(argc, argv, run);
}
