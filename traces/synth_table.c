#include "traces/synth.h"

#include "sim/base/text.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* 1971-01-01 and 2200-01-01. A trace takes an origin of 0 as not set, and the
 * end of the longest record is still an RFC 3339 year.
 */
#define MIN_FROM_US (INT64_C(31536000) * US_PER_S)
#define MAX_FROM_US (INT64_C(7258118400) * US_PER_S)

enum kind {
    SEED,
    INSTANT,
    NUMBER,
    WHOLE,    /* a number without decimals */
    DURATION, /* kept in seconds */
    WEIGHTS   /* `n` numbers with commas between, not all zero */
};

struct row {
    const char *key;
    enum kind kind;
    const char *unit;
    double low, high;     /* seconds for a duration */
    const char *fallback; /* the calibrated default, as a user writes it */
    size_t offset, n;
    const char *help;
};

#define AT(member) offsetof(struct synth_params, member), 1
#define ARRAY(member, n) offsetof(struct synth_params, member), n

static const struct row rows[] = {
    {"seed", SEED, "", 0, 0, "1", AT(seed), "names the history that is drawn"},
    {"from", INSTANT, "UTC", 0, 0, "2026-05-25T00:00:00Z", AT(from_us),
     "first instant of the record, 1971 to 2199"},
    {"days", NUMBER, "days", 0.01, 3660, "14", AT(days),
     "length of the record"},
    {"runs_per_day", NUMBER, "a day", 0, 1000, "14.3", AT(runs_per_day),
     "runs of CI images, mean over a week, stacked ones included"},
    {"weekday_weights", WEIGHTS, "", 0, 1000, "1.2,1.3,1.3,1.3,1.2,0.4,0.3",
     ARRAY(weekday_weight, 7), "relative rate, Monday first; scaled to mean 1"},
    {"hour_weights", WEIGHTS, "", 0, 1000,
     "1.23,0.81,0.44,0.3,0.15,0.26,0.26,0.26,0.39,0.43,0.47,0.42,"
     "0.58,1.01,1.37,1.71,1.73,1.82,2.02,1.84,1.87,1.55,1.59,1.51",
     ARRAY(hour_weight, 24), "relative rate, from 00 UTC; scaled to mean 1"},
    {"stack_frac", NUMBER, "", 0, 0.9, "0.15", AT(stack_frac),
     "probability of one more run at the same instant"},
    {"weekly_run", WHOLE, "", 0, 1, "1", AT(weekly_run),
     "1: one more run each Wednesday 03:01 UTC, never cancelled; 0: none"},
    {"amd64_per_run", WHOLE, "builds", 0, 1000, "27", AT(amd64_per_run),
     "amd64 CI images of a run; 29 from July 2026"},
    {"arm64_per_run", WHOLE, "builds", 0, 1000, "2", AT(arm64_per_run),
     "arm64 CI images of a run"},
    {"extra_frac", NUMBER, "", 0, 1, "0", AT(extra_frac),
     "share of runs that bring the binary builders; 0.7 from late July 2026"},
    {"extra_amd64", WHOLE, "builds", 0, 1000, "17", AT(extra_amd64),
     "amd64 binary builders of such a run"},
    {"extra_arm64", WHOLE, "builds", 0, 1000, "5", AT(extra_arm64),
     "arm64 binary builders of such a run"},
    {"skew", DURATION, "", 0, 86400, "2m", AT(skew_s),
     "builds of a run start within this time, uniformly"},
    {"work_median", DURATION, "", 1, 86400, "25m", AT(work_median_s),
     "work of an amd64 image without a cache, median over all images"},
    {"work_sigma", NUMBER, "", 0, 3, "0.7", AT(work_sigma),
     "sigma of its logarithm, over all images together"},
    {"work_min", DURATION, "", 0, 86400, "2m", AT(work_min_s),
     "shorter work is raised to this"},
    {"work_max", DURATION, "", 1, 86400, "2h", AT(work_max_s),
     "longer work is cut to this"},
    {"arm64_factor", NUMBER, "", 0.1, 10, "1.3", AT(arm64_factor),
     "work on arm64 relative to amd64"},
    {"cancel_frac", NUMBER, "", 0, 1, "0.2", AT(cancel_frac),
     "share of runs that a newer one supersedes"},
    {"cancel_age", DURATION, "", 1, 86400, "20m", AT(cancel_age_s),
     "age of a run when that happens, mean of an exponential"},
    {"error_frac", NUMBER, "", 0, 1, "0.03", AT(error_frac),
     "share of builds that fail, at a uniform point of their work"},
    {"nightly_min", WHOLE, "builds", 0, 1000, "4", AT(nightly_min),
     "fewest amd64 release images, once a day at 07:30 UTC"},
    {"nightly_max", WHOLE, "builds", 0, 1000, "8", AT(nightly_max),
     "most release images"},
    {"nightly_median", DURATION, "", 1, 86400, "15m", AT(nightly_median_s),
     "work of a release image, median; sigma and limits as above"},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static int out_of_range(const struct row *r, const char *text, struct err *e)
{
    char low[32], high[32];

    if (r->kind != DURATION)
        return err_set(e, ERR_INPUT, "%s: '%s' is outside %g to %g", r->key,
                       text, r->low, r->high);
    duration_print(us_from_s(r->low), low);
    duration_print(us_from_s(r->high), high);
    return err_set(e, ERR_INPUT, "%s: '%s' is outside %s to %s", r->key, text,
                   r->low > 0.0 ? low : "0", high);
}

/* A number in range, ended by `stop`; *rest is what follows it. */
static int read_number(const struct row *r, const char *text, char stop,
                       double *out, const char **rest, struct err *e)
{
    char *end;
    double x = strtod(text, &end);

    if (end == text || (*end != stop && *end != '\0'))
        return err_set(e, ERR_INPUT, "%s: '%s' is not a number", r->key, text);
    if (!(x >= r->low && x <= r->high))
        return out_of_range(r, text, e);
    *out = x;
    *rest = *end == '\0' ? end : end + 1;
    return ERR_OK;
}

static int set_number(const struct row *r, const char *text, double *out,
                      struct err *e)
{
    const char *rest;
    double x = 0.0;
    int rc = read_number(r, text, '\0', &x, &rest, e);

    if (rc != ERR_OK)
        return rc;
    if (r->kind == WHOLE && x != (double)(long)x)
        return err_set(e, ERR_INPUT, "%s: '%s' is not a whole number", r->key,
                       text);
    *out = x;
    return ERR_OK;
}

static int set_weights(const struct row *r, const char *text, double *out,
                       struct err *e)
{
    double weights[24] = {0}, sum = 0.0;
    const char *rest = text;
    size_t n = 0;

    assert(r->n <= sizeof weights / sizeof weights[0]);
    while (n < r->n && *rest != '\0') {
        int rc = read_number(r, rest, ',', &weights[n], &rest, e);

        if (rc != ERR_OK)
            return rc;
        sum += weights[n++];
    }
    if (n < r->n || *rest != '\0')
        return err_set(e, ERR_INPUT,
                       "%s: want exactly %zu numbers with commas between",
                       r->key, r->n);
    if (!(sum > 0.0))
        return err_set(e, ERR_INPUT, "%s: all weights are zero", r->key);
    for (size_t i = 0; i < n; i++)
        out[i] = weights[i] * (double)n / sum;
    return ERR_OK;
}

static int set_duration(const struct row *r, const char *text, double *out,
                        struct err *e)
{
    sim_us us;

    if (duration_parse(text, &us, e) != ERR_OK) {
        err_prefix(e, r->key, 0);
        return ERR_INPUT;
    }
    if (!(s_from_us(us) >= r->low && s_from_us(us) <= r->high))
        return out_of_range(r, text, e);
    *out = s_from_us(us);
    return ERR_OK;
}

static int set_instant(const struct row *r, const char *text, sim_us *out,
                       struct err *e)
{
    sim_us us;

    if (timestamp_parse(text, &us, e) != ERR_OK) {
        err_prefix(e, r->key, 0);
        return ERR_INPUT;
    }
    if (!(us >= MIN_FROM_US && us < MAX_FROM_US))
        return err_set(e, ERR_INPUT, "%s: '%s' is outside 1971 to 2199", r->key,
                       text);
    *out = us;
    return ERR_OK;
}

static int set_seed(const struct row *r, const char *text, uint64_t *out,
                    struct err *e)
{
    char *end;

    errno = 0;
    unsigned long long x = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0)
        return err_set(e, ERR_INPUT,
                       "%s: '%s' is not a whole number below 2^64", r->key,
                       text);
    *out = x;
    return ERR_OK;
}

