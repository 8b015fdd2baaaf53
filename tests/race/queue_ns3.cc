/* queue_ns3.cc - the queue of `drydock bench queue` on an event list of ns-3:
 * its default one, or SCHEDULER; with OWN_DRAWS on its random variables too.
 */
#include "tests/race/draws.h"

#include <cmath>
#include <deque>
#include <ns3/core-module.h>

using namespace ns3;

namespace
{
#ifdef OWN_DRAWS
class OwnDraws {
    Ptr<ExponentialRandomVariable> draw;

public:
    OwnDraws()
    {
        draw = CreateObject<ExponentialRandomVariable>();
    }
    int64_t gap_us()
    {
        return llround(1e6 * draw->GetValue(1.0 / 0.9, 0.0));
    }
    int64_t service_us()
    {
        return llround(1e6 * draw->GetValue(1.0, 0.0));
    }
};
typedef OwnDraws Source;
#else
typedef Draws Source;
#endif

struct Queue {
    Source draws;
    uint64_t n, n_in = 0, n_out = 0;
    std::deque<int64_t> asked_us;
    double sum_s = 0;

    void PlanArrival()
    {
        Simulator::Schedule(MicroSeconds(draws.gap_us()), &Queue::Arrive,
                            this);
    }
    void PlanDeparture()
    {
        Simulator::Schedule(MicroSeconds(draws.service_us()),
                            &Queue::Depart, this);
    }
    void Arrive()
    {
        asked_us.push_back(Simulator::Now().GetMicroSeconds());
        if (n_in++ == n_out)
            PlanDeparture();
        if (n_in < n)
            PlanArrival();
    }
    void Depart()
    {
        int64_t now_us = Simulator::Now().GetMicroSeconds();

        sum_s += 1e-6 * static_cast<double>(now_us - asked_us.front());
        asked_us.pop_front();
        if (++n_out < n_in)
            PlanDeparture();
    }
};

double run(uint64_t n)
{
    Queue q;

    q.n = n;
    q.PlanArrival();
    Simulator::Run();
    Simulator::Destroy();
    return q.sum_s;
}
}

int main(int argc, char **argv)
{
#ifdef SCHEDULER
    ObjectFactory scheduler;

    scheduler.SetTypeId(SCHEDULER);
    Simulator::SetScheduler(scheduler);
#endif
    return race(argc, argv, run);
}
