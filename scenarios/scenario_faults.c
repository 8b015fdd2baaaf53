#include "scenarios/scenario_build.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum {
    GAP = 1,
    FACTOR = 2,
    POOL = 4,
    NODES = 8,
    OFFERS = 16,
    LASTS = 32,
    ANSWER = 64,
    SHARE = 128,
    LATENCY = 256,
    PODS = 512
};

/* What a kind of fault may say; gap_s is its gap if none is written: the
 * grace of a balancer's pod, and the time to a new leader.
 */
static const struct kind {
    const char *name;
    enum fault_kind kind;
    unsigned keys;
    int gap_s;
} kinds[] = {
    {"lb_restart", FAULT_LB_RESTART, GAP, 5},
    {"lb_reload", FAULT_LB_RELOAD, GAP, 30},
    {"metrics_down", FAULT_METRICS_DOWN, LASTS | POOL, 0},
    {"metrics_slow", FAULT_METRICS_SLOW, LASTS | POOL | LATENCY, 0},
    {"metrics_flaky", FAULT_METRICS_FLAKY, LASTS | POOL | SHARE, 0},
    {"controller_restart", FAULT_CONTROLLER_RESTART, GAP, 17},
    {"keda_restart", FAULT_KEDA_RESTART, GAP, 17},
    {"no_capacity", FAULT_NO_CAPACITY, LASTS | OFFERS, 0},
    {"slow_boot", FAULT_SLOW_BOOT, LASTS | FACTOR, 0},
    {"slow_pull", FAULT_SLOW_PULL, LASTS | FACTOR | POOL, 0},
    {"node_lost", FAULT_NODE_LOST, NODES | POOL, 0},
    {"daemon_stuck", FAULT_DAEMON_STUCK, LASTS | PODS | POOL, 0},
    {"drift", FAULT_DRIFT, POOL, 0},
    {"dns_stale", FAULT_DNS_STALE, LASTS, 0},
    {"dns_fail", FAULT_DNS_FAIL, LASTS | ANSWER, 0},
    {"netstat_missing", FAULT_NETSTAT_MISSING, LASTS | POOL, 0},
    {"rollout", FAULT_ROLLOUT, POOL, 0},
    {"api_conflicts", FAULT_API_CONFLICTS, LASTS | POOL, 0},
    {"no_retry", FAULT_NO_RETRY, LASTS | POOL, 0},
};

/* An instant of the trace: RFC 3339, or a duration from its start. */
static int read_instant(struct build *b, const struct yaml_node *entry,
                        const char *key, sim_us *out)
{
    const struct yaml_node *v = yaml_get(entry, key);
    struct err ignored;
    const char *text = NULL;
    int rc = yaml_text(entry, key, &text, b->err);

    if (rc != ERR_OK || !text)
        return rc;
    if (duration_parse(text, out, &ignored) == ERR_OK)
        return ERR_OK;
    if (timestamp_parse(text, out, b->err) != ERR_OK)
        return yaml_fail(v, b->err,
                         "%s must be an instant like 2026-06-09T10:00:00Z, or "
                         "a time from the start of the trace like 36h, not "
                         "\"%s\"",
                         key, text);
    if (!b->s->trace.absolute)
        return yaml_fail(v, b->err,
                         "the trace has no dates: write %s as a "
                         "time from its start, like 36h",
                         key);
    *out -= b->s->trace.origin_us;
    return ERR_OK;
}

/* A list of names as a set of bits; all ones if it is not written. */
static int read_names(struct build *b, const struct yaml_node *body,
                      const char *key,
                      uint32_t (*find)(const struct scenario *, const char *),
                      uint64_t *out)
{
    const struct yaml_node *list;
    int rc = yaml_list(body, key, &list, b->err);

    *out = UINT64_MAX;
    if (rc != ERR_OK || !list)
        return rc;
    *out = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *v = list->items[i].value;
        uint32_t index = find(b->s, v->text);

        if (index == NO_INDEX)
            return yaml_fail(v, b->err, "%s of the fault: no NodePool uses %s",
                             key, v->text);
        *out |= UINT64_C(1) << index;
    }
    return ERR_OK;
}

static int read_pool(struct build *b, const struct yaml_node *body,
                     struct fault *out)
{
    const char *name = NULL;
    int rc = yaml_text(body, "pool", &name, b->err);

    if (rc != ERR_OK || !name)
        return rc;
    out->pool = build_find_pool(b->s, name);
    if (out->pool == NO_INDEX)
        return yaml_fail(yaml_get(body, "pool"), b->err, "no pool is named %s",
                         name);
    return ERR_OK;
}