static int set_row(struct synth_params *p, const struct row *r,
                   const char *text, struct err *e)
{
    void *at = (char *)p + r->offset;

    switch (r->kind) {
    case SEED:
        return set_seed(r, text, at, e);
    case INSTANT:
        return set_instant(r, text, at, e);
    case DURATION:
        return set_duration(r, text, at, e);
    case WEIGHTS:
        return set_weights(r, text, at, e);
    case NUMBER:
    case WHOLE:
        break;
    }
    return set_number(r, text, at, e);
}

static int unknown_key(const char *key, struct err *e)
{
    const char *keys[N_ROWS];

    for (size_t i = 0; i < N_ROWS; i++)
        keys[i] = rows[i].key;
    const char *nearest = text_nearest(key, keys, N_ROWS);
    if (nearest)
        return err_set(e, ERR_INPUT, "no parameter '%s'; did you mean '%s'?",
                       key, nearest);
    return err_set(e, ERR_INPUT,
                   "no parameter '%s'; the help lists all of them", key);
}

void synth_defaults(struct synth_params *p)
{
    struct err e;

    *p = (struct synth_params){0};
    for (size_t i = 0; i < N_ROWS; i++) {
        int rc = set_row(p, &rows[i], rows[i].fallback, &e);

        assert(rc == ERR_OK);
        (void)rc;
    }
}

int synth_set(struct synth_params *p, const char *assignment, struct err *e)
{
    const char *equals = strchr(assignment, '=');
    char key[64];

    if (!equals)
        return err_set(e, ERR_INPUT, "'%s' is not KEY=VALUE", assignment);
    snprintf(key, sizeof key, "%.*s", (int)(equals - assignment), assignment);
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].key, key) == 0)
            return set_row(p, &rows[i], equals + 1, e);
    return unknown_key(key, e);
}

static void print_range(const struct row *r, FILE *out)
{
    if (r->kind == DURATION) {
        char low[32], high[32];

        duration_print(us_from_s(r->low), low);
        duration_print(us_from_s(r->high), high);
        fprintf(out, " (%s to %s)", r->low > 0.0 ? low : "0", high);
    } else if (r->kind != SEED && r->kind != INSTANT) {
        fprintf(out, " (%g to %g%s%s)", r->low, r->high, r->unit[0] ? " " : "",
                r->unit);
    }
}

void synth_help(FILE *out)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        fprintf(out, "  %s=%s", rows[i].key, rows[i].fallback);
        print_range(&rows[i], out);
        fprintf(out, "\n      %s\n", rows[i].help);
    }
}
