#include "sim/app/drive_lb.h"
#include "sim/app/show.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <inttypes.h>
#include <stdlib.h>

/* One pool, both sides. */
struct drive_pool {
    struct compare_builds builds;
    struct compare_series sessions, queue;
};

enum { SERIES_ROWS = 60, TOLERANCE = 0, LATE_US = 5000 };

/* Real time that no model has and that nobody controls: two things closer
 * than this may change places.
 */
static sim_us reach_us_of(double shrink)
{
    sim_us jitter_us = (sim_us)(shrink * 25.0 * (double)US_PER_MS);

    return jitter_us > US_PER_S ? jitter_us : US_PER_S;
}

/* ------------------------------------------------------------ comparison */

static size_t pairs_of(const struct stage *s, uint32_t pool,
                       struct compare_pair out[])
{
    const struct scenario *sc = s->scenario;
    size_t n = 0;

    for (size_t i = 0; i < sc->trace.n; i++)
        if (sc->pool_of[sc->trace.builds[i].pool] == pool &&
            dialer_has(&s->dialer, i) &&
            s->dialer.results[i].end != END_UNFINISHED)
            out[n++] = (struct compare_pair){&s->life->builds[i],
                                             &s->dialer.results[i]};
    return n;
}

static void compare_gauge(const struct stage *s, uint32_t pool, bool queue,
                          struct compare_series *out)
{
    struct compare_reading *readings =
        mem_array(s->n_samples, sizeof *readings);
    struct compare_model model = {
        .rows = s->life->rows,
        .n_rows = s->life->n_rows,
        .pool = pool,
        .offset = queue ? offsetof(struct pool_state, queue)
                        : offsetof(struct pool_state, sessions)};
    size_t n = 0;

    for (size_t i = 0; i < s->n_samples; i++)
        if (s->samples[i].pool == pool)
            readings[n++] = (struct compare_reading){
                s->samples[i].at_us,
                queue ? s->samples[i].real.queue : s->samples[i].real.sessions};
    compare_series(out, readings, n, &model, reach_us_of(s->shrink), TOLERANCE);
    free(readings);
}

static void compare_pool(const struct stage *s, uint32_t pool,
                         struct drive_pool *out)
{
    struct compare_pair *pairs = mem_array(s->scenario->trace.n, sizeof *pairs);
    size_t n = pairs_of(s, pool, pairs);

    compare_builds(&out->builds, pairs, n, reach_us_of(s->shrink));
    free(pairs);
    compare_gauge(s, pool, false, &out->sessions);
    compare_gauge(s, pool, true, &out->queue);
}

/* ------------------------------------------------------------ the table */

static void print_pool(const struct drive_pool *p, const char *name, FILE *out)
{
    const struct compare_builds *b = &p->builds;
    char most[32];

    fputc('\n', out);
    drive_pair_head(out, name, "model", "");
    drive_pair(out, "builds", SHOW_COUNT, b->n, b->n);
    drive_pair(out, "attempts", SHOW_COUNT, (double)b->model_attempts,
               (double)b->real_attempts);
    drive_pair(out, "dials", SHOW_COUNT, (double)b->model_dials,
               (double)b->real_dials);
    drive_pair(out, "wait, mean", SHOW_WAIT, b->model_wait_s, b->real_wait_s);
    drive_pair(out, "sessions, mean", SHOW_NUMBER, p->sessions.model_mean,
               p->sessions.real_mean);
    drive_pair(out, "queue, mean", SHOW_NUMBER, p->queue.model_mean,
               p->queue.real_mean);
    duration_print(b->wait_most_us / US_PER_MS * US_PER_MS, most);
    fprintf(out,
            "largest differences: wait of a build %s, its attempts %" PRId32
            ", its dials %" PRId32 "\n",
            most, b->attempts_most, b->dials_most);
    fprintf(out,
            "ended otherwise %" PRIu32 ", served out of order %" PRIu32
            ", other attempts %" PRIu32 "\n",
            b->n_ends, b->n_order, b->n_attempts);
}

static void print_series(const struct compare_series *c, const char *what,
                         sim_us reach_us, FILE *out)
{
    char reach[32];

    duration_print(reach_us, reach);
    fprintf(out,
            "%s: largest difference %" PRId32 " at the instant, %" PRId32
            " within %s; %" PRIu32 " of %" PRIu32 " readings differ\n",
            what, c->instant_most, c->outside_most, reach, c->n_outside, c->n);
}

/* ------------------------------------------------------------ the series */

