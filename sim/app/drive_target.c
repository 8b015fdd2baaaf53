/* drive_target.c - `drydock drive --target`: the trace as real connections to
 * a pool that the user names, beside what the simulation says of it.
 */
#include "sim/app/drive.h"
#include "sim/app/show.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/drive/dialer.h"
#include "sim/drive/dialer_rules.h"
#include "sim/drive/life.h"
#include "sim/engine/tally.h"
#include "traces/by_pool.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct target_drive {
    struct drive *d;
    struct port_address *targets; /* owned; by backend */
    const char **names;           /* owned; by backend, borrowed texts */
    struct life life;
    struct dialer dialer;
    struct poller *poller;
    bool timely;
    sim_us late_us;
};

/* ------------------------------------------------------------ targets */

/* The backend of the pool, or the backend, whose name stands before the '=';
 * NO_INDEX: there is none.
 */
static uint32_t backend_named(const struct system_params *p, const char *text,
                              size_t n)
{
    for (size_t i = 0; i < p->n_pools; i++)
        if (strlen(p->pools[i].name) == n &&
            memcmp(p->pools[i].name, text, n) == 0)
            return p->pools[i].backend;
    for (uint32_t i = 0; i < p->lb.n_backends; i++)
        if (strlen(p->lb.backends[i].name) == n &&
            memcmp(p->lb.backends[i].name, text, n) == 0)
            return i;
    return NO_INDEX;
}

/* "NAME=HOST:PORT" is for that pool or backend. */
static int assign_named(struct target_drive *t, const char *text, size_t n,
                        struct err *e)
{
    uint32_t i = backend_named(&t->d->scenario.system, text, n);

    if (i == NO_INDEX)
        return err_set(e, ERR_INPUT,
                       "--target: there is no pool or backend '%.*s'", (int)n,
                       text);
    if (t->names[i])
        return err_set(e, ERR_INPUT,
                       "--target: backend %s is named more than once",
                       t->d->scenario.system.lb.backends[i].name);
    t->names[i] = text + n + 1;
    return port_resolve(&t->targets[i], t->names[i], e);
}

/* "HOST:PORT" is for all that have none. */
static int assign_rest(struct target_drive *t, const char *text, struct err *e)
{
    struct port_address at;
    int rc = port_resolve(&at, text, e);

    for (size_t i = 0; i < t->d->scenario.system.lb.n_backends; i++)
        if (rc == ERR_OK && !t->names[i]) {
            t->targets[i] = at;
            t->names[i] = text;
        }
    return rc;
}

static int assign_all(struct target_drive *t, struct err *e)
{
    const struct drive_options *o = t->d->options;
    int rc = ERR_OK;

    for (size_t i = 0; i < o->n_targets && rc == ERR_OK; i++) {
        const char *equal = strchr(o->targets[i], '=');
        if (equal)
            rc = assign_named(t, o->targets[i], (size_t)(equal - o->targets[i]),
                              e);
    }
    for (size_t i = 0; i < o->n_targets && rc == ERR_OK; i++)
        if (!strchr(o->targets[i], '='))
            rc = assign_rest(t, o->targets[i], e);
    return rc;
}

/* ------------------------------------------------------------ playing */

/* The clock begins with the first build. */
static sim_us begins_us(const struct target_drive *t)
{
    const struct trace *trace = &t->d->scenario.trace;

    return trace->n > 0 ? trace->builds[0].asked_us : 0;
}

static sim_us ends_us(const struct target_drive *t)
{
    const struct drive_options *o = t->d->options;

    return begins_us(t) + (sim_us)((double)o->for_us * drive_shrink(o));
}

static int play(struct target_drive *t, struct err *e)
{
    const struct drive_options *o = t->d->options;
    double shrink = drive_shrink(o);
    struct dialer_params p = {
        .scenario = &t->d->scenario,
        .seed = o->common.seed,
        .targets = t->targets,
        .max_clients = o->max_clients,
        .until_us = ends_us(t),
    };

    port_raise_limit();
    t->poller = poller_new(shrink, begins_us(t));
    dialer_start(&t->dialer, &p, t->poller);
    int rc = poller_run(t->poller, e);
    t->timely = poller_is_timely(t->poller);
    t->late_us = poller_late_us(t->poller);
    dialer_hang_up(&t->dialer);
    return rc;
}

/* ------------------------------------------------------------ telling */

/* Waits of the builds of a pool that were asked for; both sides. */
struct waits {
    double *model, *real; /* owned; seconds, sorted */
    double model_sum, real_sum;
    size_t n, n_served[2], n_other; /* served: by the model, in reality */
    size_t n_slots[2];              /* that got a slot meanwhile */
};

static void take_waits(const struct target_drive *t, struct group own,
                       struct waits *w)
{
    sim_us until_us = ends_us(t);

