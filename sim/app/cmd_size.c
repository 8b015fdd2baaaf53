/* cmd_size.c - `drydock size`: what minimum, maximum, fallback and scale-down
 * settings should be, at what price, and how sure that is.
 */
#include "sim/app/commands.h"
#include "sim/app/size_out.h"
#include "sim/app/wrap.h"

#include <math.h>
#include <stdlib.h>

enum {
    KEY_HISTORIES = 512,
    KEY_MISSES,
    KEY_GROWTH,
    KEY_ADD,
    KEY_STARTS,
    KEY_CONFIDENCE,
    KEY_TOLERATE,
    KEY_HORIZON,
    KEY_REGRETTED,
    KEY_EXHAUSTIVE
};

static const struct argp_option rows[] = {
    {.name = "histories",
     .key = KEY_HISTORIES,
     .arg = "N",
     .doc = "histories that are drawn by runs, and as many by calendar days "
            "(default 225)"},
    {.name = "misses",
     .key = KEY_MISSES,
     .arg = "N",
     .doc = "histories of each kind that may miss the targets (default 0)"},
    {.name = "confidence",
     .key = KEY_CONFIDENCE,
     .arg = "P",
     .doc = "confidence of the guarantee, 0.5 to 0.999999 (default 0.99)"},
    {.name = "growth",
     .key = KEY_GROWTH,
     .arg = "X",
     .doc = "draw so many times the runs of the history (default 1)"},
    {.name = "add",
     .key = KEY_ADD,
     .arg = "FILE",
     .doc = "a history of further users of the pools; repeatable"},
    {.name = "starts",
     .key = KEY_STARTS,
     .arg = "FILE",
     .doc = "longer history that only tells when runs began: a trace, or a "
            "table with a column such as run_created_at; what each run asks "
            "for is drawn from the record"},
    {.name = "tolerate",
     .key = KEY_TOLERATE,
     .arg = "BUILDS",
     .doc = "builds that a build may wait for, in the mean of the largest "
            "burst (default 2)"},
    {.name = "horizon",
     .key = KEY_HORIZON,
     .arg = "DAYS",
     .doc =
         "time ahead for which the largest demand is estimated (default 90)"},
    {.name = "regretted",
     .key = KEY_REGRETTED,
     .arg = "N",
     .doc = "removals a day that a pool may regret (default: as many as "
            "today)"},
    {.name = "exhaustive",
     .key = KEY_EXHAUSTIVE,
     .arg = "NODES",
     .doc = "try every minimum up to NODES on every history, to see that "
            "nothing is lost by leaving out what cannot win"},
    {0},
};

static const char doc[] =
    "Finds the cheapest setting of each pool that meets the scenario's "
    "targets on the history as it was and on all those that could have been, "
    "and prints it beside today's, with the proof.\v"
    "With --output DIR: patch.yaml (objects for kubectl apply), values.yaml, "
    "report.md, trials.txt (for --resume), plots. --reps is the number of "
    "worlds for the recorded history (default 4). At most 32 pools and 64 "
    "backends of the balancer are sized together.\n\n"
    "Examples:\n"
    "  drydock size scenarios/prod.yaml -o out\n\n"
    "Exit status: 0 there is such a setting; 1 bad input, a failed write or "
    "an interrupt; 2 usage; 3 no setting meets the targets.";

static void add_trace(struct size_options *o, const char *path,
                      const struct argp_state *state)
{
    if (o->n_added == SIZE_ADDED)
        argp_error(state, "more than %d --add", SIZE_ADDED);
    o->added[o->n_added++] = app_path(state, "--add", path);
}

static error_t read_number(int key, char *arg, const struct argp_state *state)
{
    struct size_options *o = state->input;

    switch (key) {
    case KEY_CONFIDENCE:
        o->confidence = app_real(state, "--confidence", arg, 0.5, 0.999999);
        break;
    case KEY_GROWTH:
        o->growth = app_real(state, "--growth", arg, 0.01, RESAMPLE_GROWTH);
        break;
    case KEY_TOLERATE:
        o->tolerated = app_real(state, "--tolerate", arg, 0.0, 1000.0);
        break;
    case KEY_HORIZON:
        o->horizon_days = app_real(state, "--horizon", arg, 0.1, 36500.0);
        break;
    case KEY_REGRETTED:
        o->regretted = app_real(state, "--regretted", arg, 0.0, 1e9);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static error_t check(const struct size_options *o,
                     const struct argp_state *state)
{
    search_check(&o->common, &o->search, state);
    if (o->n_may_miss >= o->n_histories)
        argp_error(state, "--misses must be below --histories");
    return 0;
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct size_options *o = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = state->child_inputs[1] = &o->common;
        state->child_inputs[2] = &o->search;
        break;
    case KEY_HISTORIES:
        o->n_histories =
            (uint32_t)app_number(state, "--histories", arg, 1, HISTORIES_MAX);
        break;
    case KEY_MISSES:
        o->n_may_miss =
            (uint32_t)app_number(state, "--misses", arg, 0, HISTORIES_MAX);
        break;
    case KEY_STARTS:
        o->starts = app_path(state, "--starts", arg);
        break;
    case KEY_EXHAUSTIVE:
        o->exhaust_nodes =
            (uint32_t)app_number(state, "--exhaustive", arg, 1, 1000);
        break;
    case KEY_ADD:
        add_trace(o, arg, state);
        break;
    case ARGP_KEY_END:
        return check(o, state);
    default:
        return read_number(key, arg, state);
    }
    return 0;
}

static const struct argp_child children[] = {{.argp = &options_results_argp},
                                             {.argp = &options_runs_argp},
                                             {.argp = &search_argp},
                                             {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

static int run(struct size_job *j, struct err *e)
{
    int rc = search_run(&j->search, e);

    if (rc == ERR_OK && search_writes(&j->search))
        rc = size_write(j, e);
    if (rc != ERR_OK)
        return rc;
    if (j->options->common.json) {
        size_json(j, stdout);
        return rc;
    }
    wrap_stdout();
    size_print(j, stdout);
    return rc;
}

static void release(struct size_job *j)
{
    follow_free(&j->follow);
    for (size_t i = 0; i < SIZE_POOLS; i++)
        gaps_free(&j->gaps[i]);
    size_free(&j->plan);
    trials_free(&j->trials);
    histories_free(&j->histories);
    for (size_t i = 0; i < SIZE_ADDED; i++)
        trace_free(&j->added[i]);
    trace_free(&j->uncapped);
    trace_free(&j->starts);
    trace_free(&j->filled);
    scenario_free(&j->scenario);
}

int cmd_size(int argc, char **argv)
{
    struct size_options o = {
        .n_histories = 225,
        .growth = 1.0,
        .confidence = 0.99,
        .tolerated = 2.0,
        .horizon_days = 90.0,
        .regretted = NAN,
    };
    struct size_job j = {.options = &o};
    struct err e;

    options_defaults(&o.common);
    o.common.n_reps = 4;
    app_parse(&argp, argc, argv, &o);
    search_join(&o.common, &o.search);
    j.search = (struct search){.how = &o.search,
                               .options = &o.common,
                               .trials = &j.trials,
                               .context = &j,
                               .load = size_load,
                               .work = size_work_out};
    int rc = run(&j, &e);
    bool answered = size_has_answer(&j) && !size_over_usd(&j);

    rc = search_leave(&j.search, rc, answered ? EXIT_GOOD : EXIT_VERDICT, &e);
    release(&j);
    return rc;
}
