#include "scenarios/manifest.h"

#include "scenarios/manifest_kind.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *metadata(const struct yaml_node *object, const char *key,
                            const char *otherwise)
{
    const struct yaml_node *v = yaml_get(yaml_get(object, "metadata"), key);

    return v && v->kind == YAML_SCALAR ? v->text : otherwise;
}

const char *manifest_name(const struct yaml_node *object)
{
    return metadata(object, "name", "");
}

const char *manifest_space(const struct yaml_node *object)
{
    return metadata(object, "namespace", "default");
}

static struct manifest_object *find(struct manifest *m,
                                    const struct manifest_object *o)
{
    for (size_t i = 0; i < m->n_objects; i++) {
        struct manifest_object *have = &m->objects[i];

        if (strcmp(have->name, o->name) == 0 &&
            strcmp(have->kind, o->kind) == 0 &&
            strcmp(have->space, o->space) == 0)
            return have;
    }
    return NULL;
}

static void free_text(struct manifest_text *t)
{
    free(t->name);
    free(t->path);
    free(t->owned_text);
}

/* Texts of a ConfigMap that another one replaces. */
static void drop_texts(struct manifest *m, const struct yaml_node *object)
{
    size_t kept = 0;

    for (size_t i = 0; i < m->n_texts; i++) {
        if (m->texts[i].object == object)
            free_text(&m->texts[i]);
        else
            m->texts[kept++] = m->texts[i];
    }
    m->n_texts = kept;
}

static int keep(struct manifest *m, const struct yaml_node *node,
                const char *kind, const char *name, struct err *e)
{
    struct manifest_object o = {.node = node,
                                .kind = kind,
                                .space = manifest_space(node),
                                .name = name,
                                .source = m->n_sources};
    struct manifest_object *have = find(m, &o);

    if (have && have->source == o.source)
        return yaml_fail(node, e, "%s %s is defined twice, first in %s:%u",
                         kind, o.name, have->node->file->path,
                         have->node->line);
    if (have) {
        drop_texts(m, have->node);
        *have = o;
        return ERR_OK;
    }
    if (m->n_objects == MANIFEST_OBJECTS)
        return yaml_fail(node, e, "more than %d objects", MANIFEST_OBJECTS);
    m->objects = mem_grow(m->objects, &m->cap_objects, m->n_objects + 1,
                          sizeof *m->objects);
    m->objects[m->n_objects++] = o;
    return ERR_OK;
}

static void add_text(struct manifest *m, struct manifest_text t)
{
    m->texts =
        mem_grow(m->texts, &m->cap_texts, m->n_texts + 1, sizeof *m->texts);
    m->texts[m->n_texts++] = t;
}

/* In a block scalar the text begins one line below its key. */
static int add_config_map(struct manifest *m, const struct yaml_node *object,
                          struct err *e)
{
    const struct yaml_node *data;
    int rc = yaml_map(object, "data", &data, e);

    for (size_t i = 0; rc == ERR_OK && data && i < data->n; i++) {
        const struct yaml_node *key = data->items[i].key;
        const struct yaml_node *value = data->items[i].value;

        if (value->kind != YAML_SCALAR)
            continue;
        add_text(m,
                 (struct manifest_text){
                     .object = object,
                     .name = mem_text(key->text, strlen(key->text)),
                     .path = mem_text(key->file->path, strlen(key->file->path)),
                     .line = value->line + (value->line == key->line),
                     .text = value->text});
    }
    return rc;
}

static int add_object(struct manifest *m, const struct yaml_node *node,
                      struct err *e);

static int add_list(struct manifest *m, const struct yaml_node *node,
                    struct err *e)
{
    const struct yaml_node *items;
    int rc = yaml_list(node, "items", &items, e);

    for (size_t i = 0; rc == ERR_OK && items && i < items->n; i++)
        rc = add_object(m, items->items[i].value, e);
    return rc;
}

static int add_object(struct manifest *m, const struct yaml_node *node,
                      struct err *e)
{
    const char *kind = NULL, *name = NULL;

    if (node->kind != YAML_MAP)
        return yaml_fail(node, e, "a Kubernetes object must be a map");
    int rc = yaml_text(node, "kind", &kind, e);
    if (rc != ERR_OK)
        return rc;
    if (!kind && yaml_get(node, "groups"))
        return keep(m, node, MANIFEST_RULES, node->file->path, e);
    if (!kind)
        return yaml_fail(node, e,
                         "no kind: this is not a Kubernetes object; let "
                         "manifests name the files that are");
    if (yaml_get(node, "items") && strlen(kind) >= 4 &&
        strcmp(kind + strlen(kind) - 4, "List") == 0)
        return add_list(m, node, e);
    const struct yaml_node *meta = NULL;
    rc = manifest_check_kind(node, kind, e);
    if (rc == ERR_OK)
        rc = yaml_map(node, "metadata", &meta, e);
    if (rc == ERR_OK)
        rc = yaml_text(meta, "name", &name, e);
    if (rc != ERR_OK)
        return rc;
    if (!name || !*name)
        return yaml_fail(node, e, "%s has no metadata.name", kind);
    rc = keep(m, node, kind, name, e);
    if (rc == ERR_OK && strcmp(kind, "ConfigMap") == 0)
        rc = add_config_map(m, node, e);
    return rc;
}

