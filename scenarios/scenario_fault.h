/* scenario_fault.h - what an entry of faults may say; for scenario_fault*.c.
 */
#ifndef SCENARIOS_SCENARIO_FAULT_H
#define SCENARIOS_SCENARIO_FAULT_H

#include "scenarios/scenario_build.h"
#include "scenarios/words.h"

/* Keys, as a set; LASTS: for or until. */
enum {
    GAP = 1,
    FACTOR = 2,
    POOL = 4,
    NODES = 8,
    TYPES = 16,
    ZONES = 32,
    LASTS = 64,
    ANSWER = 128,
    SHARE = 256,
    LATENCY = 512,
    ROOM = 1024,
    PODS = 2048
};

/* One kind of fault; gap_s is its gap if none is written. */
struct fault_form {
    const char *name;
    enum fault_kind kind;
    unsigned keys;
    int gap_s;
};

/* The names of a set of keys; returns how many. */
size_t fault_keys(unsigned keys, const char *names[FAULT_WORDS]);

/* Reads what stands behind the fault's name: a map, or nothing. */
int fault_body(struct build *b, const struct yaml_node *entry,
               const struct yaml_node *body, const struct fault_form *form,
               struct fault *out);

#endif
