/* cmd_drive.c - `drydock drive`: the same scenario with real programs in it. */
#include "sim/app/commands.h"
#include "sim/app/drive.h"
#include "sim/app/wrap.h"
#include "sim/drive/pace.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEY_CONTROLLERS = 512,
    KEY_UPSTREAM,
    KEY_KUBERNETES,
    KEY_LB,
    KEY_DRAIN,
    KEY_TARGET,
    KEY_SHRINK,
    KEY_FOR,
    KEY_MAX_CLIENTS,
    KEY_ALL
};

static const struct argp_option rows[] = {
    {.name = "controllers",
     .key = KEY_CONTROLLERS,
     .arg = "upstream",
     .doc = "the real KEDA and the real HPA scale, in virtual time; the real "
            "Karpenter decides beside its model"},
    {.name = "upstream",
     .key = KEY_UPSTREAM,
     .arg = "DIR",
     .doc = "folder with what 'make upstream' built (default build/upstream)"},
    {.name = "kubernetes",
     .key = KEY_KUBERNETES,
     .arg = "VERSION",
     .doc = "HPA of Kubernetes 1.32 or 1.35 (default: nearest to the "
            "scenario's)"},
    {.name = "lb",
     .key = KEY_LB,
     .arg = "haproxy",
     .doc = "the distribution's HAProxy balances on loopback, in real time, "
            "with the scenario's own configuration"},
    {.name = "drain",
     .key = KEY_DRAIN,
     .doc = "EXECUTES the drain script of the manifests on this machine, "
            "beside a stub builder, in a network of its own where the system "
            "allows it; --all does not include this"},
    {.name = "target",
     .key = KEY_TARGET,
     .arg = "[NAME=]HOST:PORT",
     .doc = "dial this balancer with the builds of the trace, in the clear "
            "(h2c), and hold a slot for the time of each; NAME is a pool or a "
            "backend, else it is dialled in the place of all; needs "
            "--max-clients and --for; --all does not include this"},
    {.name = "shrink",
     .key = KEY_SHRINK,
     .arg = "FACTOR",
     .doc = "divide every duration of real time by 1 to 1000 (default 1; "
            "with --all 20)"},
    {.name = "for",
     .key = KEY_FOR,
     .arg = "DURATION",
     .doc = "stop after so much real time, 1s to 168h"},
    {.name = "max-clients",
     .key = KEY_MAX_CLIENTS,
     .arg = "N",
     .doc = "builds that are open at one time, at most (1 to 10000); more are "
            "left out"},
    {.name = "all", .key = KEY_ALL, .doc = "every real program that there is"},
    {0},
};

static const char doc[] =
    "Plays SCENARIO with real programs in the place of their models and "
    "compares them decision by decision.\v"
    "Ends with one table: component, version, decisions compared, "
    "differences. With --output DIR: decisions.jsonl, "
    "decisions-karpenter.jsonl, builds.csv, gauges.csv, haproxy.cfg, "
    "haproxy.log, of the programs that were real.\n\n"
    "Examples:\n"
    "  drydock drive scenarios/staging-scale-test.yaml --all\n\n"
    "Exit status: 0 no difference; 1 bad input, a program is missing or died, "
    "or nothing could be compared; 2 usage; 3 some decision differs, or nobody "
    "was served by --target.";

static uint32_t read_minor(const struct argp_state *state, const char *text)
{
    if (strcmp(text, "1.32") != 0 && strcmp(text, "1.35") != 0)
        argp_error(state, "--kubernetes is 1.32 or 1.35, not '%.20s'", text);
    return text[3] == '2' ? 32 : 35;
}

static sim_us read_for(const struct argp_state *state, const char *text)
{
    sim_us us = app_duration(state, "--for", text);

    if (us < US_PER_S || us > 7 * US_PER_DAY)
        argp_error(state, "--for is from 1s to 168h, not '%.20s'", text);
    return us;
}

