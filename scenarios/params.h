/* params.h - THE table of parameters: parses, checks, prints and documents.
 *
 * A parameter is a field of one of the models' parameter structs. Most exist
 * several times: once a pool, a backend, a node pool, a caller or a type. The
 * key alone sets all of them, the key with a name only that one:
 *
 *     hpa.sync_period=15s          every pool
 *     amd64.hpa.sync_period=15s    pool amd64
 *     lb.slots=400                 every backend
 *     lb.bk_amd64.slots=400        backend bk_amd64
 *     nodepool.NAME.weight, client.CALLER.attempts, type.NAME.price
 */
#ifndef SCENARIOS_PARAMS_H
#define SCENARIOS_PARAMS_H

#include "scenarios/manifest_kinds.h"
#include "scenarios/scenario.h"

enum param_scope {
    PARAM_SCENARIO, /* struct scenario, once */
    PARAM_SYSTEM,   /* struct system_params, once */
    PARAM_POOL,     /* struct pool_params */
    PARAM_BACKEND,  /* struct lb_backend_params */
    PARAM_NODEPOOL, /* struct karp_pool */
    PARAM_CALLER,   /* struct caller_params */
    PARAM_TYPE      /* struct karp_type */
};

enum param_type {
    PARAM_U32,
    PARAM_I32,
    PARAM_INT,
    PARAM_BOOL,
    PARAM_DOUBLE,
    PARAM_TIME,    /* sim_us; a duration with a unit */
    PARAM_NEVER,   /* the same, or "never" */
    PARAM_DIST,    /* struct dist */
    PARAM_ENUM,    /* one of names[] */
    PARAM_NAME,    /* char[POOL_NAME]; "own" is the empty one */
    PARAM_CPU,     /* int64_t mcpu; a quantity, or "none" */
    PARAM_MEMORY,  /* int64_t MiB; a quantity, or "none" */
    PARAM_AMOUNT,  /* struct rollout_amount: 1 or 25% */
    PARAM_RULES,   /* policies of struct hpa_rules: 10/20m+20%/20m, default */
    PARAM_VERSION, /* minor version: 1.35 */
    PARAM_KEDA     /* minor and patch version: 2.16.1 */
};

struct param {
    const char *key;
    enum param_scope scope;
    enum param_type type;
    size_t offset, size;
    size_t flag;              /* offset of a bool that setting makes true, */
    bool has_flag;            /* if there is one */
    bool from_manifests;      /* manifests or haproxy.cfg say it */
    double min, max;          /* seconds, counts, cores or MiB */
    const char *const *names; /* PARAM_ENUM: ends in NULL */
    const char *unit;         /* NULL if the value's own form says it */
    const char *source;       /* upstream project or file */
    const char *help;
};

/* The rows, in order of documentation: params_count() of them. */
size_t params_count(void);
const struct param *params_row(size_t i);

/* Sets one parameter, of one or of all instances.
 *
 * Errors    ERR_INPUT, without a path: unknown key (with the nearest), value
 *           of the wrong form or out of range. Nothing is changed then.
 */
int params_set(struct scenario *s, const char *key, const char *value,
               enum scenario_origin origin, struct err *e);

/* The same for "KEY=VALUE". */
int params_assign(struct scenario *s, const char *assignment,
                  enum scenario_origin origin, struct err *e);

enum { PARAM_TEXT = 320 };

/* The value of a full key ("amd64.max_replicas") as params_set reads it; of
 * the first instance if the key names none.
 * Errors    ERR_INPUT: unknown key.
 */
int params_get(const struct scenario *s, const char *key, char out[PARAM_TEXT],
               struct err *e);

/* Whether there is such a key. */
bool params_has(const struct scenario *s, const char *key);

/* Whether the scenario or an option set it, for this or for all instances. */
bool params_is_set(const struct scenario *s, const char *key);

/* Whether the key is of the scaler of pools that nothing scales, so that its
 * value does not matter.
 */
bool params_is_idle(const struct scenario *s, const char *key);

/* Every parameter with value and origin, one a line, for `drydock check`. */
void params_print(const struct scenario *s, FILE *out);

/* The default of a row as params_set reads it, or "not set". */
void params_default(const struct param *row, char out[PARAM_TEXT]);

/* The table as Markdown, with the defaults, for scenarios/README.md. */
void params_explain(FILE *out);

/* The row about a field of a manifest, which may have the names of others
 * before it (amd64.maxReplicaCount), or NULL.
 */
const struct param *params_row_of_field(const char *path);

/* One row of it in words. Any full key will do, whatever instance it names.
 * Errors    ERR_INPUT: no such key, with the nearest one.
 */
int params_explain_key(const char *key, FILE *out, struct err *e);

/* Fills what depends on other parameters (HPA bounds, sizes of types, ...)
 * and refuses contradictions. Call after the last params_set.
 */
int params_derive(struct scenario *s, struct err *e);

/* The defaults of one instance, into the struct of that scope. */
void params_pool_defaults(struct pool_params *p);

/* An empty scenario with the default versions: Kubernetes 1.35, KEDA 2.16.1,
 * Karpenter 1.12, HAProxy 3.1.
 */
void params_scenario_defaults(struct scenario *s);

#endif
