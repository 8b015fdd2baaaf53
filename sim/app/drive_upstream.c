/* drive_upstream.c - the scenario with the real KEDA and the real HPA. */
#include "sim/app/drive.h"
#include "sim/app/run.h"
#include "sim/app/show.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/upstream/real_loop.h"
#include "sim/upstream/sizes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One run with the real controllers and one with the models alone. */
struct contest {
    struct drive *drive;
    struct real_programs programs;
    char *hpa_path, *keda_path; /* owned */
    struct sink decisions;
    struct run real, models;
    struct sizes real_sizes, model_sizes;
};

/* ------------------------------------------------------------ the programs */

/* Drivers of the HPA and of KEDA; a version that is not there is driven as the
 * nearest, on the same side of what changed between the two.
 */
struct build {
    const char *name;
    uint32_t minor, patch, until_minor;
};

static const struct build hpas[] = {{"hpa132", 32, 0, 33},
                                    {"hpa135", 35, 0, UINT32_MAX}};
static const struct build kedas[] = {{"keda216", 16, 1, 18},
                                     {"keda220", 20, 2, UINT32_MAX}};

static const struct build *nearest(const struct build builds[], uint32_t minor)
{
    while (minor > builds->until_minor)
        builds++;
    return builds;
}

static char *find_driver(const struct drive *d, const char *name, int *rc,
                         struct err *e)
{
    char *path = path_join(d->options->upstream, name);

    if (*rc == ERR_OK && access(path, X_OK) != 0)
        *rc = err_set(e, ERR_IO,
                      "%s: this real controller is not there; 'make upstream' "
                      "builds it (needs Go 1.26), --upstream DIR says where "
                      "it is",
                      path);
    return path;
}

static int find_programs(struct contest *c, struct err *e)
{
    const struct drive *d = c->drive;
    const struct scenario_versions *v = &d->scenario.versions;
    uint32_t minor = d->options->kubernetes_minor;
    const struct build *hpa =
        nearest(hpas, minor > 0 ? minor : v->kubernetes_minor);
    const struct build *keda = nearest(kedas, v->keda_minor);
    int rc = ERR_OK;

    c->hpa_path = find_driver(d, hpa->name, &rc, e);
    c->keda_path = find_driver(d, keda->name, &rc, e);
    c->programs = (struct real_programs){c->hpa_path, c->keda_path, hpa->minor,
                                         keda->minor, keda->patch};
    return rc;
}

/* ------------------------------------------------------------ two runs */

static void keep_size(void *context, const struct note *n)
{
    sizes_on_note(context, n);
}

/* What run_watch looks at, and the sizes. */
struct lookout {
    struct replicate_watch run;
    struct sizes *sizes;
};

static void on_begin(void *context, const struct system *s)
{
    const struct lookout *l = context;

    l->run.on_begin(l->run.context, s);
}

static void on_note(void *context, const struct note *n)
{
    const struct lookout *l = context;

    keep_size(l->sizes, n);
    if (l->run.on_note)
        l->run.on_note(l->run.context, n);
}

static void on_row(void *context, const struct timeline_row *r)
{
    const struct lookout *l = context;

    if (l->run.on_row)
        l->run.on_row(l->run.context, r);
}

static void on_end(void *context, const struct system *s)
{
    const struct lookout *l = context;

    l->run.on_end(l->run.context, s);
}

static void simulate(struct run *r, const struct scaler_link *link,
                     struct sizes *sizes)
{
    const struct options *o = r->options;
    struct scenario *s = &r->scenario;
    struct lookout lookout = {run_watch(&r->log, s->trace.n), sizes};
    struct replicate_watch watch = {.context = &lookout,
                                    .on_begin = on_begin,
                                    .on_note = on_note,
                                    .on_row = on_row,
                                    .on_end = on_end};
    struct replicate_task task = replicate_task_of(s, o->seed);

    task.measures = o->out != NULL;
    task.watch = &watch;
    task.link = link;
    replicate(&r->results, &task);
    verdict_take(&r->verdict, s, &r->results);
    hazards_find(&r->hazards, s);
}

/* ------------------------------------------------------------ the table */

static void add_row(struct drive *d, const struct compared *x,
                    const char *version, const char *asked)
{
    struct drive_row *row = drive_add_compared(d, x, version);

    if (x->n_different == 0 && strcmp(version, asked) != 0)
        (void)snprintf(row->note, sizeof row->note, "in the place of %.20s",
                       asked);
}

static void add_rows(struct contest *c, const struct real_loop *l)
{
    const struct real_programs *p = &c->programs;
    const struct scenario_versions *v = &c->drive->scenario.versions;
    char hpa[32], keda[32], hpa_asked[32], keda_asked[32];

    (void)snprintf(hpa, sizeof hpa, "1.%u", p->kubernetes_minor);
    (void)snprintf(keda, sizeof keda, "2.%u.%u", p->keda_minor, p->keda_patch);
    (void)snprintf(hpa_asked, sizeof hpa_asked, "1.%u", v->kubernetes_minor);
    (void)snprintf(keda_asked, sizeof keda_asked, "2.%u.%u", v->keda_minor,
                   v->keda_patch);
    for (uint32_t i = 0; i < c->drive->scenario.system.n_pools; i++) {
        if (!real_loop_hpa(l, i))
            continue;
        add_row(c->drive, real_loop_keda(l, i), keda, keda_asked);
        add_row(c->drive, real_loop_hpa(l, i), hpa, hpa_asked);
    }
}

