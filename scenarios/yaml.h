/* yaml.h - YAML and JSON documents as a tree that knows where it stands.
 *
 * Every node carries the line and column of its text, so that a mistake is
 * reported as path:line:column. Aliases are followed; a document whose
 * aliases unfold to more than YAML_NODES nodes is refused, as are repeated
 * keys, keys that are not plain words, and nesting beyond YAML_DEPTH.
 * Left out  tags, merge keys ("<<", refused), several kinds of numbers.
 */
#ifndef SCENARIOS_YAML_H
#define SCENARIOS_YAML_H

#include "sim/base/err.h"
#include "sim/base/units.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    YAML_BYTES = 4 << 20, /* largest file */
    YAML_NODES = 200000,  /* of a file, aliases unfolded */
    YAML_ENTRIES = 5000,  /* of one map or list: they are searched */
    YAML_DEPTH = 60
};

enum yaml_kind { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    const struct yaml_file *file; /* borrowed */
    enum yaml_kind kind;
    bool quoted; /* a scalar in quotes or in block form: always a string */
    unsigned line, column;    /* of its first character, from 1 */
    const char *text;         /* scalar, zero-terminated; else "" */
    struct yaml_entry *items; /* list or map: n of them */
    size_t n;
    size_t n_nodes; /* itself and all below, aliases unfolded */
};

struct yaml_entry {
    const struct yaml_node *key; /* NULL in a list */
    const struct yaml_node *value;
};

struct yaml_file {
    char *path;                    /* owned */
    const struct yaml_node **docs; /* owned array; empty documents left out */
    size_t n_docs, cap_docs;
    struct yaml_block *blocks; /* owned; where the nodes live */
};

/* Reads all documents of a file.
 * Errors    ERR_IO; ERR_INPUT with path:line:column. *f is empty then.
 */
int yaml_load(struct yaml_file *f, const char *path, struct err *e);

/* The same for text[n] that is in memory; path only names it. */
int yaml_parse(struct yaml_file *f, const char *path, const char *text,
               size_t n, struct err *e);

void yaml_free(struct yaml_file *f);

/* Sets "path:line:column: message"; returns ERR_INPUT. */
int yaml_fail(const struct yaml_node *n, struct err *e, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts the place of n before the present message; returns ERR_INPUT. */
int yaml_place(const struct yaml_node *n, struct err *e);

/* Value of a key, NULL if map is NULL or no map, or the key absent or null. */
const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* The typed getters leave *out alone if the key is absent or null, and fail
 * with the place of the value if it is of another type or out of range.
 * map may be NULL (nothing is there) but no list and no scalar.
 */
int yaml_map(const struct yaml_node *map, const char *key,
             const struct yaml_node **out, struct err *e);
int yaml_list(const struct yaml_node *map, const char *key,
              const struct yaml_node **out, struct err *e);
int yaml_bool(const struct yaml_node *map, const char *key, bool *out,
              struct err *e);

struct yaml_range {
    int64_t min, max;
};
int yaml_int(const struct yaml_node *map, const char *key,
             struct yaml_range range, int64_t *out, struct err *e);

/* Any scalar, as written. */
int yaml_text(const struct yaml_node *map, const char *key, const char **out,
              struct err *e);

/* A string as the API server wants it: 5, true or null must be quoted. */
int yaml_string(const struct yaml_node *map, const char *key, const char **out,
                struct err *e);

/* A duration with a unit, not negative. */
int yaml_duration(const struct yaml_node *map, const char *key, sim_us *out,
                  struct err *e);

/* A Kubernetes quantity in milli-units, not negative. */
int yaml_quantity(const struct yaml_node *map, const char *key, int64_t *milli,
                  struct err *e);

/* A finite decimal number from 0 to max. */
int yaml_number(const struct yaml_node *map, const char *key, double max,
                double *out, struct err *e);

/* The map that "spec/template/metadata" leads to; NULL if a part is absent. */
int yaml_path(const struct yaml_node *map, const char *path,
              const struct yaml_node **out, struct err *e);

/* Refuses any key of map that is not among words[n], with the nearest. */
int yaml_known(const struct yaml_node *map, const char *const words[], size_t n,
               struct err *e);

/* Refuses a map that sets a key twice; yaml_parse has done so. */
int yaml_unique(const struct yaml_node *map, struct err *e);

/* A whole number in decimal digits with an optional sign. */
bool whole_number(const char *text, int64_t *out);

#endif
