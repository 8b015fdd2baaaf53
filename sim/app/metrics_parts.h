/* metrics_parts.h - what the parts of the metrics ask of each other. Used by
 * metrics*.c and by no one else.
 */
#ifndef SIM_APP_METRICS_PARTS_H
#define SIM_APP_METRICS_PARTS_H

#include "models/system_view.h"
#include "sim/app/metric_labels.h"
#include "sim/app/metrics.h"

/* The series of object i, NULL before metrics_introduce. */
struct metric_series *metrics_known(struct metrics *m, enum metric_object of,
                                    size_t i);
struct metric_series *metrics_introduce(struct metrics *m,
                                        enum metric_object of, size_t i,
                                        const char *labels);

/* The two in one, for objects whose labels need no more than a number. */
struct metric_series *metrics_series(
    struct metrics *m, enum metric_object of, size_t i,
    void (*name)(const struct scenario *s, size_t i, char out[METRIC_LABELS]));

/* The value of a row of the object at this scrape. */
void metrics_put(struct metrics *m, struct metric_series *x, enum metric row,
                 double value);

void metrics_look_at_balancer(struct metrics *m);
void metrics_look_at_nodes(struct metrics *m);
void metrics_count_node(struct metrics *m, const struct note *n);

#endif
