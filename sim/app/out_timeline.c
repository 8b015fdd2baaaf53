/* out_timeline.c - timeline.csv: the step functions of replication 0; a row
 * holds until the next one of the same pool.
 */
#include "sim/app/run.h"
#include "sim/base/text.h"

#include <inttypes.h>

static void put_row(const struct run *r, const struct timeline_row *row,
                    FILE *out)
{
    const int32_t *levels = (const int32_t *)&row->state;
    char at[40];

    run_time(r, row->at_us, at);
    fprintf(out, "%s,", at);
    text_csv(out, r->scenario.system.pools[row->pool].name);
    for (size_t i = 0; i < POOL_LEVELS; i++)
        fprintf(out, ",%" PRId32, levels[i]);
    fprintf(out, ",%.4f\n", row->usd_per_h);
}

void out_timeline(const struct run *r, FILE *out)
{
    fputs("at,pool,demand,waiting,running,sessions,queue,wanted,pending,"
          "starting,ready,draining,reachable,nodes,usd_per_h\n",
          out);
    for (size_t i = 0; i < r->log.n_rows; i++)
        put_row(r, &r->log.rows[i], out);
}
