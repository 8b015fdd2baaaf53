/* size_write.c - the folder of `drydock size`. */
#include "sim/app/size_out.h"
#include "sim/base/file.h"

#include <ctype.h>

/* A key of YAML that needs no quotes, made of any name. */
static void put_key(const char *name, const char *end, FILE *out)
{
    for (const char *c = name; *c; c++)
        fputc(isalnum((unsigned char)*c) ? *c : '_', out);
    fputs(end, out);
}

static void put_value(const char *pool, const char *key, uint32_t value,
                      FILE *out)
{
    put_key(pool, key, out);
    fprintf(out, ": %u\n", value);
}

void size_values(const struct size_job *j, FILE *out)
{
    fputs("# drydock size: replicas of each pool\n", out);
    for (size_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct size_pool *p = &j->plan.pools[i];
        const char *name = j->scenario.system.pools[i].name;
        if (p->max == 0)
            continue;
        put_value(name, "_min", p->tried[p->best].min, out);
        put_value(name, "_max", p->max, out);
        put_value(name, "_fallback", p->fallback, out);
    }
}

static int write_one(const struct size_job *j, const char *name,
                     void (*put)(const struct size_job *j, FILE *out),
                     struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, j->options->common.out, name, e);

    if (rc == ERR_OK)
        put(j, sink.out);
    return sink_end(&sink, rc, e);
}

int size_write(struct size_job *j, struct err *e)
{
    int rc = ERR_OK;

    if (size_has_answer(j)) {
        rc = write_one(j, "values.yaml", size_values, e);
        if (rc == ERR_OK)
            rc = write_one(j, "patch.yaml", size_patch, e);
        if (rc == ERR_OK && !j->options->common.no_plots)
            rc = size_draw(j, e);
    }
    return rc == ERR_OK ? write_one(j, "report.md", size_report, e) : rc;
}
