/* alert_print.h - what the alerts would have done, for people and as CSV. */
#ifndef SIM_APP_ALERT_PRINT_H
#define SIM_APP_ALERT_PRINT_H

#include "sim/app/alert_trouble.h"

/* Everything is borrowed. */
struct alert_case {
    const struct scenario *scenario;
    const struct alert_rules *rules;
    const struct alert_spells *spells;
    const struct troubles *troubles;
};

/* Troubles that no alert covers. */
size_t alert_unseen(const struct alert_case *c);

/* The answer, a table of the alerts, and one of the troubles. */
void alert_print(const struct alert_case *c, FILE *out);

void alert_csv(const struct alert_case *c, FILE *out);   /* one row a spell */
void trouble_csv(const struct alert_case *c, FILE *out); /* a trouble */

#endif
