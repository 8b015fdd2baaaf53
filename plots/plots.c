#include "plots/plots.h"

#include "plots/burst.h"
#include "plots/figure.h"
#include "plots/scripts.h"
#include "plots/timeline.h"
#include "plots/waits.h"
#include "plots/week.h"

#include <assert.h>

int plots_draw(const char *folder, const struct plots_input *in, struct err *e)
{
    static const struct figure figures[] = {
        {"timeline", timeline_put, scripts_timeline},
        {"burst", burst_put, scripts_burst},
        {"waits", waits_put, scripts_waits},
        {"week", week_put, scripts_week},
    };

    assert(in->window_us > 0);
    return figure_draw(folder, figures, sizeof figures / sizeof *figures, in,
                       e);
}
