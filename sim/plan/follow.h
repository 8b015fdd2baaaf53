/* follow.h - settings elsewhere that must follow from the size of the pools.
 *
 * Models    the ceilings beside a maximum: servers of each backend of the
 *           balancer, the size of the DNS answer that lists them, limits of
 *           the node pools; and what the history asks of a pod's grace and of
 *           the clients' patience. Pods that drain are there beside those that
 *           are wanted: a tenth more and one.
 * Source    the rules of hazards.h, turned round.
 * Left out  addresses, quotas of the cloud account, runners.
 */
#ifndef SIM_PLAN_FOLLOW_H
#define SIM_PLAN_FOLLOW_H

#include "scenarios/scenario.h"

enum follow_kind {
    FOLLOW_SLOTS,   /* servers of backend `at` */
    FOLLOW_PAYLOAD, /* bytes of a DNS answer for it */
    FOLLOW_CPU,     /* milli-cores, limit of node pool `at` */
    FOLLOW_MEMORY,  /* MiB, limit of node pool `at` */
    FOLLOW_GRACE,   /* seconds, of pool `at` */
    FOLLOW_ATTEMPTS /* tries of caller `at` */
};

enum { FOLLOW_TEXT = 160, FOLLOW_PAYLOAD_MOST = 65535 };

struct follow_row {
    enum follow_kind kind;
    uint32_t at;
    double today, need; /* at least; today is HUGE_VAL if there is no limit */
};

/* Starts from {0}. */
struct follow {
    struct follow_row *rows; /* owned */
    size_t n, cap;
};

/* Rows of the ceilings for these maxima. A payload that no DNS answer can have
 * is needed as FOLLOW_PAYLOAD_MOST; then the maximum is too high.
 *
 * max[pool]    pods of each pool of s
 */
void follow_ceilings(struct follow *f, const struct scenario *s,
                     const uint32_t max[]);

/* Rows of grace and patience.
 *
 * t            history whose longest build is to end in peace
 * wait_s       longest wait that any history asks of a client
 */
void follow_ends(struct follow *f, const struct scenario *s,
                 const struct trace *t, double wait_s);

/* Pods that n wanted ones may be together with those that drain. */
uint64_t follow_roomy(uint64_t n);

/* How the row is set: "lb.bk_amd64.slots=440". */
void follow_set(const struct follow_row *r, const struct scenario *s,
                char out[FOLLOW_TEXT]);

void follow_free(struct follow *f); /* takes {0}; may repeat */

#endif
