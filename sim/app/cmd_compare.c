/* cmd_compare.c - `drydock compare`: two configurations, one history. */
#include "sim/app/commands.h"
#include "sim/app/compare_git.h"
#include "sim/app/compare_out.h"
#include "sim/app/interrupt.h"
#include "sim/app/wrap.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/plan/hazards_try.h"

#include <stdlib.h>

enum { KEY_SCENARIO = 512, KEY_GIT, DEFAULT_REPS = 20 };

struct command_line {
    struct options options;
    const char *scenario, *git;
    const char *paths[SIDES];
    int n_paths;
};

static const struct argp_option rows[] = {
    {.name = "scenario",
     .key = KEY_SCENARIO,
     .arg = "FILE",
     .doc = "what two folders of manifests leave open: trace, clients, "
            "targets, prices (default: the defaults)"},
    {.name = "git",
     .key = KEY_GIT,
     .arg = "BASE..HEAD",
     .doc = "compare a folder at two commits; BASE...HEAD takes the commit "
            "at which HEAD left BASE"},
    {0},
};

static const char doc[] =
    "Runs the same history through two configurations, in the same random "
    "worlds, and says which is better: two scenarios, or two folders of "
    "manifests, or one folder at two commits.\v"
    "The verdict's intervals hold together with 95 %; those of the table each "
    "by itself. With --output DIR: report.md, report.html, compare.json, "
    "plots/.\n\n"
    "Examples:\n"
    "  drydock compare scenarios/compare/slots-*.yaml\n"
    "  drydock compare --git main...HEAD --trace history.csv.gz -- deploy\n\n"
    "Exit status: 0 no target is missed by HEAD, and it has no error that "
    "BASE does not have; 1 bad input or a failed write; 2 usage; 3 a target "
    "is missed, or there is a new error in the configuration.";

static void add_path(struct command_line *c, const char *arg,
                     const struct argp_state *state)
{
    if (c->n_paths == (c->git ? 1 : SIDES))
        argp_error(state, "BASE and HEAD only, or one folder with --git");
    c->paths[c->n_paths++] = app_path(state, "BASE, HEAD", arg);
}

static void check(const struct command_line *c, const struct argp_state *state)
{
    if (c->n_paths < (c->git ? 1 : SIDES))
        argp_error(state, c->git ? "which folder? --git BASE..HEAD -- PATH"
                                 : "which two? BASE and HEAD");
    if (c->git && c->n_paths > 1)
        argp_error(state, "one folder only with --git");
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct command_line *c = state->input;
    struct git_range range;
    struct err e;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->child_inputs[1] = &c->options;
        break;
    case KEY_SCENARIO:
        c->scenario = app_path(state, "--scenario", arg);
        break;
    case KEY_GIT:
        if (git_range(&range, arg, &e) != ERR_OK)
            argp_error(state, "%s", e.msg);
        c->git = arg;
        break;
    case ARGP_KEY_ARG:
        add_path(c, arg, state);
        break;
    case ARGP_KEY_END:
        check(c, state);
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
                                 .args_doc = "BASE HEAD\n--git BASE..HEAD -- "
                                             "PATH",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ the runs */

struct progress {
    const struct options *options;
    int side;
};

static void show_progress(void *context, uint32_t n_done)
{
    const struct progress *p = context;
    uint32_t n = p->options->n_reps;

    if (app_is_watched(p->options->quiet) && n > 1)
        fprintf(stderr, "\r%u of %u replications%s",
                n_done + n * (uint32_t)p->side, SIDES * n,
                n_done == n && p->side == HEAD ? "\n" : "");
}

static int simulate(struct compare_job *j, int side, struct err *e)
{
    const struct options *o = j->options;
    struct run *r = &j->side[side].run;
    struct scenario *s = &r->scenario;
    struct progress progress = {o, side};

    r->options = o;
    int rc = run_log_keep_rows(&r->log, o->out ? o->out : P_tmpdir, e);
    if (rc != ERR_OK)
        return rc;
    struct replicate_watch watch = run_watch(&r->log, s->trace.n);
    struct replicate_task task = replicate_task_of(s, o->seed);
    task.n_reps = o->n_reps;
    task.n_threads = o->n_threads;
    task.watch = &watch;
    task.on_done = show_progress;
    task.done_context = &progress;
    replicate(&r->results, &task);
    verdict_take(&r->verdict, s, &r->results);
    hazards_find(&r->hazards, s);
    hazards_try(&r->hazards, s, o->seed);
    return run_log_finish(&r->log, e);
}

static void judge(struct compare_job *j)
{
    const struct run *base = &j->side[BASE].run, *head = &j->side[HEAD].run;
    const struct contrast_side sides[] = {{&base->scenario, &base->results},
                                          {&head->scenario, &head->results}};

    contrast_take(&j->contrast, &sides[BASE], &sides[HEAD]);
    j->fresh = mem_array(head->hazards.n, sizeof *j->fresh);
    j->gone = mem_array(base->hazards.n, sizeof *j->gone);
    contrast_hazards(&base->hazards, &head->hazards, j->fresh, j->gone);
    compare_effects(j);
    compare_worst(j);
}

static int run(struct compare_job *j, const struct command_line *c,
               struct err *e)
{
    const struct options *o = j->options;
    int rc = compare_load(j, c->git, c->paths[0], e);

    if (rc == ERR_OK && o->out)
        rc = folder_make(o->out, e);
    for (int i = 0; rc == ERR_OK && i < SIDES; i++)
        rc = simulate(j, i, e);
    if (rc != ERR_OK)
        return rc;
    judge(j);
    if (o->out)
        rc = compare_write(j, e);
    if (o->json) {
        compare_json(j, stdout);
    } else {
        wrap_stdout();
        compare_print(j, stdout);
    }
    return rc;
}

static void release(struct compare_job *j)
{
    for (int i = 0; i < SIDES; i++) {
        struct compare_side *side = &j->side[i];
        scenario_free(&side->run.scenario);
        replications_free(&side->run.results);
        hazards_free(&side->run.hazards);
        run_log_free(&side->run.log);
        free(side->folder);
        free(side->shown);
    }
    contrast_free(&j->contrast);
    params_diff_free(&j->diff);
    free(j->effects);
    free(j->fresh);
    free(j->gone);
}

int cmd_compare(int argc, char **argv)
{
    struct compare_job j = {0};
    struct command_line c = {0};
    struct err e;

    options_defaults(&c.options);
    c.options.n_reps = DEFAULT_REPS;
    c.options.scenario = ""; /* BASE and HEAD stand for it */
    j.options = &c.options;
    app_parse(&argp, argc, argv, &c);
    j.scenario = c.scenario;
    for (int i = 0; i < SIDES && !c.git; i++)
        j.side[i].label = j.side[i].path = c.paths[i];
    int rc = run(&j, &c, &e);
    bool fails = rc == ERR_OK && compare_fails(&j);

    release(&j);
    if (rc != ERR_OK)
        return app_fail(&e, rc);
    return fails ? EXIT_VERDICT : EXIT_GOOD;
}
