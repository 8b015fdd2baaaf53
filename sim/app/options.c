/* options.c - one row an option. */
#include "sim/app/options.h"

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

static const struct argp_option rows[] = {
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
    {.name = "reps",
     .key = 'n',
     .arg = "N",
     .doc = "independent replications (default 1)"},
    {.name = "threads",
     .key = 'j',
     .arg = "N",
     .doc = "threads that share them (default: all cores); the results are "
            "the same for every number"},
    {.name = "output",
     .key = 'o',
     .arg = "DIR",
     .doc = "write the files of the run there"},
    {.name = "json", .key = KEY_JSON, .doc = "machine-readable results"},
    {.name = "quiet", .key = 'q', .doc = "no progress and no remarks"},
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

const struct argp options_argp = {.options = rows, .parser = read_option};

static error_t read_drawing(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;

    (void)arg;
    if (key == ARGP_KEY_INIT)
        state->child_inputs[0] = o;
    else if (key == KEY_NO_PLOTS)
        o->no_plots = true;
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static const struct argp_option drawing_rows[] = {
    {.name = "no-plots", .key = KEY_NO_PLOTS, .doc = "draw no pictures"},
    {0},
};

static const struct argp_child drawing_children[] = {{.argp = &options_argp},
                                                     {0}};

const struct argp options_drawing_argp = {.options = drawing_rows,
                                          .parser = read_drawing,
                                          .children = drawing_children};

int options_load(const struct options *o, struct scenario *s, struct err *e)
{
    const struct scenario_options so = {
        .trace = o->trace,
        .manifests = o->manifests,
        .n_manifests = o->n_manifests,
        .set = o->sets,
        .n_set = o->n_sets,
    };

    return scenario_load(s, o->scenario, &so, e);
}
