#include "scenarios/manifest_kinds.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MILLI_PER_MIB_BITS = 20 };

/* Bytes in milli-units to MiB, rounded up: a request must fit. */
static int64_t mib_of(int64_t milli)
{
    int64_t bytes = milli / 1000 + (milli % 1000 > 0);
    int64_t unit = INT64_C(1) << MILLI_PER_MIB_BITS;

    return bytes / unit + (bytes % unit > 0);
}

static int read_probe(const struct yaml_node *container, const char *key,
                      bool readiness, struct kubelet_probe *out, struct err *e)
{
    const struct yaml_range day = {0, 86400}, some = {1, 86400};
    const struct yaml_node *probe;
    int64_t delay = 0, period = 10, timeout = 1, failures = 3, successes = 1;
    int rc = yaml_map(container, key, &probe, e);

    out->used = false;
    if (rc != ERR_OK || !probe)
        return rc;
    rc = yaml_int(probe, "initialDelaySeconds", day, &delay, e);
    if (rc == ERR_OK)
        rc = yaml_int(probe, "periodSeconds", some, &period, e);
    if (rc == ERR_OK)
        rc = yaml_int(probe, "timeoutSeconds", some, &timeout, e);
    if (rc == ERR_OK)
        rc = yaml_int(probe, "failureThreshold", some, &failures, e);
    if (rc == ERR_OK)
        rc = yaml_int(probe, "successThreshold", some, &successes, e);
    if (rc != ERR_OK)
        return rc;
    if (!readiness && successes != 1)
        return yaml_fail(yaml_get(probe, "successThreshold"), e,
                         "successThreshold of %s must be 1", key);
    *out = (struct kubelet_probe){.used = true,
                                  .initial_delay_us = delay * US_PER_S,
                                  .period_us = period * US_PER_S,
                                  .timeout_us = timeout * US_PER_S,
                                  .failures = (uint32_t)failures,
                                  .successes = (uint32_t)successes};
    return ERR_OK;
}

/* A request that is not written takes the limit. */
static int read_request(const struct yaml_node *resources, const char *key,
                        int64_t *milli, struct err *e)
{
    const struct yaml_node *requests, *limits;
    int rc = yaml_map(resources, "requests", &requests, e);

    *milli = -1;
    if (rc == ERR_OK)
        rc = yaml_quantity(requests, key, milli, e);
    if (rc == ERR_OK)
        rc = yaml_map(resources, "limits", &limits, e);
    if (rc == ERR_OK && *milli < 0)
        rc = yaml_quantity(limits, key, milli, e);
    if (*milli < 0)
        *milli = 0;
    return rc;
}

static int read_requests(const struct yaml_node *container,
                         struct m_deployment *out, struct err *e)
{
    const struct yaml_node *resources = NULL;
    int64_t cpu, memory;
    int rc = yaml_map(container, "resources", &resources, e);

    if (rc == ERR_OK)
        rc = read_request(resources, "cpu", &cpu, e);
    if (rc == ERR_OK)
        rc = read_request(resources, "memory", &memory, e);
    if (rc != ERR_OK)
        return rc;
    if (cpu > INT64_C(1000000000) || mib_of(memory) > INT64_C(1000000000))
        return yaml_fail(resources, e, "the requests are larger than any node");
    out->request_mcpu += cpu;
    out->request_mib += mib_of(memory);
    return ERR_OK;
}

static int read_pre_stop(const struct yaml_node *container,
                         struct m_deployment *out, struct err *e)
{
    const struct yaml_node *hook, *exec;
    int rc = yaml_path(container, "lifecycle/preStop", &hook, e);

    if (rc == ERR_OK)
        rc = yaml_map(hook, "exec", &exec, e);
    if (rc != ERR_OK || !hook)
        return rc;
    if (!exec)
        return yaml_fail(hook, e,
                         "only a preStop hook of kind exec is "
                         "modelled");
    rc = yaml_list(exec, "command", &out->pre_stop, e);
    if (rc == ERR_OK && !out->pre_stop)
        return yaml_fail(exec, e, "preStop.exec needs a command");
    return rc;
}

/* Probes and hook are those of the first container that has a readiness
 * probe, or of the first container.
 */
static int read_containers(const struct yaml_node *list,
                           struct m_deployment *out, struct err *e)
{
    const struct yaml_node *main = NULL;
    int rc = ERR_OK;

    for (size_t i = 0; i < list->n && rc == ERR_OK; i++) {
        const struct yaml_node *c = list->items[i].value;

        if (c->kind != YAML_MAP)
            return yaml_fail(c, e, "a container must be a map");
        if (!main || (yaml_get(c, "readinessProbe") &&
                      !yaml_get(main, "readinessProbe")))
            main = c;
        rc = read_requests(c, out, e);
    }
    if (rc == ERR_OK)
        rc = read_probe(main, "readinessProbe", true, &out->kubelet.readiness,
                        e);
    if (rc == ERR_OK)
        rc =
            read_probe(main, "livenessProbe", false, &out->kubelet.liveness, e);
    if (rc == ERR_OK)
        rc = read_probe(main, "startupProbe", false, &out->kubelet.startup, e);
    return rc == ERR_OK ? read_pre_stop(main, out, e) : rc;
}

