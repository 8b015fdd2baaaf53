/* out_builds.c - builds.csv: one row a build of replication 0. */
#include "sim/app/run.h"
#include "sim/base/text.h"

static void put_time(const struct run *r, sim_us at_us, FILE *out)
{
    char text[40];

    run_time(r, at_us, text);
    fprintf(out, ",%s", text);
}

static void put_index(uint32_t index, FILE *out)
{
    if (index == NO_INDEX)
        fputc(',', out);
    else
        fprintf(out, ",%u", index);
}

static void put_wait(const struct build_result *b, FILE *out)
{
    sim_us wait_us = build_wait_us(b);

    if (wait_us == SIM_NEVER)
        fputc(',', out);
    else
        fprintf(out, ",%.6f", s_from_us(wait_us));
}

static void put_build(const struct run *r, size_t i, FILE *out)
{
    const struct trace *t = &r->scenario.trace;
    const struct trace_build *asked = &t->builds[i];
    const struct build_result *b = &r->log.builds[i];
    const uint32_t texts[] = {asked->id, asked->run, asked->pool, asked->caller,
                              asked->name};

    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        text_csv(out, strings_at(&t->strings, texts[k]));
        fputc(',', out);
    }
    fputs(build_end_name((enum build_end)b->end), out);
    put_time(r, asked->asked_us, out);
    put_time(r, b->first_dial_us, out);
    put_time(r, b->served_us, out);
    put_time(r, b->end_us, out);
    put_wait(b, out);
    fprintf(out, ",%u,%u", b->attempts, b->dials);
    put_index(b->pod, out);
    put_index(b->node, out);
    fprintf(out, ",%s,%s\n",
            b->served_us == SIM_NEVER ? ""
            : b->cold                 ? "cold"
                                      : "warm",
            b->counted ? "yes" : "no");
}

void out_builds(const struct run *r, FILE *out)
{
    fputs("build,run,pool,caller,name,outcome,asked_at,first_dial_at,served_at,"
          "done_at,wait_s,attempts,dials,pod,node,start,counted\n",
          out);
    for (size_t i = 0; i < r->log.n_builds; i++)
        put_build(r, i, out);
}
