/* fake_pipe.h - the driver's side of the two pipes, with a virtual clock.
 *
 * The environment variable FAKE says what is wrong with a driver: "": nothing;
 * "more": the HPA wants one pod more; "late": it starts 1 us late; "dies": it
 * ends in its tenth reconcile; "mute": it stops talking there; "babble": it
 * asks nonsense there; "blind": KEDA's answers are one session too low;
 * "aims high": its target is 0.001 more; "newer": it is KEDA 2.20.2.
 */
#ifndef TESTS_FAKE_PIPE_H
#define TESTS_FAKE_PIPE_H

#include "sim/upstream/step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake {
    FILE *in, *out;
    sim_us now_us;
    const char *fault;
};

static void fake_tell(struct fake *f, json_t *q)
{
    json_object_set_new(q, "t", json_integer(f->now_us));
    json_dumpf(q, f->out, JSON_COMPACT);
    fputc('\n', f->out);
    fflush(f->out);
    json_decref(q);
}

/* The next line, owned; ends the program when there is none. */
static json_t *fake_read(struct fake *f)
{
    static char line[1 << 16];

    if (!fgets(line, sizeof line, f->in))
        exit(0);
    return json_loads(line, 0, NULL);
}

static json_t *fake_ask(struct fake *f, json_t *q)
{
    fake_tell(f, q);
    return fake_read(f);
}

static bool fake_is(const struct fake *f, const char *fault)
{
    return strcmp(f->fault, fault) == 0;
}

#endif
