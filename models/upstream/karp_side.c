#include "models/upstream/karp_side.h"

#include "models/catalog.h"
#include "models/upstream/dice_karp.h"
#include "sim/base/mem.h"
#include "sim/upstream/karp_replay.h"

#include <stdlib.h>
#include <string.h>

static json_t *size_json(struct catalog_size s)
{
    return json_pack("{s:I, s:I}", "mcpu", (json_int_t)s.mcpu, "mib",
                     (json_int_t)s.mib);
}

/* Types of a scenario are names of the catalog. */
static void fill_in(json_t *type, double overhead_frac)
{
    const char *name = json_string_value(json_object_get(type, "name"));
    const struct catalog_type *t = name ? catalog_find(name) : NULL;

    if (!t || json_object_get(type, "capacity"))
        return;
    json_object_set_new(type, "capacity",
                        size_json(catalog_capacity(t, overhead_frac)));
    json_object_set_new(type, "allocatable",
                        size_json(catalog_allocatable(t, overhead_frac)));
    json_object_set_new(type, "usd",
                        json_real(catalog_price(t, "us-east-2").usd_per_h));
}

/* The whole scenario is told at the start; its recording begins with it. */
static void *begin(const json_t *scenario, const char *version)
{
    json_t *lines = json_array(), *told = json_deep_copy(scenario), *type;
    const json_t *overhead = json_object_get(scenario, "overhead");
    size_t i;

    (void)version;
    json_array_foreach(json_object_get(told, "types"), i, type)
    {
        fill_in(type, overhead ? json_number_value(overhead) : 0.06);
    }
    json_array_append_new(lines, told);
    return lines;
}

static json_t *start(const void *w)
{
    return json_incref(json_array_get(w, 0));
}

static json_t *answer(void *w, const json_t *question, bool *over)
{
    const char *ask = json_string_value(json_object_get(question, "ask"));

    *over = ask && strcmp(ask, "over") == 0;
    if (!*over)
        json_array_append(w, (json_t *)question);
    return NULL;
}

static json_t *end(void *w)
{
    return w;
}

const struct side *karp_side(void)
{
    static const struct side karp = {begin, start,       answer,
                                     end,   karp_replay, dice_karp_scenario};

    return &karp;
}
