/* hazards_balancer.c - can the balancer reach as many pods as there may be? */
#include "sim/plan/hazards_parts.h"

/* The most pods that a backend may have to list. */
static uint64_t most_listed(const struct system_params *p, uint32_t backend)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < p->n_links; i++)
        if (p->links[i].backend == backend)
            sum += hazard_most(&p->pools[p->links[i].pool]);
    return sum;
}

/* Pods that drain keep their slot until they are gone. */
static void check_slots(struct hazard_search *h, uint32_t backend)
{
    const struct lb_backend_params *b = &h->p->lb.backends[backend];
    uint64_t most = most_listed(h->p, backend);
    uint64_t roomy = most + most / 10 + 1;
    struct hazard *at;

    if (b->n_slots >= roomy || most == 0)
        return;
    if (b->n_slots >= most) {
        at = hazard_add(h, HAZARD_NOTE, "slots-tight");
        hazard_what(at,
                    "backend %s has %u slots for up to %lu pods: pods that "
                    "drain keep a slot, so new ones may find none",
                    b->name, b->n_slots, (unsigned long)most);
    } else {
        at = hazard_add(h,
                        h->is_dialled[backend] ? HAZARD_ERROR : HAZARD_WARNING,
                        "slots-below-maximum");
        hazard_what(at,
                    "backend %s has %u slots, but its pools may have %lu "
                    "pods: %lu would be paid for and never reached",
                    b->name, b->n_slots, (unsigned long)most,
                    (unsigned long)(most - b->n_slots));
    }
    hazard_advice(at, "raise the server-template of %s to %lu servers or more",
                  b->name, (unsigned long)roomy);
}

/* A truncated answer is no answer: all servers of the backend are lost. */
static void check_answer(struct hazard_search *h, uint32_t backend)
{
    const struct lb_backend_params *b = &h->p->lb.backends[backend];
    uint64_t most = most_listed(h->p, backend);
    uint32_t records = lb_max_records(b);

    if (most <= records)
        return;
    struct hazard *at =
        hazard_add(h, h->is_dialled[backend] ? HAZARD_ERROR : HAZARD_WARNING,
                   "dns-answer-too-small");
    hazard_what(at,
                "a DNS answer of %u bytes holds %u %s records of backend %s, "
                "but there may be %lu pods: one more than fit, and every "
                "server of the backend is lost for new builds",
                b->payload_bytes, records, b->ipv6 ? "AAAA" : "A", b->name,
                (unsigned long)most);
    hazard_advice(at,
                  "raise accepted_payload_size (up to 65535, if DNS servers "
                  "and network allow it)%s, or lower the maximum to %u",
                  b->ipv6 ? ", use resolve-prefer ipv4" : "", records);
}

static void check_queue(struct hazard_search *h, uint32_t backend)
{
    const struct lb_backend_params *b = &h->p->lb.backends[backend];

    if (b->queue_us != 0 || !h->is_dialled[backend])
        return;
    char limit[32];
    struct hazard *at = hazard_add(h, HAZARD_NOTE, "queue-timeout-unset");
    duration_print(lb_queue_limit_us(b), limit);
    hazard_what(at,
                "backend %s sets no timeout queue: its timeout connect, %s, "
                "bounds the queue too",
                b->name, limit);
    hazard_advice(at, "set timeout queue to say what is meant");
}

void hazards_balancer(struct hazard_search *h)
{
    for (uint32_t i = 0; i < h->p->lb.n_backends; i++) {
        check_slots(h, i);
        check_answer(h, i);
        check_queue(h, i);
    }
}