static void check(const struct drive_options *o, const struct argp_state *state)
{
    if (!o->controllers && !o->lb && !o->drain && !o->all && !o->n_targets)
        argp_error(state, "what is to be real? --controllers upstream, --lb "
                          "haproxy, --drain, --target or --all");
    if (o->n_targets > 0 && (o->max_clients == 0 || o->for_us == 0))
        argp_error(state, "--target needs --max-clients N and --for DURATION");
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct drive_options *o = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->common;
        break;
    case KEY_CONTROLLERS:
        if (strcmp(arg, "upstream") != 0)
            argp_error(state, "--controllers is upstream, not '%.20s'", arg);
        o->controllers = true;
        break;
    case KEY_UPSTREAM:
        o->upstream = app_path(state, "--upstream", arg);
        break;
    case KEY_KUBERNETES:
        o->kubernetes_minor = read_minor(state, arg);
        break;
    case KEY_LB:
        if (strcmp(arg, "haproxy") != 0)
            argp_error(state, "--lb is haproxy, not '%.20s'", arg);
        o->lb = true;
        break;
    case KEY_DRAIN:
        o->drain = true;
        break;
    case KEY_TARGET:
        if (o->n_targets == DRIVE_TARGETS)
            argp_error(state, "more than %d --target", DRIVE_TARGETS);
        o->targets[o->n_targets++] = app_path(state, "--target", arg);
        break;
    case KEY_SHRINK:
        o->shrink = app_real(state, "--shrink", arg, 1.0, PACE_MAX_SHRINK);
        break;
    case KEY_FOR:
        o->for_us = read_for(state, arg);
        break;
    case KEY_MAX_CLIENTS:
        o->max_clients =
            (uint32_t)app_number(state, "--max-clients", arg, 1, 10000);
        break;
    case KEY_ALL:
        o->all = true;
        break;
    case ARGP_KEY_END:
        check(o, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_child children[] = {{.argp = &options_results_argp},
                                             {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ the parts */

struct part {
    bool (*wanted)(const struct drive_options *o);
    int (*drive)(struct drive *d, struct err *e);
};

static bool wants_upstream(const struct drive_options *o)
{
    return o->controllers || o->all;
}

static bool wants_lb(const struct drive_options *o)
{
    return o->lb || o->all;
}

/* A foreign script runs only if it is asked for by name. */
static bool wants_drain(const struct drive_options *o)
{
    return o->drain;
}

/* Nobody is dialled who was not named. */
static bool wants_target(const struct drive_options *o)
{
    return o->n_targets > 0;
}

static const struct part parts[] = {
    {wants_upstream, drive_upstream},
    {wants_upstream, drive_karpenter},
    {wants_lb, drive_lb},
    {wants_drain, drive_drain},
    {wants_target, drive_target},
};

/* With --all a part that cannot run does not keep the others from it; the
 * first error is the answer.
 */
static int drive_parts(struct drive *d, struct err *e)
{
    struct err other;
    int rc = ERR_OK;

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].wanted(d->options))
            continue;
        if (rc == ERR_OK)
            rc = parts[i].drive(d, e);
        else if (parts[i].drive(d, &other) != ERR_OK)
            app_remark(other.msg);
        if (rc != ERR_OK && !d->options->all)
            break;
    }
    return rc;
}

static bool differs(const struct drive *d)
{
    for (size_t i = 0; i < d->n_rows; i++)
        if (d->rows[i].differences > 0)
            return true;
    return false;
}

int cmd_drive(int argc, char **argv)
{
    struct drive_options options = {.upstream = "build/upstream"};
    struct drive d = {.options = &options};
    struct err e;

    options_defaults(&options.common);
    app_parse(&argp, argc, argv, &options);
    int rc = options_load(&options.common, &d.scenario, &e);
    if (rc == ERR_OK) {
        rc = drive_parts(&d, &e);
        wrap_stdout();
        if (d.n_rows > 0)
            drive_print(&d, stdout);
    }
    if (rc == ERR_OK && !drive_compared(&d))
        rc = err_set(&e, ERR_INPUT,
                     "%s: nothing was compared; see the remarks of the table",
                     d.scenario.path);
    bool verdict = differs(&d);
    scenario_free(&d.scenario);
    free(d.rows);
    if (rc != ERR_OK)
        return app_fail(&e, rc);
    return verdict ? EXIT_VERDICT : EXIT_GOOD;
}
