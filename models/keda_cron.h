/* keda_cron.h - the cron trigger's schedules.
 *
 * Models    standard five-field cron and @hourly ... @yearly, in UTC. Where
 *           neither day field begins with '*' or '?', either may match; else
 *           both must.
 * Source    KEDA cron_scaler.go; robfig/cron v3, standard parser.
 * Left out  time zones other than UTC, @every, TZ= prefixes: refused.
 */
#ifndef MODELS_KEDA_CRON_H
#define MODELS_KEDA_CRON_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#include <stdbool.h>
#include <stdint.h>

enum { KEDA_CRON_TEXT = 256 };

/* Bit i set: value i matches. */
struct keda_schedule {
    char text[KEDA_CRON_TEXT]; /* as written */
    uint64_t minutes;
    uint32_t hours, days, months, weekdays; /* weekday 0 is Sunday */
    bool any_day, any_weekday;              /* the field has a '*' or '?' */
};

struct keda_cron {
    struct keda_schedule start, end;
};

/* Reads both schedules.
 *
 * zone      "UTC", "Etc/UTC", "GMT" or "Etc/GMT"
 * Errors    ERR_INPUT with a message without a path: a schedule that cannot
 *           be read or never comes, equal schedules, another time zone.
 */
int keda_cron_parse(struct keda_cron *out, const char *start, const char *end,
                    const char *zone, struct err *e);

/* Next moment strictly after unix_us at which the schedule comes. */
sim_us keda_schedule_next(const struct keda_schedule *s, sim_us unix_us);

/* Whether unix_us lies in [start, end): the next end is not after the next
 * start.
 */
bool keda_cron_active(const struct keda_cron *c, sim_us unix_us);

/* First moment after unix_us at which keda_cron_active may change. */
sim_us keda_cron_until(const struct keda_cron *c, sim_us unix_us);

#endif
