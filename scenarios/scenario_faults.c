#include "scenarios/scenario_fault.h"

#include "scenarios/words.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The usual gaps are the grace of a balancer's pod, and the time to a new
 * leader.
 */
static const struct fault_form kinds[] = {
    {"lb_restart", FAULT_LB_RESTART, GAP, 5},
    {"lb_reload", FAULT_LB_RELOAD, GAP, 30},
    {"metrics_down", FAULT_METRICS_DOWN, LASTS | POOL, 0},
    {"metrics_slow", FAULT_METRICS_SLOW, LASTS | POOL | LATENCY, 0},
    {"metrics_flaky", FAULT_METRICS_FLAKY, LASTS | POOL | SHARE, 0},
    {"controller_restart", FAULT_CONTROLLER_RESTART, GAP, 17},
    {"keda_restart", FAULT_KEDA_RESTART, GAP, 17},
    {"no_capacity", FAULT_NO_CAPACITY, LASTS | TYPES | ZONES | ROOM, 0},
    {"no_addresses", FAULT_NO_ADDRESSES, LASTS | ZONES, 0},
    {"launch_errors", FAULT_LAUNCH_ERRORS, LASTS, 0},
    {"karpenter_restart", FAULT_KARPENTER_RESTART, GAP, 17},
    {"slow_boot", FAULT_SLOW_BOOT, LASTS | FACTOR, 0},
    {"slow_pull", FAULT_SLOW_PULL, LASTS | FACTOR | POOL, 0},
    {"node_lost", FAULT_NODE_LOST, NODES | POOL, 0},
    {"daemon_stuck", FAULT_DAEMON_STUCK, LASTS | PODS | POOL, 0},
    {"node_not_ready", FAULT_NODE_NOT_READY, LASTS | NODES | POOL, 0},
    {"drift", FAULT_DRIFT, POOL, 0},
    {"dns_stale", FAULT_DNS_STALE, LASTS, 0},
    {"dns_fail", FAULT_DNS_FAIL, LASTS | ANSWER, 0},
    {"netstat_missing", FAULT_NETSTAT_MISSING, LASTS | POOL, 0},
    {"rollout", FAULT_ROLLOUT, POOL, 0},
    {"api_conflicts", FAULT_API_CONFLICTS, LASTS | POOL, 0},
    {"scale_lost", FAULT_SCALE_LOST, LASTS | POOL, 0},
    {"pods_refused", FAULT_PODS_REFUSED, LASTS | POOL, 0},
    {"pull_fails", FAULT_PULL_FAILS, LASTS | POOL, 0},
    {"no_retry", FAULT_NO_RETRY, LASTS | POOL, 0},
};

bool words_fault(size_t i, struct fault_words *out)
{
    *out = (struct fault_words){0};
    if (i >= COUNT(kinds))
        return false;
    out->name = kinds[i].name;
    out->lasts = kinds[i].keys & LASTS;
    out->needed = kinds[i].keys & FACTOR  ? "factor"
                  : kinds[i].keys & SHARE ? "p"
                                          : NULL;
    out->n = fault_keys(kinds[i].keys, out->keys);
    return true;
}

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

static int outside(struct build *b, const struct yaml_node *entry)
{
    const struct trace *t = &b->s->trace;
    sim_us end_us = t->span_us + b->s->system.settle_us;
    char from[40] = "0s", to[40];

    if (t->absolute) {
        timestamp_print(t->origin_us, from);
        timestamp_print(t->origin_us + end_us, to);
    } else {
        duration_print(end_us, to);
    }
    return yaml_fail(entry, b->err,
                     "the fault lies outside the trace, which goes from %s to "
                     "%s",
                     from, to);
}

/* When it begins and ends. */
static int read_times(struct build *b, const struct yaml_node *entry,
                      const struct fault_form *kind, struct fault *out)
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
        return outside(b, entry);
    return ERR_OK;
}

static int find_kind(struct build *b, const struct yaml_node *entry,
                     const struct fault_form **out,
                     const struct yaml_node **body)
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

/* What is asked of the cloud, if that is what the fault concerns. A shortage
 * of the first instant leaves the nodes of the start alone.
 */
static void add_refusal(struct scenario *s, const struct fault *f)
{
    static const struct {
        enum fault_kind fault;
        enum karp_fault_kind kind;
    } kinds_of[] = {{FAULT_NO_CAPACITY, KARP_NO_CAPACITY},
                    {FAULT_NO_ADDRESSES, KARP_NO_ADDRESSES},
                    {FAULT_LAUNCH_ERRORS, KARP_API_ERROR}};

    for (size_t i = 0; i < COUNT(kinds_of); i++)
        if (f->kind == kinds_of[i].fault)
            s->sold_out[s->n_sold_out++] = (struct karp_fault){
                .kind = kinds_of[i].kind,
                .types = f->types,
                .zones = (uint32_t)f->zones,
                .room = f->room,
                .span = {f->at_us > 0 ? f->at_us : 1, f->until_us}};
}

static int read_fault(struct build *b, const struct yaml_node *entry)
{
    struct system_params *y = &b->s->system;
    struct fault f = {.pool = NO_INDEX};
    const struct yaml_node *body;
    const struct fault_form *kind;

    if (entry->kind != YAML_MAP)
        return yaml_fail(entry, b->err, "a fault must be a map");
    int rc = find_kind(b, entry, &kind, &body);
    if (rc != ERR_OK)
        return rc;
    f.kind = kind->kind;
    rc = fault_body(b, entry, body, kind, &f);
    if (rc == ERR_OK)
        rc = read_times(b, entry, kind, &f);
    if (rc != ERR_OK)
        return rc;
    y->faults[y->n_faults++] = f;
    add_refusal(b->s, &f);
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
