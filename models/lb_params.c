#include "models/lb_params.h"

enum {
    FIXED_BYTES = 12 + 2 + 4 + 11, /* header, name's ends, question, EDNS */
    AAAA_BYTES = 28,               /* with the owner's name compressed */
    A_BYTES = 16
};

void lb_backend_defaults(struct lb_backend_params *p)
{
    *p = (struct lb_backend_params){
        .name = "bk_amd64",
        .n_slots = 400,
        .maxconn = 1,
        .connect_us = 5 * US_PER_S,
        .inactivity_us = 7200 * US_PER_S,
        .retries = 3,
        .check = true,
        .check_us = 2 * US_PER_S,
        .rise = 2,
        .fall = 3,
        .payload_bytes = 8192,
        .name_chars = 47,
        .ipv6 = true,
        .resolve_us = US_PER_S,
        .retry_us = US_PER_S,
        .resolve_tries = 3,
        .hold_nx_us = 5 * US_PER_S,
        .hold_other_us = 5 * US_PER_S,
        .hold_refused_us = 30 * US_PER_S,
        .hold_timeout_us = 30 * US_PER_S,
    };
}

sim_us lb_queue_limit_us(const struct lb_backend_params *p)
{
    return p->queue_us > 0 ? p->queue_us : p->connect_us;
}

uint32_t lb_max_records(const struct lb_backend_params *p)
{
    uint64_t fixed = (uint64_t)FIXED_BYTES + p->name_chars;

    if (p->payload_bytes <= fixed)
        return 0;
    return (uint32_t)((p->payload_bytes - fixed) /
                      (p->ipv6 ? AAAA_BYTES : A_BYTES));
}
