/* cmd_explain.c - `drydock explain`: one build, pod or node, in words. */
#include "sim/app/explain.h"
#include "sim/app/options.h"
#include "sim/app/wrap.h"

#include <string.h>

enum { KEY_BUILD = 768, KEY_LONGEST, KEY_POD, KEY_NODE, KEY_ALL, KEY_DRAWN };

struct question {
    struct options options;
    const char *build; /* or NULL */
    uint32_t pod, node;
    unsigned n_asked; /* of the four */
    bool longest, all;
};

static const struct argp_option rows[] = {
    {.name = "build",
     .key = KEY_BUILD,
     .arg = "ID",
     .doc = "the build with that identity in the trace, or that number in "
            "events.log"},
    {.name = "longest",
     .key = KEY_LONGEST,
     .doc = "the build that was longest without a slot"},
    {.name = "pod", .key = KEY_POD, .arg = "N", .doc = "that pod"},
    {.name = "node", .key = KEY_NODE, .arg = "N", .doc = "that node"},
    {.name = "all",
     .key = KEY_ALL,
     .doc = "every dial of a build, also where many attempts go alike"},
    OPTIONS_DRAWN(KEY_DRAWN),
    {0},
};

static const char doc[] =
    "Tells the life of one build, pod or node of SCENARIO in words and times, "
    "and what a build waited for.\v"
    "Replays the history as the first replication of 'run' does with the same "
    "seed. The builds of a run stand in its builds.csv, with their pods and "
    "nodes.\n\n"
    "Examples:\n"
    "  drydock explain scenarios/prod.yaml --longest\n\n"
    "Exit status: 0 it is told; 1 bad input, or no such build, pod or node; 2 "
    "usage.";

static error_t read_subject(int key, char *arg, struct argp_state *state)
{
    struct question *q = state->input;

    switch (key) {
    case KEY_BUILD:
        q->build = arg;
        break;
    case KEY_LONGEST:
        q->longest = true;
        break;
    case KEY_POD:
        q->pod = (uint32_t)app_number(state, "--pod", arg, 0, NO_INDEX - 1);
        break;
    default:
        q->node = (uint32_t)app_number(state, "--node", arg, 0, NO_INDEX - 1);
        break;
    }
    q->n_asked++;
    return 0;
}

static void check(const struct question *q, const struct argp_state *state)
{
    if (q->n_asked != 1)
        argp_error(state, "one of --build ID, --longest, --pod N, --node N%s",
                   q->n_asked > 1 ? ", and only one" : "");
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct question *q = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &q->options;
        return 0;
    case KEY_BUILD:
    case KEY_LONGEST:
    case KEY_POD:
    case KEY_NODE:
        return read_subject(key, arg, state);
    case KEY_ALL:
        q->all = true;
        return 0;
    case KEY_DRAWN:
        q->options.drawn = arg;
        return 0;
    case ARGP_KEY_END:
        check(q, state);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &options_argp}, {0}};

static const struct argp argp = {.options = rows,
                                 .parser = read_option,
                                 .args_doc = "SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ subjects */

static struct story story_of(const struct question *q, const struct scenario *s)
{
    struct story y = {.scenario = s, .seed = q->options.seed};

    y.what = EXPLAIN_BUILD;
    if (q->pod != NO_INDEX)
        y.what = EXPLAIN_POD;
    else if (q->node != NO_INDEX)
        y.what = EXPLAIN_NODE;
    y.id = q->pod != NO_INDEX ? q->pod : q->node;
    return y;
}

/* Who waited longest is known only after a run. */
static int choose(const struct question *q, struct story *y, struct err *e)
{
    struct story scout = *y;

    if (q->build)
        return explain_find(y->scenario, q->build, &y->id, e);
    if (!q->longest)
        return ERR_OK;
    scout.what = EXPLAIN_POD;
    story_run(&scout);
    y->id = explain_longest(scout.builds, y->scenario->trace.n);
    story_free(&scout);
    if (y->id == NO_INDEX)
        return err_set(e, ERR_INPUT, "no build of this history has a wait");
    return ERR_OK;
}

static bool is_there(const struct story *y)
{
    if (y->what == EXPLAIN_POD)
        return y->id < y->n_pods && y->pods[y->id].seen;
    if (y->what == EXPLAIN_NODE)
        return y->id < y->n_nodes && y->nodes[y->id].seen;
    return true;
}

static int missing(const struct story *y, struct err *e)
{
    const char *what = y->what == EXPLAIN_POD ? "pod" : "node";
    size_t n = y->what == EXPLAIN_POD ? y->n_pods : y->n_nodes;

    if (n == 0)
        return err_set(e, ERR_INPUT, "there is no %s in this history", what);
    return err_set(e, ERR_INPUT, "no %s %u; the last one is %zu", what, y->id,
                   n - 1);
}

static int answer(const struct question *q, const struct scenario *s,
                  struct err *e)
{
    struct story y = story_of(q, s);
    int rc = choose(q, &y, e);

    if (rc != ERR_OK)
        return rc;
    story_run(&y);
    wrap_stdout();
    if (!is_there(&y))
        rc = missing(&y, e);
    else if (y.what == EXPLAIN_BUILD)
        explain_build(&y, q->all, stdout);
    else if (y.what == EXPLAIN_POD)
        explain_pod(&y, stdout);
    else
        explain_node(&y, stdout);
    story_free(&y);
    return rc;
}

int cmd_explain(int argc, char **argv)
{
    struct question q = {.pod = NO_INDEX, .node = NO_INDEX};
    struct scenario s;
    struct err e;

    options_defaults(&q.options);
    app_parse(&argp, argc, argv, &q);
    int rc = options_load(&q.options, &s, &e);
    if (rc == ERR_OK) {
        rc = answer(&q, &s, &e);
        scenario_free(&s);
    }
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
