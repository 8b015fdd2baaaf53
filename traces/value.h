/* value.h - what the text of one field means. */
#ifndef TRACES_VALUE_H
#define TRACES_VALUE_H

#include "sim/base/units.h"
#include "traces/input.h"

#define NO_TIME INT64_MIN /* an instant that is not known */

/* The year 2200: no instant may reach it, and no single length of time be
 * longer than from 1970 to it. So no sum of a few overflows, and whatever was
 * read once can be written and read again.
 */
#define LATEST_US (INT64_C(7258118400) * US_PER_S)

/* No history is that long: 31 years. A larger number of seconds from its start
 * is an instant, in seconds since 1970.
 */
#define UNIX_ERA_US (INT64_C(1000000000) * US_PER_S)

/* Absent, empty (a zero byte ends a text), or one of the ways in which exports
 * write a null.
 */
bool value_is_null(struct slice v);

bool value_is(struct slice v, const char *text);

/* Reads an instant since 1970, or NO_TIME for a null, for the first day of
 * 1970 and for the year 1: so exports write a missing one.
 *
 * Returns false, leaving *out alone, for anything else and beyond 2199.
 */
bool value_instant(struct slice v, sim_us *out);

/* The same without missing ones: any instant from 1900 to 2199. */
bool value_timestamp(struct slice v, sim_us *out);

/* Reads seconds, with decimals or an exponent, up to a thousand years either
 * way; exact to the microsecond. Returns false, leaving *out alone, otherwise.
 */
bool value_seconds(struct slice v, sim_us *out);

/* The same from 0 to LATEST_US. */
bool value_length(struct slice v, sim_us *out);

/* Reads a whole number from 0 on; false otherwise or beyond 64 bits. */
bool value_count(struct slice v, uint64_t *out);

/* The machine among the labels of a job, written ['a','b'], ["a","b"] or
 * bare: the second if there are two or more, else the first, else empty.
 */
struct slice value_machine(struct slice labels);

#endif
