/* fuzz_manifest.c - any bytes as a file of Kubernetes objects, read by every
 * kind's reader whatever its kind.
 */
#include "scenarios/drain_script.h"
#include "scenarios/haproxy_cfg.h"
#include "scenarios/manifest_kinds.h"
#include "tests/fuzz/fuzz.h"

static void read_scaler(const struct manifest_object *o, struct m_scaler *out,
                        struct err *e)
{
    bool is_hpa = strcmp(o->kind, "HorizontalPodAutoscaler") == 0;
    int rc = is_hpa ? m_hpa(o->node, out, e) : m_scaled_object(o->node, out, e);

    if (rc != ERR_OK)
        fuzz_check_message(rc, e);
}

/* The readers borrow from each other's nodes, as a scenario does. */
static void read_pods(const struct yaml_node *node, struct err *e)
{
    const struct catalog_type *type = catalog_find("m6id.24xlarge");
    struct m_deployment d;
    struct m_node_pool p;
    struct m_service s;
    struct m_budget b;
    int deployment = m_deployment(node, &d, e);
    int pool = m_node_pool(node, &p, e);

    if (deployment == ERR_OK)
        (void)m_pod_fits_type(&d, type);
    if (pool == ERR_OK)
        (void)(m_admits_type(&p, type) && m_admits_zone(&p, "us-east-1a"));
    if (deployment == ERR_OK && pool == ERR_OK)
        (void)m_pod_fits_pool(&d, &p);
    if (m_service(node, &s, e) == ERR_OK && deployment == ERR_OK)
        (void)m_selects(s.selector, d.labels);
    if (m_budget(node, &b, e) == ERR_OK && deployment == ERR_OK)
        (void)m_selects(b.selector, d.labels);
}

static void read_texts(const struct manifest *m, struct err *e)
{
    for (size_t i = 0; i < m->n_texts; i++) {
        const struct manifest_text *t = &m->texts[i];
        struct haproxy_cfg c;
        struct drain_script d;

        if (haproxy_cfg_parse(&c, t->path, t->line, t->text, e) == ERR_OK)
            haproxy_cfg_free(&c);
        (void)drain_script_parse(&d, t->path, t->line, t->text, e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct manifest m = {0};
    struct m_scaler scaler;
    char path[FUZZ_PATH];
    struct err e = {0};
    int fd = fuzz_file(bytes, n, path);
    int rc = manifest_add(&m, path, &e);

    close(fd);
    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    for (size_t i = 0; rc == ERR_OK && i < m.n_objects; i++) {
        read_scaler(&m.objects[i], &scaler, &e);
        read_pods(m.objects[i].node, &e);
        (void)manifest_name(m.objects[i].node);
        (void)manifest_space(m.objects[i].node);
    }
    if (rc == ERR_OK)
        read_texts(&m, &e);
    manifest_free(&m);
    return 0;
}
