/* live_lines.c - lines of proxies and of the global section. */
#include "sim/base/mem.h"
#include "sim/drive/live_parts.h"
#include "sim/drive/pace.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Handlers get the reader, which is a part of the writer. */
struct live_writer *live_writer_of(struct hap_reader *r)
{
    return (struct live_writer *)((char *)r - offsetof(struct live_writer, r));
}

int live_leave_out(struct hap_reader *r)
{
    struct live_cfg *l = live_writer_of(r)->live;

    l->left = mem_grow(l->left, &l->cap_left, l->n_left + 1, sizeof *l->left);
    struct hap_ignored *entry = &l->left[l->n_left++];
    entry->line = r->line;
    (void)snprintf(entry->words, sizeof entry->words, "%s%s%s", hap_word(r, 0),
                   r->n_words > 1 ? " " : "", hap_word(r, 1));
    return ERR_OK;
}

/* ------------------------------------------------------------ words */

/* In strong quotes nothing has a meaning but the quote itself. */
void live_put_word(FILE *out, const char *word)
{
    fputs(" '", out);
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", out);
        else
            fputc(*word, out);
    }
    fputc('\'', out);
}

static int keep(struct hap_reader *r)
{
    FILE *out = live_writer_of(r)->out;

    fprintf(out, "    %s", r->words[0]);
    for (size_t i = 1; i < r->n_words; i++)
        live_put_word(out, r->words[i]);
    fputc('\n', out);
    return ERR_OK;
}

void live_put_time(const struct live_writer *w, const char *what, sim_us us)
{
    fprintf(w->out, " %s %" PRId32 "ms", what, pace_ms(w->live->shrink, us));
}

/* A line whose word i is a time; 0 keeps its meaning. */
static int keep_time(struct hap_reader *r, size_t i)
{
    struct live_writer *w = live_writer_of(r);
    sim_us us;
    int rc = hap_time(r, i, &us);

    if (rc != ERR_OK)
        return rc;
    fprintf(w->out, "    %s", r->words[0]);
    for (size_t k = 1; k < i; k++)
        live_put_word(w->out, r->words[k]);
    fprintf(w->out, " %" PRId32 "ms\n",
            us == 0 ? 0 : pace_ms(w->live->shrink, us));
    return ERR_OK;
}

static int write_time(struct hap_reader *r)
{
    return keep_time(r, 1);
}

static int write_timeout(struct hap_reader *r)
{
    return keep_time(r, 2);
}

/* ------------------------------------------------------------ lines */

static int write_option(struct hap_reader *r)
{
    static const char *const known[] = {
        "abortonclose", "redispatch",        "tcplog",
        "httplog",      "dontlognull",       "dontlog-normal",
        "clitcpka",     "srvtcpka",          "tcpka",
        "logasap",      "log-health-checks", "contstats",
        "nolinger",     "splice-auto",       "tcp-smart-accept"};
    const char *name = hap_word(r, strcmp(r->words[0], "no") == 0 ? 2 : 1);

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i]) == 0)
            return keep(r);
    return live_leave_out(r);
}

static int write_log(struct hap_reader *r)
{
    return strcmp(hap_word(r, 1), "global") == 0 ? keep(r) : ERR_OK;
}

static int write_bind(struct hap_reader *r)
{
    struct live_writer *w = live_writer_of(r);
    const char *colon = strrchr(hap_word(r, 1), ':');
    long port = colon ? strtol(colon + 1, NULL, 10) : 0;

    for (size_t i = 2; i < r->n_words; i++)
        if (strcmp(r->words[i], "ssl") == 0)
            return hap_fail(r, "TLS is not driven");
    if (r->n_words > 2)
        live_leave_out(r); /* its options only */
    for (size_t i = 0; i < w->live->n_ports; i++)
        if (w->live->ports[i].written == port) {
            fprintf(w->out, "    bind fd@%d\n", w->live->ports[i].fd);
            return ERR_OK;
        }
    return hap_fail(r, "port %ld was not read before", port);
}

/* "use_backend B if { dst_port P }" asks for the port of the socket. */
static int write_use_backend(struct hap_reader *r)
{
    struct live_writer *w = live_writer_of(r);
    char port[8];

    for (size_t i = 3; i + 2 < r->n_words; i++)
        for (size_t k = 0; k < w->live->n_ports; k++) {
            const struct live_port *p = &w->live->ports[k];
            if (strcmp(r->words[i + 1], "dst_port") != 0 ||
                strtol(r->words[i + 2], NULL, 10) != p->written)
                continue;
            (void)snprintf(port, sizeof port, "%u", p->port);
            r->words[i + 2] = port;
            return keep(r);
        }
    return keep(r);
}

/* The exporter; other rules may do anything. */
static int write_http_request(struct hap_reader *r)
{
    if (strcmp(hap_word(r, 1), "use-service") == 0 &&
        strcmp(hap_word(r, 2), "prometheus-exporter") == 0)
        return keep(r);
    return live_leave_out(r);
}

static int write_acl(struct hap_reader *r)
{
    for (size_t i = 2; i < r->n_words; i++)
        if (strcmp(r->words[i], "-f") == 0)
            return live_leave_out(r); /* reads a file */
    return keep(r);
}

static int refuse_server(struct hap_reader *r)
{
    return hap_fail(r, "a server with a fixed address is not driven: it would "
                       "be connected to");
}

static int write_default_server(struct hap_reader *r)
{
    struct live_writer *w = live_writer_of(r);

    fputs("    default-server", w->out);
    int rc = live_put_options(r, 1);
    fputc('\n', w->out);
    return rc;
}

/* HAProxy's own pause between checks comes first, so that a written one
 * counts.
 */
static int write_template(struct hap_reader *r)
{
    struct live_writer *w = live_writer_of(r);

    fputs("    server-template", w->out);
    for (size_t i = 1; i < 4; i++)
        live_put_word(w->out, hap_word(r, i));
    if (w->proxy)
        live_put_time(w, "inter", w->proxy->set.server.inter_us);
    int rc = live_put_options(r, 4);
    fputc('\n', w->out);
    return rc;
}

const struct hap_word *live_proxy_words(size_t *n)
{
    static const struct hap_word words[] = {
        {"mode", keep},
        {"balance", keep},
        {"retries", keep},
        {"maxconn", keep},
        {"fullconn", keep},
        {"hash-type", keep},
        {"default_backend", keep},
        {"use_backend", write_use_backend},
        {"acl", write_acl},
        {"option", write_option},
        {"no", write_option},
        {"log", write_log},
        {"timeout", write_timeout},
        {"bind", write_bind},
        {"http-request", write_http_request},
        {"server-template", write_template},
        {"default-server", write_default_server},
        {"server", refuse_server},
    };

    *n = sizeof words / sizeof *words;
    return words;
}

const struct hap_word *live_global_words(size_t *n)
{
    static const struct hap_word words[] = {
        {"nbthread", keep},
        {"maxconn", keep},
        {"spread-checks", keep},
        {"log", write_log},
        {"hard-stop-after", write_time},
    };

    *n = sizeof words / sizeof *words;
    return words;
}
