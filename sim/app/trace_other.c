/* trace_other.c - `drydock trace stats`, `synth` and `cut`. */
#include "sim/app/app.h"
#include "sim/app/trace_commands.h"
#include "sim/app/wrap.h"
#include "traces/import.h"
#include "traces/stats.h"
#include "traces/synth.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ stats */

static error_t read_stats(int key, char *arg, struct argp_state *state)
{
    const char **path = state->input;

    if (key == ARGP_KEY_ARG && !*path)
        *path = app_path(state, "FILE", arg);
    else if (key == ARGP_KEY_ARG)
        argp_error(state, "one FILE only, not '%.60s' too", arg);
    else if (key == ARGP_KEY_END && !*path)
        argp_error(state, "which FILE?");
    else if (key != ARGP_KEY_END)
        return ARGP_ERR_UNKNOWN;
    return 0;
}

int trace_cmd_stats(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = read_stats,
        .args_doc = "FILE",
        .doc = "Describes a history: builds, peaks, work, bursts, hours of "
               "the week, pool by pool.\v"
               "Examples:\n"
               "  drydock trace stats traces/data/pytorch-14d.csv.gz\n\n"
               "Exit status: 0 it is described; 1 bad input; 2 usage."};
    const char *path = NULL;
    struct trace t;
    struct err e;

    app_parse(&argp, argc, argv, &path);
    int rc = trace_import(&t, path, NULL, NULL, &e);

    if (rc != ERR_OK)
        return app_fail(&e, rc);
    wrap_stdout();
    rc = trace_stats_print(&t, stdout, &e);
    trace_free(&t);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}

/* ------------------------------------------------------------ synth */

enum { KEY_SEED = 256, KEY_SET, KEY_HELP_PARAMS };

struct synth_command {
    struct synth_params params;
    const char *out;
};

static const struct argp_option synth_rows[] = {
    {.name = "output",
     .key = 'o',
     .arg = "FILE",
     .doc = "where the trace goes; - is standard output, a name in .gz is "
            "compressed (required)"},
    {.name = "seed",
     .key = KEY_SEED,
     .arg = "N",
     .doc = "seed of all random draws (default 1)"},
    {.name = "set",
     .key = KEY_SET,
     .arg = "KEY=VALUE",
     .doc = "one parameter, as --help-params lists them (repeatable)"},
    {.name = "help-params",
     .key = KEY_HELP_PARAMS,
     .doc = "list the parameters, with default, range and meaning"},
    {0},
};

