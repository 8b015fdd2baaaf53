#include "traces/synth.h"

#include "sim/engine/dist.h"
#include "sim/engine/random.h"
#include "traces/synth_images.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_BUILDS = 5000000, /* about 1 GB; more is a slip of the keyboard */
    MAX_STACK = 1000,
    NIGHTLY_MIN = 7 * 60 + 30, /* minute of the day */
    WEEKLY_MIN = 3 * 60 + 1,
    WEDNESDAY = 2
};

/* The 90 % quantile of the standard normal distribution, by which struct dist
 * states the spread of a lognormal one.
 */
#define Z90 1.2815515655446004

/* What is drawn. Apart from every purpose of a replication, so that a trace
 * and a replication of the same seed are independent.
 */
enum purpose {
    DRAW_GAP = 0x53790000, /* time to the next group of runs */
    DRAW_STACK,
    DRAW_EXTRA,
    DRAW_CANCEL,
    DRAW_CANCEL_AGE,
    DRAW_SKEW,
    DRAW_WORK,
    DRAW_ERROR,
    DRAW_ERROR_POINT,
    DRAW_NIGHTLY
};

enum run_kind { RUN_PUSH, RUN_WEEKLY, RUN_NIGHTLY };

/* A run and its identity for the draws: a parameter that adds runs of one
 * kind leaves the draws of the others alone.
 */
struct run {
    sim_us at_us;
    enum run_kind kind;
    uint32_t group, member; /* a push and its place in the stack; or a day */
};

/* What the builds of one image set have in common. */
struct lot {
    struct dist work;
    double factor; /* of the median, before the size of the image */
    uint32_t pool, caller;
};

struct maker {
    const struct synth_params *p;
    struct random_world world;
    struct trace *t;
    sim_us span_us;
    struct run *runs; /* owned */
    size_t n_runs, cap_runs;
    struct lot lots[N_IMAGE_SETS];
};

/* One run while its builds are made. */
struct batch {
    const struct run *run;
    uint64_t entity;
    size_t number; /* of the run, from 1 */
    size_t n_builds;
    uint32_t id;
    sim_us leaves_us; /* SIM_NEVER unless cancelled */
};

static double draw(const struct maker *m, enum purpose purpose, uint64_t entity,
                   uint64_t ordinal)
{
    return random_u01(&m->world, purpose, entity, ordinal);
}

static uint64_t entity_of(const struct run *r)
{
    return (uint64_t)r->kind << 56 | (uint64_t)r->group << 16 | r->member;
}

/* Milliseconds are fine enough, and hide the last bits of exp() and log(), in
 * which mathematical libraries differ.
 */
static sim_us whole_ms(sim_us us)
{
    return us / US_PER_MS * US_PER_MS;
}

static void add_run(struct maker *m, struct run r)
{
    m->runs = mem_grow(m->runs, &m->cap_runs, m->n_runs + 1, sizeof *m->runs);
    m->runs[m->n_runs++] = r;
}

/* Groups of runs an hour, at this instant. */
static double rate_per_h(const struct maker *m, sim_us at_us)
{
    const struct synth_params *p = m->p;
    int day, hour;

    hour_of_week(p->from_us + at_us, &day, &hour);
    return p->runs_per_day / 24.0 * (1.0 - p->stack_frac) *
           p->weekday_weight[day] * p->hour_weight[hour];
}

/* Inversion of the cumulative rate: the instant after at_us by which `need`
 * more groups are expected, or SIM_NEVER if that lies beyond the record.
 */
static sim_us advance(const struct maker *m, sim_us at_us, double need)
{
    while (at_us < m->span_us) {
        sim_us left_us = US_PER_H - (m->p->from_us + at_us) % US_PER_H;
        double rate = rate_per_h(m, at_us);
        double hours = (double)left_us / (double)US_PER_H;

        if (need < rate * hours) {
            at_us += (sim_us)(need / rate * (double)US_PER_H);
            return at_us < m->span_us ? at_us : SIM_NEVER;
        }
        need -= rate * hours;
        at_us += left_us;
    }
    return SIM_NEVER;
}

static void plan_stack(struct maker *m, sim_us at_us, uint32_t group)
{
    uint32_t member = 0;

    do
        add_run(m, (struct run){at_us, RUN_PUSH, group, member});
    while (++member < MAX_STACK &&
           draw(m, DRAW_STACK, group, member) < m->p->stack_frac);
}

static void plan_pushes(struct maker *m)
{
    sim_us at_us = 0;

    for (uint32_t group = 0;; group++) {
        at_us = advance(m, at_us, -log(draw(m, DRAW_GAP, 0, group)));
        if (at_us == SIM_NEVER)
            return;
        plan_stack(m, at_us, group);
    }
}

