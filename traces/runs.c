#include "traces/runs.h"

#include "sim/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QUIET_US (15 * 60 * US_PER_S)

/* The present run of one caller. */
struct open_run {
    sim_us last_us;
    uint32_t run; /* 0: none yet */
};

static uint32_t name_run(struct strings *s, uint32_t caller, uint64_t ordinal)
{
    char text[128];
    int n = snprintf(text, sizeof text, "%.80s #%" PRIu64,
                     strings_at(s, caller), ordinal);

    return strings_add(s, text, (size_t)n);
}

/* Both tables are indexed by strings that were there before the first run was
 * named. A name holds its caller's, so the last run with the name tells.
 */
void runs_guess(struct trace *t)
{
    size_t n_strings = t->strings.n;
    struct open_run *open = mem_array(n_strings, sizeof *open);
    uint32_t *last_run = mem_array(n_strings, sizeof *last_run);
    uint64_t ordinal = 0;

    for (size_t i = 0; i < t->n; i++) {
        struct trace_build *b = &t->builds[i];
        struct open_run *o = &open[b->caller];

        if (b->caller == 0)
            continue;
        if (o->run == 0 || last_run[b->name] == o->run ||
            b->asked_us - o->last_us > QUIET_US)
            o->run = name_run(&t->strings, b->caller, ++ordinal);
        o->last_us = b->asked_us;
        last_run[b->name] = o->run;
        b->run = o->run;
    }
    free(open);
    free(last_run);
}

/* Run 0 is "", that is none. */
size_t runs_number(const struct trace *t, size_t n_strings, uint32_t run_of[])
{
    uint32_t *number = mem_array(n_strings, sizeof *number); /* + 1 */
    uint32_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        uint32_t run = t->builds[i].run;
        if (run == 0 || number[run] == 0)
            number[run] = ++n;
        run_of[i] = number[run] - 1;
    }
    free(number);
    return n;
}
