/* perfetto_event.h - single events of a trace, as JSON. Used by perfetto*.c. */
#ifndef SIM_APP_PERFETTO_EVENT_H
#define SIM_APP_PERFETTO_EVENT_H

#include "sim/app/perfetto.h"

/* "Processes" group the tracks: these four a pool. */
enum perfetto_group {
    GROUP_SCALING,
    GROUP_PODS,
    GROUP_NODES,
    GROUP_WAITING,
    GROUPS
};

struct perfetto_track {
    uint32_t pid, tid;
};

/* Track of a pool's group; of what concerns all pools for NO_INDEX. */
struct perfetto_track
perfetto_track_of(uint32_t pool, enum perfetto_group group, uint32_t tid);

/* Names of all groups; of one track, which stands in the order of its tid. */
void perfetto_name_groups(struct perfetto *p);
void perfetto_name_track(struct perfetto *p, struct perfetto_track t,
                         const char *name);

/* Opens an event up to its name; perfetto_end closes it. */
void perfetto_begin(struct perfetto *p, const char *phase,
                    struct perfetto_track t, sim_us at_us, const char *name);
void perfetto_end(struct perfetto *p);

/* A slice without further words. */
void perfetto_slice(struct perfetto *p, struct perfetto_track t, sim_us from_us,
                    sim_us until_us, const char *name);

/* An instant: scope "p" is its group's, "g" everybody's. */
void perfetto_instant(struct perfetto *p, struct perfetto_track t,
                      const char *scope, const char *name);

/* The counters that are not as in the pool's row before. */
void perfetto_levels(struct perfetto *p, const struct timeline_row *r);

#endif
