#include "scenarios/yaml.h"

#include "scenarios/yaml_check.h"
#include "sim/base/mem.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 1 << 16, MAX_ANCHORS = 1000 };

/* Nodes never move: they are cut from blocks that live as long as the file. */
struct yaml_block {
    struct yaml_block *next;
    size_t used, size;
    _Alignas(16) char bytes[];
};

struct anchor {
    char *name; /* owned */
    const struct yaml_node *node;
};

struct reader {
    struct yaml_file *file;
    struct fy_parser *fyp;
    struct fy_diag *diag;
    struct err *err;
    const char *text;       /* borrowed; the file */
    struct anchor *anchors; /* owned; of this document */
    size_t n_anchors, cap_anchors;
    struct yaml_entry *stack; /* owned; children of all open nodes */
    size_t n_stack, cap_stack;
    size_t n_nodes;
    unsigned depth, column; /* of the innermost open collection */
    unsigned line; /* of the last event, for mistakes without a place */
};

static void *cut(struct yaml_file *f, size_t size)
{
    struct yaml_block *b = f->blocks;

    size = (size + 15) & ~(size_t)15;
    if (!b || b->size - b->used < size) {
        size_t room = size > BLOCK_BYTES ? size : BLOCK_BYTES;

        b = mem_array(1, sizeof *b + room);
        b->size = room;
        b->next = f->blocks;
        f->blocks = b;
    }
    void *p = b->bytes + b->used;
    b->used += size;
    return p;
}

static int fail_at(struct reader *r, unsigned line, unsigned column,
                   const char *what)
{
    err_set(r->err, ERR_INPUT, "%s:%u:%u: %s", r->file->path, line, column,
            what);
    return ERR_INPUT;
}

static struct yaml_node *new_node(struct reader *r, enum yaml_kind kind,
                                  struct fy_token *token)
{
    struct yaml_node *n = cut(r->file, sizeof *n);
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

    n->file = r->file;
    n->kind = kind;
    n->text = "";
    n->line = mark ? (unsigned)mark->line + 1 : r->line;
    n->column = mark ? (unsigned)mark->column + 1 : 1;
    n->n_nodes = 1;
    r->line = n->line;
    return n;
}

static int add_anchor(struct reader *r, struct fy_token *name,
                      const struct yaml_node *node)
{
    size_t length;
    const char *text = name ? fy_token_get_text(name, &length) : NULL;

    if (!text)
        return ERR_OK;
    if (r->n_anchors == MAX_ANCHORS)
        return fail_at(r, node->line, node->column, "too many anchors");
    r->anchors = mem_grow(r->anchors, &r->cap_anchors, r->n_anchors + 1,
                          sizeof *r->anchors);
    r->anchors[r->n_anchors++] = (struct anchor){mem_text(text, length), node};
    return ERR_OK;
}

static void drop_anchors(struct reader *r)
{
    for (size_t i = 0; i < r->n_anchors; i++)
        free(r->anchors[i].name);
    r->n_anchors = 0;
}

static int read_alias(struct reader *r, struct fy_token *name,
                      const struct yaml_node **out)
{
    struct yaml_node *here = new_node(r, YAML_NULL, name);
    size_t length = 0;
    const char *text = fy_token_get_text(name, &length);

    for (size_t i = r->n_anchors; text && i-- > 0;) {
        const struct anchor *a = &r->anchors[i];

        if (strlen(a->name) != length || memcmp(a->name, text, length) != 0)
            continue;
        *out = a->node;
        return ERR_OK;
    }
    return fail_at(r, here->line, here->column,
                   "this alias has no anchor before it");
}

static bool means_null(const char *text)
{
    return strcmp(text, "") == 0 || strcmp(text, "~") == 0 ||
           strcmp(text, "null") == 0 || strcmp(text, "Null") == 0 ||
           strcmp(text, "NULL") == 0;
}

static bool is_in_quotes(struct fy_token *token)
{
    enum fy_scalar_style style = fy_token_scalar_style(token);

    return style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
}

