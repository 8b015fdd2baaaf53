/* explain_parts.h - what explain_*.c share, and no one else. */
#ifndef SIM_APP_EXPLAIN_PARTS_H
#define SIM_APP_EXPLAIN_PARTS_H

#include "sim/app/explain.h"
#include "sim/app/tell.h"

/* Of a build: who it is and how it ended, before its lines; what it waited
 * for, behind them.
 */
void explain_head(const struct story *s, FILE *out);
void explain_waits(const struct story *s, FILE *out);

/* The next dial behind line i, or NULL. */
const struct story_line *explain_next_dial(const struct story *s, size_t i);

/* Which attempts are left out, by number: of a long row of attempts without a
 * slot all but the ends. Owned.
 */
bool *explain_hidden(const struct story *s);

/* Whether a line of that kind says what became of a dial. */
bool explain_is_fate(int kind);

/* The last of the dials from line i on that fail at once and alike in one
 * attempt; i if there is no other.
 */
size_t explain_alike(const struct story *s, size_t i);

/* The faults that are on at the beginning of the story, about a build. */
void explain_faults(const struct story *s, struct teller *t);

/* Below a line: where the pod comes from, and its node. */
void explain_origin(const struct story *s, uint32_t pod, struct teller *t);

/* Why a pod was made: "replicas 4 -> 8, 1.2s before"; "to replace one". */
void explain_why(const struct scaled *why, bool up, sim_us at_us,
                 char out[128]);

/* Name of a node's instance type. */
const char *explain_type(const struct story *s, const struct node_life *n);

#endif
