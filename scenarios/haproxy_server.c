#include "scenarios/haproxy_reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int option_reader(struct hap_reader *r, size_t i,
                          struct hap_server_options *o);

static int read_maxconn(struct hap_reader *r, size_t i,
                        struct hap_server_options *o)
{
    return hap_number(r, i, "maxconn", (const uint32_t[]){0, 1000000},
                      &o->maxconn);
}

static int read_inter(struct hap_reader *r, size_t i,
                      struct hap_server_options *o)
{
    int rc = hap_time(r, i, &o->inter_us);

    if (rc == ERR_OK && o->inter_us == 0)
        return hap_fail(r, "inter must not be 0");
    return rc;
}

static int read_rise(struct hap_reader *r, size_t i,
                     struct hap_server_options *o)
{
    return hap_number(r, i, "rise", (const uint32_t[]){1, 1000}, &o->rise);
}

static int read_fall(struct hap_reader *r, size_t i,
                     struct hap_server_options *o)
{
    return hap_number(r, i, "fall", (const uint32_t[]){1, 1000}, &o->fall);
}

static int read_resolvers(struct hap_reader *r, size_t i,
                          struct hap_server_options *o)
{
    return hap_name(r, i, o->resolvers);
}

static int read_init_addr(struct hap_reader *r, size_t i,
                          struct hap_server_options *o)
{
    o->init_addr_none = strstr(hap_word(r, i), "none") != NULL;
    return ERR_OK;
}

static int read_init_state(struct hap_reader *r, size_t i,
                           struct hap_server_options *o)
{
    const char *state = hap_word(r, i);

    o->init_down =
        strcmp(state, "down") == 0 || strcmp(state, "fully-down") == 0;
    if (o->init_down || strcmp(state, "up") == 0 ||
        strcmp(state, "fully-up") == 0)
        return ERR_OK;
    return hap_fail(r,
                    "init-state must be up, down, fully-up or fully-down, "
                    "not \"%s\"",
                    state);
}

static int read_prefer(struct hap_reader *r, size_t i,
                       struct hap_server_options *o)
{
    const char *family = hap_word(r, i);

    o->prefer_ipv4 = strcmp(family, "ipv4") == 0;
    if (o->prefer_ipv4 || strcmp(family, "ipv6") == 0)
        return ERR_OK;
    return hap_fail(r, "resolve-prefer must be ipv4 or ipv6, not \"%s\"",
                    family);
}

static int read_on_down(struct hap_reader *r, size_t i,
                        struct hap_server_options *o)
{
    o->shutdown_on_down = strcmp(hap_word(r, i), "shutdown-sessions") == 0;
    return o->shutdown_on_down
               ? ERR_OK
               : hap_fail(r, "on-marked-down must be shutdown-sessions");
}

static const struct server_option {
    const char *word;
    option_reader *read;
} server_options[] = {
    {"maxconn", read_maxconn},
    {"inter", read_inter},
    {"rise", read_rise},
    {"fall", read_fall},
    {"resolvers", read_resolvers},
    {"init-addr", read_init_addr},
    {"init-state", read_init_state},
    {"resolve-prefer", read_prefer},
    {"on-marked-down", read_on_down},
};

static const struct server_option *find_option(const char *word)
{
    for (size_t k = 0; k < sizeof server_options / sizeof *server_options; k++)
        if (strcmp(server_options[k].word, word) == 0)
            return &server_options[k];
    return NULL;
}

/* Options from word i on. Unknown ones put the line on the ignored list. */
static int read_options(struct hap_reader *r, size_t i,
                        struct hap_server_options *o)
{
    bool unknown = false;

    for (; i < r->n_words; i++) {
        const struct server_option *option = find_option(hap_word(r, i));
        int rc = ERR_OK;

        if (option)
            rc = option->read(r, ++i, o);
        else if (strcmp(hap_word(r, i), "check") == 0)
            o->check = true;
        else if (strcmp(hap_word(r, i), "no-check") == 0)
            o->check = false;
        else
            unknown = true;
        if (rc != ERR_OK)
            return rc;
    }
    return unknown ? hap_ignore(r) : ERR_OK;
}

/* "400" or "1-400". */
static int read_count(struct hap_reader *r, uint32_t *n)
{
    const char *text = hap_word(r, 2), *dash = strchr(text, '-');
    const uint32_t range[2] = {1, HAP_MAX_SLOTS};

    if (!dash || !isdigit((unsigned char)*text))
        return hap_number(r, 2, "the number of servers", range, n);
    char *end;
    unsigned long from = strtoul(text, &end, 10);
    unsigned long to = strtoul(dash + 1, NULL, 10);
    if (end != dash || strspn(dash + 1, "0123456789") != strlen(dash + 1) ||
        to < from || to > HAP_MAX_SLOTS)
        return hap_fail(r, "the range of servers is wrong: \"%s\"", text);
    *n = (uint32_t)(to - from + 1);
    return ERR_OK;
}

/* "name:1234" */
static int read_address(struct hap_reader *r, struct hap_proxy *p)
{
    const char *text = hap_word(r, 3), *colon = strrchr(text, ':');
    char *end = NULL;
    long port = colon ? strtol(colon + 1, &end, 10) : 0;
    int rc = hap_name(r, 3, p->fqdn);

    if (rc != ERR_OK)
        return rc;
    if (!colon || colon == text || port < 1 || port > 65535 || *end)
        return hap_fail(r, "expected name:port, not \"%s\"", text);
    p->fqdn[colon - text] = 0;
    p->server_port = (uint16_t)port;
    return ERR_OK;
}

int hap_server_template(struct hap_reader *r)
{
    struct hap_proxy *p = r->proxy;

    if (p->kind != HAP_BACKEND && p->kind != HAP_LISTEN)
        return hap_fail(r, "server-template belongs into a backend");
    if (p->n_slots > 0)
        return hap_fail(r, "%s has two server-template lines; one is modelled",
                        p->name);
    p->server_line = r->line;
    snprintf(p->prefix, sizeof p->prefix, "%.*s", HAP_NAME - 1, hap_word(r, 1));
    int rc = read_count(r, &p->n_slots);
    if (rc == ERR_OK)
        rc = read_address(r, p);
    return rc == ERR_OK ? read_options(r, 4, &p->set.server) : rc;
}

/* Fixed servers are counted; whoever needs the backend refuses them. */
int hap_server(struct hap_reader *r)
{
    r->proxy->n_servers++;
    return hap_ignore(r);
}

int hap_default_server(struct hap_reader *r)
{
    return read_options(r, 1, &r->proxy->set.server);
}
