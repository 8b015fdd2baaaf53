/* run_rig.h - a run whose figures a test chooses, for those who print it. */
#ifndef TESTS_RUN_RIG_H
#define TESTS_RUN_RIG_H

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include "sim/app/report.h"
#include "sim/app/run.h"

#include <stdlib.h>

/* A run of two pools with figures of the test's choice. */
struct rig {
    struct fixture f;
    struct options o;
    struct pool_figures figures[4];
    struct run r;
    char *text; /* owned; what was written last */
};

static inline void init(struct rig *x)
{
    memset(x, 0, sizeof *x);
    fixture_init(&x->f, 2, 2, 8);
    fixture_build(&x->f, 0, 0, 0.0, 100.0);
    fixture_build(&x->f, 1, 0, 3600.0, 100.0);
    options_defaults(&x->o);
    x->r.options = &x->o;
    x->r.scenario = scenario_of(&x->f);
    x->r.results = (struct replications){
        .figures = x->figures,
        .n_reps = 1,
        .n_pools = 2,
        .horizon_us = 14 * US_PER_DAY,
        .events = 12345,
    };
    x->figures[0].at[FIG_BUILDS] = 4120.0;
    x->figures[0].at[FIG_WAIT_P95] = 190.0;
    x->figures[0].at[FIG_COST_USD] = 8000.0;
    x->figures[1].at[FIG_COST_USD] = 123.0;
    x->figures[2] = x->figures[0];
    x->figures[3] = x->figures[1];
}

static inline void judge(struct rig *x)
{
    verdict_take(&x->r.verdict, &x->r.scenario, &x->r.results);
}

static inline void aim(struct rig *x, enum scenario_goal goal, double at_most)
{
    struct scenario *s = &x->r.scenario;

    s->targets[s->n_targets++] = (struct scenario_target){goal, at_most};
    judge(x);
}

static inline void done(struct rig *x)
{
    free(x->text);
    hazards_free(&x->r.hazards);
    fixture_free(&x->f);
}

static inline const char *written(struct rig *x,
                                  void (*write)(const struct run *r, FILE *out))
{
    size_t n;

    free(x->text);
    FILE *out = open_memstream(&x->text, &n);
    write(&x->r, out);
    (void)fclose(out);
    return x->text;
}

static inline void put_report(const struct run *r, FILE *out)
{
    const struct report report = out_report(r);

    report_markdown(&report, out);
}

static inline void put_page(const struct run *r, FILE *out)
{
    const struct report report = out_report(r);
    struct err e;

    assert_int_equal(report_page(&report, out, &e), ERR_OK);
}

static inline void assert_answer(struct rig *x, const char *want)
{
    char got[RUN_ANSWER];

    run_answer(&x->r, got);
    assert_string_equal(got, want);
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

#endif