/* A count or a percentage: 1 or "25%". */
static int read_amount(const struct yaml_node *map, const char *key,
                       struct rollout_amount *out, struct err *e)
{
    const char *text = NULL;
    char digits[16];
    int rc = yaml_text(map, key, &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    size_t n = strspn(text, "0123456789");
    bool percent = text[n] == '%';
    if (n == 0 || n > 9 || text[n + percent])
        return yaml_fail(yaml_get(map, key), e,
                         "%s must be a number or a percentage, not \"%s\"", key,
                         text);
    memcpy(digits, text, n);
    digits[n] = 0;
    *out = (struct rollout_amount){strtol(digits, NULL, 10), percent};
    return ERR_OK;
}

static int read_strategy(const struct yaml_node *spec,
                         struct rollout_params *out, struct err *e)
{
    const struct yaml_node *strategy, *rolling = NULL;
    const char *type = "RollingUpdate";
    int rc = yaml_map(spec, "strategy", &strategy, e);

    rollout_defaults(out);
    if (rc == ERR_OK)
        rc = yaml_string(strategy, "type", &type, e);
    if (rc == ERR_OK)
        rc = yaml_map(strategy, "rollingUpdate", &rolling, e);
    if (rc == ERR_OK)
        rc = read_amount(rolling, "maxSurge", &out->max_surge, e);
    if (rc == ERR_OK)
        rc = read_amount(rolling, "maxUnavailable", &out->max_unavailable, e);
    if (rc != ERR_OK)
        return rc;
    out->recreate = strcmp(type, "Recreate") == 0;
    if (!out->recreate && strcmp(type, "RollingUpdate") != 0)
        return yaml_fail(yaml_get(strategy, "type"), e,
                         "type must be RollingUpdate or Recreate, not %s",
                         type);
    if (rolling && !out->recreate && out->max_surge.value == 0 &&
        out->max_unavailable.value == 0)
        return yaml_fail(rolling, e,
                         "maxSurge and maxUnavailable must not both be 0");
    return ERR_OK;
}

static void at_least(int64_t *request, int64_t value)
{
    if (*request < value)
        *request = value;
}

/* An init container runs before the others, beside the sidecars that were
 * started so far; a sidecar stays.
 */
static int read_init_containers(const struct yaml_node *pod,
                                struct m_deployment *out, struct err *e)
{
    struct m_deployment sidecars = {0}, most = {0};
    const struct yaml_node *list;
    int rc = yaml_list(pod, "initContainers", &list, e);

    for (size_t i = 0; rc == ERR_OK && list && i < list->n; i++) {
        const struct yaml_node *c = list->items[i].value;
        struct m_deployment now = sidecars;

        if (c->kind != YAML_MAP)
            return yaml_fail(c, e, "a container must be a map");
        rc = read_requests(c, &now, e);
        at_least(&most.request_mcpu, now.request_mcpu);
        at_least(&most.request_mib, now.request_mib);
        if (yaml_get(c, "restartPolicy"))
            sidecars = now;
    }
    out->request_mcpu += sidecars.request_mcpu;
    out->request_mib += sidecars.request_mib;
    at_least(&out->request_mcpu, most.request_mcpu);
    at_least(&out->request_mib, most.request_mib);
    return rc;
}

static int read_pod(const struct yaml_node *pod, struct m_deployment *out,
                    struct err *e)
{
    const struct yaml_node *containers = NULL;
    int64_t grace = 30;
    int rc = yaml_int(pod, "terminationGracePeriodSeconds",
                      (struct yaml_range){0, 30 * 86400}, &grace, e);

    out->kubelet.grace_us = grace * US_PER_S;
    if (rc == ERR_OK)
        rc = yaml_map(pod, "nodeSelector", &out->selector, e);
    if (rc == ERR_OK)
        rc = yaml_list(pod, "tolerations", &out->tolerances, e);
    if (rc == ERR_OK)
        rc = yaml_list(pod, "containers", &containers, e);
    if (rc == ERR_OK && (!containers || containers->n == 0))
        return yaml_fail(pod ? pod : out->node, e,
                         "the Deployment has no containers");
    out->ignores_affinity =
        yaml_get(pod, "affinity") || yaml_get(pod, "topologySpreadConstraints");
    if (rc == ERR_OK)
        rc = read_containers(containers, out, e);
    return rc == ERR_OK ? read_init_containers(pod, out, e) : rc;
}

void m_deployment_head(const struct yaml_node *node, struct m_deployment *out)
{
    const struct yaml_node *pods = yaml_get(yaml_get(node, "spec"), "template");

    *out = (struct m_deployment){
        .node = node,
        .name = manifest_name(node),
        .space = manifest_space(node),
        .labels = yaml_get(yaml_get(pods, "metadata"), "labels")};
}

int m_deployment(const struct yaml_node *node, struct m_deployment *out,
                 struct err *e)
{
    const struct yaml_node *spec, *pod = NULL;
    int64_t replicas = 1;

    *out = (struct m_deployment){.node = node,
                                 .name = manifest_name(node),
                                 .space = manifest_space(node)};
    kubelet_defaults(&out->kubelet);
    int rc = yaml_path(node, "spec", &spec, e);
    if (rc == ERR_OK)
        rc = yaml_int(spec, "replicas",
                      (struct yaml_range){0, MANIFEST_REPLICAS}, &replicas, e);
    if (rc == ERR_OK)
        rc = yaml_path(spec, "template/metadata/labels", &out->labels, e);
    if (rc == ERR_OK)
        rc = yaml_path(spec, "template/spec", &pod, e);
    if (rc == ERR_OK)
        rc = read_strategy(spec, &out->rollout, e);
    out->replicas = (uint32_t)replicas;
    return rc == ERR_OK ? read_pod(pod, out, e) : rc;
}
