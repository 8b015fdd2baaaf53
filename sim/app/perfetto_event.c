/* perfetto_event.c - the JSON of one event. */
#include "sim/app/perfetto_event.h"

#include "sim/base/text.h"

#include <inttypes.h>
#include <stdlib.h>

struct perfetto_track perfetto_track_of(uint32_t pool,
                                        enum perfetto_group group, uint32_t tid)
{
    if (pool == NO_INDEX)
        return (struct perfetto_track){1, tid};
    return (struct perfetto_track){10 * (pool + 1) + (uint32_t)group, tid};
}

static void next_event(struct perfetto *p)
{
    fputs(p->some ? ",\n" : "\n", p->out);
    p->some = true;
}

/* ------------------------------------------------------------ names */

static void name(struct perfetto *p, struct perfetto_track t, const char *what,
                 const char *text)
{
    next_event(p);
    fprintf(p->out,
            "{\"ph\":\"M\",\"ts\":0,\"pid\":%u,\"tid\":%u,\"name\":\"%s\","
            "\"args\":{\"name\":",
            t.pid, t.tid, what);
    text_json(p->out, text);
    fputs("}}", p->out);
}

static void order(struct perfetto *p, struct perfetto_track t, const char *what,
                  uint32_t place)
{
    next_event(p);
    fprintf(p->out,
            "{\"ph\":\"M\",\"ts\":0,\"pid\":%u,\"tid\":%u,\"name\":\"%s\","
            "\"args\":{\"sort_index\":%u}}",
            t.pid, t.tid, what, place);
}

void perfetto_name_groups(struct perfetto *p)
{
    static const char *const words[GROUPS] = {
        [GROUP_SCALING] = "scaling",
        [GROUP_PODS] = "pods",
        [GROUP_NODES] = "nodes",
        [GROUP_WAITING] = "waiting builds",
    };
    struct perfetto_track all = perfetto_track_of(NO_INDEX, GROUP_SCALING, 0);
    char text[POOL_NAME + 32];

    name(p, all, "process_name", "faults");
    for (uint32_t i = 0; i < p->scenario->system.n_pools; i++)
        for (unsigned g = 0; g < GROUPS; g++) {
            struct perfetto_track t =
                perfetto_track_of(i, (enum perfetto_group)g, 0);
            (void)snprintf(text, sizeof text, "%s: %s",
                           p->scenario->system.pools[i].name, words[g]);
            name(p, t, "process_name", text);
            order(p, t, "process_sort_index", t.pid);
        }
}

void perfetto_name_track(struct perfetto *p, struct perfetto_track t,
                         const char *text)
{
    name(p, t, "thread_name", text);
    order(p, t, "thread_sort_index", t.tid);
}

/* ------------------------------------------------------------ events */

void perfetto_begin(struct perfetto *p, const char *phase,
                    struct perfetto_track t, sim_us at_us, const char *text)
{
    next_event(p);
    fprintf(p->out,
            "{\"ph\":\"%s\",\"ts\":%" PRId64 ",\"pid\":%u,\"tid\":%u,"
            "\"name\":",
            phase, at_us, t.pid, t.tid);
    text_json(p->out, text);
}

void perfetto_end(struct perfetto *p)
{
    putc('}', p->out);
}

void perfetto_slice(struct perfetto *p, struct perfetto_track t, sim_us from_us,
                    sim_us until_us, const char *text)
{
    perfetto_begin(p, "X", t, from_us, text);
    fprintf(p->out, ",\"dur\":%" PRId64, until_us - from_us);
    perfetto_end(p);
}

void perfetto_instant(struct perfetto *p, struct perfetto_track t,
                      const char *scope, const char *text)
{
    perfetto_begin(p, "i", t, p->now_us, text);
    fprintf(p->out, ",\"s\":\"%s\"", scope);
    perfetto_end(p);
}
