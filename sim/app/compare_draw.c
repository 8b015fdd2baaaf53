/* compare_draw.c - what the figures of a comparison are drawn from. */
#include "plots/pair.h"
#include "sim/app/compare_out.h"

int compare_draw(struct compare_job *j, struct err *e)
{
    struct run_drawing d[SIDES];
    int rc = ERR_OK;

    for (int i = 0; i < SIDES; i++) {
        run_drawing_take(&d[i], &j->side[i].run);
        d[i].in.title_prefix = run_trace_name(&j->side[i].run);
    }
    if (d[BASE].in.window_us > 0 && d[HEAD].in.window_us > 0) {
        rc = pair_draw(j->options->out, &d[BASE].in, &d[HEAD].in, e);
        j->has_plots = rc == ERR_OK && app_pictures(j->options->quiet);
    }
    for (int i = 0; i < SIDES; i++)
        run_drawing_free(&d[i]);
    return rc;
}
