/* fuzz_haproxy.c - any text as a haproxy.cfg. */
#include "scenarios/haproxy_cfg.h"
#include "tests/fuzz/fuzz.h"

static void check_proxies(const struct haproxy_cfg *c)
{
    fuzz_check(c->n_proxies <= HAP_MAX_PROXIES);
    for (size_t i = 0; i < c->n_proxies; i++) {
        const struct hap_proxy *p = &c->proxies[i];

        fuzz_check(p->line > 0);
        fuzz_check(p->kind != HAP_DEFAULTS);
        fuzz_check(p->n_slots <= HAP_MAX_SLOTS);
        fuzz_check(p->n_ports <= sizeof p->ports / sizeof *p->ports);
        fuzz_check(strlen(p->name) < HAP_NAME);
        for (int k = 0; k < HAP_TIMEOUTS; k++)
            fuzz_check(p->set.timeout_us[k] >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = fuzz_text(bytes, n);
    struct haproxy_cfg c;
    struct err e = {0};
    int rc = haproxy_cfg_parse(&c, "haproxy.cfg", 1, text, &e);

    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
        fuzz_check(c.n_proxies == 0 && c.proxies == NULL);
    } else {
        check_proxies(&c);
        for (size_t i = 0; i < c.n_routes; i++)
            (void)haproxy_cfg_backend(&c, c.routes[i].backend);
    }
    haproxy_cfg_free(&c);
    free(text);
    return 0;
}
