#include "sim/app/drive_lb.h"
#include "sim/base/file.h"
#include "sim/base/text.h"

#include <inttypes.h>

/* ------------------------------------------------------------ builds */

static void put_time(FILE *out, sim_us at_us)
{
    if (at_us == SIM_NEVER)
        fputc(',', out);
    else
        fprintf(out, ",%.6f", s_from_us(at_us));
}

static void put_side(FILE *out, const struct build_result *r)
{
    fprintf(out, ",%s", build_end_name(r->end));
    put_time(out, r->first_dial_us);
    put_time(out, r->served_us);
    put_time(out, r->end_us);
    fprintf(out, ",%.6f,%" PRIu32 ",%" PRIu32, s_from_us(r->waited_us),
            r->attempts, r->dials);
}

static void write_builds(const struct stage *s, FILE *out)
{
    const struct scenario *sc = s->scenario;

    fputs("build,pool,model_outcome,model_first_dial_s,model_served_s,"
          "model_done_s,model_wait_s,model_attempts,model_dials,outcome,"
          "first_dial_s,served_s,done_s,wait_s,attempts,dials\n",
          out);
    for (size_t i = 0; i < sc->trace.n; i++) {
        const struct trace_build *t = &sc->trace.builds[i];
        if (!dialer_has(&s->dialer, i))
            continue;
        text_csv(out, strings_at(&sc->trace.strings, t->id));
        fputc(',', out);
        text_csv(out, sc->system.pools[sc->pool_of[t->pool]].name);
        put_side(out, &s->life->builds[i]);
        put_side(out, &s->dialer.results[i]);
        fputc('\n', out);
    }
}

/* ------------------------------------------------------------ gauges */

static void write_gauges(const struct stage *s, FILE *out)
{
    const struct life *l = s->life;

    fputs("at_s,pool,model_sessions,sessions,model_queue,queue,servers\n", out);
    for (size_t i = 0; i < s->n_samples; i++) {
        const struct stage_sample *x = &s->samples[i];
        struct gauge_range sessions =
            gauge_range(l->rows, l->n_rows, x->pool,
                        offsetof(struct pool_state, sessions), x->at_us, 0);
        struct gauge_range queue =
            gauge_range(l->rows, l->n_rows, x->pool,
                        offsetof(struct pool_state, queue), x->at_us, 0);

        fprintf(out, "%.6f,", s_from_us(x->at_us));
        text_csv(out, s->scenario->system.pools[x->pool].name);
        fprintf(out,
                ",%" PRId32 ",%" PRId32 ",%" PRId32 ",%" PRId32 ",%" PRId32
                "\n",
                sessions.most, x->real.sessions, queue.most, x->real.queue,
                x->real.servers);
    }
}

/* ------------------------------------------------------------ files */

static int write_file(const char *folder, const char *name,
                      const struct stage *s,
                      void (*write)(const struct stage *s, FILE *out),
                      struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, folder, name, e);

    if (rc == ERR_OK)
        write(s, sink.out);
    return sink_end(&sink, rc, e);
}

int drive_lb_write(const struct drive *d, const struct stage *s, struct err *e)
{
    const char *folder = d->options->common.out;
    int rc = folder_make(folder, e);

    if (rc == ERR_OK)
        rc = write_file(folder, "builds.csv", s, write_builds, e);
    if (rc == ERR_OK)
        rc = write_file(folder, "gauges.csv", s, write_gauges, e);
    return rc == ERR_OK ? balancer_keep(s->balancer, folder, e) : rc;
}
