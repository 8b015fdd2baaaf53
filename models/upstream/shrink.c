#include "models/upstream/dice.h"

#include <string.h>

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
        if (strcmp(key, "name") == 0 || strcmp(key, "at_s") == 0 ||
            strcmp(key, "targets") == 0 || strcmp(key, "start") == 0 ||
            strcmp(key, "usage") == 0 || strcmp(key, "value") == 0 ||
            strcmp(key, "type") == 0 || strcmp(key, "periodSeconds") == 0)
            continue;
        if ((*n)-- == 0)
            return json_object_del(o, key) == 0;
        if (leave_out(v, n))
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