static error_t read_synth(int key, char *arg, struct argp_state *state)
{
    struct synth_command *c = state->input;
    struct err e;

    switch (key) {
    case 'o':
        c->out = app_path(state, "--output", arg);
        break;
    case KEY_SEED:
        c->params.seed = app_number(state, "--seed", arg, 0, UINT64_MAX);
        break;
    case KEY_SET:
        if (synth_set(&c->params, arg, &e) != ERR_OK)
            argp_error(state, "--set: %s", e.msg);
        break;
    case KEY_HELP_PARAMS:
        synth_help(stdout);
        exit(EXIT_GOOD);
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is expected, not '%.60s'", arg);
        break;
    case ARGP_KEY_END:
        if (!c->out)
            argp_error(state, "--output is missing");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int trace_cmd_synth(int argc, char **argv)
{
    static const struct argp argp = {
        .options = synth_rows,
        .parser = read_synth,
        .doc = "Generates a history like those of a PyTorch-scale pool, "
               "marked as synthetic.\v"
               "Examples:\n"
               "  drydock trace synth --seed 3 --set days=2 -o out.csv.gz\n\n"
               "Exit status: 0 the trace is written; 1 a failed write; 2 "
               "usage."};
    struct synth_command c = {.out = NULL};
    struct trace t;
    struct err e;

    synth_defaults(&c.params);
    c.params.seed = 1;
    app_parse(&argp, argc, argv, &c);
    int rc = trace_synth(&t, &c.params, &e);

    if (rc == ERR_OK)
        rc = trace_write(&t, c.out, &e);
    trace_free(&t);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}

/* ------------------------------------------------------------ cut */

enum { KEY_FROM = 256, KEY_TO };

struct cut_command {
    const char *in, *out, *from, *to;
};

static const struct argp_option cut_rows[] = {
    {.name = "output",
     .key = 'o',
     .arg = "FILE",
     .doc = "where the trace goes; - is standard output, a name in .gz is "
            "compressed (required)"},
    {.name = "from",
     .key = KEY_FROM,
     .arg = "TIME",
     .doc = "first instant that is kept (default: the start)"},
    {.name = "to",
     .key = KEY_TO,
     .arg = "TIME",
     .doc = "first instant that is not (default: the end)"},
    {0},
};

static error_t read_cut(int key, char *arg, struct argp_state *state)
{
    struct cut_command *c = state->input;

    switch (key) {
    case 'o':
        c->out = app_path(state, "--output", arg);
        break;
    case KEY_FROM:
        c->from = arg;
        break;
    case KEY_TO:
        c->to = arg;
        break;
    case ARGP_KEY_ARG:
        if (c->in)
            argp_error(state, "one FILE only, not '%.60s' too", arg);
        c->in = app_path(state, "FILE", arg);
        break;
    case ARGP_KEY_END:
        if (!c->in || !c->out)
            argp_error(state, c->out ? "which FILE?" : "--output is missing");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* A date holds a dash behind its year; a duration never does. */
static int read_time(const struct trace *t, const char *option,
                     const char *text, sim_us *out, struct err *e)
{
    bool is_date = strchr(text, '-') != NULL;
    sim_us at_us = 0;

    if (is_date && !t->absolute)
        return err_set(e, ERR_USAGE,
                       "%s %.60s: this history has no real instants; give a "
                       "duration since its start, like 36h",
                       option, text);
    int rc = is_date ? timestamp_parse(text, &at_us, e)
                     : duration_parse(text, &at_us, e);

    if (rc != ERR_OK) {
        err_prefix(e, option, 0);
        return ERR_USAGE;
    }
    *out = is_date ? at_us - t->origin_us : at_us;
    return ERR_OK;
}

static int cut(struct trace *t, const struct cut_command *c, struct err *e)
{
    sim_us from_us = 0, to_us = t->span_us;
    int rc = ERR_OK;

    if (c->from)
        rc = read_time(t, "--from", c->from, &from_us, e);
    if (rc == ERR_OK && c->to)
        rc = read_time(t, "--to", c->to, &to_us, e);
    if (rc != ERR_OK)
        return rc;
    if (from_us > to_us)
        return err_set(e, ERR_USAGE, "--from lies behind --to");
    trace_cut(t, from_us, to_us);
    if (t->n == 0)
        return err_set(e, ERR_INPUT, "%s: no build was asked for in this span",
                       c->in);
    return trace_write(t, c->out, e);
}

int trace_cmd_cut(int argc, char **argv)
{
    static const struct argp argp = {
        .options = cut_rows,
        .parser = read_cut,
        .args_doc = "FILE",
        .doc = "Keeps the builds that were asked for in a span.\v"
               "TIME is an instant (2026-06-09T10:00:00Z) or a duration since "
               "the start of the history (36h).\n\n"
               "Examples:\n"
               "  drydock trace cut traces/data/pytorch-14d.csv.gz "
               "--to 36h -o out.csv\n\n"
               "Exit status: 0 the trace is written; 1 bad input, no build is "
               "left, or a failed write; 2 usage."};
    struct cut_command c = {.in = NULL};
    struct trace t;
    struct err e;

    app_parse(&argp, argc, argv, &c);
    int rc = trace_import(&t, c.in, NULL, NULL, &e);

    if (rc == ERR_OK)
        rc = cut(&t, &c, &e);
    trace_free(&t);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
