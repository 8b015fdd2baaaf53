/* cmd_run.c - `drydock run`: replay a history and answer the question. */
#include "sim/app/commands.h"
#include "sim/app/run.h"
#include "sim/app/wrap.h"
#include "sim/base/file.h"
#include "sim/base/wall.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { KEY_EVENTS = 512, KEY_TIMING, KEY_OPENMETRICS, KEY_PERFETTO, KEY_DRAWN };

static const struct argp_option rows[] = {
    {.name = "events",
     .key = KEY_EVENTS,
     .doc = "also write events.log, one line an event (needs --output)"},
    {.name = "openmetrics",
     .key = KEY_OPENMETRICS,
     .arg = "FILE",
     .flags = OPTION_ARG_OPTIONAL,
     .doc = "also write what Prometheus would have scraped, with the real "
            "names, as OpenMetrics text: to FILE, or metrics.om (needs "
            "--output); .gz is compressed"},
    {.name = "perfetto",
     .key = KEY_PERFETTO,
     .arg = "FILE",
     .flags = OPTION_ARG_OPTIONAL,
     .doc = "also write trace events for the Perfetto UI: to FILE, or "
            "trace.json (needs --output)"},
    {.name = "timing",
     .key = KEY_TIMING,
     .doc =
         "put the seconds it took into summary.json; without it wall_s is 0, "
         "so that equal runs give equal bytes"},
    OPTIONS_DRAWN(KEY_DRAWN),
    {0},
};

static const char doc[] =
    "Replays the history of SCENARIO through the models and prints one table "
    "with the answer first.\v"
    "With --output DIR: summary.json, report.md, report.html, timeline.csv, "
    "builds.csv, plots/. The files of builds and of states are of the first "
    "replication.\n\n"
    "Examples:\n"
    "  drydock run scenarios/prod.yaml -o out\n\n"
    "Exit status: 0 all targets met or none set; 1 bad input or a failed "
    "write; 2 usage; 3 a target is missed.";

/* Without a name of its own a file goes to the run's folder. */
static void check(const struct options *o, const struct argp_state *state)
{
    if (o->out)
        return;
    if (o->events)
        argp_error(state, "--events needs --output DIR");
    if (o->openmetrics && !*o->openmetrics)
        argp_error(state, "--openmetrics needs =FILE or --output DIR");
    if (o->perfetto && !*o->perfetto)
        argp_error(state, "--perfetto needs =FILE or --output DIR");
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->child_inputs[1] = o;
        break;
    case KEY_EVENTS:
        o->events = true;
        break;
    case KEY_OPENMETRICS:
        o->openmetrics = arg ? app_path(state, "--openmetrics", arg) : "";
        break;
    case KEY_PERFETTO:
        o->perfetto = arg ? app_path(state, "--perfetto", arg) : "";
        break;
    case KEY_DRAWN:
        o->drawn = arg;
        break;
    case KEY_TIMING:
        o->timing = true;
        break;
    case ARGP_KEY_END:
        check(o, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {
    {.argp = &options_results_argp}, {.argp = &options_runs_argp}, {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ time */

static double cpu_s(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void print_speed(const struct run *r)
{
    double events = (double)r->results.events;

    fprintf(stderr,
            "%" PRIu64 " events, %.2f million a second of CPU time, "
            "%.2f s CPU, %.2f s wall\n",
            r->results.events, r->cpu_s > 0.0 ? events / r->cpu_s / 1e6 : 0.0,
            r->cpu_s, r->wall_s);
}

static void show_progress(void *context, uint32_t n_done)
{
    const struct run *r = context;

    if (app_is_watched(r->options->quiet) && r->options->n_reps > 1)
        fprintf(stderr, "\r%u of %u replications%s", n_done, r->options->n_reps,
                n_done == r->options->n_reps ? "\n" : "");
}

/* ------------------------------------------------------------ the run */

static void simulate(struct run *r)
{
    const struct options *o = r->options;
    struct scenario *s = &r->scenario;
    struct replicate_watch watch = run_watch(&r->log, s->trace.n);
    struct replicate_task task = replicate_task_of(s, o->seed);
    double wall = wall_s(), cpu = cpu_s();

    task.n_reps = o->n_reps;
    task.n_threads = o->n_threads;
    task.measures = o->json || o->out;
    task.watch = o->out || r->log.n_others > 0 ? &watch : NULL;
    task.on_done = show_progress;
    task.done_context = r;
    replicate(&r->results, &task);
    r->wall_s = wall_s() - wall;
    r->cpu_s = cpu_s() - cpu;
    verdict_take(&r->verdict, s, &r->results);
    hazards_find(&r->hazards, s);
}

/* What is written meanwhile, and where the rows are kept. */
static int prepare(struct run *r, struct outputs *x, struct err *e)
{
    const struct options *o = r->options;
    int rc = outputs_open(x, o, &r->scenario, e);

    if (rc != ERR_OK)
        return rc;
    r->log.n_others = outputs_watches(x, r->log.others);
    if (o->n_reps == 1 && app_is_watched(o->quiet)) {
        r->pulse.out = stderr;
        r->log.others[r->log.n_others++] = pulse_watch(&r->pulse);
    }
    return o->out ? run_log_keep_rows(&r->log, o->out, e) : ERR_OK;
}

static int run(struct run *r, struct err *e)
{
    const struct options *o = r->options;
    struct outputs x = {0};
    int rc = options_load(o, &r->scenario, e);

    if (rc == ERR_OK && o->out)
        rc = folder_make(o->out, e);
    if (rc == ERR_OK)
        rc = prepare(r, &x, e);
    if (rc == ERR_OK) {
        simulate(r);
        rc = run_log_finish(&r->log, e);
    }
    if (rc == ERR_OK)
        rc = outputs_close(&x, e);
    if (rc == ERR_OK && o->out)
        rc = run_write_files(r, e);
    outputs_abort(&x);
    return rc;
}

static void print(const struct run *r)
{
    if (r->options->json) {
        out_summary(r, stdout);
    } else {
        wrap_stdout();
        run_print(r, stdout);
    }
    if (!r->options->quiet)
        print_speed(r);
}

static void release(struct run *r)
{
    scenario_free(&r->scenario);
    replications_free(&r->results);
    hazards_free(&r->hazards);
    run_log_free(&r->log);
}

int cmd_run(int argc, char **argv)
{
    struct options options;
    struct run r = {.options = &options};
    struct err e;

    options_defaults(&options);
    app_parse(&argp, argc, argv, &options);
    int rc = run(&r, &e);
    if (rc == ERR_OK)
        print(&r);
    bool missed = !r.verdict.met;
    release(&r);
    if (rc != ERR_OK)
        return app_fail(&e, rc);
    return missed ? EXIT_VERDICT : EXIT_GOOD;
}
