/* keda_object.h - a pool's ScaledObject, as its manifest says, for the real
 * KEDA; but for the address, which is that of the balancer's page.
 */
#ifndef SIM_UPSTREAM_KEDA_OBJECT_H
#define SIM_UPSTREAM_KEDA_OBJECT_H

#include "models/system_params.h"

#include <jansson.h>

/* Its spec. Owned.
 *
 * port      where the page is served
 */
json_t *keda_object_json(const struct system_params *params, uint32_t pool,
                         uint16_t port);

/* Its annotations. Owned. */
json_t *keda_object_annotations(const struct keda_params *p);

#endif
