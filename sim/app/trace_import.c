/* trace_import.c - `drydock trace import`. */
#include "sim/app/app.h"
#include "sim/app/merge.h"
#include "sim/app/pulse.h"
#include "sim/app/trace_commands.h"
#include "traces/import.h"

#include <string.h>

enum { KEY_WHERE = 256, KEY_WORK_DEFAULT, KEY_WORK_COLUMN, KEY_CLOCK };
enum { INPUTS = 256, FILTERS = 64 };

struct import_command {
    const char *inputs[INPUTS], *where[FILTERS];
    size_t n_inputs, n_where;
    const char *out;
    sim_us default_work_us;
    const char *work_column;
    enum import_clock clock;
    bool quiet;
};

static const struct argp_option rows[] = {
    {.name = "output",
     .key = 'o',
     .arg = "FILE",
     .doc = "where the trace goes; - is standard output, a name in .gz is "
            "compressed (required)"},
    {.name = "where",
     .key = KEY_WHERE,
     .arg = "FILTER",
     .doc = "field=glob, field!=glob or field~substring (repeatable; all "
            "must hold)"},
    {.name = "work-default",
     .key = KEY_WORK_DEFAULT,
     .arg = "DURATION",
     .doc = "work of builds without an end time (default 0s, as a lower "
            "bound)"},
    {.name = "work-column",
     .key = KEY_WORK_COLUMN,
     .arg = "NAME",
     .doc = "column with the seconds of work (default: from the times)"},
    {.name = "clock",
     .key = KEY_CLOCK,
     .arg = "auto|created|started",
     .doc = "which instant of a job is its build's first dial (default auto)"},
    {.name = "quiet", .key = 'q', .doc = "no report"},
    {0},
};

static enum import_clock read_clock(const char *text,
                                    const struct argp_state *state)
{
    if (strcmp(text, "created") == 0)
        return IMPORT_CLOCK_CREATED;
    if (strcmp(text, "started") == 0)
        return IMPORT_CLOCK_STARTED;
    if (strcmp(text, "auto") != 0)
        argp_error(state,
                   "--clock must be auto, created or started, not '%.40s'",
                   text);
    return IMPORT_CLOCK_AUTO;
}

static void add_input(struct import_command *c, const char *path,
                      const struct argp_state *state)
{
    if (c->n_inputs == INPUTS)
        argp_error(state, "more than %d files", INPUTS);
    c->inputs[c->n_inputs++] = app_path(state, "a file", path);
}

static void add_filter(struct import_command *c, const char *text,
                       const struct argp_state *state)
{
    if (c->n_where == FILTERS)
        argp_error(state, "more than %d --where", FILTERS);
    c->where[c->n_where++] = text;
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct import_command *c = state->input;

    switch (key) {
    case 'o':
        c->out = app_path(state, "--output", arg);
        break;
    case 'q':
        c->quiet = true;
        break;
    case KEY_WHERE:
        add_filter(c, arg, state);
        break;
    case KEY_WORK_DEFAULT:
        c->default_work_us = app_duration(state, "--work-default", arg);
        break;
    case KEY_WORK_COLUMN:
        c->work_column = arg;
        break;
    case KEY_CLOCK:
        c->clock = read_clock(arg, state);
        break;
    case ARGP_KEY_ARG:
        add_input(c, arg, state);
        break;
    case ARGP_KEY_END:
        if (c->n_inputs == 0 || !c->out)
            argp_error(state, c->out ? "which FILE?" : "--output is missing");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = {
    .options = rows,
    .parser = read_option,
    .args_doc = "FILE...",
    .doc =
        "Reads job histories and writes one trace. The format is found by "
        "looking at the content: HUD and ClickHouse exports (CSV, TSV, "
        "JSON), GitHub's lists of jobs and webhook events, the standard "
        "workload format, and traces of drydock.\v"
        "Fields of filters: name, workflow, conclusion, status, branch, "
        "run, label, pool, and any column of the input.\n\n"
        "Examples:\n"
        "  drydock trace import jobs.json --where 'name=*docker*' -o "
        "ours.csv.gz\n\n"
        "Exit status: 0 the trace is written; 1 bad input, no build is left, "
        "or a failed write; 2 usage."};

/* The trace may go to standard output, so that the report cannot. */
static FILE *report_to(const struct import_command *c)
{
    return strcmp(c->out, "-") == 0 ? stderr : stdout;
}

static int import_one(const struct import_command *c, const char *path,
                      struct trace *all, struct err *e)
{
    bool watched = app_is_watched(c->quiet);
    struct pulse pulse = {.out = watched ? stderr : NULL};
    const struct import_options o = {
        .where = c->where,
        .n_where = c->n_where,
        .default_work_us = c->default_work_us,
        .clock = c->clock,
        .work_column = c->work_column,
        .on_read = watched ? pulse_on_read : NULL,
        .read_context = &pulse,
    };
    struct import_report report;
    struct trace t;
    size_t n_again = 0;
    int rc = trace_import(&t, path, &o, &report, e);

    pulse_end(&pulse);
    if (rc != ERR_OK)
        return rc;
    rc = trace_merge(all, &t, &n_again, e);
    trace_free(&t);
    if (rc != ERR_OK) {
        err_prefix(e, path, 0);
        return rc;
    }
    if (c->quiet)
        return ERR_OK;
    import_report_print(&report, report_to(c));
    if (n_again > 0)
        fprintf(report_to(c), "%10zu  builds of an earlier file again\n",
                n_again);
    return ERR_OK;
}

int trace_cmd_import(int argc, char **argv)
{
    struct import_command c = {.n_inputs = 0};
    struct trace all = {0};
    struct err e;
    int rc = ERR_OK;

    app_parse(&argp, argc, argv, &c);
    for (size_t i = 0; i < c.n_inputs && rc == ERR_OK; i++)
        rc = import_one(&c, c.inputs[i], &all, &e);
    if (rc == ERR_OK)
        rc = trace_write(&all, c.out, &e);
    trace_free(&all);
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
