#include "scenarios/yaml_write.h"

#include <ctype.h>
#include <string.h>

enum { PATH = 512, STEP = 2 };

struct writer {
    const struct yaml_edit *edits;
    size_t n;
    FILE *out;
};

/* ------------------------------------------------------------ scalars */

/* Plain in any place; what it means is not changed by leaving it plain. */
static bool is_plain(const char *text)
{
    if (!isalnum((unsigned char)text[0]) && !strchr("-+./", text[0]))
        return false;
    if (strcmp(text, "-") == 0 || strncmp(text, "---", 3) == 0 ||
        strncmp(text, "...", 3) == 0)
        return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("-+_./%", *c))
            return false;
    return text[0] != '\0';
}

static void put_quoted(const char *text, FILE *out)
{
    fputc('"', out);
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte == '\n')
            fputs("\\n", out);
        else if (byte < 0x20 || byte == 0x7f)
            fprintf(out, "\\x%02x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

/* A literal block shows every byte but control characters, and blanks before
 * its first line's text would be taken for its indentation.
 */
static bool can_be_block(const char *text)
{
    const char *newline = strchr(text, '\n');

    if (!newline || newline == text || isspace((unsigned char)text[0]))
        return false;
    for (const char *c = text; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f)
            return false;
    }
    return true;
}

static void put_block(const char *text, int indent, FILE *out)
{
    size_t n = strlen(text);
    bool ends = text[n - 1] == '\n';
    const char *chomp = !ends ? "-" : n > 1 && text[n - 2] == '\n' ? "+" : "";

    fprintf(out, "|%s\n", chomp);
    while (*text) {
        size_t length = strcspn(text, "\n");
        if (length > 0)
            fprintf(out, "%*s%.*s", indent, "", (int)length, text);
        fputc('\n', out);
        text += length + (text[length] == '\n');
    }
}

/* With the newline behind it. */
static void put_string(const char *text, int indent, FILE *out)
{
    if (can_be_block(text)) {
        put_block(text, indent, out);
        return;
    }
    put_quoted(text, out);
    fputc('\n', out);
}

static void put_scalar(const struct yaml_node *n, int indent, FILE *out)
{
    if (n->kind == YAML_NULL)
        fputs("null\n", out);
    else if (!n->quoted && is_plain(n->text))
        fprintf(out, "%s\n", n->text);
    else
        put_string(n->text, indent, out);
}

static void put_key(const char *text, FILE *out)
{
    if (is_plain(text))
        fputs(text, out);
    else
        put_quoted(text, out);
}

/* ------------------------------------------------------------ edits */

/* The edit of this very path, the last one if there are several. */
static const struct yaml_edit *find(const struct writer *w, const char *path)
{
    for (size_t i = w->n; i-- > 0;)
        if (strcmp(w->edits[i].path, path) == 0)
            return &w->edits[i];
    return NULL;
}

/* What follows prefix in an edit's path; NULL if it is not below it. */
static const char *below(const struct yaml_edit *e, const char *prefix)
{
    size_t n = strlen(prefix);

    if (strncmp(e->path, prefix, n) != 0)
        return NULL;
    if (n == 0)
        return e->path;
    return e->path[n] == '/' ? e->path + n + 1 : NULL;
}

static bool touches(const struct writer *w, const char *prefix)
{
    for (size_t i = 0; i < w->n; i++)
        if (below(&w->edits[i], prefix))
            return true;
    return false;
}

static void put_edit(const struct writer *w, const struct yaml_edit *e,
                     int indent)
{
    if (e->is_text)
        put_string(e->value, indent, w->out);
    else
        fprintf(w->out, "%s\n", e->value);
}

/* ------------------------------------------------------------ collections */

static void put_map(const struct writer *w, const struct yaml_node *map,
                    const char *path, int indent, int first);

