/* system_result.c - what others may read of a replication. */
#include "models/system_result.h"

#include "models/system_parts.h"

#include <assert.h>

const struct build_result *system_builds(const struct system *s)
{
    return s->results;
}

const struct pool_result *system_pool(const struct system *s, size_t pool)
{
    return &s->pools[pool].result;
}

const int32_t *system_waits_for(const struct system *s, size_t pool)
{
    return s->pools[pool].waits_for;
}

sim_us system_horizon_us(const struct system *s)
{
    return s->window_us;
}

uint64_t system_events(const struct system *s)
{
    return fel_count(s->fel);
}

size_t system_memory(const struct system *s)
{
    return sizeof *s + s->t->n * (sizeof *s->results + sizeof *s->place_of) +
           s->cap_builds * sizeof *s->builds +
           s->p->n_pools * sizeof *s->pools +
           s->pods.cap_records * sizeof *s->pods.records +
           s->pods.cap * sizeof *s->pods.at + s->cap_nodes * sizeof *s->nodes +
           s->karp.cap_nodes * sizeof *s->karp.nodes +
           s->lb.sessions.cap * sizeof *s->lb.sessions.at +
           s->cap_scratch * sizeof *s->scratch +
           s->cap_views * sizeof *s->views + s->cap_ranked * sizeof *s->ranked +
           s->cap_unplaced * sizeof *s->unplaced;
}

const char *build_end_name(enum build_end end)
{
    static const char *const names[END_KINDS] = {
        [END_UNFINISHED] = "unfinished",
        [END_SERVED] = "served",
        [END_GAVE_UP] = "gave_up",
        [END_KILLED] = "killed",
        [END_CUT] = "cut",
        [END_TIMED_OUT] = "timed_out",
        [END_LEFT] = "left",
    };

    assert(end < END_KINDS);
    return names[end];
}
