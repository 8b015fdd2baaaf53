/* groups.h - numbers from 0 on, put together by a key that each of them has:
 * who asks for those of each key need not go through all for each.
 */
#ifndef SIM_BASE_GROUPS_H
#define SIM_BASE_GROUPS_H

#include <stddef.h>
#include <stdint.h>

/* Constant from groups_init on, shared by threads. */
struct groups {
    size_t n;       /* keys */
    uint32_t *from; /* owned; n + 1 places in: */
    uint32_t *at;   /* owned; the numbers, key after key */
};

/* Those of one key, ascending. */
struct group {
    const uint32_t *at; /* borrowed */
    size_t n;
};

/* key_of[n]   the key of each number below n; one whose key is not below
 *             n_keys is in no group
 */
void groups_init(struct groups *g, const uint32_t key_of[], size_t n,
                 size_t n_keys);
void groups_free(struct groups *g); /* takes {0}; may repeat */

static inline struct group groups_of(const struct groups *g, uint32_t key)
{
    return (struct group){g->at + g->from[key],
                          g->from[key + 1] - g->from[key]};
}

#endif