/* What a failing server of names answers. */
static int read_answer(struct build *b, const struct yaml_node *body,
                       enum lb_records_kind *out)
{
    static const struct {
        const char *name;
        enum lb_records_kind kind;
    } answers[] = {{"servfail", LB_RECORDS_OTHER},
                   {"refused", LB_RECORDS_REFUSED},
                   {"timeout", LB_RECORDS_TIMEOUT},
                   {"nxdomain", LB_RECORDS_NX}};
    const char *name = answers[0].name;
    int rc = yaml_text(body, "answer", &name, b->err);

    for (size_t i = 0; rc == ERR_OK && i < COUNT(answers); i++)
        if (strcmp(name, answers[i].name) == 0) {
            *out = answers[i].kind;
            return ERR_OK;
        }
    if (rc != ERR_OK)
        return rc;
    return yaml_fail(yaml_get(body, "answer"), b->err,
                     "answer must be servfail, refused, timeout or nxdomain, "
                     "not \"%s\"",
                     name);
}

static int read_port(struct build *b, const struct yaml_node *body, bool *shut)
{
    const char *port = "open";
    int rc = yaml_text(body, "port", &port, b->err);

    *shut = strcmp(port, "closed") == 0;
    if (rc == ERR_OK && !*shut && strcmp(port, "open") != 0)
        return yaml_fail(yaml_get(body, "port"), b->err,
                         "port must be open or closed, not \"%s\"", port);
    return rc;
}

static int check_body(struct build *b, const struct yaml_node *body,
                      unsigned allowed)
{
    static const struct {
        const char *name;
        unsigned bit;
    } all[] = {{"gap", GAP},       {"factor", FACTOR}, {"pool", POOL},
               {"nodes", NODES},   {"types", OFFERS},  {"zones", OFFERS},
               {"answer", ANSWER}, {"p", SHARE},       {"latency", LATENCY},
               {"pods", PODS},     {"port", PODS}};
    const char *names[COUNT(all)];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(all); i++)
        if (allowed & all[i].bit)
            names[n++] = all[i].name;
    return yaml_known(body, names, n, b->err);
}

static int read_body(struct build *b, const struct yaml_node *body,
                     const struct kind *kind, struct fault *out)
{
    int64_t nodes = 1, pods = 1;
    int rc = check_body(b, body, kind->keys);

    out->factor = 1.0;
    out->gap_us = kind->gap_s * US_PER_S;
    if (rc == ERR_OK)
        rc = yaml_duration(body, "gap", &out->gap_us, b->err);
    if (rc == ERR_OK)
        rc = yaml_number(body, "factor", 1000.0, &out->factor, b->err);
    if (rc == ERR_OK)
        rc = yaml_int(body, "nodes", (struct yaml_range){1, 10000}, &nodes,
                      b->err);
    if (rc == ERR_OK)
        rc = read_names(b, body, "types", build_find_type, &out->types);
    if (rc == ERR_OK)
        rc = read_names(b, body, "zones", build_find_zone, &out->zones);
    if (rc == ERR_OK)
        rc = yaml_int(body, "pods", (struct yaml_range){1, 20000}, &pods,
                      b->err);
    if (rc == ERR_OK)
        rc = read_port(b, body, &out->shut);
    if (rc == ERR_OK)
        rc = read_answer(b, body, &out->answer);
    if (rc == ERR_OK)
        rc = yaml_duration(body, "latency", &out->latency_us, b->err);
    if (rc == ERR_OK)
        rc = yaml_number(body, "p", 1.0, &out->frac, b->err);
    out->n_nodes = (uint32_t)nodes;
    out->n_pods = (uint32_t)pods;
    if (rc == ERR_OK && kind->keys & FACTOR && out->factor <= 0.0)
        return yaml_fail(body, b->err, "factor must be above 0");
    if (rc == ERR_OK && kind->keys & SHARE && out->frac <= 0.0)
        return yaml_fail(body, b->err, "p must be above 0");
    return rc == ERR_OK ? read_pool(b, body, out) : rc;
}

/* When it begins and ends. */
static int read_times(struct build *b, const struct yaml_node *entry,
                      const struct kind *kind, struct fault *out)
{
    sim_us lasts = -1;
    int rc = ERR_OK;

    if (!yaml_get(entry, "at"))
        return yaml_fail(entry, b->err, "a fault needs at: when it begins");
    rc = read_instant(b, entry, "at", &out->at_us);
    out->until_us = INT64_MIN;
    if (rc == ERR_OK)
        rc = read_instant(b, entry, "until", &out->until_us);
    if (rc == ERR_OK)
        rc = yaml_duration(entry, "for", &lasts, b->err);
    if (rc != ERR_OK)
        return rc;
    bool has_end = lasts >= 0 || out->until_us != INT64_MIN;
    if (lasts >= 0 && out->until_us != INT64_MIN)
        return yaml_fail(entry, b->err, "for and until exclude each other");
    if (!(kind->keys & LASTS) && has_end)
        return yaml_fail(entry, b->err,
                         "%s has no end: for and until do not "
                         "apply",
                         kind->name);
    if (kind->keys & LASTS && !has_end)
        return yaml_fail(entry, b->err, "%s needs for or until", kind->name);
    if (lasts >= 0)
        out->until_us = out->at_us + lasts;
    if (!(kind->keys & LASTS)) /* an instant, or a gap that follows it */
        out->until_us = out->at_us + (out->gap_us > 0 ? out->gap_us : 1);
    if (out->until_us <= out->at_us)
        return yaml_fail(entry, b->err, "the fault ends before it begins");
    if (out->at_us >= b->s->trace.span_us + b->s->system.settle_us ||
        out->until_us <= 0)
        return yaml_fail(entry, b->err, "the fault lies outside the trace");
    return ERR_OK;
}