static int read_scalar(struct reader *r, const struct fy_event *event,
                       const struct yaml_node **out)
{
    struct fy_token *token = event->scalar.value;
    struct yaml_node *n = new_node(r, YAML_SCALAR, token);
    size_t length = 0;

    *out = n;
    if (token && yaml_check_overruns(token, r->text, r->column))
        return fail_at(r, n->line, n->column,
                       "an empty text: write \"\" in the place of the block");
    const char *text = token ? fy_token_get_text(token, &length) : NULL;
    if (text) {
        char *copy = cut(r->file, length + 1);

        memcpy(copy, text, length);
        n->text = copy;
        n->quoted = fy_token_scalar_style(token) != FYSS_PLAIN;
        n->column -= is_in_quotes(token); /* the mark is behind the quote */
    }
    if (strlen(n->text) != length)
        return fail_at(r, n->line, n->column, "a zero byte in a text");
    if (!n->quoted && means_null(n->text))
        n->kind = YAML_NULL;
    return add_anchor(r, event->scalar.anchor, n);
}

static void push(struct reader *r, struct yaml_entry entry)
{
    r->stack =
        mem_grow(r->stack, &r->cap_stack, r->n_stack + 1, sizeof *r->stack);
    r->stack[r->n_stack++] = entry;
}

static int refuse_odd_key(struct reader *r, const struct yaml_node *key)
{
    if (key->kind != YAML_SCALAR)
        return fail_at(r, key->line, key->column, "a key must be a word");
    if (strcmp(key->text, "<<") == 0)
        return fail_at(r, key->line, key->column,
                       "merge keys are not read: write the keys out");
    return ERR_OK;
}

/* Takes the children since base off the stack. */
static int close_node(struct reader *r, struct yaml_node *n, size_t base)
{
    n->n = r->n_stack - base;
    if (n->n > YAML_ENTRIES)
        return fail_at(r, n->line, n->column, "more than 5000 entries");
    n->items = cut(r->file, n->n * sizeof *n->items);
    for (size_t i = 0; i < n->n; i++) {
        n->items[i] = r->stack[base + i];
        n->n_nodes += n->items[i].value->n_nodes;
        if (n->n_nodes > YAML_NODES)
            return fail_at(r, n->line, n->column,
                           "too large once its aliases are followed");
    }
    r->n_stack = base;
    return n->kind == YAML_MAP ? yaml_unique(n, r->err) : ERR_OK;
}

static int read_node(struct reader *r, const struct yaml_node **out);
static int read_event(struct reader *r, const struct fy_event *event,
                      const struct yaml_node **out);

/* The library puts the place of a mistake into its own record of it. */
static int parser_error(struct reader *r)
{
    void *cursor = NULL;
    const struct fy_diag_error *d = fy_diag_errors_iterate(r->diag, &cursor);

    if (!d || !d->msg)
        return fail_at(r, r->line, 1, "this is not YAML");
    err_set(r->err, ERR_INPUT, "%s:%d:%d: not YAML: %s", r->file->path, d->line,
            d->column, d->msg);
    return ERR_INPUT;
}

/* Children until the end event of this collection. */
static int read_children(struct reader *r, enum yaml_kind kind)
{
    enum fy_event_type end =
        kind == YAML_MAP ? FYET_MAPPING_END : FYET_SEQUENCE_END;

    for (;;) {
        struct fy_event *event = fy_parser_parse(r->fyp);
        struct yaml_entry entry = {NULL, NULL};

        if (!event)
            return parser_error(r);
        if (event->type == end) {
            fy_parser_event_free(r->fyp, event);
            return ERR_OK;
        }
        int rc =
            read_event(r, event, kind == YAML_MAP ? &entry.key : &entry.value);
        fy_parser_event_free(r->fyp, event);
        if (rc == ERR_OK && kind == YAML_MAP)
            rc = refuse_odd_key(r, entry.key);
        if (rc == ERR_OK && kind == YAML_MAP)
            rc = read_node(r, &entry.value);
        if (rc != ERR_OK)
            return rc;
        push(r, entry);
    }
}

static int read_collection(struct reader *r, const struct fy_event *event,
                           const struct yaml_node **out)
{
    bool map = event->type == FYET_MAPPING_START;
    struct fy_token *start = map ? event->mapping_start.mapping_start
                                 : event->sequence_start.sequence_start;
    struct fy_token *anchor =
        map ? event->mapping_start.anchor : event->sequence_start.anchor;
    struct yaml_node *n = new_node(r, map ? YAML_MAP : YAML_LIST, start);
    size_t base = r->n_stack;
    unsigned outside = r->column;

    r->column = n->column;
    if (++r->depth > YAML_DEPTH)
        return fail_at(r, n->line, n->column, "nested too deeply");
    int rc = read_children(r, n->kind);
    if (rc == ERR_OK)
        rc = close_node(r, n, base);
    /* Named only now, so an alias inside its own anchor finds nothing. */
    if (rc == ERR_OK)
        rc = add_anchor(r, anchor, n);
    r->depth--;
    r->column = outside;
    *out = n;
    return rc;
}

