/* alert_rules.h - the team's rules, as Prometheus takes them.
 *
 * Models    files of rule groups, and PrometheusRule objects around them, as
 *           many as a file has; other objects are passed over.
 * Source    Prometheus rulefmt; prometheus-operator v1 types.
 * Left out  what an expression means: promtool knows. Helm templates:
 *           render them before.
 */
#ifndef SIM_APP_ALERT_RULES_H
#define SIM_APP_ALERT_RULES_H

#include "scenarios/yaml.h"

#include <stdio.h>

enum { ALERT_RULES = 500 };

struct alert_rule {
    const char *name, *expr; /* borrowed from the file */
    bool records;            /* makes a series, is no alert */
    sim_us interval_us;      /* of its group */
};

/* Starts from {0}. */
struct alert_rules {
    struct yaml_file file; /* owned */
    struct alert_rule rules[ALERT_RULES];
    size_t n, n_alerts;
};

/* every_us  interval of groups that name none
 * Errors    ERR_IO; ERR_INPUT with path:line:column; *r is empty then.
 */
int alert_rules_load(struct alert_rules *r, const char *path, sim_us every_us,
                     struct err *e);

/* All groups as one rule file; JSON, which is YAML. */
void alert_rules_write(const struct alert_rules *r, FILE *out);

/* Takes {0}; may repeat. */
void alert_rules_free(struct alert_rules *r);

#endif
