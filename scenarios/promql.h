/* promql.h - the plain comparisons among alert conditions.
 *
 * Models    metric{labels} op number, also with the number first; around the
 *           metric sum, min, max, avg and count, with by or without, and
 *           rate, increase, max_over_time, min_over_time, avg_over_time of
 *           a range; comparisons joined by and, or and brackets.
 * Source    Prometheus, Querying: Basics, Operators, Functions.
 * Left out  everything else: the text is refused, not guessed at. on(...) and
 *           ignoring(...) are read and do not matter.
 */
#ifndef SCENARIOS_PROMQL_H
#define SCENARIOS_PROMQL_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PROMQL_NAME = 128,
    PROMQL_LABELS = 8,  /* of one metric */
    PROMQL_TEXT = 2000, /* of one condition */
    PROMQL_DEPTH = 20   /* brackets in brackets */
};

enum promql_op {
    PROMQL_GT,
    PROMQL_GE,
    PROMQL_LT,
    PROMQL_LE,
    PROMQL_EQ,
    PROMQL_NE
};

enum promql_match { PROMQL_IS, PROMQL_IS_NOT, PROMQL_LIKE, PROMQL_NOT_LIKE };

enum promql_use {
    PROMQL_VALUE,
    PROMQL_SUM,   /* over series */
    PROMQL_COUNT, /* of series */
    PROMQL_GROWTH /* rate or increase */
};

/* One comparison, with the metric on the left. */
struct promql_term {
    char metric[PROMQL_NAME];
    struct promql_label {
        char name[PROMQL_NAME], value[PROMQL_NAME];
        enum promql_match match;
    } labels[PROMQL_LABELS];
    size_t n_labels;
    enum promql_use use;
    enum promql_op op;
    double number;
};

/* What a comparison can come to, or a whole condition. */
enum promql_truth { PROMQL_NEVER, PROMQL_MAYBE, PROMQL_ALWAYS };

typedef enum promql_truth promql_judge(void *context,
                                       const struct promql_term *t);

/* Reads a condition and combines what judge says of its comparisons.
 *
 * Errors    ERR_INPUT: not one of the above; the message says from where on.
 */
int promql_read(const char *text, promql_judge *judge, void *context,
                enum promql_truth *out, struct err *e);

/* Whether a op b. */
bool promql_holds(enum promql_op op, double a, double b);

/* The value that a label must have, or NULL if that is not said. */
const char *promql_value(const struct promql_term *t, const char *label);

#endif
