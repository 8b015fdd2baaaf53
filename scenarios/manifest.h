/* manifest.h - Kubernetes objects as `kubectl apply` would take them.
 *
 * Models    collecting objects from files and folders; one reader for each
 *           kind that the simulator understands (manifest_kinds.h).
 * Source    the API's reference of Kubernetes 1.35, KEDA and Karpenter.
 * Left out  rendering: run `kustomize build` or `helm template` before.
 *
 * Objects come from sources, in order. An object of the same kind, namespace
 * and name in a later source replaces the earlier one as a whole; twice in one
 * source is an error. A folder is read with its subfolders, in the order of
 * names: .yaml, .yml, .json; *.cfg and *.tpl as haproxy.cfg; *.sh as drain
 * script. All other files, and kustomization.yaml, are left alone.
 */
#ifndef SCENARIOS_MANIFEST_H
#define SCENARIOS_MANIFEST_H

#include "scenarios/yaml.h"

enum {
    MANIFEST_FILES = 1000,    /* read at most */
    MANIFEST_OBJECTS = 10000, /* kept at most */
    MANIFEST_FOLDERS = 8      /* nested at most */
};

/* The kind that a plain file of Prometheus rules is kept under, which has none
 * of its own; its name is its path.
 */
#define MANIFEST_RULES "rule file"

struct manifest_object {
    const struct yaml_node *node; /* borrowed from files */
    const char *kind, *space, *name;
    size_t source;
    bool used; /* the simulator read it; check lists the others */
};

/* A text that is no YAML itself: haproxy.cfg or a script. */
struct manifest_text {
    const struct yaml_node *object; /* its ConfigMap; NULL: a file */
    char *name; /* owned; its file or the key in its ConfigMap */
    char *path; /* owned */
    unsigned line;
    const char *text; /* borrowed from files or owned_text */
    char *owned_text;
};

/* Starts from {0}. */
struct manifest {
    struct yaml_file **files; /* owned */
    size_t n_files, cap_files;
    struct manifest_object *objects; /* owned */
    size_t n_objects, cap_objects;
    struct manifest_text *texts; /* owned; a later one of a name replaces */
    size_t n_texts, cap_texts;
    size_t n_sources, n_read;
};

/* Adds one source: a file, or a folder with everything in it.
 * Errors    ERR_IO, ERR_INPUT with path:line:column. *m stays usable for
 *           manifest_free only.
 */
int manifest_add(struct manifest *m, const char *path, struct err *e);

/* Object number *i or later of a kind; *i moves behind it; NULL at the end. */
const struct yaml_node *manifest_next(struct manifest *m, const char *kind,
                                      size_t *i);

/* The text whose name ends in suffix ("drain.sh", ".cfg"), NULL if none, the
 * newest if several sources have one. Its ConfigMap counts as used.
 */
const struct manifest_text *manifest_text(struct manifest *m,
                                          const char *suffix);

void manifest_free(struct manifest *m);

/* metadata.name, and metadata.namespace ("default" if not written). */
const char *manifest_name(const struct yaml_node *object);
const char *manifest_space(const struct yaml_node *object);

#endif
