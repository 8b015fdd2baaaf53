/* resample_starts.c - a longer history of which only the starts are known. */
#include "sim/plan/resample_parts.h"

#include <string.h>

void resampler_take_starts(struct resampler *r, const struct trace *starts)
{
    resample_rates(starts, r->parts[0].per_h);
}

static void copy_strings(struct trace *out, const struct strings *from)
{
    for (uint32_t i = 0; i < from->n; i++) {
        const char *text = strings_at(from, i);
        strings_add(&out->strings, text, strlen(text));
    }
}

void resample_on_starts(struct trace *out, const struct resampler *r,
                        const struct trace *starts,
                        const struct random_world *w)
{
    const struct resample_part *p = &r->parts[0];
    struct atoms runs;

    *out = (struct trace){
        .origin_us = starts->origin_us,
        .span_us = starts->span_us,
        .absolute = starts->absolute,
        .synthetic = true,
    };
    copy_strings(out, &r->merged.strings);
    resample_find_atoms(&runs, starts, starts->strings.n);
    for (uint32_t i = 0; i < runs.builds.n; i++) {
        double u = random_u01(w, DRAW_CONTENT, i, 0);
        uint32_t first = groups_of(&runs.builds, i).at[0];
        resample_copy_atom(out, p, u, starts->builds[first].asked_us);
    }
    resample_free_atoms(&runs);
    resample_sort(out);
}
