/* system_notes.c - what happened, in words. */
#include "models/system_parts.h"
#include "sim/base/text.h"

#include <assert.h>

enum note_form {
    FORM_BUILD,
    FORM_BUILD_POD,
    FORM_POD,
    FORM_LOOK,
    FORM_NODE,
    FORM_PLAIN
};

struct note_text {
    enum note_form form;
    const char *words;
};

static const struct note_text texts[NOTE_KINDS] = {
    [NOTE_ASKED] = {FORM_BUILD, "is asked for"},
    [NOTE_DIAL] = {FORM_BUILD, "dials"},
    [NOTE_REFUSED] = {FORM_BUILD, "is refused: no balancer listens"},
    [NOTE_TURNED_AWAY] = {FORM_BUILD, "is turned away: no server is usable"},
    [NOTE_QUEUED] = {FORM_BUILD, "is queued by the balancer"},
    [NOTE_SILENT] = {FORM_BUILD_POD, "gets no answer from its pod"},
    [NOTE_SERVED] = {FORM_BUILD_POD, "gets a slot"},
    [NOTE_CLOSED] = {FORM_BUILD, "loses its connection"},
    [NOTE_HUNG_UP] = {FORM_BUILD, "hangs up"},
    [NOTE_LOST] = {FORM_BUILD, "loses its pod"},
    [NOTE_WORK] = {FORM_BUILD_POD, "starts to work"},
    [NOTE_FAILED] = {FORM_BUILD, "fails by its own error"},
    [NOTE_RESTS] = {FORM_BUILD, "fails with its job, to be run again"},
    [NOTE_RERUN] = {FORM_BUILD, "is run again"},
    [NOTE_END] = {FORM_BUILD, "ends"},
    [NOTE_POD_SETTLED] = {FORM_POD, "is there from the start"},
    [NOTE_POD_CREATED] = {FORM_POD, "is created"},
    [NOTE_POD_PLACED] = {FORM_POD, "is meant for its place"},
    [NOTE_POD_BOUND] = {FORM_POD, "is bound"},
    [NOTE_POD_STARTED] = {FORM_POD, "runs"},
    [NOTE_POD_READY] = {FORM_POD, "is ready"},
    [NOTE_POD_UNREADY] = {FORM_POD, "is no longer ready"},
    [NOTE_POD_KILLED] = {FORM_POD, "fails its probes: killed"},
    [NOTE_POD_READY_AGAIN] = {FORM_POD, "is ready again"},
    [NOTE_POD_KNOWN] = {FORM_POD, "is known to the balancer"},
    [NOTE_POD_LISTED] = {FORM_POD, "is listed and finds no slot"},
    [NOTE_POD_UNLISTED] = {FORM_POD, "is no longer listed"},
    [NOTE_POD_EVICTED] = {FORM_POD, "is evicted"},
    [NOTE_POD_OUTDATED] = {FORM_POD, "gives way to a new template"},
    [NOTE_POD_DELETED] = {FORM_POD, "is deleted"},
    [NOTE_POD_LOOK] = {FORM_LOOK, "looks for builds"},
    [NOTE_POD_TERM] = {FORM_POD, "is told to stop"},
    [NOTE_POD_GONE] = {FORM_POD, "is gone"},
    [NOTE_NODE_CLAIMED] = {FORM_NODE, "is asked of the cloud"},
    [NOTE_NODE_REFUSED] = {FORM_NODE, "is refused: no capacity"},
    [NOTE_NODE_LAUNCHED] = {FORM_NODE, "is launched"},
    [NOTE_NODE_PAID] = {FORM_NODE, "is paid from now on"},
    [NOTE_NODE_REGISTERED] = {FORM_NODE, "has joined the cluster"},
    [NOTE_NODE_READY] = {FORM_NODE, "is ready"},
    [NOTE_NODE_LATE] = {FORM_NODE, "has not come in time and is given up"},
    [NOTE_NODE_SILENT] = {FORM_NODE, "is not heard of: not ready"},
    [NOTE_NODE_HEARD] = {FORM_NODE, "is heard of again"},
    [NOTE_NODE_EXPIRED] = {FORM_NODE, "has expired"},
    [NOTE_NODE_MARKED] = {FORM_NODE, "is marked for removal"},
    [NOTE_NODE_TERMINATED] = {FORM_NODE, "is given back"},
    [NOTE_NODE_UNPAID] = {FORM_NODE, "is no longer paid"},
    [NOTE_SCALE] = {FORM_PLAIN, "replicas"},
    [NOTE_METRIC_LOST] = {FORM_PLAIN, "the scaler reads no metric"},
    [NOTE_FAULT] = {FORM_PLAIN, "fault"},
};

