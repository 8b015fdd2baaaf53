/* units.h - simulated time, and how people write times and amounts.
 *
 * Simulated time is a whole number of microseconds since the origin of a
 * replication. Ties are exact and sums do not depend on their order.
 */
#ifndef SIM_BASE_UNITS_H
#define SIM_BASE_UNITS_H

#include "sim/base/err.h"

#include <assert.h>
#include <stdint.h>

typedef int64_t sim_us;

#define US_PER_MS INT64_C(1000)
#define US_PER_S INT64_C(1000000)
#define US_PER_H (3600 * US_PER_S)
#define US_PER_DAY (24 * US_PER_H)
#define SIM_NEVER INT64_MAX
#define NO_INDEX UINT32_MAX /* "none", wherever an index is expected */

/* Nearest microsecond to s seconds, halves away from zero; |s| <= 9e12. */
static inline sim_us us_from_s(double s)
{
    assert(s >= -9e12 && s <= 9e12);
    double us = s * 1e6;
    sim_us whole = (sim_us)us; /* towards zero, so that the rest is exact */
    double rest = us - (double)whole;

    return whole + (rest >= 0.5) - (rest <= -0.5);
}

/* Seconds in us. */
static inline double s_from_us(sim_us us)
{
    return (double)us / 1e6;
}

/* Reads a Go duration ("1h30m", "600s", "250ms", "1.5h"; "d" is allowed as
 * 24 h, as HAProxy has it).
 *
 * A number without a unit is refused (only "0" stands alone). The whole text
 * must be used.
 * Errors    ERR_INPUT with a message that quotes the text; *out is untouched.
 * Source    Go time.ParseDuration.
 */
int duration_parse(const char *text, sim_us *out, struct err *e);

/* Writes us as people write it, "1h30m", "45s", "1.5s"; never more than 31
 * characters. SIM_NEVER is "never".
 */
void duration_print(sim_us us, char out[32]);

/* Reads a Kubernetes quantity ("42", "42000m", "155Gi", "1e3", "0.8") as
 * milli-units, rounded up as the API server does.
 *
 * Errors    ERR_INPUT; *out is untouched. Saturates at INT64_MAX.
 * Source    k8s.io/apimachinery resource.ParseQuantity.
 */
int quantity_parse(const char *text, int64_t *milli, struct err *e);

/* Reads an RFC 3339 instant or the ClickHouse form with a blank between date
 * and time, zero to nine decimals, with "Z", an offset or nothing (UTC).
 *
 * Returns microseconds since 1970-01-01T00:00:00Z in *out.
 * Errors    ERR_INPUT; *out is untouched. Years 1900 to 9999.
 */
int timestamp_parse(const char *text, sim_us *out, struct err *e);

/* Writes an instant as "2026-06-09T17:02:11Z", with a fraction if there is
 * one. Needs 40 bytes.
 */
void timestamp_print(sim_us since_epoch_us, char out[40]);

/* Day of the week of an instant, 0 = Monday, and hour of that day, UTC. */
void hour_of_week(sim_us since_epoch_us, int *weekday, int *hour);

#endif
