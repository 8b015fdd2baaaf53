/* cmd_bench.c - `drydock bench`: how fast the program is on this machine. */
#include "sim/app/app.h"
#include "sim/app/bench.h"
#include "sim/plan/replicate.h"

#include <string.h>

enum {
    KEY_CUSTOMERS = 512,
    KEY_HOLDS,
    KEY_MEGABYTES,
    KEY_RUNS,
    KEY_REPLICATIONS,
    KEY_DAYS,
    KEY_BUILDS,
    KEY_SCENARIO
};

struct bench {
    const char *what;
    struct bench_size size;
};

static const struct argp_option rows[] = {
    {.name = "customers",
     .key = KEY_CUSTOMERS,
     .arg = "N",
     .doc = "customers of the queue (default 1000000)"},
    {.name = "holds",
     .key = KEY_HOLDS,
     .arg = "N",
     .doc = "events taken and planned again in a round of the hold model "
            "(default 1000000)"},
    {.name = "megabytes",
     .key = KEY_MEGABYTES,
     .arg = "N",
     .doc = "size of the imported table (default 100)"},
    {.name = "runs",
     .key = KEY_RUNS,
     .arg = "N",
     .doc = "runs of the replication (default 9)"},
    {.name = "replications",
     .key = KEY_REPLICATIONS,
     .arg = "N",
     .doc = "replications of many, on two threads (default 60)"},
    {.name = "days",
     .key = KEY_DAYS,
     .arg = "N",
     .doc = "longest history of scaling (default 365)"},
    {.name = "builds",
     .key = KEY_BUILDS,
     .arg = "N",
     .doc = "largest history of scaling (default 1000000)"},
    {.name = "scenario",
     .key = KEY_SCENARIO,
     .arg = "FILE",
     .doc = "scenario of the replication (default scenarios/prod.yaml)"},
    {0},
};

/* The replication comes first: memory of the others would hide its own. */
static const struct job {
    const char *name, *part_of;
    int (*run)(FILE *out, const struct bench_size *size, struct err *e);
} jobs[] = {
    {"scenario", "scenario", bench_scenario},
    {"many", "many", bench_many},
    {"queue", "engine", bench_queue},
    {"hold", "engine", bench_hold},
    {"import", "import", bench_import},
    {"scaling", "scaling", bench_scaling},
};

enum { N_JOBS = sizeof jobs / sizeof *jobs };

static bool is_wanted(const struct job *j, const char *what)
{
    return strcmp(what, "all") == 0 || strcmp(what, j->name) == 0 ||
           strcmp(what, j->part_of) == 0;
}

static void take_word(struct bench *b, const char *word,
                      const struct argp_state *state)
{
    if (b->what)
        argp_error(state,
                   "one of engine, import, many, scaling, scenario, all; "
                   "not '%.60s' too",
                   word);
    b->what = word;
    for (size_t i = 0; i < N_JOBS; i++)
        if (is_wanted(&jobs[i], word))
            return;
    argp_error(state,
               "engine, import, many, scaling, scenario or all, not '%.60s'",
               word);
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct bench *b = state->input;

    switch (key) {
    case KEY_CUSTOMERS:
        b->size.customers =
            (uint32_t)app_number(state, "--customers", arg, 1, 100000000);
        break;
    case KEY_HOLDS:
        b->size.holds =
            (uint32_t)app_number(state, "--holds", arg, 1, 100000000);
        break;
    case KEY_MEGABYTES:
        b->size.megabytes =
            (uint32_t)app_number(state, "--megabytes", arg, 1, 10000);
        break;
    case KEY_RUNS:
        b->size.runs = (uint32_t)app_number(state, "--runs", arg, 1, 10000);
        break;
    case KEY_REPLICATIONS:
        b->size.replications = (uint32_t)app_number(state, "--replications",
                                                    arg, 1, REPLICATE_MAX);
        break;
    case KEY_DAYS:
        b->size.days = (uint32_t)app_number(state, "--days", arg, 1, 36500);
        break;
    case KEY_BUILDS:
        b->size.builds =
            (uint32_t)app_number(state, "--builds", arg, 100, 10000000);
        break;
    case KEY_SCENARIO:
        b->size.scenario = app_path(state, "--scenario", arg);
        break;
    case ARGP_KEY_ARG:
        take_word(b, arg, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp argp = {
    .options = rows,
    .parser = read_option,
    .args_doc = "[engine|import|many|scaling|scenario|all]",
    .doc = "Measures the program on this machine in CPU time: the event list "
           "and its random draws (engine: queue and hold), the import of a "
           "large table, one replication of a scenario, many of them, and "
           "histories that are longer, have more builds or nothing to do "
           "(scaling). Without a word, all of them.\v"
           "Figures depend on the machine and its load; targets are those of "
           "two processors.\n\n"
           "Examples:\n"
           "  drydock bench scenario\n\n"
           "Exit status: 0 it was measured, targets met or not; 1 bad input; 2 "
           "usage."};

int cmd_bench(int argc, char **argv)
{
    struct bench b = {.size = {.customers = 1000000,
                               .holds = 1000000,
                               .megabytes = 100,
                               .runs = 9,
                               .replications = 60,
                               .days = 365,
                               .builds = 1000000,
                               .scenario = "scenarios/prod.yaml"}};
    struct err e = {0};

    app_parse(&argp, argc, argv, &b);
    for (size_t i = 0; i < N_JOBS; i++) {
        if (!is_wanted(&jobs[i], b.what ? b.what : "all"))
            continue;
        int rc = jobs[i].run(stdout, &b.size, &e);
        if (rc != ERR_OK)
            return app_fail(&e, rc);
        fflush(stdout);
    }
    return EXIT_GOOD;
}