static const char *const fault_names[FAULT_KINDS] = {
    [FAULT_LB_RESTART] = "lb_restart",
    [FAULT_LB_RELOAD] = "lb_reload",
    [FAULT_ROLLOUT] = "rollout",
    [FAULT_API_CONFLICTS] = "api_conflicts",
    [FAULT_METRICS_DOWN] = "metrics_down",
    [FAULT_METRICS_SLOW] = "metrics_slow",
    [FAULT_METRICS_FLAKY] = "metrics_flaky",
    [FAULT_CONTROLLER_RESTART] = "controller_restart",
    [FAULT_KEDA_RESTART] = "keda_restart",
    [FAULT_NO_CAPACITY] = "no_capacity",
    [FAULT_NO_ADDRESSES] = "no_addresses",
    [FAULT_LAUNCH_ERRORS] = "launch_errors",
    [FAULT_KARPENTER_RESTART] = "karpenter_restart",
    [FAULT_SLOW_BOOT] = "slow_boot",
    [FAULT_SLOW_PULL] = "slow_pull",
    [FAULT_NODE_LOST] = "node_lost",
    [FAULT_DAEMON_STUCK] = "daemon_stuck",
    [FAULT_NODE_NOT_READY] = "node_not_ready",
    [FAULT_DRIFT] = "drift",
    [FAULT_DNS_STALE] = "dns_stale",
    [FAULT_DNS_FAIL] = "dns_fail",
    [FAULT_NETSTAT_MISSING] = "netstat_missing",
    [FAULT_SCALE_LOST] = "scale_lost",
    [FAULT_PODS_REFUSED] = "pods_refused",
    [FAULT_PULL_FAILS] = "pull_fails",
    [FAULT_NO_RETRY] = "no_retry",
};

const char *fault_name(enum fault_kind kind)
{
    assert(kind < FAULT_KINDS);
    return fault_names[kind];
}

static void build_words(const struct system *s, const struct note *n,
                        char out[160])
{
    const struct trace_build *b = &s->t->builds[n->a];
    const char *words = texts[n->kind].words;
    char id[64];

    text_plain(strings_at(&s->t->strings, b->id), id, sizeof id);
    if (texts[n->kind].form == FORM_BUILD_POD)
        (void)snprintf(out, 160, "build %u %s %s, pod %u", n->a, id, words,
                       n->b);
    else if (n->kind == NOTE_END)
        (void)snprintf(out, 160, "build %u %s %s: %s", n->a, id, words,
                       build_end_name((enum build_end)n->b));
    else if (n->kind == NOTE_ASKED)
        (void)snprintf(out, 160, "build %u %s %s", n->a, id, words);
    else if (n->kind == NOTE_RERUN)
        (void)snprintf(out, 160, "build %u %s %s, job %u", n->a, id, words,
                       n->b + 1);
    else
        (void)snprintf(out, 160, "build %u %s %s, attempt %u", n->a, id, words,
                       n->b);
}

static void pod_words(const struct note *n, char out[160])
{
    char more[32] = "";

    if (texts[n->kind].form == FORM_LOOK)
        (void)snprintf(more, sizeof more, ", %u idle in a row", n->b);
    else if (n->b != NO_INDEX)
        (void)snprintf(more, sizeof more, ", node %u", n->b);
    (void)snprintf(out, 160, "pod %u %s%s", n->a, texts[n->kind].words, more);
}

static void plain_words(const struct note *n, char out[160])
{
    if (n->kind == NOTE_SCALE)
        (void)snprintf(out, 160, "replicas %u -> %u", n->a, n->b);
    else if (n->kind == NOTE_FAULT)
        (void)snprintf(out, 160, "fault %s begins",
                       fault_name((enum fault_kind)n->a));
    else
        (void)snprintf(out, 160, "%s", texts[n->kind].words);
}

void note_print(const struct system *s, const struct note *n, char out[256])
{
    char words[160];
    const char *pool =
        n->pool == NO_INDEX ? "every pool" : s->p->pools[n->pool].name;
    enum note_form form = texts[n->kind].form;

    if (form == FORM_BUILD || form == FORM_BUILD_POD) {
        build_words(s, n, words);
    } else if (form == FORM_PLAIN) {
        plain_words(n, words);
    } else if (form == FORM_POD || form == FORM_LOOK) {
        pod_words(n, words);
    } else {
        bool lost = n->kind == NOTE_NODE_TERMINATED && n->b == 1;
        (void)snprintf(words, sizeof words, "node %u %s", n->a,
                       lost ? "is lost" : texts[n->kind].words);
    }
    (void)snprintf(out, 256, "%14.6f  %-8s %s", s_from_us(n->at_us), pool,
                   words);
}
