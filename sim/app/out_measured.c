/* out_measured.c - the part of report.md that few people open: elasticity,
 * flaps, the oracle and the best fixed pool.
 */
#include "sim/app/run.h"
#include "sim/app/show.h"
#include "sim/base/text.h"

#include <math.h>

static const struct show_row elasticity[] = {
    {"pods missing, mean", FIG_UNDER_PODS, SHOW_NUMBER, false, false},
    {"pods too many, mean", FIG_OVER_PODS, SHOW_NUMBER, false, false},
    {"missing, of the demand", FIG_UNDER_NORM, SHOW_SHARE, false, false},
    {"too many, of the supply", FIG_OVER_NORM, SHOW_SHARE, false, false},
    {"too many, of the demand", FIG_OVER_DEMAND, SHOW_SHARE, false, false},
    {"time with pods missing", FIG_UNDER_TIME, SHOW_SHARE, false, false},
    {"time with pods too many", FIG_OVER_TIME, SHOW_SHARE, false, false},
    {"minutes: supply up, demand not; or demand down, supply not",
     FIG_SUPPLY_ALONE, SHOW_SHARE, false, false},
    {"minutes: demand up, supply not; or supply down, demand not",
     FIG_DEMAND_ALONE, SHOW_SHARE, false, false},
    {"minutes: one up, the other down", FIG_OPPOSED, SHOW_SHARE, false, false},
    {"jitter: pods moved less builds moved, an hour", FIG_JITTER, SHOW_NUMBER,
     false, false},
};

static const struct show_row flap[] = {
    {"replicas moved", FIG_CHURN, SHOW_COUNT, false, false},
    {"moved by the oracle", FIG_ORACLE_CHURN, SHOW_COUNT, false, false},
    {"moved, times the oracle", FIG_EXCESS_CHURN, SHOW_NUMBER, false, false},
    {"removals wanted back within 1m, a day", FIG_PAIRS_1M, SHOW_NUMBER, false,
     false},
    {"within 2m, a day", FIG_PAIRS_2M, SHOW_NUMBER, false, false},
    {"within 5m, a day", FIG_PAIRS_5M, SHOW_NUMBER, false, false},
    {"within 10m, a day", FIG_PAIRS_10M, SHOW_NUMBER, false, false},
    {"within 30m, a day", FIG_PAIRS_30M, SHOW_NUMBER, false, false},
    {"pod-hours that a longer hold saves", FIG_HOLD_SAVES, SHOW_HOURS, false,
     false},
    {"reversals a day", FIG_REVERSALS, SHOW_NUMBER, false, false},
    {"reversals within the scale-down window", FIG_HASTY_FRAC, SHOW_SHARE,
     false, false},
    {"removals within it", FIG_HASTY_DOWNS, SHOW_COUNT, false, false},
    {"pods that ended within twice their start", FIG_BRIEF_FRAC, SHOW_SHARE,
     false, false},
    {"pods that were never ready", FIG_NEVER_READY, SHOW_COUNT, false, false},
    {"nodes that lasted less than 15m", FIG_BRIEF_NODES, SHOW_SHARE, false,
     false},
    {"pods started in 10m, p99 of the time", FIG_STARTS_P99, SHOW_COUNT, false,
     false},
    {"pods started in 10m, most", FIG_STARTS_MAX, SHOW_COUNT, false, false},
    {"builds on a node warm from the last hour", FIG_WARM_FRAC, SHOW_SHARE,
     false, false},
};

static const struct show_row fixed[] = {
    {"cost", FIG_COST_USD, SHOW_USD, false, false},
    {"cost of the oracle", FIG_FORESIGHT_USD, SHOW_USD, false, false},
    {"pods of a fixed pool with the same p95 wait", FIG_STATIC_PODS, SHOW_COUNT,
     false, false},
    {"its cost", FIG_STATIC_USD, SHOW_USD, false, false},
    {"gap closed between the two", FIG_GAP_CLOSED, SHOW_SHARE, false, false},
};

/* Columns; the whole report must stay below what GitHub takes. */
enum { MOST_POOLS = 2 };

struct columns {
    uint32_t pools[MOST_POOLS];
    size_t n;
};

static void put_head(const struct run *r, const struct columns *c, FILE *out)
{
    char name[4 * POOL_NAME];

    fputs("| |", out);
    for (size_t i = 0; i < c->n; i++) {
        text_markdown(r->scenario.system.pools[c->pools[i]].name, name,
                      sizeof name);
        fprintf(out, " %s |", name);
    }
    fputs("\n|---|", out);
    for (size_t i = 0; i < c->n; i++)
        fputs("---:|", out);
    fputc('\n', out);
}

static void put_cell(const struct run *r, const struct show_row *row,
                     size_t pool, FILE *out)
{
    struct estimate x = estimate_of(&r->results, pool, row->figure);
    char cell[SHOW_CELL] = "-";

    if (isfinite(x.mean))
        show_estimate(row->form, x, r->results.n_reps, cell);
    fprintf(out, " %s |", cell);
}

static void put_rows(const struct run *r, const struct columns *c,
                     const struct show_row rows[], size_t n, FILE *out)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "| %s |", rows[i].label);
        for (size_t k = 0; k < c->n; k++)
            put_cell(r, &rows[i], c->pools[k], out);
        fputc('\n', out);
    }
}

void out_measured(const struct run *r, FILE *out)
{
    struct columns c;

    c.n = show_pools(&r->results, MOST_POOLS, c.pools);
    fputs("\n<details><summary>Elasticity, flaps, oracle</summary>\n\n", out);
    put_head(r, &c, out);
    put_rows(r, &c, elasticity, sizeof elasticity / sizeof *elasticity, out);
    put_rows(r, &c, flap, sizeof flap / sizeof *flap, out);
    put_rows(r, &c, fixed, sizeof fixed / sizeof *fixed, out);
    fputs(
        "\nMissing and too many compare ready pods with the builds that would "
        "run if nobody ever waited. The oracle knows the history, never lets "
        "a build wait, and holds an idle node only while that is cheaper "
        "than starting it again. The fixed pool is always ready and needs no "
        "names, retries or starts.\n\n</details>\n",
        out);
}
