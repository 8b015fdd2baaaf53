/* karp_replay.h - plays the scenarios given to the real Karpenter through its
 * model and says where the two differ.
 *
 * A recording is JSON lines, see models/upstream/README.md: the scenario, then
 * each decision of the real program with its time. The model is given the
 * scenario alone; its decisions are then compared line by line.
 *
 * Left out  whatever the cloud does: launches are not decisions.
 */
#ifndef SIM_UPSTREAM_KARP_REPLAY_H
#define SIM_UPSTREAM_KARP_REPLAY_H

#include "models/karpenter.h"
#include "models/karpenter_state.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether the decisions of a recording are those of the model; if not,
 * why[size] tells the first difference. *n_steps grows by those compared.
 */
bool karp_replay(const json_t *lines, char why[], size_t size,
                 unsigned long *n_steps);

/* The parameters and the nodes of a scenario, for the players of its kinds;
 * pools are named as the driver names them, nodes are in its order. *p must
 * stay where it is until karp_free(k).
 */
void karp_replay_read(const json_t *scenario, struct karp_params *p);
void karp_replay_nodes(const json_t *scenario, struct karp *k);

/* A node that exists and is initialized before the history begins; its index.
 */
uint32_t karp_replay_adopt(struct karp *k, uint32_t pool, uint32_t type);

/* An integer of o, or absent. */
json_int_t karp_replay_int(const json_t *o, const char *key, json_int_t absent);

/* Plays one of its kinds: decisions are appended to out. */
void karp_replay_disrupt(const json_t *scenario, json_t *out);

#endif
