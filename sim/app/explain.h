/* explain.h - the life of one build, pod or node, recorded and told.
 *
 * Models    one replication, looked on at by its notes. Of a build every
 *           stretch of waiting gets a cause: the shares of its pool (enum
 *           wait_cause) are dealt out to the builds that wait, so that the
 *           sums over all builds are those of the pool.
 * Left out  which pod a waiting build will get: nobody knows it before.
 */
#ifndef SIM_APP_EXPLAIN_H
#define SIM_APP_EXPLAIN_H

#include "models/system.h"
#include "scenarios/scenario.h"
#include "sim/app/waiting.h"

int cmd_explain(int argc, char **argv);

enum explain_what { EXPLAIN_BUILD, EXPLAIN_POD, EXPLAIN_NODE };

enum {
    POD_NOTES = NOTE_POD_GONE - NOTE_POD_SETTLED + 1,
    NODE_NOTES = NOTE_NODE_UNPAID - NOTE_NODE_CLAIMED + 1
};

/* A change of the replicas wanted. */
struct scaled {
    sim_us at_us; /* SIM_NEVER: none so far */
    uint32_t from, to;
};

struct pod_life {
    bool seen;
    uint32_t pool, node, meant_for; /* nodes, or NO_INDEX */
    uint32_t n_builds;              /* whose work began there */
    sim_us first_us[POD_NOTES];     /* by kind of note, or SIM_NEVER */
    struct scaled why, why_not;     /* before its creation, its deletion */
};

struct node_life {
    bool seen, lost;
    uint32_t pool, type; /* type: NO_INDEX while it is not known */
    uint32_t n_meant, n_pods;
    sim_us first_us[NODE_NOTES];
};

/* Why the scaler wanted no pod for a build. */
enum scaler_reason {
    SCALER_BLIND,     /* it could see no more sessions than replicas */
    SCALER_TOLERATES, /* the surplus was within its tolerance */
    SCALER_LATE,      /* it had not acted on what there was to see */
    SCALER_REASONS
};

/* A stretch of waiting for one cause. */
struct spell {
    sim_us from_us, until_us;
    enum wait_cause cause;
    uint32_t place, of; /* among the builds that wait, at its beginning */
};

enum { LINE_SPELL = NOTE_KINDS }; /* a line that is no note */

/* What is told, in the order in which it happened. */
struct story_line {
    sim_us at_us;
    int kind;      /* enum note_kind or LINE_SPELL */
    uint32_t a, b; /* as the note has them; a: the spell */
    uint32_t more; /* QUEUED: builds before it; SERVED: on that pod */
};

/* Starts from {0}; its question is set before story_run. */
struct story {
    enum explain_what what;
    uint32_t id;
    const struct scenario *scenario; /* borrowed */
    uint64_t seed;
    struct build_result *builds; /* owned; of the whole trace */
    sim_us end_us;               /* last thing that happened */

    struct story_line *lines; /* owned */
    size_t n_lines, cap_lines;
    struct spell *spells; /* owned */
    size_t n_spells, cap_spells;
    struct pod_life *pods; /* owned */
    size_t n_pods, cap_pods;
    struct node_life *nodes; /* owned */
    size_t n_nodes, cap_nodes;
    struct scaled *scaled;            /* owned; last of each pool */
    struct waiting waiting;           /* of the build's pool */
    uint32_t *pod_of;                 /* owned; by build, or NO_INDEX */
    const struct system *system;      /* while it runs */
    sim_us scaler_us[SCALER_REASONS]; /* parts of the waits for the scaler */
    enum scaler_reason scaler_reason;
    sim_us scaler_since_us; /* SIM_NEVER: waits for something else */
    bool is_open, is_waiting, in_spell; /* the build, at that time */
};

/* Runs replication 0 and records. */
void story_run(struct story *s);

/* Microseconds without a slot, summed over the spells of one cause. */
sim_us story_waited_us(const struct story *s, enum wait_cause cause);

void story_free(struct story *s);

static inline sim_us pod_at_us(const struct pod_life *p, enum note_kind kind)
{
    return p->first_us[kind - NOTE_POD_SETTLED];
}

static inline sim_us node_at_us(const struct node_life *n, enum note_kind kind)
{
    return n->first_us[kind - NOTE_NODE_CLAIMED];
}

/* The story in words. */
void explain_build(const struct story *s, bool all, FILE *out);
void explain_pod(const struct story *s, FILE *out);
void explain_node(const struct story *s, FILE *out);

/* Index of the build that the user names, by its identity or its number.
 *
 * Errors    ERR_INPUT: none; the message says what is near, and how to list
 *           what there is.
 */
int explain_find(const struct scenario *s, const char *name, uint32_t *build,
                 struct err *e);

/* The counted build with the longest wait, as the tables have it, the first of
 * equals; NO_INDEX if none has a wait.
 */
uint32_t explain_longest(const struct build_result *builds, size_t n);

#endif
