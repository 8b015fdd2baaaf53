#include "models/upstream/dice.h"

#include <string.h>

/* What cannot go without its object. */
static bool is_needed(const char *key)
{
    static const char *const keys[] = {
        "name",     "at_s",          "targets",  "start",
        "usage",    "value",         "type",     "triggers",
        "lb",       "threshold",     "target",   "replicas",
        "kind",     "zones",         "idle_us",  "max_us",
        "end_us",   "start_us",      "drain_us", "gone_us",
        "solve_us", "from_us",       "until_us", "at_us",
        "do",       "node",          "pod",      "size",
        "mcpu",     "mib",           "nodes",    "types",
        "pools",    "periodSeconds", NULL};

    for (size_t i = 0; keys[i]; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* What others refer to by index. */
static bool is_whole(const char *key)
{
    return strcmp(key, "nodes") == 0 || strcmp(key, "types") == 0 ||
           strcmp(key, "pools") == 0;
}

/* Leaves out the n-th part that can be left out, counting through the whole
 * tree; *n goes down to below zero when it has been reached.
 */
static bool leave_out(json_t *o, int *n)
{
    const char *key;
    json_t *v;
    void *tmp;
    size_t i;

    if (json_is_array(o))
        json_array_foreach(o, i, v)
        {
            if ((*n)-- == 0)
                return json_array_remove(o, i) == 0;
            if (leave_out(v, n))
                return true;
        }
    if (!json_is_object(o))
        return false;
    json_object_foreach_safe(o, tmp, key, v)
    {
        if (is_whole(key))
            continue;
        if (!is_needed(key) && (*n)-- == 0)
            return json_object_del(o, key) == 0;
        if (!is_needed(key) && leave_out(v, n))
            return true;
    }
    return false;
}

json_t *dice_shrink(json_t *s, dice_test *fails, void *self)
{
    for (int n = 0;;) {
        json_t *less = json_deep_copy(s);
        int at = n;
        if (!leave_out(less, &at)) {
            json_decref(less);
            return s;
        }
        if (fails(self, less)) {
            json_decref(s);
            s = less; /* the n-th part is another one now */
        } else {
            json_decref(less);
            n++;
        }
    }
}
