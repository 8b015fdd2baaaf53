/* options.c - one row an option. */
#include "sim/app/options.h"

#include "sim/plan/drawn.h"
#include "sim/plan/replicate.h"

#include <unistd.h>

enum {
    KEY_SET = 256,
    KEY_TRACE,
    KEY_MANIFESTS,
    KEY_SEED,
    KEY_JSON,
    KEY_NO_PLOTS
};

static const struct argp_option common_rows[] = {
    {.name = "trace",
     .key = KEY_TRACE,
     .arg = "FILE",
     .doc = "history to replay, in place of the scenario's own"},
    {.name = "manifests",
     .key = KEY_MANIFESTS,
     .arg = "PATH",
     .doc = "manifests, in place of the scenario's own (repeatable; later "
            "objects replace earlier ones)"},
    {.name = "set",
     .key = KEY_SET,
     .arg = "KEY=VALUE",
     .doc = "one parameter, as 'drydock check' lists them (repeatable)"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "N",
     .doc = "seed of all random draws (default 1)"},
    {.name = "quiet", .key = 'q', .doc = "no progress and no remarks"},
    {0},
};

static const struct argp_option json_rows[] = {
    {.name = "json", .key = KEY_JSON, .doc = "machine-readable results"},
    {0},
};

static const struct argp_option output_rows[] = {
    {.name = "output",
     .key = 'o',
     .arg = "DIR",
     .doc = "folder for the files that are named below"},
    {0},
};

static const struct argp_option runs_rows[] = {
    {.name = "reps",
     .key = 'n',
     .arg = "N",
     .doc = "independent replications (default 1; compare 20, size 4)"},
    {.name = "threads",
     .key = 'j',
     .arg = "N",
     .doc = "threads that share the replications (default: all cores); the "
            "results are the same for every number"},
    {.name = "no-plots", .key = KEY_NO_PLOTS, .doc = "draw no pictures"},
    {0},
};

void options_defaults(struct options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    *o = (struct options){.seed = 1, .n_reps = 1, .n_threads = 1};
    if (cores > 1)
        o->n_threads =
            cores < REPLICATE_THREADS ? (uint32_t)cores : REPLICATE_THREADS;
}

static void add_set(struct options *o, const char *text,
                    const struct argp_state *state)
{
    if (o->n_sets == OPTION_SETS)
        argp_error(state, "more than %d --set", OPTION_SETS);
    o->sets[o->n_sets++] = text;
}

static void add_manifests(struct options *o, const char *path,
                          const struct argp_state *state)
{
    if (o->n_manifests == OPTION_PATHS)
        argp_error(state, "more than %d --manifests", OPTION_PATHS);
    o->manifests[o->n_manifests++] = app_path(state, "--manifests", path);
}

static void take_argument(struct options *o, const char *text,
                          const struct argp_state *state)
{
    if (o->scenario)
        argp_error(state, "one SCENARIO only, not '%.60s' too", text);
    o->scenario = app_path(state, "SCENARIO", text);
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    switch (key) {
    case KEY_TRACE:
        o->trace = app_path(state, "--trace", arg);
        break;
    case KEY_MANIFESTS:
        add_manifests(o, arg, state);
        break;
    case KEY_SET:
        add_set(o, arg, state);
        break;
    case KEY_SEED:
        o->seed = app_number(state, "--seed", arg, 0, UINT64_MAX);
        break;
    case 'n':
        o->n_reps =
            (uint32_t)app_number(state, "--reps", arg, 1, REPLICATE_MAX);
        break;
    case 'j':
        o->n_threads =
            (uint32_t)app_number(state, "--threads", arg, 1, REPLICATE_THREADS);
        break;
    case 'o':
        o->out = app_path(state, "--output", arg);
        break;
    case KEY_JSON:
        o->json = true;
        break;
    case 'q':
        o->quiet = true;
        break;
    case KEY_NO_PLOTS:
        o->no_plots = true;
        break;
    case ARGP_KEY_INIT:
        if (state->child_inputs)
            state->child_inputs[0] = o;
        break;
    case ARGP_KEY_ARG:
        take_argument(o, arg, state);
        break;
    case ARGP_KEY_END:
        if (!o->scenario)
            argp_error(state, "which SCENARIO?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp options_argp = {.options = common_rows,
                                  .parser = read_option};
const struct argp options_runs_argp = {.options = runs_rows,
                                       .parser = read_option};

static const struct argp_child on_common[] = {{.argp = &options_argp}, {0}};

const struct argp options_json_argp = {
    .options = json_rows, .parser = read_option, .children = on_common};
const struct argp options_output_argp = {
    .options = output_rows, .parser = read_option, .children = on_common};

static const struct argp_child on_output[] = {{.argp = &options_output_argp},
                                              {0}};

const struct argp options_results_argp = {
    .options = json_rows, .parser = read_option, .children = on_output};

int options_load(const struct options *o, struct scenario *s, struct err *e)
{
    const struct scenario_options so = {
        .trace = o->trace,
        .manifests = o->manifests,
        .n_manifests = o->n_manifests,
        .set = o->sets,
        .n_set = o->n_sets,
    };

    int rc = scenario_load(s, o->scenario, &so, e);
    if (rc != ERR_OK || !o->drawn)
        return rc;
    rc = drawn_take(s, o->drawn, o->seed, e);
    if (rc != ERR_OK)
        scenario_free(s);
    return rc;
}
