/* size_rig.h - a small scenario with drawn histories and a table of trials. */
#ifndef TESTS_SIZE_RIG_H
#define TESTS_SIZE_RIG_H

#include "tests/support.h"

#include "sim/plan/size_study.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct size_rig {
    char *root; /* owned; the tree, for those who change the folder */
    struct scenario s;
    struct histories h;
    struct trials t;
    struct err e;
};

static inline void rig_open(struct size_rig *r, const char *trace,
                            uint32_t n_recorded, uint32_t n_each)
{
    const struct scenario_options o = {.trace = trace};

    memset(r, 0, sizeof *r);
    r->root = getcwd(NULL, 0);
    if (scenario_load(&r->s, "scenarios/staging-scale-test.yaml", &o, &r->e) !=
        ERR_OK)
        fail_msg("%s", r->e.msg);
    const struct resample_source source = {&r->s.trace, 1.0};
    const struct histories_task task = {&source, 1, 5, n_recorded, n_each};

    assert_int_equal(histories_make(&r->h, &task, &r->e), ERR_OK);
    trials_init(&r->t, &r->s, &r->h);
}

static inline void rig_close(struct size_rig *r)
{
    trials_free(&r->t);
    histories_free(&r->h);
    scenario_free(&r->s);
    assert_int_equal(chdir(r->root), 0);
    free(r->root);
}

static inline void rig_target(struct size_rig *r, enum scenario_goal goal,
                              double at_most)
{
    r->s.targets[0] = (struct scenario_target){goal, at_most};
    r->s.n_targets = 1;
}

static inline size_t rig_setting(struct size_rig *r, const char *a,
                                 const char *b)
{
    const char *set[] = {a, b};
    size_t setting = SIZE_MAX;
    size_t n = (size_t)(a != NULL) + (b != NULL);

    if (trials_setting(&r->t, set, n, &setting, &r->e) != ERR_OK)
        fail_msg("%s", r->e.msg);
    return setting;
}

static inline void rig_run(struct size_rig *r, size_t setting, size_t history)
{
    struct trial_pair pair = {setting, history};

    assert_int_equal(trials_run(&r->t, &pair, 1, &r->e), ERR_OK);
}

#endif
