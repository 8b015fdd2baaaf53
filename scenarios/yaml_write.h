/* yaml_write.h - a YAML tree as text again, with some values replaced.
 *
 * Models    one document in block form. Whatever was quoted, or would mean
 *           something else without quotes, is quoted; a text of several lines
 *           that can stand as a literal block does.
 * Left out  comments, anchors (they are unfolded), the order of new keys
 *           among the old ones: they come last.
 */
#ifndef SCENARIOS_YAML_WRITE_H
#define SCENARIOS_YAML_WRITE_H

#include "scenarios/yaml.h"

#include <stdio.h>

/* Puts a value at "spec/fallback/replicas"; the maps on the way are made. */
struct yaml_edit {
    const char *path;
    const char *value; /* YAML in flow form, a line; or the text of: */
    bool is_text;      /* a string, which is quoted here */
};

/* root is a map. Edits within lists, or below a value that is no map, are not
 * possible: the value is replaced as a whole.
 */
void yaml_write(const struct yaml_node *root, const struct yaml_edit edits[],
                size_t n, FILE *out);

#endif