/* Runs at a fixed minute of each day that the record touches. */
static void plan_daily(struct maker *m)
{
    sim_us day_us = -(m->p->from_us % US_PER_DAY);

    for (uint32_t i = 0; day_us < m->span_us; i++, day_us += US_PER_DAY) {
        sim_us nightly_us = day_us + NIGHTLY_MIN * 60 * US_PER_S;
        sim_us weekly_us = day_us + WEEKLY_MIN * 60 * US_PER_S;
        int weekday, hour;

        hour_of_week(m->p->from_us + day_us, &weekday, &hour);
        if (m->p->weekly_run > 0.0 && weekday == WEDNESDAY && weekly_us >= 0)
            add_run(m, (struct run){weekly_us, RUN_WEEKLY, i, 0});
        if (m->p->nightly_max > 0.0 && nightly_us >= 0)
            add_run(m, (struct run){nightly_us, RUN_NIGHTLY, i, 0});
    }
}

static int by_start(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    uint64_t i = entity_of(x), j = entity_of(y);

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return (i > j) - (i < j);
}

static sim_us draw_work(const struct maker *m, const struct batch *b,
                        enum image_set set, size_t i, bool *fails)
{
    uint64_t ordinal = (uint64_t)set << 32 | i;
    const struct lot *lot = &m->lots[set];
    double u = draw(m, DRAW_WORK, b->entity, ordinal);
    sim_us work_us = dist_us(&lot->work, u, lot->factor * image_size(set, i));

    *fails = draw(m, DRAW_ERROR, b->entity, ordinal) < m->p->error_frac;
    if (*fails)
        work_us = (sim_us)((double)work_us *
                           draw(m, DRAW_ERROR_POINT, b->entity, ordinal));
    return whole_ms(work_us);
}

static uint32_t text_index(struct maker *m, const char *text)
{
    return strings_add(&m->t->strings, text, strlen(text));
}

static void name_build(struct maker *m, const struct batch *b,
                       enum image_set set, size_t i, struct trace_build *out)
{
    char text[80];

    snprintf(text, sizeof text, "r%04zu-b%02zu", b->number, b->n_builds);
    out->id = text_index(m, text);
    image_name(set, i, text);
    out->name = text_index(m, text);
}

/* One build; none if the record ends or the run is cancelled before it. */
static void add_build(struct maker *m, struct batch *b, enum image_set set,
                      size_t i)
{
    uint64_t ordinal = (uint64_t)set << 32 | i;
    double skew_s = m->p->skew_s * draw(m, DRAW_SKEW, b->entity, ordinal);
    struct trace_build build = {
        .asked_us = whole_ms(b->run->at_us + us_from_s(skew_s)),
        .leaves_us = b->leaves_us,
        .run = b->id,
        .pool = m->lots[set].pool,
        .caller = m->lots[set].caller,
    };
    bool fails;

    b->n_builds++;
    if (build.asked_us >= m->span_us || build.asked_us >= b->leaves_us)
        return;
    build.work_us = draw_work(m, b, set, i, &fails);
    build.outcome = fails ? TRACE_ERROR : TRACE_OK;
    if (b->leaves_us != SIM_NEVER)
        build.outcome = TRACE_CANCELLED;
    name_build(m, b, set, i, &build);
    trace_add(m->t, &build);
}

static void add_set(struct maker *m, struct batch *b, enum image_set set,
                    double n)
{
    for (size_t i = 0; i < (size_t)n; i++)
        add_build(m, b, set, i);
}

static void add_nightly(struct maker *m, struct batch *b)
{
    double spread = m->p->nightly_max - m->p->nightly_min + 1.0;
    double more = floor(spread * draw(m, DRAW_NIGHTLY, b->entity, 0));

    add_set(m, b, IMAGES_NIGHTLY, m->p->nightly_min + more);
}

/* When a newer run supersedes this one. Scheduled runs are left alone. */
static sim_us draw_leaving(const struct maker *m, const struct batch *b)
{
    double age = -log(draw(m, DRAW_CANCEL_AGE, b->entity, 0));

    if (b->run->kind != RUN_PUSH ||
        !(draw(m, DRAW_CANCEL, b->entity, 0) < m->p->cancel_frac))
        return SIM_NEVER;
    return whole_ms(b->run->at_us + us_from_s(age * m->p->cancel_age_s));
}

