#include "sim/plan/resample_parts.h"

#include "sim/base/mem.h"
#include "traces/runs.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ copies */

void resample_add(struct trace *out, const struct trace_build *b,
                  sim_us shift_us)
{
    struct trace_build copy = *b;

    copy.asked_us += shift_us;
    if (copy.leaves_us != SIM_NEVER)
        copy.leaves_us += shift_us;
    if (copy.asked_us >= 0 && copy.asked_us < out->span_us)
        trace_add(out, &copy);
}

static int by_time(const void *left, const void *right)
{
    const struct trace_build *a = left, *b = right;

    if (a->asked_us != b->asked_us)
        return a->asked_us < b->asked_us ? -1 : 1;
    if (a->run != b->run)
        return a->run < b->run ? -1 : 1;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return (a->work_us > b->work_us) - (a->work_us < b->work_us);
}

/* In a fixed order; the origin must stay where it is. */
void resample_sort(struct trace *out)
{
    if (out->n > 1)
        qsort(out->builds, out->n, sizeof *out->builds, by_time);
}

double resample_share(const struct resample_part *p, size_t copy)
{
    return fmin(1.0, p->growth - (double)copy);
}

/* ------------------------------------------------------------ atoms */

void resample_find_atoms(struct atoms *a, const struct trace *t,
                         size_t n_strings)
{
    a->of = mem_array(t->n, sizeof *a->of);
    groups_init(&a->builds, a->of, t->n, runs_number(t, n_strings, a->of));
}

void resample_free_atoms(struct atoms *a)
{
    groups_free(&a->builds);
    free(a->of);
    *a = (struct atoms){0};
}

/* ------------------------------------------------------------ make */

static uint32_t *adopt_strings(struct strings *all, const struct strings *own)
{
    uint32_t *number = mem_array(own->n, sizeof *number);

    for (uint32_t i = 0; i < own->n; i++) {
        const char *text = strings_at(own, i);
        number[i] = strings_add(all, text, strlen(text));
    }
    return number;
}

static void copy_builds(struct trace *out, const struct trace *t,
                        const uint32_t number[])
{
    *out = (struct trace){
        .origin_us = t->origin_us,
        .span_us = t->span_us,
        .absolute = t->absolute,
    };
    for (size_t i = 0; i < t->n; i++) {
        struct trace_build b = t->builds[i];
        b.id = number[b.id];
        b.run = number[b.run];
        b.pool = number[b.pool];
        b.caller = number[b.caller];
        b.name = number[b.name];
        trace_add(out, &b);
    }
}

/* The first day of the part falls on the same day of the first week, so that
 * clock and weekday stay.
 */
static void merge(struct trace *merged, const struct trace *t)
{
    sim_us week_us = 7 * US_PER_DAY;
    sim_us off_us =
        resample_since_monday(t, 0) - resample_since_monday(merged, 0);

    off_us -= week_us * resample_floor_div(off_us, week_us);
    for (size_t i = 0; i < t->n; i++)
        resample_add(merged, &t->builds[i], off_us);
}

static void add_part(struct resampler *r, const struct resample_source *source)
{
    const struct trace *t = source->trace;
    struct resample_part *p = &r->parts[r->n_parts++];
    uint32_t *number = adopt_strings(&r->merged.strings, &t->strings);

    assert(source->growth > 0.0 && source->growth <= RESAMPLE_GROWTH);
    copy_builds(&p->trace, t, number);
    free(number);
    p->growth = source->growth;
    resample_find_atoms(&p->atoms, &p->trace, r->merged.strings.n);
    resample_rates_of(&p->trace, &p->atoms, p->per_h);
    merge(&r->merged, &p->trace);
    r->merged.synthetic = r->merged.synthetic || t->synthetic;
}

