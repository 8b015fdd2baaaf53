/* trials_line.c - a run as a line of text, and what all lines depend on. */
#include "scenarios/params.h"
#include "sim/base/mem.h"
#include "sim/plan/trials_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ what it is of */

/* FNV-1a */
static void mix(uint64_t *hash, const void *bytes, size_t n)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ at[i]) * UINT64_C(1099511628211);
}

#define MIX(hash, field) mix((hash), &(field), sizeof(field))

static void mix_params(uint64_t *hash, const struct scenario *s)
{
    struct mem_file params;

    mem_file_open(&params);
    params_print(s, params.out);
    mem_file_close(&params);
    mix(hash, params.text, params.n);
    free(params.text);
}

/* Field by field: there may be anything between them. */
static void mix_faults(uint64_t *hash, const struct scenario *s)
{
    for (size_t i = 0; i < s->system.n_faults; i++) {
        const struct fault *f = &s->system.faults[i];
        MIX(hash, f->kind);
        MIX(hash, f->at_us);
        MIX(hash, f->until_us);
        MIX(hash, f->gap_us);
        MIX(hash, f->factor);
        MIX(hash, f->pool);
        MIX(hash, f->n_nodes);
        MIX(hash, f->types);
        MIX(hash, f->zones);
    }
}

static void mix_trace(uint64_t *hash, const struct trace *t)
{
    MIX(hash, t->origin_us);
    MIX(hash, t->span_us);
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];
        const uint32_t names[] = {b->run, b->pool, b->caller};
        MIX(hash, b->asked_us);
        MIX(hash, b->work_us);
        MIX(hash, b->leaves_us);
        MIX(hash, b->outcome);
        MIX(hash, names);
    }
}

static uint64_t fingerprint(const struct trials *t)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    mix(&hash, DRYDOCK_VERSION, sizeof DRYDOCK_VERSION);
    MIX(&hash, t->histories->seed);
    for (size_t i = 0; i < t->histories->runs.n_parts; i++) {
        double growth = resampler_growth(&t->histories->runs, i);
        MIX(&hash, growth);
        mix(&hash, resampler_rates(&t->histories->runs, i),
            RESAMPLE_HOURS * sizeof(double));
    }
    mix_params(&hash, t->base);
    mix_faults(&hash, t->base);
    mix_trace(&hash, histories_recorded(t->histories));
    return hash;
}

void trials_head(const struct trials *t, char head[TRIALS_HEAD])
{
    (void)snprintf(head, TRIALS_HEAD, "drydock trials 2 %016" PRIx64 "\n",
                   fingerprint(t));
}

/* ------------------------------------------------------------ one line */

void trials_line(const struct trials *t, const struct trial_pair *p, FILE *out)
{
    const struct trial *x = trials_at(t, p->setting, p->history);
    enum history_kind kind = history_kind(t->histories, p->history);

    fprintf(out, "%d %zu", (int)kind,
            p->history - history_first(t->histories, kind));
    for (size_t i = 0; i < t->base->system.n_pools; i++)
        for (size_t f = 0; f < TRIAL_FIGURES; f++)
            fprintf(out, " %a", x[i].at[f]);
    fputc('\t', out);
    for (const char *c = t->settings[p->setting].key; *c; c++)
        fputc(*c == '\n' ? '\t' : *c, out);
    fputc('\n', out);
}

/* Its number here; SIZE_MAX if this search has no such history. */
static size_t history_of(const struct trials *t, long kind, long place)
{
    const struct histories *h = t->histories;
    const long n[] = {h->n_recorded, h->n_runs, h->n_days};

    if (kind < 0 || kind > HISTORY_DAYS || place < 0 || place >= n[kind])
        return SIZE_MAX;
    return history_first(h, (enum history_kind)kind) + (size_t)place;
}

static bool read_numbers(const struct trials *t, char **at, struct trial x[])
{
    for (size_t i = 0; i < t->base->system.n_pools; i++)
        for (size_t f = 0; f < TRIAL_FIGURES; f++) {
            char *end;
            x[i].at[f] = strtod(*at, &end);
            if (end == *at || !isfinite(x[i].at[f]))
                return false;
            *at = end;
        }
    return **at == '\t';
}

/* The rest of a line: sets, each with a tab behind it. */
static int read_setting(struct trials *t, char *at, size_t *setting,
                        struct err *e)
{
    const char *set[TRIALS_SETS];
    size_t n = 0;

    while (*at) {
        size_t length = strcspn(at, "\t");
        if (n == TRIALS_SETS || length >= TRIALS_SET || at[length] != '\t')
            return err_set(e, ERR_INPUT, "a damaged line");
        at[length] = '\0';
        set[n++] = at;
        at += length + 1;
    }
    return trials_setting(t, set, n, setting, e);
}

int trials_take_line(struct trials *t, char *line, struct trial_pair *p,
                     bool *is_new, struct err *e)
{
    struct trial *x = mem_array(t->base->system.n_pools, sizeof *x);
    char *at = line;
    long kind = strtol(at, &at, 10), place = strtol(at, &at, 10);
    int rc = read_numbers(t, &at, x) ? read_setting(t, at + 1, &p->setting, e)
                                     : err_set(e, ERR_INPUT, "a damaged line");

    *is_new = false;
    p->history = history_of(t, kind, place);
    if (rc == ERR_OK && p->history != SIZE_MAX) {
        *is_new = !trials_at(t, p->setting, p->history);
        trials_keep(t, p->setting, p->history, x);
    }
    free(x);
    return rc;
}