static void add_builds_of(struct maker *m, struct batch *b)
{
    const struct synth_params *p = m->p;

    if (b->run->kind == RUN_NIGHTLY) {
        add_nightly(m, b);
        return;
    }
    add_set(m, b, IMAGES_AMD64, p->amd64_per_run);
    add_set(m, b, IMAGES_ARM64, p->arm64_per_run);
    if (b->run->kind == RUN_PUSH &&
        draw(m, DRAW_EXTRA, b->entity, 0) < p->extra_frac) {
        add_set(m, b, IMAGES_EXTRA_AMD64, p->extra_amd64);
        add_set(m, b, IMAGES_EXTRA_ARM64, p->extra_arm64);
    }
}

static void make_runs(struct maker *m)
{
    if (m->n_runs > 0) /* else there is no array either */
        qsort(m->runs, m->n_runs, sizeof *m->runs, by_start);
    for (size_t i = 0; i < m->n_runs; i++) {
        struct batch b = {.run = &m->runs[i], .number = i + 1};
        char id[32];

        snprintf(id, sizeof id, "r%04zu", b.number);
        b.id = text_index(m, id);
        b.entity = entity_of(b.run);
        b.leaves_us = draw_leaving(m, &b);
        add_builds_of(m, &b);
    }
}

/* The sizes of the images take their part of the spread, and are divided by
 * their geometric mean: the whole matrix then has the median and the sigma
 * that the parameters say.
 */
static void prepare_lot(struct maker *m, enum image_set set, double n,
                        const char *caller)
{
    const struct synth_params *p = m->p;
    bool arm64 = set == IMAGES_ARM64 || set == IMAGES_EXTRA_ARM64;
    double mean, variance;

    image_moments(set, (size_t)n, &mean, &variance);
    double median_s =
        set == IMAGES_NIGHTLY ? p->nightly_median_s : p->work_median_s;
    double rest = sqrt(fmax(0.0, p->work_sigma * p->work_sigma - variance));

    m->lots[set] = (struct lot){
        .work = {DIST_LOGNORMAL, median_s, median_s * exp(Z90 * rest),
                 p->work_min_s, p->work_max_s},
        .factor = exp(-mean) * (arm64 ? p->arm64_factor : 1.0),
        .pool = text_index(m, arm64 ? "arm64" : "amd64"),
        .caller = text_index(m, caller),
    };
}

static void prepare_lots(struct maker *m)
{
    const struct synth_params *p = m->p;

    prepare_lot(m, IMAGES_AMD64, p->amd64_per_run, "docker-builds");
    prepare_lot(m, IMAGES_ARM64, p->arm64_per_run, "docker-builds");
    prepare_lot(m, IMAGES_EXTRA_AMD64, p->extra_amd64, "binary-builds");
    prepare_lot(m, IMAGES_EXTRA_ARM64, p->extra_arm64, "binary-builds");
    prepare_lot(m, IMAGES_NIGHTLY, p->nightly_max, "docker-release");
}

/* Rows of the table are in range each; this is how they fit together. */
static int check_together(const struct synth_params *p, struct err *e)
{
    double runs = p->days * (p->runs_per_day + 1.0 / 7.0) + 1.0;
    double a_run = p->amd64_per_run + p->arm64_per_run +
                   p->extra_frac * (p->extra_amd64 + p->extra_arm64) + 1.0;
    double builds = runs * a_run + (p->days + 1.0) * p->nightly_max;

    if (!(p->work_min_s <= p->work_max_s))
        return err_set(e, ERR_INPUT,
                       "work_min is above work_max; raise work_max");
    if (!(p->nightly_min <= p->nightly_max))
        return err_set(e, ERR_INPUT,
                       "nightly_min is above nightly_max; raise nightly_max");
    if (!(builds <= MAX_BUILDS))
        return err_set(e, ERR_INPUT,
                       "about %.0f builds, more than %d; lower days, "
                       "runs_per_day or the builds of a run",
                       builds, MAX_BUILDS);
    return ERR_OK;
}

int trace_synth(struct trace *t, const struct synth_params *p, struct err *e)
{
    struct maker m = {.p = p, .world = {.seed = p->seed}, .t = t};
    int rc = check_together(p, e);

    *t = (struct trace){0};
    if (rc != ERR_OK)
        return rc;
    m.span_us = whole_ms(us_from_s(p->days * 86400.0));
    t->origin_us = p->from_us;
    t->span_us = m.span_us;
    t->absolute = t->synthetic = true;
    prepare_lots(&m);
    plan_pushes(&m);
    plan_daily(&m);
    make_runs(&m);
    free(m.runs);
    trace_sort(t);
    return ERR_OK;
}