static int find_kind(struct build *b, const struct yaml_node *entry,
                     const struct kind **out, const struct yaml_node **body)
{
    const char *names[COUNT(kinds) + 3] = {"at", "for", "until"};

    *out = NULL;
    *body = NULL;
    for (size_t k = 0; k < COUNT(kinds); k++) {
        names[k + 3] = kinds[k].name;
        for (size_t i = 0; i < entry->n; i++) {
            if (strcmp(entry->items[i].key->text, kinds[k].name) != 0)
                continue;
            if (*out)
                return yaml_fail(entry, b->err,
                                 "one fault of two kinds: %s "
                                 "and %s",
                                 (*out)->name, kinds[k].name);
            *out = &kinds[k];
            *body = entry->items[i].value;
        }
    }
    int rc = yaml_known(entry, names, COUNT(names), b->err);
    if (rc == ERR_OK && !*out)
        return yaml_fail(entry, b->err,
                         "a fault needs a kind, such as "
                         "lb_restart");
    return rc;
}

/* A shortage of the first instant leaves the nodes of the start alone. */
static void add_sold_out(struct scenario *s, const struct fault *f)
{
    s->sold_out[s->n_sold_out++] =
        (struct karp_fault){.kind = KARP_NO_CAPACITY,
                            .types = f->types,
                            .zones = (uint32_t)f->zones,
                            .span = {f->at_us > 0 ? f->at_us : 1, f->until_us}};
}

static int read_fault(struct build *b, const struct yaml_node *entry)
{
    struct system_params *y = &b->s->system;
    struct fault f = {.pool = NO_INDEX};
    const struct yaml_node *body;
    const struct kind *kind;

    if (entry->kind != YAML_MAP)
        return yaml_fail(entry, b->err, "a fault must be a map");
    int rc = find_kind(b, entry, &kind, &body);
    if (rc != ERR_OK)
        return rc;
    f.kind = kind->kind;
    bool empty = body->kind == YAML_NULL || strcmp(body->text, "true") == 0;
    if (!empty && body->kind != YAML_MAP)
        return yaml_fail(body, b->err, "%s must be a map", kind->name);
    if (kind->keys & FACTOR && (empty || !yaml_get(body, "factor")))
        return yaml_fail(empty ? entry : body, b->err, "%s needs a factor",
                         kind->name);
    if (kind->keys & SHARE && (empty || !yaml_get(body, "p")))
        return yaml_fail(empty ? entry : body, b->err,
                         "%s needs p, the share that fails", kind->name);
    rc = read_body(b, empty ? NULL : body, kind, &f);
    if (rc == ERR_OK)
        rc = read_times(b, entry, kind, &f);
    if (rc != ERR_OK)
        return rc;
    y->faults[y->n_faults++] = f;
    if (f.kind == FAULT_NO_CAPACITY)
        add_sold_out(b->s, &f);
    return ERR_OK;
}

static int by_start(const void *a, const void *b)
{
    const struct fault *x = a, *y = b;

    if (x->at_us != y->at_us)
        return x->at_us < y->at_us ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

int build_faults(struct build *b)
{
    struct system_params *y = &b->s->system;
    const struct yaml_node *list;
    int rc = yaml_list(b->root, "faults", &list, b->err);
    size_t n = list ? list->n : 0;

    if (rc == ERR_OK && n > SCENARIO_FAULTS)
        return yaml_fail(list, b->err, "more than %d faults", SCENARIO_FAULTS);
    if (rc != ERR_OK)
        return rc;
    y->faults = mem_array(n, sizeof *y->faults);
    b->s->sold_out = mem_array(n, sizeof *b->s->sold_out);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = read_fault(b, list->items[i].value);
    qsort(y->faults, y->n_faults, sizeof *y->faults, by_start);
    y->karpenter.faults = b->s->sold_out;
    y->karpenter.n_faults = b->s->n_sold_out;
    return rc;
}