static void print_reading(const struct stage *s, size_t i, FILE *out)
{
    const struct life *l = s->life;
    const struct stage_sample *x = &s->samples[i];
    struct gauge_range model[2] = {
        gauge_range(l->rows, l->n_rows, x->pool,
                    offsetof(struct pool_state, sessions), x->at_us, 0),
        gauge_range(l->rows, l->n_rows, x->pool,
                    offsetof(struct pool_state, queue), x->at_us, 0)};

    fprintf(out, "%*" PRId32 "%*" PRId32 "%*" PRId32 "%*" PRId32, 10,
            model[0].most, 6, x->real.sessions, 9, model[1].most, 6,
            x->real.queue);
}

static void print_all_series(const struct stage *s, FILE *out)
{
    size_t n_pools = s->scenario->system.n_pools;
    size_t n = s->n_samples / n_pools;
    size_t step = (n + SERIES_ROWS - 1) / SERIES_ROWS;

    fprintf(out, "\n%-9s", "");
    for (size_t p = 0; p < n_pools; p++) {
        char name[20];
        text_plain(s->scenario->system.pools[p].name, name, sizeof name);
        fprintf(out, "  %-29s", name);
    }
    fprintf(out, "\n%-9s", "at");
    for (size_t p = 0; p < n_pools; p++)
        fputs("  sessions  real    queue  real", out);
    fputc('\n', out);
    for (size_t i = 0; i < n; i += step) {
        char at[32];
        sim_us at_us = s->samples[i * n_pools].at_us;
        duration_print(at_us / US_PER_S * US_PER_S, at);
        fprintf(out, "%-9s", at);
        for (size_t p = 0; p < n_pools; p++)
            print_reading(s, i * n_pools + p, out);
        fputc('\n', out);
    }
}

/* ------------------------------------------------------------ all of it */

static void add_row(struct drive_row *row, const struct drive_pool *p)
{
    row->compared += 3 * p->builds.n + p->sessions.n + p->queue.n;
    row->differences += p->builds.n_ends + p->builds.n_order +
                        p->builds.n_attempts + p->sessions.n_outside +
                        p->queue.n_outside;
}

/* Versions differ in what matters; see models/lb_params.h. */
static const char *model_name(enum lb_version version)
{
    static const char *const names[] = {[LB_2_6] = "2.6",
                                        [LB_3_0] = "3.0",
                                        [LB_3_1_0] = "3.1.0",
                                        [LB_3_1] = "3.1",
                                        [LB_3_2] = "3.2"};

    return names[version];
}

static void print_left(const struct stage *s, FILE *out)
{
    const struct live_cfg *l = &s->balancer->live;

    for (size_t i = 0; i < l->n_left; i++) {
        char plain[sizeof l->left[i].words];
        text_plain(l->left[i].words, plain, sizeof plain);
        fprintf(out, "left out of haproxy.cfg, line %u: %s\n", l->left[i].line,
                plain);
    }
}

static void print_head(const struct drive *d, const struct stage *s, FILE *out)
{
    fprintf(out,
            "HAProxy %s on loopback, time divided by %g. Pods come and go as "
            "simulated;\nbalancer, its names and connections are real.\n",
            s->balancer->version, s->shrink);
    if (s->balancer->model != d->scenario.system.lb.version)
        fprintf(out, "The model is that of HAProxy %s; the scenario says %s.\n",
                model_name(s->balancer->model),
                model_name(d->scenario.system.lb.version));
    if (!s->timely)
        fprintf(out, "No real-time priority here: what a busy machine delays "
                     "shows as a difference.\n");
    fprintf(out, "Latest wake-up: %.1f ms real.\n",
            (double)s->late_us / (double)US_PER_MS);
    print_left(s, out);
}

static void print_all(const struct drive *d, const struct stage *s,
                      const struct drive_pool pools[], FILE *out)
{
    sim_us reach_us = reach_us_of(s->shrink);

    print_head(d, s, out);
    print_all_series(s, out);
    for (uint32_t i = 0; i < d->scenario.system.n_pools; i++) {
        print_pool(&pools[i], d->scenario.system.pools[i].name, out);
        print_series(&pools[i].sessions, "sessions", reach_us, out);
        print_series(&pools[i].queue, "queue", reach_us, out);
    }
    fputc('\n', out);
}

void drive_lb_tell(struct drive *d, const struct stage *s)
{
    size_t n = d->scenario.system.n_pools;
    struct drive_pool *pools = mem_array(n, sizeof *pools);
    struct drive_row *row = drive_add_row(d, "balancer");

    (void)snprintf(row->version, sizeof row->version, "HAProxy %.20s",
                   s->balancer->version);
    for (uint32_t i = 0; i < n; i++) {
        compare_pool(s, i, &pools[i]);
        add_row(row, &pools[i]);
    }
    if (s->late_us > LATE_US)
        (void)snprintf(row->note, sizeof row->note,
                       "this machine woke us up to %.0f ms late",
                       (double)s->late_us / (double)US_PER_MS);
    if (!d->options->common.json)
        print_all(d, s, pools, stdout);
    free(pools);
}
