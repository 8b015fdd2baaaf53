/* compare_effects.c - which changes matter, and to which builds. */
#include "sim/app/compare_out.h"
#include "sim/base/mem.h"

#include <stdlib.h>

/* ------------------------------------------------------------ changes */

/* HEAD with one change undone, against HEAD. */
static enum compare_effect try_change(const struct compare_job *j,
                                      const struct param_change *c,
                                      uint64_t with)
{
    const struct scenario *head = &j->side[HEAD].run.scenario;
    const char *const set[] = {c->back};
    struct scenario without;
    struct err e;

    if (c->back[0] == '\0' ||
        scenario_vary(&without, head, set, 1, &e) != ERR_OK)
        return EFFECT_UNTRIED;
    uint64_t other = contrast_fingerprint(&without, j->options->seed);
    scenario_free(&without);
    return other == with ? EFFECT_NONE : EFFECT_SOME;
}

void compare_effects(struct compare_job *j)
{
    uint64_t seed = j->options->seed;
    uint64_t head = contrast_fingerprint(&j->side[HEAD].run.scenario, seed);
    uint64_t base = contrast_fingerprint(&j->side[BASE].run.scenario, seed);

    j->same_history = base == head;
    params_diff(&j->diff, &j->side[BASE].run.scenario,
                &j->side[HEAD].run.scenario);
    j->effects = mem_array(j->diff.n, sizeof *j->effects);
    for (size_t i = 0; i < j->diff.n && i < COMPARE_TRIED; i++)
        j->effects[i] =
            j->same_history ? EFFECT_NONE : try_change(j, &j->diff.at[i], head);
}

/* ------------------------------------------------------------ builds */

/* Most first; of equals the one that was asked for first. */
static void keep_worst(struct compare_job *j, struct compare_build b)
{
    size_t at = j->n_worst;

    while (at > 0 && j->worst[at - 1].more_us < b.more_us)
        at--;
    if (at == COMPARE_BUILDS)
        return;
    j->n_worst += j->n_worst < COMPARE_BUILDS;
    for (size_t i = j->n_worst - 1; i > at; i--)
        j->worst[i] = j->worst[i - 1];
    j->worst[at] = b;
}

void compare_worst(struct compare_job *j)
{
    const struct run_log *base = &j->side[BASE].run.log;
    const struct run_log *head = &j->side[HEAD].run.log;

    for (size_t i = 0; i < head->n_builds; i++) {
        sim_us was_us = build_wait_us(&base->builds[i]);
        sim_us is_us = build_wait_us(&head->builds[i]);
        if (head->builds[i].counted && was_us != SIM_NEVER &&
            is_us != SIM_NEVER && is_us > was_us)
            keep_worst(j, (struct compare_build){i, is_us - was_us});
    }
}
