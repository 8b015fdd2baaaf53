/* alert_engine.h - when the alerts fire, by Prometheus' own rule manager.
 *
 * Models    nothing: `promtool test rules` loads what was scraped as the input
 *           series of a unit test, evaluates every group at its interval, with
 *           `for`, `keep_firing_for`, recording rules and stale series, and is
 *           asked for ALERTS at each evaluation.
 * Source    Prometheus cmd/promtool/unittest.go, v2.42 to v3.
 * Left out  the phase of a group's evaluations within its interval. The unit
 *           test begins in 1970: the history is put so that hour, minute and
 *           weekday are right for rules that ask for them; time(), month and
 *           the day of the month are not.
 */
#ifndef SIM_APP_ALERT_ENGINE_H
#define SIM_APP_ALERT_ENGINE_H

#include "sim/app/alert_rules.h"
#include "sim/app/metrics.h"
#include "sim/base/mem.h"

/* One alert with one set of labels, from its first evaluation as firing until
 * the first at which it no longer fires.
 */
struct alert_spell {
    uint32_t alert;  /* its name among the strings */
    uint32_t labels; /* `a="1", b="2"`, without its name */
    sim_us from_us, until_us;
};

/* Starts from {0}. */
struct alert_spells {
    struct alert_spell *at; /* owned; by instant of their beginning */
    size_t n, cap;
    struct strings strings;
};

/* m         after its run
 * folder    for the files of promtool
 * Errors    ERR_IO: no promtool, or it failed; ERR_INPUT: it refuses the
 *           rules, in its own words.
 */
int alert_engine_run(struct alert_spells *out, const struct alert_rules *r,
                     struct metrics *m, const char *folder, struct err *e);

/* Whether the rules ask for a date, which is not that of the history. */
bool alert_engine_misdates(const struct alert_rules *r);

/* Reads promtool's report of one interval; public for its test.
 *
 * lead_us   time in the unit test at which the history begins
 */
int alert_engine_read(struct alert_spells *out, FILE *report,
                      sim_us interval_us, sim_us lead_us, struct err *e);

void alert_spells_free(struct alert_spells *s);

#endif
