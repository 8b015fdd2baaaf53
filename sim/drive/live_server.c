/* live_server.c - options of servers. */
#include "sim/drive/live_parts.h"

#include <string.h>

/* How many words an option of a server has; 0: left out. */
static size_t option_words(const char *word)
{
    static const char *const alone[] = {"check", "no-check", "backup"};
    static const char *const with_value[] = {
        "resolvers", "init-addr", "init-state",     "resolve-prefer",
        "maxconn",   "minconn",   "maxqueue",       "weight",
        "rise",      "fall",      "on-marked-down", "on-marked-up"};

    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        if (strcmp(word, alone[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof with_value / sizeof *with_value; i++)
        if (strcmp(word, with_value[i]) == 0)
            return 2;
    return 0;
}

static size_t time_words(const char *word)
{
    static const char *const times[] = {"inter", "fastinter", "downinter",
                                        "slowstart"};

    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        if (strcmp(word, times[i]) == 0)
            return 2;
    return 0;
}

/* Options of a server from word i on. */
int live_put_options(struct hap_reader *r, size_t i)
{
    struct live_writer *w = live_writer_of(r);
    bool left = false;

    while (i < r->n_words) {
        size_t n = option_words(r->words[i]);
        sim_us us;

        if (time_words(r->words[i]) > 0) {
            int rc = hap_time(r, i + 1, &us);
            if (rc != ERR_OK)
                return rc;
            live_put_time(w, r->words[i], us);
            i += 2;
            continue;
        }
        if (strncmp(r->words[i], "ssl", 3) == 0)
            return hap_fail(r, "TLS is not driven");
        left |= n == 0;
        for (size_t k = 0; k < n && i + k < r->n_words; k++)
            live_put_word(w->out, r->words[i + k]);
        i += n > 0 ? n : 1;
    }
    return left ? live_leave_out(r) : ERR_OK;
}
