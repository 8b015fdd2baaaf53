/* cmd_sweep.c - `drydock sweep`: a grid of settings in the same worlds. */
#include "sim/app/commands.h"
#include "sim/app/sweep_out.h"
#include "sim/app/wrap.h"

#include <stdlib.h>

enum { KEY_VARY = 512, KEY_WITHIN };

/* Two looks, which have to agree. */
enum { WITHIN_REPS = SWEEP_FIRST + SWEEP_EVERY };

struct command_line {
    struct options options;
    struct search_options search;
    double within_pct; /* 0: as many as --reps says */
    struct sweep *sweep;
};

static const struct argp_option rows[] = {
    {.name = "vary",
     .key = KEY_VARY,
     .arg = "KEY=A,B,...",
     .doc = "values of one parameter, as 'drydock check' lists them "
            "(repeatable: every combination is run)"},
    {.name = "within",
     .key = KEY_WITHIN,
     .arg = "PERCENT",
     .doc = "stop when the mean cost of every setting is known to so much, and "
            "not before 30 replications; --reps is the most that is run"},
    {0},
};

static const char doc[] =
    "Runs SCENARIO as it is today and with every combination of the values, "
    "all in the same random worlds, and prints which settings are not beaten "
    "in cost, p95 wait and regretted removals.\v"
    "With --output DIR: sweep.csv, plots/pareto, trials.txt (for --resume). "
    "Half-widths are of 95 % intervals; those of the differences to today's "
    "setting hold for all settings together. An interrupt (Ctrl-C) ends the "
    "sweep with the settings that are done.\n\n"
    "Examples:\n"
    "  drydock sweep scenarios/prod.yaml --vary amd64.min_replicas=2,8\n\n"
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

static double percent(const char *text, const struct argp_state *state)
{
    char *end;
    double x = strtod(text, &end);

    if (end == text || *end != '\0' || !(x > 0.0 && x <= 100.0))
        argp_error(state,
                   "--within must be a number above 0 and up to 100, "
                   "not '%.60s'",
                   text);
    return x;
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct command_line *c = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->child_inputs[1] = &c->options;
        state->child_inputs[2] = &c->search;
        break;
    case KEY_VARY:
        add_axis(c, arg, state);
        break;
    case KEY_WITHIN:
        c->within_pct = percent(arg, state);
        break;
    case ARGP_KEY_END:
        if (c->sweep->n_axes == 0)
            argp_error(state, "what is to vary? --vary KEY=A,B,...");
        if (c->within_pct > 0.0 && c->options.n_reps < WITHIN_REPS)
            argp_error(state, "--within needs --reps N, of %d or more",
                       WITHIN_REPS);
        search_check(&c->options, &c->search, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {{.argp = &options_output_argp},
                                             {.argp = &options_runs_argp},
                                             {.argp = &search_argp},
                                             {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ progress */

static void show_progress(void *context, size_t n_done, size_t n_all)
{
    struct sweep_job *j = context;
    char left[32];

    if (!search_is_due(&j->search, n_done == n_all))
        return;
    search_left(&j->search, n_done, n_all, left);
    fprintf(stderr, "\r%zu of %zu runs, %s left\033[K", n_done, n_all, left);
}

/* ------------------------------------------------------------ the sweep */

static int load(void *context, struct err *e)
{
    struct sweep_job *j = context;
    const struct options *o = j->search.options;
    int rc = options_load(o, &j->scenario, e);

    if (rc == ERR_OK)
        rc = sweep_make(&j->sweep, &j->scenario, o->n_reps, e);
    histories_record(&j->histories, &j->scenario.trace, o->seed, o->n_reps);
    trials_init(&j->trials, &j->scenario, &j->histories);
    j->trials.on_done = show_progress;
    return rc;
}

static int simulate(void *context, struct err *e)
{
    struct sweep_job *j = context;
    int rc = sweep_run(&j->sweep, &j->trials, j->within_pct / 100.0, e);

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
    int rc = search_run(&j->search, e);

    if (rc != ERR_OK)
        return rc;
    if (search_writes(&j->search))
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

static void release(struct sweep_job *j)
{
    sweep_verdict_free(&j->verdict);
    sweep_free(&j->sweep);
    trials_free(&j->trials);
    histories_free(&j->histories);
    scenario_free(&j->scenario);
}

int cmd_sweep(int argc, char **argv)
{
    struct sweep_job j = {0};
    struct command_line c = {.sweep = &j.sweep};
    struct err e;

    options_defaults(&c.options);
    app_parse(&argp, argc, argv, &c);
    search_join(&c.options, &c.search);
    j.options = &c.options;
    j.within_pct = c.within_pct;
    j.search = (struct search){.how = &c.search,
                               .options = &c.options,
                               .trials = &j.trials,
                               .context = &j,
                               .load = load,
                               .work = simulate};
    int rc = run(&j, &e);
    int exit_status = search_leave(&j.search, rc, status(&j), &e);

    release(&j);
    return exit_status;
}
