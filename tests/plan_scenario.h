/* plan_scenario.h - a scenario around a fixture, without any file. */
#ifndef TESTS_PLAN_SCENARIO_H
#define TESTS_PLAN_SCENARIO_H

#include "tests/fixture.h"

#include "scenarios/scenario.h"

/* Borrows everything from the fixture; not to be given to scenario_free. */
static inline struct scenario scenario_of(struct fixture *f)
{
    static char name[] = "story", path[] = "traces/some.csv", empty[] = "";

    return (struct scenario){
        .path = name,
        .name = name,
        .question = empty,
        .trace_path = path,
        .trace = f->t,
        .pool_of = f->pool_of,
        .caller_of = f->caller_of,
        .system = f->p,
    };
}

#endif
