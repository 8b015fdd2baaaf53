/* manifest_kind.h - objects that are not what they seem.
 *
 * Models    what `kubectl apply` and `kustomize build` would say to an object
 *           before it means anything: a kind or a version that there is not,
 *           and a kustomization that would change the objects beside it.
 * Left out  kinds that nothing here reads: they may be called what they like.
 */
#ifndef SCENARIOS_MANIFEST_KIND_H
#define SCENARIOS_MANIFEST_KIND_H

#include "scenarios/yaml.h"

/* Errors    ERR_INPUT: a kind that is nearly one of those that are read, or
 *           one of these in another version of its group. An object without
 *           apiVersion is believed.
 */
int manifest_check_kind(const struct yaml_node *object, const char *kind,
                        struct err *e);

/* Errors    ERR_INPUT: it does more than list resources, so that the files
 *           beside it are not what reaches the cluster.
 */
int manifest_check_kustomization(const struct yaml_node *object, struct err *e);

#endif
