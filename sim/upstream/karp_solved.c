#include "sim/upstream/karp_solved.h"

/* The pods that went to a node, in their order. */
static json_t *pods_on(const struct karp_pod pods[], size_t n, uint32_t node)
{
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++)
        if (pods[i].node == node)
            json_array_append_new(list, json_integer((json_int_t)i));
    return list;
}

static size_t first_of(const json_t *claim)
{
    const json_t *pods = json_object_get(claim, "pods");

    return (size_t)json_integer_value(json_array_get(pods, 0));
}

static json_t *claim_json(const struct karp *k, uint32_t node,
                          const uint32_t names[], json_t *pods)
{
    const struct karp_node *n = &k->nodes[node];
    json_int_t pool = names ? names[n->pool] : n->pool;
    json_t *types = json_array();

    for (uint32_t t = 0; t < k->p->n_types; t++)
        if ((n->types >> t) & 1)
            json_array_append_new(types, json_integer(t));
    return json_pack("{s:I, s:o, s:o}", "pool", pool, "types", types, "pods",
                     pods);
}

/* Claims are told in the order of their first pods. */
static void put_claim(json_t *claims, json_t *claim)
{
    size_t at = json_array_size(claims);

    while (at > 0 && first_of(json_array_get(claims, at - 1)) > first_of(claim))
        at--;
    json_array_insert_new(claims, at, claim);
}

/* An empty list is not told. */
static void put(json_t *o, const char *key, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set(o, key, list);
    json_decref(list);
}

json_t *karp_solved_json(const struct karp *k, const struct karp_pod pods[],
                         size_t n, size_t n_exist, const uint32_t names[])
{
    json_t *nodes = json_array(), *claims = json_array();
    json_t *o = json_pack("{s:s, s:i}", "ask", "solved", "t", 0);

    for (size_t i = 0; i < n_exist; i++)
        json_array_append_new(nodes, pods_on(pods, n, k->live[i]));
    for (size_t i = n_exist; i < k->n_live; i++)
        put_claim(claims, claim_json(k, k->live[i], names,
                                     pods_on(pods, n, k->live[i])));
    put(o, "claims", claims);
    put(o, "nodes", nodes);
    put(o, "left", pods_on(pods, n, NO_INDEX));
    return o;
}
