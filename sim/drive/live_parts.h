/* live_parts.h - what the parts of live_cfg share. Used by sim/drive/live_*.c
 * and by no one else.
 */
#ifndef SIM_DRIVE_LIVE_PARTS_H
#define SIM_DRIVE_LIVE_PARTS_H

#include "scenarios/haproxy_reader.h"
#include "sim/drive/live_cfg.h"

struct live_writer {
    struct live_cfg *live;
    const struct haproxy_cfg *cfg;
    struct hap_reader r; /* splits lines, says where they stand */
    FILE *out;
    const struct hap_proxy *proxy; /* of this section, or NULL: defaults */
    const struct hap_word *words;  /* of this section */
    size_t n_words;
};

/* Puts the present line on the list of what is left out. */
int live_leave_out(struct hap_reader *r);

/* Prints " 'word'", whatever it holds. */
void live_put_word(FILE *out, const char *word);

/* Prints " what N ms". */
void live_put_time(const struct live_writer *w, const char *what, sim_us us);

/* Lines of a proxy and of the global section, in a file of their own. */
const struct hap_word *live_proxy_words(size_t *n);
const struct hap_word *live_global_words(size_t *n);

/* Options of a server from word i of its line on; live_server.c. */
int live_put_options(struct hap_reader *r, size_t i);

struct live_writer *live_writer_of(struct hap_reader *r);

#endif
