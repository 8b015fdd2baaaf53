#include "scenarios/manifest_kind.h"

#include "sim/base/text.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* NodePools and HorizontalPodAutoscalers of other versions may be those of
 * other systems; m_node_pool and m_hpa refuse them where they matter.
 */
static const struct known {
    const char *kind, *version; /* NULL: any */
} kinds[] = {
    {"ScaledObject", "keda.sh/v1alpha1"},
    {"HorizontalPodAutoscaler", NULL},
    {"Deployment", "apps/v1"},
    {"Service", "v1"},
    {"NodePool", NULL},
    {"PodDisruptionBudget", "policy/v1"},
    {"ConfigMap", "v1"},
};

/* "keda.sh" of "keda.sh/v1alpha1"; the core group has no name. */
static size_t group_length(const char *version)
{
    const char *slash = strchr(version, '/');

    return slash ? (size_t)(slash - version) : 0;
}

static bool same_group(const char *a, const char *b)
{
    size_t n = group_length(a);

    return n == group_length(b) && strncmp(a, b, n) == 0;
}

static const struct known *find(const char *kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return &kinds[i];
    return NULL;
}

/* Whatever else it is, it is in no group of another one's. */
static const struct known *nearest(const char *kind, const char *version)
{
    const char *names[COUNT(kinds)];

    for (size_t i = 0; i < COUNT(kinds); i++)
        names[i] = kinds[i].kind;
    const char *near = text_nearest(kind, names, COUNT(names));
    const struct known *k = near ? find(near) : NULL;
    bool other = k && version && k->version && !same_group(version, k->version);

    return other ? NULL : k;
}

int manifest_check_kind(const struct yaml_node *object, const char *kind,
                        struct err *e)
{
    const struct known *k = find(kind);
    const char *version = NULL;
    int rc = yaml_text(object, "apiVersion", &version, e);

    if (rc != ERR_OK)
        return rc;
    if (!k && (k = nearest(kind, version)))
        return yaml_fail(yaml_get(object, "kind"), e,
                         "there is no kind %s, did you mean %s?", kind,
                         k->kind);
    if (!k || !version || !k->version || strcmp(version, k->version) == 0 ||
        !same_group(version, k->version))
        return ERR_OK;
    return yaml_fail(yaml_get(object, "apiVersion"), e,
                     "a %s must be %s, not %s", kind, k->version, version);
}

int manifest_check_kustomization(const struct yaml_node *object, struct err *e)
{
    static const char *const harmless[] = {"apiVersion", "kind", "metadata",
                                           "resources"};

    for (size_t i = 0; object->kind == YAML_MAP && i < object->n; i++) {
        const struct yaml_node *key = object->items[i].key;
        size_t k = 0;

        while (k < COUNT(harmless) && strcmp(key->text, harmless[k]) != 0)
            k++;
        if (k == COUNT(harmless))
            return yaml_fail(key, e,
                             "%s is for kustomize, so the files of this folder "
                             "are not what is applied: read the output of "
                             "kustomize build",
                             key->text);
    }
    return ERR_OK;
}