static int add_yaml(struct manifest *m, const char *path, struct err *e)
{
    struct yaml_file *f = mem_array(1, sizeof *f);
    int rc = yaml_load(f, path, e);

    if (rc != ERR_OK) {
        free(f);
        return rc;
    }
    m->files = mem_grow(m->files, &m->cap_files, m->n_files + 1,
                        sizeof(struct yaml_file *));
    m->files[m->n_files++] = f;
    for (size_t i = 0; i < f->n_docs && rc == ERR_OK; i++)
        rc = add_object(m, f->docs[i], e);
    return rc;
}

static bool is_kustomization(const char *name)
{
    return strcmp(name, "kustomization.yaml") == 0 ||
           strcmp(name, "kustomization.yml") == 0 ||
           strcmp(name, "Kustomization") == 0;
}

static int check_kustomization(const char *path, struct err *e)
{
    struct yaml_file f;
    int rc = yaml_load(&f, path, e);

    for (size_t i = 0; rc == ERR_OK && i < f.n_docs; i++)
        rc = manifest_check_kustomization(f.docs[i], e);
    yaml_free(&f);
    return rc;
}

static int add_plain(struct manifest *m, const char *path, const char *name,
                     struct err *e)
{
    char *text;
    size_t n;
    int rc = file_read(path, YAML_BYTES, &text, &n, e);

    if (rc != ERR_OK)
        return rc;
    if (strlen(text) != n) {
        free(text);
        return err_set(e, ERR_INPUT, "%s: a zero byte: this is no text file",
                       path);
    }
    add_text(m, (struct manifest_text){.name = mem_text(name, strlen(name)),
                                       .path = mem_text(path, strlen(path)),
                                       .line = 1,
                                       .text = text,
                                       .owned_text = text});
    return ERR_OK;
}

static bool ends_in(const char *text, const char *suffix)
{
    size_t n = strlen(text), k = strlen(suffix);

    return n >= k && strcmp(text + n - k, suffix) == 0;
}

static int add_file(struct manifest *m, const char *path, bool named,
                    struct err *e)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    if (ends_in(name, ".cfg") || ends_in(name, ".tpl") || ends_in(name, ".sh"))
        return add_plain(m, path, name, e);
    if (!named && is_kustomization(name))
        return check_kustomization(path, e);
    if (!named && !ends_in(name, ".yaml") && !ends_in(name, ".yml") &&
        !ends_in(name, ".json"))
        return ERR_OK;
    return add_yaml(m, path, e);
}

static int add_path(struct manifest *m, const char *path, unsigned depth,
                    struct err *e);

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* strcmp, not strcoll: the order must not depend on the language. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_folder(struct manifest *m, const char *path, unsigned depth,
                      struct err *e)
{
    struct dirent **entries;
    int rc = ERR_OK;

    if (depth == MANIFEST_FOLDERS)
        return err_set(e, ERR_INPUT, "%s: folders nested too deeply", path);
    int n = scandir(path, &entries, is_visible, by_bytes);
    if (n < 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    for (int i = 0; i < n; i++) {
        char *child = path_join(path, entries[i]->d_name);

        if (rc == ERR_OK)
            rc = add_path(m, child, depth + 1, e);
        free(child);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

static int add_path(struct manifest *m, const char *path, unsigned depth,
                    struct err *e)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode))
        return add_folder(m, path, depth, e);
    /* A pipe or a device would make the reader wait for ever. */
    if (!S_ISREG(st.st_mode))
        return depth == 0
                   ? err_set(e, ERR_INPUT, "%s: neither file nor folder", path)
                   : ERR_OK;
    if (++m->n_read > MANIFEST_FILES)
        return err_set(e, ERR_INPUT, "%s: more than %d files", path,
                       MANIFEST_FILES);
    return add_file(m, path, depth == 0, e);
}

int manifest_add(struct manifest *m, const char *path, struct err *e)
{
    int rc = add_path(m, path, 0, e);

    m->n_sources++;
    return rc;
}

const struct yaml_node *manifest_next(struct manifest *m, const char *kind,
                                      size_t *i)
{
    for (; *i < m->n_objects; ++*i) {
        struct manifest_object *o = &m->objects[*i];

        if (strcmp(o->kind, kind) != 0)
            continue;
        o->used = true;
        ++*i;
        return o->node;
    }
    return NULL;
}

const struct manifest_text *manifest_text(struct manifest *m,
                                          const char *suffix)
{
    for (size_t i = m->n_texts; i-- > 0;) {
        const struct manifest_text *t = &m->texts[i];

        if (!ends_in(t->name, suffix))
            continue;
        for (size_t k = 0; k < m->n_objects; k++)
            m->objects[k].used |= m->objects[k].node == t->object;
        return t;
    }
    return NULL;
}

void manifest_free(struct manifest *m)
{
    for (size_t i = 0; i < m->n_files; i++) {
        yaml_free(m->files[i]);
        free(m->files[i]);
    }
    for (size_t i = 0; i < m->n_texts; i++)
        free_text(&m->texts[i]);
    free(m->files);
    free(m->objects);
    free(m->texts);
    *m = (struct manifest){0};
}
