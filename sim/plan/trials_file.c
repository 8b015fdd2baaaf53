#include "sim/plan/trials_file.h"

#include "scenarios/params.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES = 1 << 30, HEAD = 64 };

#define HEAD_FORM "drydock trials 1 %016" PRIx64 "\n"

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
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    if (out) {
        params_print(s, out);
        fclose(out);
        mix(hash, text, n);
    }
    free(text);
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
    mix_params(&hash, t->base);
    mix_faults(&hash, t->base);
    mix_trace(&hash, histories_recorded(t->histories));
    return hash;
}

/* ------------------------------------------------------------ one line */

void trials_file_add(const struct trials *t, size_t setting, size_t history)
{
    const struct trial *x = trials_at(t, setting, history);
    enum history_kind kind = history_kind(t->histories, history);

    fprintf(t->file, "%d %zu", (int)kind,
            history - history_first(t->histories, kind));
    for (size_t i = 0; i < t->base->system.n_pools; i++)
        for (size_t f = 0; f < TRIAL_FIGURES; f++)
            fprintf(t->file, " %a", x[i].at[f]);
    fputc('\t', t->file);
    for (const char *c = t->settings[setting].key; *c; c++)
        fputc(*c == '\n' ? '\t' : *c, t->file);
    fputs("\n", t->file);
    fflush(t->file);
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
            if (end == *at)
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

static int read_line(struct trials *t, char *line, size_t *n_found,
                     struct err *e)
{
    struct trial x[SCENARIO_POOLS];
    char *at = line;
    long kind = strtol(at, &at, 10), place = strtol(at, &at, 10);
    size_t setting = 0;

    if (!read_numbers(t, &at, x))
        return err_set(e, ERR_INPUT, "a damaged line");
    size_t history = history_of(t, kind, place);
    int rc = read_setting(t, at + 1, &setting, e);
    if (rc != ERR_OK || history == SIZE_MAX)
        return rc;
    trials_keep(t, setting, history, x);
    ++*n_found;
    return ERR_OK;
}

/* ------------------------------------------------------------ the file */

static int read_all(struct trials *t, char *text, const char *path,
                    size_t *n_found, long *whole, struct err *e)
{
    char head[HEAD];
    unsigned long line = 2;
    char *at = text, *end;

    (void)snprintf(head, sizeof head, HEAD_FORM, fingerprint(t));
    if (strncmp(text, head, strlen(head)) != 0)
        return err_set(e, ERR_INPUT,
                       "%s: not the runs of this scenario, trace and seed; "
                       "without --resume it is written anew",
                       path);
    at += strlen(head);
    for (; (end = strchr(at, '\n')); at = end + 1, line++) {
        *end = '\0';
        int rc = read_line(t, at, n_found, e);
        if (rc != ERR_OK) {
            err_prefix(e, path, line);
            return rc;
        }
    }
    *whole = at - text;
    return ERR_OK;
}

static int resume_from(struct trials *t, const char *path, size_t *n_found,
                       long *whole, struct err *e)
{
    char *text = NULL;
    size_t n = 0;

    *whole = 0;
    if (access(path, F_OK) != 0)
        return ERR_OK;
    int rc = file_read(path, FILE_BYTES, &text, &n, e);
    if (rc != ERR_OK)
        return rc;
    rc = n == 0 ? ERR_OK : read_all(t, text, path, n_found, whole, e);
    free(text);
    return rc;
}

static int open_at(struct trials *t, const char *path, long whole,
                   struct err *e)
{
    t->file = fopen(path, whole > 0 ? "r+" : "w");
    if (t->file && whole > 0 &&
        (ftruncate(fileno(t->file), whole) != 0 ||
         fseek(t->file, whole, SEEK_SET) != 0)) {
        fclose(t->file);
        t->file = NULL;
    }
    if (!t->file)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    if (whole == 0)
        fprintf(t->file, HEAD_FORM, fingerprint(t));
    return ERR_OK;
}

int trials_file_open(struct trials *t, const char *path, bool resume,
                     size_t *n_found, struct err *e)
{
    long whole = 0;
    int rc = ERR_OK;

    *n_found = 0;
    if (resume)
        rc = resume_from(t, path, n_found, &whole, e);
    return rc == ERR_OK ? open_at(t, path, whole, e) : rc;
}

int trials_file_close(struct trials *t, const char *path, struct err *e)
{
    bool bad;

    if (!t->file)
        return ERR_OK;
    bad = ferror(t->file) != 0;
    bad = fclose(t->file) != 0 || bad;
    t->file = NULL;
    return bad ? err_set(e, ERR_IO, "%s: a write failed", path) : ERR_OK;
}
