#include "models/replicaset.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One pod as the rules see it: the smaller value goes first. */
struct rs_key {
    uint64_t strict; /* rules 1 to 4, from the top: node, phase, ready, cost */
    int64_t on_node; /* rule 5, negated: more goes first */
    int64_t ready_s, created_s;
    int ready_bucket, created_bucket;
    bool ready;
    int64_t restarts, sidecar_restarts; /* negated: more goes first */
    uint64_t uid;
};

/* Whole seconds, as API timestamps are; also right before time 0. */
static int64_t second_of(sim_us at_us)
{
    int64_t s = at_us / US_PER_S;

    return at_us % US_PER_S < 0 ? s - 1 : s;
}

int rs_age_bucket(sim_us now_us, sim_us since_us)
{
    sim_us age_us = now_us - second_of(since_us) * US_PER_S;

    if (age_us <= 0)
        return -1;
    if (age_us > INT64_MAX / 1000) /* 292 years, as upstream saturates */
        age_us = INT64_MAX / 1000;
    return 63 - __builtin_clzll((uint64_t)age_us * 1000);
}

static struct rs_key key_of(const struct rs_pod_view *v, sim_us now_us)
{
    return (struct rs_key){
        .strict = (uint64_t)(v->node != NO_INDEX) << 35 |
                  (uint64_t)v->phase << 33 | (uint64_t)v->ready << 32 |
                  ((uint32_t)v->deletion_cost ^ UINT32_C(1) << 31),
        .on_node = -(int64_t)v->on_node,
        .ready = v->ready,
        .ready_s = v->ready ? second_of(v->ready_us) : 0,
        .ready_bucket = v->ready ? rs_age_bucket(now_us, v->ready_us) : -1,
        .restarts = -(int64_t)v->restarts,
        .sidecar_restarts = -(int64_t)v->sidecar_restarts,
        .created_s = second_of(v->created_us),
        .created_bucket = rs_age_bucket(now_us, v->created_us),
        .uid = v->uid,
    };
}

/* Rules 6 and 8 for two timestamps that differ. */
static bool younger(int bucket_a, int bucket_b, const struct rs_key *a,
                    const struct rs_key *b)
{
    return bucket_a != bucket_b ? bucket_a < bucket_b : a->uid < b->uid;
}

/* Whether a is deleted before b. Where the rules leave a tie the key of the
 * pod decides, so that the caller's order does not.
 */
static bool before(const struct rs_key *a, const struct rs_key *b)
{
    if (a->strict != b->strict)
        return a->strict < b->strict;
    if (a->on_node != b->on_node)
        return a->on_node < b->on_node;
    if (a->ready && a->ready_s != b->ready_s)
        return younger(a->ready_bucket, b->ready_bucket, a, b);
    if (a->restarts != b->restarts)
        return a->restarts < b->restarts;
    if (a->sidecar_restarts != b->sidecar_restarts)
        return a->sidecar_restarts < b->sidecar_restarts;
    if (a->created_s != b->created_s)
        return younger(a->created_bucket, b->created_bucket, a, b);
    return a->uid < b->uid;
}

struct run {
    const uint32_t *at;
    size_t n;
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Merges two sorted runs of places in keys into the first k of both; equal ones
 * stay in their order.
 */
static void merge(const struct rs_key *keys, struct run a, struct run b,
                  uint32_t *out, size_t k)
{
    while (k > 0 && a.n > 0 && b.n > 0) {
        bool take_b = before(&keys[*b.at], &keys[*a.at]);

        *out++ = take_b ? *b.at++ : *a.at++;
        a.n -= !take_b;
        b.n -= take_b;
        k--;
    }
    a.n = smaller(a.n, k);
    b.n = smaller(b.n, k - a.n);
    memcpy(out, a.at, a.n * sizeof *out);
    memcpy(out + a.n, b.at, b.n * sizeof *out);
}

/* Sorts the first k of from[n] to the front, with spare[n], and returns the one
 * that holds the result. A merge of k looks at no more than the first k of each
 * run, so that nothing behind them is ever put in order. Not qsort: what that
 * makes of a relation that is no strict order differs from one C library to the
 * next.
 */
static uint32_t *sorted(const struct rs_key *keys, uint32_t *from,
                        uint32_t *spare, size_t n, size_t k)
{
    for (size_t run = 1; run < n; run *= 2) {
        for (size_t i = 0; i < n; i += 2 * run) {
            size_t n_a = smaller(n - i, run);
            struct run a = {from + i, smaller(n_a, k)};
            struct run b = {from + i + n_a,
                            smaller(smaller(n - i - n_a, run), k)};

            merge(keys, a, b, spare + i, k);
        }
        uint32_t *was = from;

        from = spare;
        spare = was;
    }
    return from;
}

const uint32_t *rs_victims(struct rs *rs, const struct rs_pod_view pods[],
                           size_t n, uint32_t k, sim_us now_us)
{
    assert(k <= n);
    rs->keys = mem_grow(rs->keys, &rs->cap_keys, n, sizeof *rs->keys);
    rs->places =
        mem_grow(rs->places, &rs->cap_places, 2 * n, sizeof *rs->places);
    rs->victims =
        mem_grow(rs->victims, &rs->cap_victims, k, sizeof *rs->victims);
    for (size_t i = 0; i < n; i++) {
        rs->keys[i] = key_of(&pods[i], now_us);
        rs->places[i] = (uint32_t)i;
    }
    uint32_t *places = rs->places;
    if (k < n) /* all of them need no order */
        places = sorted(rs->keys, places, places + n, n, k);
    for (size_t i = 0; i < k; i++)
        rs->victims[i] = pods[places[i]].pod;
    return rs->victims;
}
