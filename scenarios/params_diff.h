/* params_diff.h - what one configuration says otherwise than another.
 *
 * Models    every row of the table (params.h) whose written value differs, and
 *           the instance types that a node pool may use. Instances are matched
 *           by name; a pool, backend, node pool, caller or type that only one
 *           side has is one difference, not one a parameter; so is a pool
 *           that only one side scales, and the kinds of a pool's triggers.
 * Left out  what has no parameter: faults, targets, the history itself.
 */
#ifndef SCENARIOS_PARAMS_DIFF_H
#define SCENARIOS_PARAMS_DIFF_H

#include "scenarios/params.h"

enum param_change_kind {
    CHANGE_VALUE,
    CHANGE_ADDED, /* only the second has the instance */
    CHANGE_REMOVED
};

struct param_side {
    char value[PARAM_TEXT]; /* with its unit; "" if the instance is not there */
    char where[PARAM_TEXT]; /* path:line, "default", "--set" */
};

struct param_change {
    enum param_change_kind kind;
    char key[PARAM_TEXT]; /* full; of an instance its scope and name */
    const char *help;     /* "" for an instance */
    struct param_side base, head;
    char back[2 * PARAM_TEXT]; /* KEY=VALUE that undoes it; "": cannot be */
};

/* Starts from {0}. */
struct params_diff {
    struct param_change *at; /* owned; in the order of the table */
    size_t n, cap;
};

void params_diff(struct params_diff *d, const struct scenario *base,
                 const struct scenario *head);

void params_diff_free(struct params_diff *d); /* takes {0}; may repeat */

/* Where a value comes from: the line of the field in its manifest, or of its
 * object if the field is not written; of a scenario its section.
 *
 * row, instance    as in struct scenario_mark
 */
void params_where(const struct scenario *s, uint32_t row, uint32_t instance,
                  char out[PARAM_TEXT]);

#endif
