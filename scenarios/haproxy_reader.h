/* haproxy_reader.h - the reader's state, shared by the files haproxy_*.c. */
#ifndef SCENARIOS_HAPROXY_READER_H
#define SCENARIOS_HAPROXY_READER_H

#include "scenarios/haproxy_cfg.h"

enum { HAP_WORDS = 64, HAP_LINE = 2048 };

struct hap_reader {
    struct haproxy_cfg *cfg;
    struct err *err;
    const char *path;
    unsigned line;
    char text[HAP_LINE]; /* the words, each zero-terminated */
    const char *words[HAP_WORDS];
    size_t n_words;
    enum hap_section {
        HAP_NOWHERE,
        HAP_GLOBAL,
        HAP_PROXY,
        HAP_DNS,
        HAP_OTHER
    } section;
    struct hap_proxy *defaults; /* owned; every defaults section so far */
    size_t n_defaults, cap_defaults;
    struct hap_proxy *proxy;   /* borrowed; of this section */
    struct hap_resolvers *dns; /* borrowed; of this section */
};

/* One keyword of a section. */
struct hap_word {
    const char *word;
    int (*read)(struct hap_reader *r);
};

/* Sets "path:line: message"; returns ERR_INPUT. */
int hap_fail(struct hap_reader *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Word i, or "" behind the last. */
const char *hap_word(const struct hap_reader *r, size_t i);

/* Puts the present line on the list of what is not modelled. */
int hap_ignore(struct hap_reader *r);

/* A plain number from min to max in word i; what names it in the message. */
int hap_number(struct hap_reader *r, size_t i, const char *what,
               const uint32_t range[2], uint32_t *out);

/* A time in word i: digits and us, ms, s, m, h, d; milliseconds if none. */
int hap_time(struct hap_reader *r, size_t i, sim_us *out);

/* Copies a name into name[HAP_NAME]; refuses one that is absent or long. */
int hap_name(struct hap_reader *r, size_t i, char *name);

/* Splits one line into r->words. */
int hap_split(struct hap_reader *r, const char *line, size_t n);

/* Handlers of server-template, server and default-server. */
int hap_server_template(struct hap_reader *r);
int hap_server(struct hap_reader *r);
int hap_default_server(struct hap_reader *r);

/* Words of a resolvers section; *n of them. */
const struct hap_word *hap_dns_words(size_t *n);
void hap_dns_defaults(struct hap_resolvers *d);

#endif
