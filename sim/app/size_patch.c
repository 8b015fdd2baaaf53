/* size_patch.c - patch.yaml: the manifests' own objects as they should be, one
 * document each, whole, so that `kubectl apply` and a later --manifests take
 * them. Only what changes is in it.
 */
#include "scenarios/yaml_write.h"
#include "sim/app/size_out.h"
#include "sim/base/mem.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { EDITS = 16, EDIT_TEXT = 1024, PATH_MOST = 256 };

struct edits {
    struct yaml_edit at[EDITS];
    char path[EDITS][96], value[EDITS][EDIT_TEXT];
    size_t n;
};

__attribute__((format(printf, 4, 5))) static void add(struct edits *x,
                                                      const char *base,
                                                      const char *path,
                                                      const char *format, ...)
{
    va_list list;

    (void)snprintf(x->path[x->n], sizeof x->path[0], "%s%s", base, path);
    va_start(list, format);
    (void)vsnprintf(x->value[x->n], EDIT_TEXT, format, list);
    va_end(list);
    x->at[x->n] = (struct yaml_edit){x->path[x->n], x->value[x->n], false};
    x->n++;
}

static void put_object(const struct yaml_node *object, const struct edits *x,
                       FILE *out)
{
    fputs("---\n", out);
    yaml_write(object, x->at, x->n, out);
}

static const struct yaml_node *object_of(const struct size_job *j,
                                         const char *kind, const char *name)
{
    const struct manifest *m = &j->scenario.manifests;

    for (size_t i = 0; name && i < m->n_objects; i++)
        if (strcmp(m->objects[i].kind, kind) == 0 &&
            strcmp(m->objects[i].name, name) == 0)
            return m->objects[i].node;
    return NULL;
}

/* ------------------------------------------------------------ scalers */

static void add_policies(struct edits *x, const char *base,
                         const struct hpa_rules *r)
{
    char text[EDIT_TEXT] = "[";
    size_t n = 1;

    for (size_t i = 0; i < r->n_policies; i++)
        n += (size_t)snprintf(
            text + n, sizeof text - n,
            "%s{type: %s, value: %d, periodSeconds: %ld}", i > 0 ? ", " : "",
            r->policies[i].type == HPA_PODS ? "Pods" : "Percent",
            r->policies[i].value, (long)(r->policies[i].period_us / US_PER_S));
    add(x, base, "policies", "%s]", text);
}

/* Today's behavior is left alone if it is the recommended one. */
static void add_behavior(const struct size_job *j, uint32_t pool,
                         const char *base, struct edits *x)
{
    const struct size_pool *p = &j->plan.pools[pool];
    struct scenario s;

    if (size_combo(p) == 0)
        return;
    trials_scenario(&j->trials, j->plan.setting, &s);
    const struct hpa_params *hpa = &s.system.pools[pool].hpa;
    add(x, base, "stabilizationWindowSeconds", "%ld",
        (long)(hpa_down_window_us(hpa) / US_PER_S));
    add_policies(x, base, &hpa->down);
    scenario_free(&s);
}

static void put_keda(const struct size_job *j, uint32_t pool,
                     const struct yaml_node *object, FILE *out)
{
    const struct size_pool *p = &j->plan.pools[pool];
    const struct keda_params *k = &j->scenario.system.pools[pool].keda;
    struct edits x = {.n = 0};

    add(&x, "spec/", "minReplicaCount", "%u", p->tried[p->best].min);
    add(&x, "spec/", "maxReplicaCount", "%u", p->max);
    if (!k->has_fallback)
        add(&x, "spec/", "fallback/failureThreshold", "3");
    add(&x, "spec/", "fallback/replicas", "%u", p->fallback);
    add_behavior(j, pool,
                 "spec/advanced/horizontalPodAutoscalerConfig/behavior/"
                 "scaleDown/",
                 &x);
    put_object(object, &x, out);
}

static void put_hpa(const struct size_job *j, uint32_t pool,
                    const struct yaml_node *object, FILE *out)
{
    const struct size_pool *p = &j->plan.pools[pool];
    struct edits x = {.n = 0};

    add(&x, "spec/", "minReplicas", "%u", p->tried[p->best].min);
    add(&x, "spec/", "maxReplicas", "%u", p->max);
    add_behavior(j, pool, "spec/behavior/scaleDown/", &x);
    put_object(object, &x, out);
}

static void put_scalers(const struct size_job *j, FILE *out)
{
    for (uint32_t i = 0; i < j->scenario.system.n_pools; i++) {
        const struct scenario_objects *o = &j->scenario.objects[i];
        const struct yaml_node *hpa =
            object_of(j, "HorizontalPodAutoscaler", o->scaler);
        if (j->plan.pools[i].max == 0)
            continue;
        if (o->keda)
            put_keda(j, i, o->keda, out);
        else if (hpa)
            put_hpa(j, i, hpa, out);
    }
}

/* ------------------------------------------------------------ what follows */

static bool is_short(const struct follow_row *r, enum follow_kind kind)
{
    return r->kind == kind && r->today < r->need;
}

