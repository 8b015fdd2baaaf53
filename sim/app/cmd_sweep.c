/* cmd_sweep.c - `drydock sweep`: a grid of settings in the same worlds. */
#include "sim/app/commands.h"
#include "sim/app/interrupt.h"
#include "sim/app/sweep_out.h"
#include "sim/app/wrap.h"
#include "sim/base/file.h"

#include <stdlib.h>

enum { KEY_VARY = 512, KEY_NO_PLOTS };

struct command_line {
    struct options options;
    struct sweep *sweep;
};

static const struct argp_option rows[] = {
    {.name = "vary",
     .key = KEY_VARY,
     .arg = "KEY=A,B,...",
     .doc = "values of one parameter, as 'drydock check' lists them "
            "(repeatable: every combination is run)"},
    {.name = "no-plots", .key = KEY_NO_PLOTS, .doc = "draw no picture"},
    {0},
};

static const char doc[] =
    "Runs SCENARIO as it is today and with every combination of the values, "
    "all in the same random worlds, and prints which settings are not beaten "
    "in cost, p95 wait and regretted removals.\v"
    "With --output DIR: sweep.csv, plots/pareto. Half-widths are of 95 % "
    "intervals; those of the differences to today's setting hold for all "
    "settings together. An interrupt (Ctrl-C) ends "
    "the sweep with the settings that are done.\n\n"
    "Exit status: 0 some setting meets all targets, or none are set; 1 bad "
    "input, a failed write or an interrupt; 2 usage; 3 no setting meets the "
    "targets.";

static void add_axis(struct command_line *c, const char *text,
                     struct argp_state *state)
{
    struct err e;

    if (sweep_vary(c->sweep, text, &e) != ERR_OK)
        argp_error(state, "%s", e.msg);
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct command_line *c = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &c->options;
        break;
    case KEY_VARY:
        add_axis(c, arg, state);
        break;
    case KEY_NO_PLOTS:
        c->options.no_plots = true;
        break;
    case ARGP_KEY_END:
        if (c->sweep->n_axes == 0)
            argp_error(state, "what is to vary? --vary KEY=A,B,...");
        if (c->options.json)
            argp_error(state, "sweep has no --json; --output DIR writes "
                              "sweep.csv");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {{.argp = &options_argp}, {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ progress */

/* Ten times a second is enough for anybody. */
static bool is_news(struct sweep_job *j, double now_s, bool last)
{
    if (!last && now_s - j->shown_s < 0.1)
        return false;
    j->shown_s = now_s;
    return true;
}

static void show_progress(void *context, size_t n_done, size_t n_all)
{
    struct sweep_job *j = context;
    double now_s = interrupt_wall_s();
    char left[32];

    if (!app_is_watched(j->options->quiet) ||
        !is_news(j, now_s, n_done == n_all))
        return;
    double each_s = (now_s - j->started_s) / (double)n_done;
    double left_s = each_s * (double)(n_all - n_done);

    duration_print((sim_us)left_s * US_PER_S, left);
    fprintf(stderr, "\r%zu of %zu runs, %s left\033[K%s", n_done, n_all, left,
            n_done == n_all ? "\n" : "");
}

/* ------------------------------------------------------------ the sweep */

static int simulate(struct sweep_job *j, struct err *e)
{
    const struct options *o = j->options;
    const struct sweep_task task = {
        .seed = o->seed,
        .n_reps = o->n_reps,
        .n_threads = o->n_threads,
        .context = j,
        .on_done = show_progress,
        .should_stop = interrupt_came,
    };
    sigset_t before;

    j->started_s = interrupt_wall_s();
    interrupt_hold(&before);
    int rc = sweep_run(&j->sweep, &task, e);

    if (interrupt_release(&before) && app_is_watched(o->quiet))
        fputc('\n', stderr);
    if (rc != ERR_OK)
        return rc;
    if (!j->sweep.settings[0].done)
        return err_set(e, ERR_IO,
                       "interrupted before today's setting was done");
    sweep_judge(&j->verdict, &j->sweep);
    return ERR_OK;
}

static int run(struct sweep_job *j, struct err *e)
{
    const struct options *o = j->options;
    int rc = options_load(o, &j->scenario, e);

    if (rc == ERR_OK)
        rc = sweep_make(&j->sweep, &j->scenario, e);
    if (rc == ERR_OK && o->out)
        rc = folder_make(o->out, e);
    if (rc == ERR_OK)
        rc = simulate(j, e);
    if (rc != ERR_OK)
        return rc;
    if (o->out)
        rc = sweep_write(j, e);
    wrap_stdout();
    sweep_print(j, stdout);
    return rc;
}

static int status(const struct sweep_job *j)
{
    if (j->verdict.n_done < j->sweep.n)
        return EXIT_BAD;
    return j->scenario.n_targets > 0 && j->verdict.best == SIZE_MAX
               ? EXIT_VERDICT
               : EXIT_GOOD;
}

int cmd_sweep(int argc, char **argv)
{
    struct sweep_job j = {0};
    struct command_line c = {.sweep = &j.sweep};
    struct err e;

    options_defaults(&c.options);
    j.options = &c.options;
    app_parse(&argp, argc, argv, &c);
    int rc = run(&j, &e);
    int exit_status = rc == ERR_OK ? status(&j) : EXIT_BAD;

    sweep_verdict_free(&j.verdict);
    sweep_free(&j.sweep);
    scenario_free(&j.scenario);
    return rc == ERR_OK ? exit_status : app_fail(&e, rc);
}
