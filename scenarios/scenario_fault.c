#include "scenarios/scenario_fault.h"

#include <assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

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

size_t fault_keys(unsigned keys, const char *names[FAULT_WORDS])
{
    static const struct {
        const char *name;
        unsigned bit;
    } all[] = {{"gap", GAP},         {"factor", FACTOR}, {"pool", POOL},
               {"nodes", NODES},     {"types", TYPES},   {"zones", ZONES},
               {"room", ROOM},       {"answer", ANSWER}, {"p", SHARE},
               {"latency", LATENCY}, {"pods", PODS},     {"port", PODS}};
    size_t n = 0;

    for (size_t i = 0; i < COUNT(all); i++)
        if (keys & all[i].bit) {
            assert(n < FAULT_WORDS);
            names[n++] = all[i].name;
        }
    return n;
}

static int check_body(struct build *b, const struct yaml_node *body,
                      unsigned allowed)
{
    const char *names[FAULT_WORDS];

    return yaml_known(body, names, fault_keys(allowed, names), b->err);
}

static int read_body(struct build *b, const struct yaml_node *body,
                     const struct fault_form *kind, struct fault *out)
{
    int64_t nodes = 1, pods = 1, room = 0;
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
    if (rc == ERR_OK)
        rc = yaml_int(body, "room", (struct yaml_range){0, 100000}, &room,
                      b->err);
    out->n_nodes = (uint32_t)nodes;
    out->n_pods = (uint32_t)pods;
    out->room = (uint32_t)room;
    if (rc == ERR_OK && kind->keys & FACTOR && out->factor <= 0.0)
        return yaml_fail(body, b->err, "factor must be above 0");
    if (rc == ERR_OK && kind->keys & SHARE && out->frac <= 0.0)
        return yaml_fail(body, b->err, "p must be above 0");
    return rc == ERR_OK ? read_pool(b, body, out) : rc;
}

int fault_body(struct build *b, const struct yaml_node *entry,
               const struct yaml_node *body, const struct fault_form *form,
               struct fault *out)
{
    bool empty = body->kind == YAML_NULL || strcmp(body->text, "true") == 0;
    const struct yaml_node *at = empty ? entry : body;

    if (!empty && body->kind != YAML_MAP)
        return yaml_fail(body, b->err, "%s must be a map", form->name);
    if (form->keys & FACTOR && (empty || !yaml_get(body, "factor")))
        return yaml_fail(at, b->err, "%s needs a factor", form->name);
    if (form->keys & SHARE && (empty || !yaml_get(body, "p")))
        return yaml_fail(at, b->err, "%s needs p, the share that fails",
                         form->name);
    return read_body(b, empty ? NULL : body, form, out);
}
