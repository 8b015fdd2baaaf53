#include "sim/plan/drawn.h"

#include "sim/base/mem.h"
#include "sim/plan/histories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t drawn_string(const struct scenario *s, const struct trace *t,
                      uint32_t pool)
{
    for (size_t i = 0; i < t->n; i++)
        if (s->pool_of[t->builds[i].pool] == pool)
            return t->builds[i].pool;
    return NO_INDEX;
}

/* Builds that a fixed pool made wait are asked for when they were. */
void drawn_uncap(struct trace *out, const struct scenario *s,
                 struct burst_peak peaks[])
{
    const struct trace *record = &s->trace;

    *out = (struct trace){0};
    for (uint32_t pool = 0; pool < s->system.n_pools; pool++) {
        struct trace moved = {0};
        uint32_t string = drawn_string(s, record, pool);
        if (string == NO_INDEX)
            continue;
        struct burst_peak peak = burst_uncap(&moved, record, string);
        if (peaks)
            peaks[pool] = peak;
        if (!peak.capped) {
            trace_free(&moved);
            continue;
        }
        trace_free(out);
        *out = moved;
        record = out;
    }
}

/* Whether the text is this word and a colon, whatever follows. */
static bool has_prefix(const char *text, const char *word)
{
    size_t n = strlen(word);

    return strncmp(text, word, n) == 0 && text[n] == ':';
}

static int read_which(const char *which, enum history_kind *kind, uint32_t *i,
                      struct err *e)
{
    bool days = has_prefix(which, history_drawn_by(HISTORY_DAYS));
    bool runs = has_prefix(which, history_drawn_by(HISTORY_RUNS));
    const char *colon = strchr(which, ':');
    const char *digits = colon ? colon + 1 : "";
    size_t n_digits = strspn(digits, "0123456789");

    *kind = days ? HISTORY_DAYS : HISTORY_RUNS;
    if ((!days && !runs) || n_digits == 0 || n_digits > 5 || digits[n_digits] ||
        (*i = (uint32_t)strtoul(digits, NULL, 10)) >= HISTORIES_MAX)
        return err_set(e, ERR_INPUT,
                       "\"%s\" is not runs:N or days:N with N from 0 to %d, as "
                       "size numbers them",
                       which, HISTORIES_MAX - 1);
    return ERR_OK;
}

static void rename_trace(struct scenario *s, enum history_kind kind, uint32_t i)
{
    size_t n = strlen(s->trace_path) + 64;
    char *name = mem_array(n, 1);

    (void)snprintf(name, n, "%s, number %u drawn by %s", s->trace_path, i,
                   history_drawn_by(kind));
    free(s->trace_path);
    s->trace_path = name;
}

/* History i of a kind, drawn from t. */
static int draw(struct trace *out, const struct trace *t,
                enum history_kind kind, uint32_t i, struct random_world *w,
                struct err *e)
{
    const struct resample_source source = {t, 1.0};
    const struct histories_task task = {
        .sources = &source, .n = 1, .seed = w->seed, .n_each = i + 1};
    struct histories h;
    int rc = histories_make(&h, &task, e);

    if (rc != ERR_OK)
        return rc;
    if (kind == HISTORY_DAYS && h.n_days == 0)
        rc = err_set(e, ERR_INPUT,
                     "the record lacks a whole day of some kind: there are no "
                     "histories drawn by days");
    else
        (void)history_take(&h, history_first(&h, kind) + i, out, w);
    histories_free(&h);
    return rc;
}

int drawn_take(struct scenario *s, const char *which, uint64_t seed,
               struct err *e)
{
    struct random_world w = {.seed = seed};
    struct trace uncapped, drawn = {0};
    enum history_kind kind;
    uint32_t i = 0;
    int rc = read_which(which, &kind, &i, e);

    if (rc != ERR_OK)
        return rc;
    drawn_uncap(&uncapped, s, NULL);
    rc = draw(&drawn, uncapped.n > 0 ? &uncapped : &s->trace, kind, i, &w, e);
    trace_free(&uncapped);
    if (rc != ERR_OK)
        return rc;
    trace_free(&s->trace);
    s->trace = drawn;
    s->world = w.replication;
    rename_trace(s, kind, i);
    return scenario_map(s, &s->trace, e);
}
