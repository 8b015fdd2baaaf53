/* real_hpa.h - the real HPA controller of one pool, and its model beside it.
 *
 * Answers the driver's questions from the simulated world (see the protocol in
 * models/upstream/README.md), and plays what the controller did through the
 * model. Sends and reads nothing itself: real_loop.c does.
 */
#ifndef SIM_UPSTREAM_REAL_HPA_H
#define SIM_UPSTREAM_REAL_HPA_H

#include "models/system_link.h"
#include "sim/upstream/compared.h"
#include "sim/upstream/hpa_replay.h"

enum hpa_ask {
    HPA_TOLD, /* no question */
    HPA_SCALE,
    HPA_METRIC,
    HPA_COUNT,
    HPA_WRITE,
    HPA_STATUS,
    HPA_WAKE,
    HPA_UNKNOWN
};

struct real_hpa {
    const struct system_params *params; /* borrowed */
    uint32_t pool;
    sim_us offset_us;  /* its clock less the simulated one */
    sim_us in_turn_us; /* a restarted controller comes to it so late */
    json_t *line;      /* owned; what it asks or tells now */
    sim_us at_us;      /* when, on the simulated clock */
    json_t *step;      /* owned; the reconcile under way */
    size_t n_faults;   /* of the scenario that are dealt with */
    sim_us tick_us;    /* a resync tick, simulated clock; SIM_NEVER: unknown */
    struct hpa_replay replay;
    struct compared compared;
};

/* What KEDA answers to a question for the metric. */
struct metric_answer {
    bool ok;
    int64_t value_milli;
    sim_us delay_us;
};

/* minor     of the controller's Kubernetes; that of params is not looked at */
void real_hpa_init(struct real_hpa *h, const struct system_params *params,
                   uint32_t pool, uint32_t minor);
void real_hpa_free(struct real_hpa *h);

/* The driver's first line; its first reconcile starts at phase_us of the
 * simulated clock. Owned.
 */
json_t *real_hpa_begin(struct real_hpa *h, sim_us phase_us);

/* The next line of the driver; takes it. */
void real_hpa_take(struct real_hpa *h, json_t *line);

enum hpa_ask real_hpa_asks(const struct real_hpa *h);

/* Which metric HPA_METRIC asks for. */
size_t real_hpa_metric(const struct real_hpa *h);

/* The answer, owned; NULL if it only told. The world stands at h->at_us.
 *
 * metric    to HPA_METRIC, else not looked at
 * *scaled   becomes true if the scale was written
 */
json_t *real_hpa_answer(struct real_hpa *h, struct system *s,
                        const struct metric_answer *metric, bool *scaled);

#endif
