/* metric_labels.h - labels of the real objects, as Prometheus text. */
#ifndef SIM_APP_METRIC_LABELS_H
#define SIM_APP_METRIC_LABELS_H

#include "scenarios/scenario.h"

enum { METRIC_LABELS = 1024 };

/* Each writes what goes between the braces, without a last comma. Foreign
 * names are escaped; what disturbs a line is '?'.
 */
void labels_backend(const struct scenario *s, size_t backend,
                    char out[METRIC_LABELS]);
void labels_server(const struct scenario *s, size_t backend, size_t slot,
                   char out[METRIC_LABELS]);
void labels_deployment(const struct scenario *s, size_t pool,
                       char out[METRIC_LABELS]);
void labels_pod(const struct scenario *s, size_t pool, uint32_t pod,
                char out[METRIC_LABELS]);
void labels_hpa(const struct scenario *s, size_t pool, char out[METRIC_LABELS]);
void labels_scaled_object(const struct scenario *s, size_t pool,
                          char out[METRIC_LABELS]);
void labels_node_pool(const struct scenario *s, size_t node_pool,
                      char out[METRIC_LABELS]);

/* False for a trigger that reads no endpoint: it has no metric here.
 *
 * trigger   as the model numbers them
 */
bool labels_trigger(const struct scenario *s, size_t pool, size_t trigger,
                    char out[METRIC_LABELS]);

/* The names of a pool's objects, for those who look for them in labels:
 * Deployment, HPA, ScaledObject, backend.
 */
enum { POOL_OBJECTS = 4, OBJECT_NAME = 320 };
void pool_objects(const struct scenario *s, size_t pool,
                  char out[POOL_OBJECTS][OBJECT_NAME]);

#endif
