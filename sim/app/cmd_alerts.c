/* cmd_alerts.c - `drydock alerts`: would the alert have fired? */
#include "sim/app/alert_print.h"
#include "sim/app/commands.h"
#include "sim/app/run.h"
#include "sim/app/wrap.h"
#include "sim/base/file.h"
#include "sim/base/room.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct question {
    struct options options;
    const char *rules;
};

static const char doc[] =
    "Says when the alerts of RULES would have fired in the simulated history "
    "of SCENARIO, which trouble they would have shown, and which not.\v"
    "RULES is a file of Prometheus rule groups, or of PrometheusRule objects. "
    "The rules are evaluated by Prometheus' own engine: promtool must be "
    "there (Debian package prometheus). With --output DIR: alerts.csv and "
    "troubles.csv.\n\n"
    "Examples:\n"
    "  drydock alerts scenarios/alerts/backlog-above-20.yaml "
    "scenarios/prod.yaml\n\n"
    "Exit status: 0 every trouble was seen by some alert, or there was none; "
    "1 bad input, no promtool, or a failed write; 2 usage; 3 a trouble was "
    "seen by no alert.";

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct question *q = state->input;

    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &q->options;
        return 0;
    case ARGP_KEY_ARG:
        if (q->rules)
            return ARGP_ERR_UNKNOWN; /* the scenario, for the child */
        q->rules = app_path(state, "RULES", arg);
        return 0;
    case ARGP_KEY_END:
        if (!q->rules)
            argp_error(state, "which RULES?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_child children[] = {{.argp = &options_output_argp},
                                             {0}};

static const struct argp argp = {.parser = read_option,
                                 .args_doc = "RULES SCENARIO",
                                 .doc = doc,
                                 .children = children};

/* ------------------------------------------------------------ the run */

static int watch_run(const struct question *q, const struct scenario *s,
                     struct metrics *m, struct run_log *log, struct err *e)
{
    struct replications results = {0};

    log->others[0] = metrics_watch(m);
    log->n_others = 1;
    struct replicate_watch watch = run_watch(log, s->trace.n);
    struct replicate_task task = replicate_task_of(s, q->options.seed);

    task.watch = &watch;
    replicate(&results, &task);
    replications_free(&results);
    return metrics_check(m, e);
}

static int simulate(const struct question *q, const struct scenario *s,
                    const struct alert_rules *r, struct alert_spells *spells,
                    struct troubles *troubles, struct err *e)
{
    const char *words[ALERT_RULES];
    struct metrics m = {0};
    struct run_log log = {0};
    char *folder;
    int rc = room_make(&folder, e);

    for (size_t i = 0; i < r->n; i++)
        words[i] = r->rules[i].expr;
    if (rc == ERR_OK)
        rc = metrics_open(&m, s, words, r->n, folder, e);
    if (rc == ERR_OK)
        rc = watch_run(q, s, &m, &log, e);
    if (rc == ERR_OK)
        rc = alert_engine_run(spells, r, &m, folder, e);
    if (rc == ERR_OK)
        troubles_find(troubles, s, log.builds);
    metrics_close(&m);
    run_log_free(&log);
    room_remove(folder);
    free(folder);
    return rc;
}

/* ------------------------------------------------------------ the answer */

static int write_one(const struct alert_case *c, const char *folder,
                     const char *name,
                     void (*write)(const struct alert_case *c, FILE *out),
                     struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, folder, name, e);

    if (rc == ERR_OK)
        write(c, sink.out);
    return sink_end(&sink, rc, e);
}

static int answer(const struct question *q, const struct alert_case *c,
                  struct err *e)
{
    const char *folder = q->options.out;
    int rc = folder ? folder_make(folder, e) : ERR_OK;

    if (rc == ERR_OK && folder)
        rc = write_one(c, folder, "troubles.csv", trouble_csv, e);
    if (rc == ERR_OK && folder)
        rc = write_one(c, folder, "alerts.csv", alert_csv, e);
    if (rc != ERR_OK)
        return rc;
    wrap_stdout();
    alert_print(c, stdout);
    return alert_unseen(c) > 0 ? ERR_VERDICT : ERR_OK;
}

static int judge(const struct question *q, const struct scenario *s,
                 const struct alert_rules *r, struct err *e)
{
    struct alert_spells spells = {0};
    struct troubles troubles = {0};
    const struct alert_case c = {
        .scenario = s, .rules = r, .spells = &spells, .troubles = &troubles};

    if (alert_engine_misdates(r) && !q->options.quiet)
        app_remark("a rule asks for the date: it is evaluated as if the "
                   "history began in January 1970");
    int rc = simulate(q, s, r, &spells, &troubles, e);
    if (rc == ERR_OK)
        rc = answer(q, &c, e);
    alert_spells_free(&spells);
    troubles_free(&troubles);
    return rc;
}

int cmd_alerts(int argc, char **argv)
{
    struct question q = {0};
    struct alert_rules rules = {0};
    struct scenario s;
    struct err e = {0};

    options_defaults(&q.options);
    app_parse(&argp, argc, argv, &q);
    int rc = options_load(&q.options, &s, &e);
    if (rc == ERR_OK) {
        rc = alert_rules_load(&rules, q.rules, s.scrape.evaluation_us, &e);
        if (rc == ERR_OK)
            rc = judge(&q, &s, &rules, &e);
        alert_rules_free(&rules);
        scenario_free(&s);
    }
    if (rc == ERR_VERDICT)
        return EXIT_VERDICT;
    return rc == ERR_OK ? EXIT_GOOD : app_fail(&e, rc);
}
