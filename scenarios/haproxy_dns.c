#include "scenarios/haproxy_reader.h"

#include <string.h>

void hap_dns_defaults(struct hap_resolvers *d)
{
    const sim_us half_minute = 30 * US_PER_S;

    *d = (struct hap_resolvers){.payload_bytes = 512,
                                .resolve_retries = 3,
                                .resolve_us = US_PER_S,
                                .retry_us = US_PER_S,
                                .hold_nx_us = half_minute,
                                .hold_other_us = half_minute,
                                .hold_timeout_us = half_minute,
                                .hold_refused_us = half_minute,
                                .hold_valid_us = 10 * US_PER_S};
}

static int read_nameserver(struct hap_reader *r)
{
    const char *address = hap_word(r, 2);

    if (!*address)
        return hap_fail(r, "nameserver needs a name and an address");
    r->dns->n_nameservers++;
    r->dns->over_tcp |= strncmp(address, "tcp@", 4) == 0;
    return ERR_OK;
}

static int read_resolv_conf(struct hap_reader *r)
{
    r->dns->n_nameservers++;
    return ERR_OK;
}

static int read_payload(struct hap_reader *r)
{
    return hap_number(r, 1, "accepted_payload_size",
                      (const uint32_t[]){512, 65535}, &r->dns->payload_bytes);
}

static int read_tries(struct hap_reader *r)
{
    return hap_number(r, 1, "resolve_retries", (const uint32_t[]){1, 1000},
                      &r->dns->resolve_retries);
}

struct named_time {
    const char *word;
    sim_us *us;
};

static int read_named_time(struct hap_reader *r, const struct named_time *t,
                           size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(hap_word(r, 1), t[i].word) == 0)
            return hap_time(r, 2, t[i].us);
    return hap_fail(r, "unknown %s \"%s\" in a resolvers section",
                    hap_word(r, 0), hap_word(r, 1));
}

static int read_dns_timeout(struct hap_reader *r)
{
    const struct named_time times[] = {{"resolve", &r->dns->resolve_us},
                                       {"retry", &r->dns->retry_us}};
    int rc = read_named_time(r, times, sizeof times / sizeof *times);

    if (rc == ERR_OK && (r->dns->resolve_us == 0 || r->dns->retry_us == 0))
        return hap_fail(r, "timeout %s must not be 0", hap_word(r, 1));
    return rc;
}

static int read_hold(struct hap_reader *r)
{
    struct hap_resolvers *d = r->dns;
    const struct named_time times[] = {
        {"nx", &d->hold_nx_us},           {"other", &d->hold_other_us},
        {"timeout", &d->hold_timeout_us}, {"refused", &d->hold_refused_us},
        {"valid", &d->hold_valid_us},     {"obsolete", &d->hold_obsolete_us}};

    return read_named_time(r, times, sizeof times / sizeof *times);
}

const struct hap_word *hap_dns_words(size_t *n)
{
    static const struct hap_word words[] = {
        {"nameserver", read_nameserver},
        {"parse-resolv-conf", read_resolv_conf},
        {"accepted_payload_size", read_payload},
        {"resolve_retries", read_tries},
        {"timeout", read_dns_timeout},
        {"hold", read_hold},
    };

    *n = sizeof words / sizeof *words;
    return words;
}