static void put_node_pools(const struct size_job *j, FILE *out)
{
    const struct karp_params *k = &j->scenario.system.karpenter;

    for (uint32_t i = 0; i < k->n_pools; i++) {
        const struct yaml_node *object =
            object_of(j, "NodePool", k->pools[i].name);
        struct edits x = {.n = 0};
        for (size_t n = 0; n < j->follow.n; n++) {
            const struct follow_row *r = &j->follow.rows[n];
            if (r->at == i && is_short(r, FOLLOW_CPU))
                add(&x, "spec/limits/", "cpu", "\"%.0f\"",
                    ceil(r->need / 1000.0));
            if (r->at == i && is_short(r, FOLLOW_MEMORY))
                add(&x, "spec/limits/", "memory", "%.0fGi",
                    ceil(r->need / 1024.0));
        }
        if (x.n > 0 && object)
            put_object(object, &x, out);
    }
}

static void put_deployments(const struct size_job *j, FILE *out)
{
    for (size_t n = 0; n < j->follow.n; n++) {
        const struct follow_row *r = &j->follow.rows[n];
        struct edits x = {.n = 0};
        if (!is_short(r, FOLLOW_GRACE))
            continue;
        const struct yaml_node *object =
            object_of(j, "Deployment", j->scenario.objects[r->at].deployment);
        if (!object)
            continue;
        add(&x, "spec/template/spec/", "terminationGracePeriodSeconds", "%.0f",
            ceil(r->need));
        put_object(object, &x, out);
    }
}

/* ------------------------------------------------------------ balancer */

/* What the word number i of a line of haproxy.cfg becomes; 0: stays. */
struct change {
    size_t word;
    double value;
};

static const struct hap_proxy *proxy_of(const struct size_job *j,
                                        const struct follow_row *r)
{
    return haproxy_cfg_backend(&j->scenario.haproxy,
                               j->scenario.backends[r->at].name);
}

/* The largest that any backend of the section needs. */
static struct change change_of(const struct size_job *j, unsigned line,
                               const struct hap_resolvers *section,
                               const char *keyword)
{
    struct change c = {0, 0.0};
    bool payload =
        section && strncmp(keyword, "accepted_payload_size", 21) == 0;

    for (size_t i = 0; i < j->follow.n; i++) {
        const struct follow_row *r = &j->follow.rows[i];
        if (r->today >= r->need ||
            (r->kind != FOLLOW_SLOTS && r->kind != FOLLOW_PAYLOAD))
            continue;
        const struct hap_proxy *p = proxy_of(j, r);
        if (p && r->kind == FOLLOW_SLOTS && p->server_line == line)
            c = (struct change){2, fmax(c.value, r->need)};
        if (p && payload && r->kind == FOLLOW_PAYLOAD &&
            strcmp(p->set.server.resolvers, section->name) == 0)
            c = (struct change){1, fmax(c.value, r->need)};
    }
    return c;
}

/* Start of word number i of a line. */
static const char *word_at(const char *line, size_t i)
{
    line += strspn(line, " \t");
    for (; i > 0; i--) {
        line += strcspn(line, " \t\n");
        line += strspn(line, " \t");
    }
    return line;
}

static void put_line(const char *line, size_t n, struct change c, FILE *out)
{
    const char *word = word_at(line, c.word);

    if (c.word == 0 || word >= line + n) {
        fprintf(out, "%.*s\n", (int)n, line);
        return;
    }
    size_t length = strcspn(word, " \t\n");
    fprintf(out, "%.*s%.0f%.*s\n", (int)(word - line), line, c.value,
            (int)(n - (size_t)(word - line) - length), word + length);
}

static const struct hap_resolvers *section_at(const struct size_job *j,
                                              unsigned line)
{
    const struct haproxy_cfg *c = &j->scenario.haproxy;

    for (size_t i = 0; i < c->n_resolvers; i++)
        if (c->resolvers[i].line == line)
            return &c->resolvers[i];
    return NULL;
}

/* A word in the first column begins a section; so does one after blanks, but
 * only these words do.
 */
static bool begins_section(const char *word)
{
    static const char *const words[] = {"global",  "defaults", "frontend",
                                        "backend", "listen",   "resolvers"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(word, words[i], n) == 0 &&
            (word[n] == '\0' || isspace((unsigned char)word[n])))
            return true;
    }
    return false;
}

/* The text with its new numbers; owned. *changed: there are any. */
static char *new_cfg(const struct size_job *j, const struct manifest_text *t,
                     bool *changed)
{
    const struct hap_resolvers *section = NULL;
    unsigned line = t->line;
    struct mem_file text;

    *changed = false;
    mem_file_open(&text);
    for (const char *at = t->text; *at; line++) {
        size_t n = strcspn(at, "\n");
        const char *word = word_at(at, 0);
        if (begins_section(word))
            section = section_at(j, line);
        struct change c = change_of(j, line, section, word);
        *changed = *changed || c.word > 0;
        put_line(at, n, c, text.out);
        at += n + (at[n] == '\n');
    }
    mem_file_close(&text);
    return text.text;
}

static void put_balancer(const struct size_job *j, FILE *out)
{
    struct scenario *s = (struct scenario *)&j->scenario;
    const struct manifest_text *t = scenario_haproxy(s);
    bool changed = false;

    if (!t)
        return;
    char *text = new_cfg(j, t, &changed);
    if (changed && t->object) {
        char path[PATH_MOST];
        (void)snprintf(path, sizeof path, "data/%.200s", t->name);
        struct edits x = {.at = {{path, text, true}}, .n = 1};
        put_object(t->object, &x, out);
    }
    free(text);
}

void size_patch(const struct size_job *j, FILE *out)
{
    fputs("# drydock size: what changes, for kubectl apply -f\n", out);
    put_scalers(j, out);
    put_node_pools(j, out);
    put_deployments(j, out);
    put_balancer(j, out);
}
