#include "sim/base/groups.h"

#include "sim/base/mem.h"

#include <stdlib.h>

/* Each number is put before those of its key that are placed already, from the
 * last one on: from[] comes down from the ends of the groups to their starts.
 */
void groups_init(struct groups *g, const uint32_t key_of[], size_t n,
                 size_t n_keys)
{
    *g = (struct groups){
        .n = n_keys,
        .from = mem_array(n_keys + 1, sizeof *g->from),
        .at = mem_array(n, sizeof *g->at),
    };
    for (size_t i = 0; i < n; i++)
        if (key_of[i] < n_keys)
            g->from[key_of[i]]++;
    for (size_t i = 1; i <= n_keys; i++)
        g->from[i] += g->from[i - 1];
    for (size_t i = n; i-- > 0;)
        if (key_of[i] < n_keys)
            g->at[--g->from[key_of[i]]] = (uint32_t)i;
}

void groups_free(struct groups *g)
{
    free(g->from);
    free(g->at);
    *g = (struct groups){0};
}