static bool has_key(const struct yaml_node *map, const char *key, size_t n)
{
    for (size_t i = 0; map && map->kind == YAML_MAP && i < map->n; i++) {
        const char *text = map->items[i].key->text;
        if (strlen(text) == n && strncmp(text, key, n) == 0)
            return true;
    }
    return false;
}

static bool is_new(const struct writer *w, size_t edit, const char *path,
                   const char *key, size_t n)
{
    for (size_t i = 0; i < edit; i++) {
        const char *rest = below(&w->edits[i], path);
        if (rest && strcspn(rest, "/") == n && strncmp(rest, key, n) == 0)
            return false;
    }
    return true;
}

/* Keys that only the edits have. */
static void put_missing(const struct writer *w, const struct yaml_node *map,
                        const char *path, int indent)
{
    char child[PATH];

    for (size_t i = 0; i < w->n; i++) {
        const char *rest = below(&w->edits[i], path);
        size_t n = rest ? strcspn(rest, "/") : 0;
        if (!rest || has_key(map, rest, n) || !is_new(w, i, path, rest, n))
            continue;
        (void)snprintf(child, sizeof child, "%s%s%.*s", path, *path ? "/" : "",
                       (int)n, rest);
        fprintf(w->out, "%*s%.*s:", indent, "", (int)n, rest);
        if (find(w, child)) {
            fputc(' ', w->out);
            put_edit(w, find(w, child), indent + STEP);
        } else {
            fputc('\n', w->out);
            put_map(w, NULL, child, indent + STEP, indent + STEP);
        }
    }
}

static void put_list(const struct writer *w, const struct yaml_node *list,
                     int indent)
{
    static const char nowhere[] = "\n"; /* no edit is below it */

    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *value = list->items[i].value;
        bool nested = value->kind == YAML_LIST && value->n > 0;
        fprintf(w->out, "%*s-%s", indent, "", nested ? "" : " ");
        if (value->kind == YAML_MAP && value->n > 0) {
            put_map(w, value, nowhere, indent + STEP, 0);
        } else if (nested) {
            fputc('\n', w->out);
            put_list(w, value, indent + STEP);
        } else if (value->kind == YAML_LIST || value->kind == YAML_MAP) {
            fputs(value->kind == YAML_LIST ? "[]\n" : "{}\n", w->out);
        } else {
            put_scalar(value, indent + STEP, w->out);
        }
    }
}

static void put_value(const struct writer *w, const struct yaml_node *value,
                      const char *path, int indent)
{
    const struct yaml_edit *edit = find(w, path);
    bool map = value->kind == YAML_MAP;

    if (edit) {
        fputc(' ', w->out);
        put_edit(w, edit, indent + STEP);
    } else if ((map && value->n > 0) || touches(w, path)) {
        fputc('\n', w->out);
        put_map(w, map ? value : NULL, path, indent + STEP, indent + STEP);
    } else if (value->kind == YAML_LIST && value->n > 0) {
        fputc('\n', w->out);
        put_list(w, value, indent + STEP);
    } else if (map || value->kind == YAML_LIST) {
        fputs(map ? " {}\n" : " []\n", w->out);
    } else {
        fputc(' ', w->out);
        put_scalar(value, indent + STEP, w->out);
    }
}

/* first: blanks before the first key, whose line may have begun already */
static void put_map(const struct writer *w, const struct yaml_node *map,
                    const char *path, int indent, int first)
{
    char child[PATH];

    for (size_t i = 0; map && i < map->n; i++) {
        const char *key = map->items[i].key->text;
        (void)snprintf(child, sizeof child, "%s%s%s", path, *path ? "/" : "",
                       key);
        fprintf(w->out, "%*s", i == 0 ? first : indent, "");
        put_key(key, w->out);
        fputc(':', w->out);
        put_value(w, map->items[i].value, child, indent);
    }
    put_missing(w, map, path, indent);
}

void yaml_write(const struct yaml_node *root, const struct yaml_edit edits[],
                size_t n, FILE *out)
{
    const struct writer w = {edits, n, out};

    put_map(&w, root, "", 0, 0);
}
