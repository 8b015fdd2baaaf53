/* size_step.c - how today's and the recommended setting answer a burst. */
#include "sim/app/show.h"
#include "sim/app/size_out.h"

enum { WORK_MIN = 30, LABEL = 26, WIDTH = 18 };

/* As many builds as both settings may have pods for. */
static uint32_t burst_of(const struct size_job *j, uint32_t pool)
{
    uint32_t today = keda_max(&j->scenario.system.pools[pool].keda);
    uint32_t best = j->plan.pools[pool].max;

    return today < best ? today : best;
}

void size_step_work(struct size_job *j)
{
    const size_t settings[] = {j->plan.today, j->plan.setting};

    for (size_t k = 0; k < 2; k++) {
        struct scenario s;
        trials_scenario(&j->trials, settings[k], &s);
        for (uint32_t i = 0; i < s.system.n_pools; i++)
            if (j->plan.pools[i].max > 0)
                j->steps[k][i] = step_response_run(&s.system, i, burst_of(j, i),
                                                   WORK_MIN * 60 * US_PER_S,
                                                   j->options->common.seed);
        scenario_free(&s);
    }
}

static void put_time(sim_us at_us, char out[SHOW_CELL])
{
    if (at_us == SIM_NEVER)
        (void)snprintf(out, SHOW_CELL, "never");
    else
        show_value(SHOW_WAIT, s_from_us(at_us), out);
}

static void put_row(const char *label, char cells[2][SHOW_CELL], FILE *out)
{
    show_padded(out, label, LABEL, false);
    for (int k = 0; k < 2; k++) {
        fputs("  ", out);
        show_padded(out, cells[k], WIDTH, true);
    }
    fputc('\n', out);
}

static void put_times(const struct size_job *j, uint32_t pool,
                      const char *label, size_t offset, FILE *out)
{
    char cells[2][SHOW_CELL];

    for (int k = 0; k < 2; k++) {
        const char *at = (const char *)&j->steps[k][pool] + offset;
        put_time(*(const sim_us *)at, cells[k]);
    }
    put_row(label, cells, out);
}

void size_step_print(const struct size_job *j, uint32_t pool, FILE *out)
{
    char cells[2][SHOW_CELL], label[64];

    (void)snprintf(label, sizeof label,
                   "%u builds of %d min at once:", burst_of(j, pool), WORK_MIN);
    fprintf(out, "\n%s\n", label);
    put_times(j, pool, "first new pod",
              offsetof(struct step_response, first_us), out);
    put_times(j, pool, "a pod for each",
              offsetof(struct step_response, reached_us), out);
    for (int k = 0; k < 2; k++)
        show_value(SHOW_SHARE, j->steps[k][pool].overshoot_frac, cells[k]);
    put_row("pods too many", cells, out);
    put_times(j, pool, "pods gone, after the last",
              offsetof(struct step_response, back_us), out);
}
