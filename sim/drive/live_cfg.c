#include "sim/drive/live_cfg.h"

#include "sim/drive/live_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ sections */

static void use_words(struct live_writer *w, const struct hap_word *words,
                      size_t n)
{
    w->words = words;
    w->n_words = n;
}

static int start_global(struct live_writer *w)
{
    fputs("global\n    log stdout format raw local0\n    stats socket", w->out);
    live_put_word(w->out, w->live->stats);
    fputs(" mode 600 level user\n", w->out);
    w->words = live_global_words(&w->n_words);
    return ERR_OK;
}

/* All of it as it was read, with HAProxy's own values where it says nothing. */
static int start_resolvers(struct live_writer *w)
{
    const struct hap_resolvers *d =
        haproxy_cfg_resolvers(w->cfg, hap_word(&w->r, 1));
    static const char *const holds[] = {"nx",      "other", "timeout",
                                        "refused", "valid", "obsolete"};

    if (!d)
        return hap_fail(&w->r, "these resolvers were not read before");
    const sim_us held[] = {d->hold_nx_us,      d->hold_other_us,
                           d->hold_timeout_us, d->hold_refused_us,
                           d->hold_valid_us,   d->hold_obsolete_us};
    fputs("resolvers", w->out);
    live_put_word(w->out, d->name);
    fprintf(w->out,
            "\n    nameserver drydock 127.0.0.1:%u\n"
            "    accepted_payload_size %" PRIu32 "\n"
            "    resolve_retries %" PRIu32 "\n    timeout",
            w->live->dns_port, d->payload_bytes, d->resolve_retries);
    live_put_time(w, "resolve", d->resolve_us);
    fputs("\n    timeout", w->out);
    live_put_time(w, "retry", d->retry_us);
    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++) {
        if (held[i] == 0)
            continue; /* obsolete: HAProxy's own, too */
        fputs("\n    hold", w->out);
        live_put_time(w, holds[i], held[i]);
    }
    fputc('\n', w->out);
    use_words(w, NULL, 0);
    return ERR_OK;
}

static int start_proxy(struct live_writer *w)
{
    struct hap_reader *r = &w->r;

    fputs(r->words[0], w->out);
    for (size_t i = 1; i < r->n_words; i++)
        live_put_word(w->out, r->words[i]);
    fputc('\n', w->out);
    w->proxy = haproxy_cfg_backend(w->cfg, hap_word(r, 1));
    if (strcmp(r->words[0], "defaults") == 0)
        w->proxy = NULL;
    w->words = live_proxy_words(&w->n_words);
    return ERR_OK;
}

enum line_kind { LINE_STARTS, LINE_OTHER, LINE_WITHIN };

static enum line_kind start_section(struct live_writer *w, int *rc)
{
    static const struct {
        const char *word;
        int (*start)(struct live_writer *w);
    } sections[] = {
        {"global", start_global},  {"defaults", start_proxy},
        {"frontend", start_proxy}, {"backend", start_proxy},
        {"listen", start_proxy},   {"resolvers", start_resolvers},
    };
    static const char *const others[] = {"peers",       "program",  "userlist",
                                         "cache",       "ring",     "mailers",
                                         "http-errors", "fcgi-app", "traces",
                                         "log-forward", "crt-store"};
    const char *word = hap_word(&w->r, 0);

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strcmp(word, sections[i].word) == 0) {
            *rc = sections[i].start(w);
            return LINE_STARTS;
        }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(word, others[i]) == 0)
            return LINE_OTHER;
    return LINE_WITHIN;
}

/* A line within a section. Those of a resolvers section are written already. */
static int write_line(struct live_writer *w)
{
    if (!w->words)
        return ERR_OK;
    for (size_t i = 0; i < w->n_words; i++)
        if (strcmp(hap_word(&w->r, 0), w->words[i].word) == 0)
            return w->words[i].read(&w->r);
    return live_leave_out(&w->r);
}

int live_cfg_write(struct live_cfg *l, const struct manifest_text *t,
                   const struct haproxy_cfg *c, FILE *out, struct err *e)
{
    struct live_writer w = {.live = l,
                            .cfg = c,
                            .out = out,
                            .r = {.err = e, .path = t->path, .line = t->line}};
    static const struct hap_word nothing[1];
    const char *text = t->text;
    bool has_global = false;
    int rc = ERR_OK;

    use_words(&w, nothing, 0);
    for (; *text && rc == ERR_OK; w.r.line++) {
        size_t n = strcspn(text, "\n");

        rc = hap_split(&w.r, text, n);
        text += n + (text[n] == '\n');
        if (rc != ERR_OK || w.r.n_words == 0)
            continue;
        enum line_kind kind = start_section(&w, &rc);
        has_global |= strcmp(w.r.words[0], "global") == 0;
        if (kind == LINE_OTHER) {
            use_words(&w, nothing, 0); /* each of its lines is left out */
            live_leave_out(&w.r);
        } else if (kind == LINE_WITHIN) {
            rc = write_line(&w);
        }
    }
    if (rc == ERR_OK && !has_global)
        rc = start_global(&w);
    return rc;
}

int live_cfg_ports(struct live_cfg *l, const char *path,
                   const struct haproxy_cfg *c, struct err *e)
{
    l->n_ports = 0;
    for (size_t i = 0; i < c->n_proxies; i++)
        for (size_t k = 0; k < c->proxies[i].n_ports; k++) {
            if (l->n_ports == LIVE_PORTS)
                return err_set(e, ERR_INPUT, "%s:%u: more than %d ports", path,
                               c->proxies[i].line, LIVE_PORTS);
            l->ports[l->n_ports++] =
                (struct live_port){c->proxies[i].ports[k], -1, 0};
        }
    return ERR_OK;
}

void live_cfg_free(struct live_cfg *l)
{
    free(l->left);
    l->left = NULL;
    l->n_left = l->cap_left = 0;
}