static int read_event(struct reader *r, const struct fy_event *event,
                      const struct yaml_node **out)
{
    if (++r->n_nodes > YAML_NODES)
        return fail_at(r, r->line, 1, "too many values in one file");
    switch (event->type) {
    case FYET_SCALAR:
        return read_scalar(r, event, out);
    case FYET_ALIAS:
        return read_alias(r, event->alias.anchor, out);
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START:
        return read_collection(r, event, out);
    default:
        return fail_at(r, r->line, 1, "a value is missing");
    }
}

static int read_node(struct reader *r, const struct yaml_node **out)
{
    struct fy_event *event = fy_parser_parse(r->fyp);

    if (!event)
        return parser_error(r);
    int rc = read_event(r, event, out);
    fy_parser_event_free(r->fyp, event);
    return rc;
}

static int read_document(struct reader *r)
{
    struct yaml_file *f = r->file;
    const struct yaml_node *root = NULL;
    int rc = read_node(r, &root);

    drop_anchors(r);
    if (rc != ERR_OK || !root || root->kind == YAML_NULL)
        return rc;
    f->docs = mem_grow(f->docs, &f->cap_docs, f->n_docs + 1,
                       sizeof(struct yaml_node *));
    f->docs[f->n_docs++] = root;
    return ERR_OK;
}

static int read_stream(struct reader *r)
{
    for (;;) {
        struct fy_event *event = fy_parser_parse(r->fyp);

        if (!event)
            return parser_error(r);
        enum fy_event_type type = event->type;
        fy_parser_event_free(r->fyp, event);
        if (type == FYET_STREAM_END)
            return ERR_OK;
        int rc = type == FYET_DOCUMENT_START ? read_document(r) : ERR_OK;
        if (rc != ERR_OK)
            return rc;
    }
}

static int run_reader(struct reader *r, const char *text, size_t n)
{
    struct fy_diag_cfg diag_cfg;
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET};

    fy_diag_cfg_default(&diag_cfg);
    r->diag = cfg.diag = fy_diag_create(&diag_cfg);
    if (!r->diag)
        return err_set(r->err, ERR_IO, "%s: no YAML reader", r->file->path);
    fy_diag_set_collect_errors(r->diag, true);
    r->fyp = fy_parser_create(&cfg);
    int rc = ERR_IO;
    if (!r->fyp || fy_parser_set_string(r->fyp, text, n) != 0)
        err_set(r->err, ERR_IO, "%s: no YAML reader", r->file->path);
    else
        rc = read_stream(r);
    fy_parser_destroy(r->fyp);
    fy_diag_destroy(r->diag);
    return rc;
}

/* Somebody's template is no YAML until its tool has been through it. */
static int hint(const char *text, size_t n, int rc, struct err *e)
{
    const struct err cause = *e;

    for (size_t i = 1; rc == ERR_INPUT && i < n; i++)
        if (text[i - 1] == '{' && text[i] == '{')
            return err_set(e, rc,
                           "%s; if its {{ }} are of a Helm chart, read the "
                           "output of helm template",
                           cause.msg);
    return rc;
}

int yaml_parse(struct yaml_file *f, const char *path, const char *text,
               size_t n, struct err *e)
{
    struct reader r = {.file = f, .err = e, .text = text, .line = 1};

    *f = (struct yaml_file){.path = mem_text(path, strlen(path))};
    int rc = yaml_check_bytes(path, text, n, e);
    /* The library does not take an empty text for an empty file. */
    if (rc == ERR_OK && n > 0)
        rc = run_reader(&r, text, n);
    drop_anchors(&r);
    free(r.anchors);
    free(r.stack);
    if (rc != ERR_OK)
        yaml_free(f);
    return hint(text, n, rc, e);
}

void yaml_free(struct yaml_file *f)
{
    while (f->blocks) {
        struct yaml_block *next = f->blocks->next;

        free(f->blocks);
        f->blocks = next;
    }
    free(f->path);
    free(f->docs);
    *f = (struct yaml_file){0};
}