int resampler_make(struct resampler *r, const struct resample_source *sources,
                   size_t n, enum resample_method method, struct err *e)
{
    const struct trace *first = sources[0].trace;
    int rc = ERR_OK;

    *r = (struct resampler){
        .method = method,
        .merged = {.origin_us = first->origin_us,
                   .span_us = first->span_us,
                   .absolute = first->absolute},
        .parts = mem_array(n, sizeof *r->parts),
    };
    for (size_t i = 0; i < n && rc == ERR_OK; i++) {
        if (sources[i].trace->n == 0) {
            rc =
                err_set(e, ERR_INPUT, "the history has no builds to draw from");
            break;
        }
        add_part(r, &sources[i]);
        if (method == RESAMPLE_DAYS)
            rc = resample_check_days(&r->parts[i], &r->merged, e);
    }
    resample_sort(&r->merged);
    if (rc != ERR_OK)
        resampler_free(r);
    return rc;
}

void resampler_free(struct resampler *r)
{
    for (size_t i = 0; i < r->n_parts; i++) {
        trace_free(&r->parts[i].trace);
        resample_free_atoms(&r->parts[i].atoms);
    }
    free(r->parts);
    trace_free(&r->merged);
    *r = (struct resampler){0};
}

double resampler_growth(const struct resampler *r, size_t i)
{
    return r->parts[i].growth;
}

const double *resampler_rates(const struct resampler *r, size_t i)
{
    return r->parts[i].per_h;
}

/* ------------------------------------------------------------ runs */

void resample_copy_atom(struct trace *out, const struct resample_part *p,
                        double u, sim_us at_us)
{
    const struct groups *atoms = &p->atoms.builds;
    struct group own = groups_of(atoms, (uint32_t)(u * (double)atoms->n));
    const struct trace_build *builds = p->trace.builds;
    sim_us first_us = builds[own.at[0]].asked_us;

    for (size_t i = 0; i < own.n; i++)
        resample_add(out, &builds[own.at[i]], at_us - first_us);
}

/* Candidates at the highest rate, each kept with the share of its hour. */
static void draw_copy(struct trace *out, const struct resample_part *p,
                      uint64_t source, double share,
                      const struct random_world *w)
{
    double most = 0.0, at_h = 0.0;

    for (size_t i = 0; i < RESAMPLE_HOURS; i++)
        most = fmax(most, p->per_h[i]);
    for (uint64_t k = 0; most > 0.0; k++) {
        at_h -= log(random_u01(w, DRAW_GAP, k, source)) / most;
        if (!(at_h * (double)US_PER_H < (double)out->span_us))
            break;
        sim_us at_us = (sim_us)(at_h * (double)US_PER_H);
        double rate = share * p->per_h[resample_hour(out, at_us)];
        double u = random_u01(w, DRAW_ATOM, k, source);
        if (random_u01(w, DRAW_KEEP, k, source) * most < rate)
            resample_copy_atom(out, p, u, at_us);
    }
}

static void draw_runs(struct trace *out, const struct resample_part *p,
                      size_t part, const struct random_world *w)
{
    for (size_t copy = 0; resample_share(p, copy) > 0.0; copy++)
        draw_copy(out, p, part * COPIES + copy, resample_share(p, copy), w);
}

void resample_history(struct trace *out, const struct resampler *r,
                      const struct random_world *w)
{
    *out = (struct trace){
        .origin_us = r->merged.origin_us,
        .span_us = r->merged.span_us,
        .absolute = r->merged.absolute,
        .synthetic = r->merged.synthetic,
    };
    free(adopt_strings(&out->strings, &r->merged.strings));
    for (size_t i = 0; i < r->n_parts; i++)
        if (r->method == RESAMPLE_DAYS)
            resample_draw_days(out, &r->parts[i], i, w);
        else
            draw_runs(out, &r->parts[i], i, w);
    resample_sort(out);
}

int resample(struct trace *out, const struct trace *t,
             enum resample_method method, const struct random_world *w,
             struct err *e)
{
    const struct resample_source source = {t, 1.0};
    struct resampler r;

    *out = (struct trace){0};
    int rc = resampler_make(&r, &source, 1, method, e);
    if (rc == ERR_OK)
        resample_history(out, &r, w);
    resampler_free(&r);
    return rc;
}