/* ------------------------------------------------------------ both runs */

/* What the user asks of a run, from either one. */
static void say_waits(const struct contest *c, uint32_t pool)
{
    char real[SHOW_CELL], models[SHOW_CELL];

    show_value(SHOW_WAIT,
               estimate_of(&c->real.results, pool, FIG_WAIT_P95).mean, real);
    show_value(SHOW_WAIT,
               estimate_of(&c->models.results, pool, FIG_WAIT_P95).mean,
               models);
    printf("; p95 wait %s (%s)\n", real, models);
}

/* The whole run against one with the models alone. A back-off after a conflict
 * is drawn by the real controller itself, and reconciles longer than the period
 * are simpler in the model; so this is told and not counted.
 */
static void say_pool(const struct contest *c, uint32_t pool)
{
    struct sizes_verdict v = sizes_compare(&c->real_sizes, &c->model_sizes,
                                           pool, c->real.results.horizon_us);
    char name[2 * POOL_NAME], apart[SHOW_CELL];

    text_plain(c->drive->scenario.system.pools[pool].name, name, sizeof name);
    printf("%s: %zu changes of replicas (models alone: %zu), ", name, v.n_a,
           v.n_b);
    show_value(SHOW_WAIT, s_from_us(v.apart_us), apart);
    if (v.apart_us == 0)
        printf("all at the same microsecond");
    else
        printf("apart for %s in all, first at %.3fs, by at most %u", apart,
               s_from_us(v.first_us), v.most);
    say_waits(c, pool);
}

static void say_runs(const struct contest *c, const struct real_loop *l)
{
    if (c->drive->options->common.json)
        return;
    for (uint32_t i = 0; i < c->drive->scenario.system.n_pools; i++)
        if (real_loop_hpa(l, i))
            say_pool(c, i);
    putchar('\n');
}

/* ------------------------------------------------------------ the contest */

/* The models alone, as the versions that were driven and in the same phases. */
static void run_models(struct contest *c, const struct real_loop *l)
{
    const struct system_params *given = &c->drive->scenario.system;
    struct pool_params *pools = mem_array(given->n_pools, sizeof *pools);

    memcpy(pools, given->pools, given->n_pools * sizeof *pools);
    for (uint32_t i = 0; i < given->n_pools; i++) {
        pools[i].hpa.kubernetes_minor = c->programs.kubernetes_minor;
        pools[i].hpa.resync_us = real_loop_tick_us(l, i);
        pools[i].hpa.resync_ties = true; /* so it comes out there */
        pools[i].keda.minor = c->programs.keda_minor;
        pools[i].keda.patch = c->programs.keda_patch;
        pools[i].keda.race_frac = 0.0; /* the driver keeps it out */
    }
    c->models.options = &c->drive->options->common;
    c->models.scenario = c->drive->scenario;
    c->models.scenario.system.pools = pools;
    simulate(&c->models, NULL, &c->model_sizes);
    free(pools);
}

static int run_real(struct contest *c, struct real_loop *l, struct err *e)
{
    c->real.options = &c->drive->options->common;
    c->real.scenario = c->drive->scenario;
    const char *folder = c->real.options->out;
    int rc = folder ? run_log_keep_rows(&c->real.log, folder, e) : ERR_OK;

    if (rc != ERR_OK)
        return rc;
    simulate(&c->real, real_loop_link(l), &c->real_sizes);
    rc = real_loop_result(l, e);
    return rc == ERR_OK ? run_log_finish(&c->real.log, e) : rc;
}

/* Two programs each, which start at once. */
enum { MOST_POOLS = 32 };

static size_t count_scaled(const struct system_params *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->n_pools; i++)
        n += p->pools[i].autoscaled && !p->pools[i].keda.paused;
    return n;
}

static int compete(struct contest *c, struct err *e)
{
    size_t n = count_scaled(&c->drive->scenario.system);

    if (n > MOST_POOLS)
        return err_set(e, ERR_INPUT,
                       "%s: %zu pools scale, and each needs two programs: the "
                       "controllers of at most %d are driven",
                       c->drive->scenario.path, n, MOST_POOLS);
    if (n == 0)
        return err_set(e, ERR_INPUT,
                       "%s: no pool scales, so there is nothing for the "
                       "controllers to do",
                       c->drive->scenario.path);
    struct real_loop *l;
    int rc = real_loop_open(&l, &c->drive->scenario.system, &c->programs,
                            c->decisions.out, e);

    if (rc != ERR_OK)
        return rc;
    rc = run_real(c, l, e);
    if (rc == ERR_OK) {
        run_models(c, l);
        say_runs(c, l);
        add_rows(c, l);
    }
    real_loop_close(l);
    return rc;
}

static void release(struct run *r)
{
    replications_free(&r->results);
    hazards_free(&r->hazards);
    run_log_free(&r->log);
}

int drive_upstream(struct drive *d, struct err *e)
{
    struct contest c = {.drive = d};
    int rc = find_programs(&c, e);

    if (rc == ERR_OK)
        rc = drive_open(d, "decisions.jsonl", &c.decisions, e);
    if (rc == ERR_OK)
        rc = compete(&c, e);
    rc = sink_end(&c.decisions, rc, e);
    if (rc == ERR_OK && d->options->common.out)
        rc = run_write_files(&c.real, e);
    release(&c.real);
    release(&c.models);
    sizes_free(&c.real_sizes);
    sizes_free(&c.model_sizes);
    free(c.hpa_path);
    free(c.keda_path);
    return rc;
}
