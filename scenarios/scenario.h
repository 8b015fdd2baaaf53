/* scenario.h - one question: trace, manifests, clients, faults, prices.
 *
 * Models    a scenario file with all that it names, as the parameters of one
 *           replication. Every key is described in scenarios/README.md.
 * Left out  the answer: sim/plan runs it.
 */
#ifndef SCENARIOS_SCENARIO_H
#define SCENARIOS_SCENARIO_H

#include "models/catalog.h"
#include "models/system_params.h"
#include "scenarios/haproxy_cfg.h"
#include "scenarios/manifest.h"
#include "scenarios/scenario_types.h"
#include "traces/trace.h"

#include <stdio.h>

struct scenario {
    char *path, *name; /* owned; name is the file's, without folder and end */
    char *question;    /* owned; "" if none */
    char *trace_path;  /* owned */
    struct scenario_versions versions;
    char region[KARP_NAME]; /* whose list prices are used */
    double vm_overhead_pct; /* vmMemoryOverheadPercent, 6 for its 0.06 */
    double wait_usd_per_h;  /* what an hour of a build's waiting is worth */
    struct scenario_target targets[SCENARIO_TARGETS];
    size_t n_targets;

    struct trace trace; /* owned, unless this is a copy */
    uint64_t world;     /* of a seed: of the first replication */
    uint32_t *pool_of;  /* owned, unless a copy; pool of a trace string */
    uint32_t *caller_of;
    struct system_params system;        /* its arrays are owned */
    struct lb_backend_params *backends; /* owned; system.lb.backends */
    struct karp_fault *sold_out;        /* owned; karpenter.faults */
    size_t n_sold_out;

    struct catalog_type facts[KARP_TYPES]; /* of karpenter.types */
    struct karp_span *spans;               /* owned, unless a copy; schedules */
    /* Owned, unless a copy: names and places in the above live there. */
    struct yaml_file file;
    struct manifest manifests;
    struct haproxy_cfg haproxy;
    uint32_t *written_replicas; /* owned, unless a copy; of the Deployments */
    struct scenario_objects *objects; /* owned, unless a copy; by pool */
    struct scenario_script *scripts;  /* the same; preStop */
    struct scenario_scrape scrape;
    char **notes; /* owned, unless a copy; for check */
    size_t n_notes, cap_notes;
    struct scenario_mark *marks; /* owned */
    size_t n_marks, cap_marks;
    bool adopted; /* the trace has other pools: all builds go to the first */
    bool is_copy;
};

struct scenario_options {
    const char *text;             /* in place of the file; or NULL */
    const char *trace;            /* replaces the scenario's; or NULL */
    const char *const *manifests; /* replace the scenario's; n_manifests */
    size_t n_manifests;
    const char *const *set; /* "KEY=VALUE", in order; n_set */
    size_t n_set;
};

/* Reads a scenario and everything that it names.
 *
 * o         may be NULL; its paths are relative to the present folder, those
 *           of the file to the file's
 * Errors    ERR_IO, ERR_INPUT with path:line:column; *s is empty then.
 */
int scenario_load(struct scenario *s, const char *path,
                  const struct scenario_options *o, struct err *e);

/* Maps pools and callers anew, for a trace that has the strings of the
 * scenario's own and more behind them: pool_of and caller_of then serve both.
 *
 * Errors    ERR_INPUT: builds of a pool that the scenario does not have.
 */
int scenario_map(struct scenario *s, const struct trace *t, struct err *e);

/* A copy with some parameters changed, for sweeps.
 *
 * base      outlives the copy, which shares trace, manifests and names
 * set[n]    "KEY=VALUE"
 * Errors    ERR_INPUT: unknown key, out of range, contradiction; *s is empty.
 */
int scenario_vary(struct scenario *s, const struct scenario *base,
                  const char *const set[], size_t n, struct err *e);

/* The text that haproxy was read from; NULL before scenario_load. */
const struct manifest_text *scenario_haproxy(struct scenario *s);

/* Takes {0}; may repeat. */
void scenario_free(struct scenario *s);

/* Name of a target as the scenario writes it: "p95_wait". */
const char *scenario_goal_name(enum scenario_goal goal);

/* What was read and is not modelled, one line each: s->notes[n_notes]. */
void scenario_note(struct scenario *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