    *w = (struct waits){.model = mem_array(own.n, sizeof *w->model),
                        .real = mem_array(own.n, sizeof *w->real)};
    for (size_t i = 0; i < own.n; i++) {
        const struct build_result *m = &t->life.builds[own.at[i]];
        const struct build_result *r = &t->dialer.results[own.at[i]];
        if (!dialer_has(&t->dialer, own.at[i]))
            continue;
        w->model[w->n] = s_from_us(m->waited_us);
        w->real[w->n] = s_from_us(r->waited_us);
        w->model_sum += w->model[w->n];
        w->real_sum += w->real[w->n++];
        w->n_served[0] += m->end == END_SERVED;
        w->n_served[1] += r->end == END_SERVED;
        w->n_slots[0] += m->served_us < until_us;
        w->n_slots[1] += r->served_us != SIM_NEVER;
        w->n_other += r->end != END_UNFINISHED && m->end != r->end;
    }
    sort_doubles(w->model, w->n);
    sort_doubles(w->real, w->n);
}

static void print_waits(const struct waits *w)
{
    static const struct {
        const char *label;
        double p;
    } rows[] = {
        {"wait, p50", 0.5}, {"wait, p95", 0.95}, {"wait, longest", 1.0}};
    double n = (double)w->n;

    drive_pair(stdout, "builds", SHOW_COUNT, n, n);
    drive_pair(stdout, "served", SHOW_COUNT, (double)w->n_served[0],
               (double)w->n_served[1]);
    if (w->n == 0)
        return;
    drive_pair(stdout, "wait, mean", SHOW_WAIT, w->model_sum / n,
               w->real_sum / n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        drive_pair(stdout, rows[i].label, SHOW_WAIT,
                   quantile(w->model, w->n, rows[i].p),
                   quantile(w->real, w->n, rows[i].p));
}

/* Where builds of a pool were dialled, or would be; NULL: nowhere. */
static const char *target_of(const struct target_drive *t, uint32_t pool,
                             struct group own)
{
    const struct scenario *s = &t->d->scenario;
    const char *name = NULL;

    for (size_t i = 0; i < own.n; i++) {
        const char *used = t->names[dialer_backend(s, own.at[i])];
        if (!used || used == name)
            continue;
        if (name)
            return "several";
        name = used;
    }
    return name ? name : t->names[s->system.pools[pool].backend];
}

static void tell_pool(struct target_drive *t, uint32_t pool, struct group own,
                      const char *target)
{
    char plain[SHOW_CELL], name[DRIVE_NOTE];
    struct waits w;

    take_waits(t, own, &w);
    text_plain(t->d->scenario.system.pools[pool].name, plain, sizeof plain);
    text_plain(target, name, sizeof name);
    if (!t->d->options->common.json) {
        drive_pair_head(stdout, plain, "simulated", name);
        print_waits(&w);
        putchar('\n');
    }
    struct drive_row *row = drive_add_row(t->d, plain);
    (void)snprintf(row->version, sizeof row->version, "%.31s", name);
    bool dead = w.n_slots[1] == 0 && w.n_slots[0] > 0;
    row->compared = w.n;
    row->differences = dead ? w.n_slots[0] : w.n_other;
    if (dead)
        (void)snprintf(row->note, sizeof row->note,
                       "nobody was served: is a balancer there?");
    else if (w.n > 0)
        (void)snprintf(row->note, sizeof row->note,
                       "mean wait %.0f s, simulated %.0f s",
                       w.real_sum / (double)w.n, w.model_sum / (double)w.n);
    free(w.model);
    free(w.real);
}

static void tell(struct target_drive *t)
{
    const struct dialer *x = &t->dialer;
    const struct scenario *s = &t->d->scenario;
    struct by_pool builds;

    if (!t->d->options->common.json) {
        printf("%" PRIu32 " builds of the trace dialled, %" PRIu32
               " left out, at most %" PRIu32 " open at one time%s\n",
               x->n_asked, x->n_skipped, x->open_most,
               x->over ? "; stopped by --for" : "");
        puts("waits of builds that are still open count as far as they go\n");
    }
    by_pool_init(&builds, &s->trace, s->pool_of, s->system.n_pools);
    for (uint32_t i = 0; i < s->system.n_pools; i++) {
        struct group own = by_pool_of(&builds, i);
        const char *target = target_of(t, i, own);
        if (target)
            tell_pool(t, i, own, target);
    }
    by_pool_free(&builds);
}

/* ------------------------------------------------------------ the part */

int drive_target(struct drive *d, struct err *e)
{
    size_t n = d->scenario.system.lb.n_backends;
    struct target_drive t = {.d = d};

    t.targets = mem_array(n, sizeof *t.targets);
    t.names = mem_array(n, sizeof *t.names);
    int rc = assign_all(&t, e);
    if (rc == ERR_OK) {
        life_take(&t.life, &d->scenario, d->options->common.seed);
        rc = play(&t, e);
    }
    if (rc == ERR_OK)
        tell(&t);
    dialer_free(&t.dialer);
    poller_free(t.poller);
    life_free(&t.life);
    free(t.targets);
    free(t.names);
    return rc;
}
