#include "sim/upstream/compared.h"

static void write_down(const struct compared *c, sim_us at_us,
                       const json_t *step, bool same, const char *why)
{
    json_t *o = json_pack("{s:s, s:s, s:f}", "component", c->component, "pool",
                          c->pool, "at_s", s_from_us(at_us));

    if (!same)
        json_object_set_new(o, "differs", json_string(why));
    json_object_update(o, (json_t *)step);
    json_dumpf(o, c->out, JSON_COMPACT | JSON_REAL_PRECISION(15));
    fputc('\n', c->out);
    json_decref(o);
}

void compared_take(struct compared *c, sim_us at_us, const json_t *step,
                   bool same, const char *why)
{
    c->n++;
    if (!same && c->n_different++ == 0) {
        c->first_us = at_us;
        (void)snprintf(c->first, sizeof c->first, "%.*s", COMPARED_WHY - 1,
                       why);
    }
    if (c->out)
        write_down(c, at_us, step, same, why);
}
