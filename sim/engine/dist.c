#include "sim/engine/dist.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The 90 % quantile of the standard normal law. */
#define NORMAL_P90 1.2815515655446004

static double sigma_of(const struct dist *d)
{
    return log(d->b / d->a) / NORMAL_P90;
}

static double variate(const struct dist *d, double u)
{
    switch (d->kind) {
    case DIST_EXPONENTIAL:
        /* random_u01 gives multiples of 2^-53, so that 1 - u is exact. */
        return -d->a * log(1.0 - u);
    case DIST_CONSTANT:
        return d->a;
    case DIST_UNIFORM:
        return d->a + (d->b - d->a) * u;
    case DIST_LOGNORMAL:
        break;
    }
    return d->a * exp(sigma_of(d) * gsl_cdf_ugaussian_Pinv(u));
}

static inline sim_us bounded_us(const struct dist *d, double u, double factor)
{
    double s = variate(d, u) * factor;

    /* Comparisons, since fmin and fmax are calls. */
    s = s < d->max_s ? s : d->max_s;
    s = s > d->min_s ? s : d->min_s;
    /* As us_from_s, of what is never negative. */
    double us = s * 1e6;
    sim_us whole = (sim_us)us;

    return whole + (us - (double)whole >= 0.5);
}

sim_us dist_us(const struct dist *d, double u, double factor)
{
    assert(u > 0.0 && u < 1.0 && factor >= 0.0);
    return bounded_us(d, u, factor);
}

void dist_fill(const struct dist *d, struct random_stream s, uint64_t first,
               sim_us us[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        us[i] = bounded_us(d, random_stream_u01(&s, first + i, 0), 1.0);
}

/* Mean of the smaller of the variate and m, for each law; m >= 0. */

static double limited_uniform(const struct dist *d, double m)
{
    if (m <= d->a)
        return m;
    if (m >= d->b)
        return (d->a + d->b) / 2.0;
    double below = (m - d->a) / (d->b - d->a);

    return below * (d->a + m) / 2.0 + (1.0 - below) * m;
}

static double limited_lognormal(const struct dist *d, double m)
{
    if (m <= 0.0)
        return 0.0;
    double sigma = sigma_of(d);
    double z = log(m / d->a) / sigma;

    return d->a * exp(sigma * sigma / 2.0) * gsl_cdf_ugaussian_P(z - sigma) +
           m * gsl_cdf_ugaussian_Q(z);
}

static double limited_mean(const struct dist *d, double m)
{
    switch (d->kind) {
    case DIST_CONSTANT:
        return fmin(d->a, m);
    case DIST_UNIFORM:
        return limited_uniform(d, m);
    case DIST_EXPONENTIAL:
        return -d->a * expm1(-m / d->a);
    case DIST_LOGNORMAL:
        break;
    }
    return limited_lognormal(d, m);
}

double dist_mean_s(const struct dist *d)
{
    /* max(min(X, top), floor) = min(X, top) + floor - min(X, floor) */
    return limited_mean(d, d->max_s) + d->min_s - limited_mean(d, d->min_s);
}

/* Where an argument of a form goes. */
enum slot { SLOT_A, SLOT_B, SLOT_MIN, SLOT_MAX, N_SLOTS };

struct form {
    const char *name;
    enum dist_kind kind;
    size_t n_args;       /* 1: a; 2: a and b */
    const char *keys[2]; /* "" if given by position */
};

static const struct form forms[] = {
    {"uniform", DIST_UNIFORM, 2, {"", ""}},
    {"exponential", DIST_EXPONENTIAL, 1, {"", ""}},
    {"lognormal", DIST_LOGNORMAL, 2, {"p50", "p90"}},
};

enum { N_FORMS = sizeof forms / sizeof forms[0], MAX_TEXT = 127 };

struct args {
    const char *text; /* borrowed; the whole, for messages */
    const struct form *form;
    double s[N_SLOTS];
    bool given[N_SLOTS];
    struct err *err; /* borrowed */
};

static int bad(struct err *e, const char *text, const char *why)
{
    return err_set(e, ERR_INPUT,
                   "distribution \"%.60s\": %s; write it like 2s, "
                   "uniform(0s, 6s), exponential(90s) or lognormal(p50=35s, "
                   "p90=60s, min=15s, max=900s)",
                   text, why);
}

/* The text without the blanks around it; cuts off those behind. */
static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);

    while (n > 0 && strchr(" \t", text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

/* The slot of an argument with this key, "" for none; N_SLOTS if it has no
 * place or had it before.
 */
static enum slot slot_of(const struct args *args, const char *key)
{
    if (strcmp(key, "min") == 0)
        return args->given[SLOT_MIN] ? N_SLOTS : SLOT_MIN;
    if (strcmp(key, "max") == 0)
        return args->given[SLOT_MAX] ? N_SLOTS : SLOT_MAX;
    for (size_t i = 0; i < args->form->n_args; i++)
        if (!args->given[i] && strcmp(args->form->keys[i], key) == 0)
            return (enum slot)i;
    return N_SLOTS;
}

/* A double holds the microseconds of so many years. */
#define LONGEST_S (200 * 365.0 * 86400.0)

static int parse_s(const char *text, double *s, struct err *e)
{
    sim_us us;
    int rc = duration_parse(text, &us, e);

    if (rc != ERR_OK)
        return rc;
    if (s_from_us(us) > LONGEST_S)
        return err_set(e, ERR_INPUT,
                       "duration \"%.60s\" is longer than 200 years", text);
    *s = s_from_us(us);
    return ERR_OK;
}

/* Takes "6s" or "p50 = 35s", a writable text. */
static int take_arg(struct args *args, char *text)
{
    char *equals = strchr(text, '=');
    struct err why;

    if (equals)
        *equals = '\0';
    enum slot slot = slot_of(args, equals ? trim(text) : "");

    if (slot == N_SLOTS)
        return bad(args->err, args->text, "an argument is out of place");
    if (parse_s(trim(equals ? equals + 1 : text), &args->s[slot], &why) !=
        ERR_OK)
        return err_set(args->err, ERR_INPUT, "distribution \"%.60s\": %s",
                       args->text, why.msg);
    args->given[slot] = true;
    return ERR_OK;
}

/* What is wrong with the arguments together, or NULL. */
static const char *check(const struct args *args)
{
    double a = args->s[SLOT_A], b = args->s[SLOT_B];

    for (size_t i = 0; i < args->form->n_args; i++)
        if (!args->given[i])
            return "an argument is missing";
    if (args->s[SLOT_MIN] > args->s[SLOT_MAX])
        return "min lies above max";
    if (args->form->kind == DIST_UNIFORM && a > b)
        return "the first bound lies above the second";
    if (args->form->kind == DIST_EXPONENTIAL && a <= 0.0)
        return "the mean must be above 0";
    if (args->form->kind == DIST_LOGNORMAL && !(a > 0.0 && b > a))
        return "0 < p50 < p90 must hold";
    return NULL;
}

static int read_args(struct args *args, char *list)
{
    char *rest = list;

    while (rest) {
        int rc = take_arg(args, strsep(&rest, ","));

        if (rc != ERR_OK)
            return rc;
    }
    const char *wrong = check(args);

    return wrong ? bad(args->err, args->text, wrong) : ERR_OK;
}

static const struct form *find_form(const char *name)
{
    for (size_t i = 0; i < N_FORMS; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int parse_constant(const char *text, struct dist *out, struct err *e)
{
    struct dist d = {.max_s = DIST_NO_BOUND_S};

    if (*text == '\0' || !strchr("+-.0123456789", *text))
        return bad(e, text, "neither a duration nor a known form");
    int rc = parse_s(text, &d.a, e);

    if (rc == ERR_OK)
        *out = d;
    return rc;
}

int dist_parse(const char *text, struct dist *out, struct err *e)
{
    struct args args = {.text = text, .s[SLOT_MAX] = DIST_NO_BOUND_S, .err = e};
    char copy[MAX_TEXT + 1];

    if (!strchr(text, '('))
        return parse_constant(text, out, e);
    if (strlen(text) > MAX_TEXT)
        return bad(e, text, "too long");
    memcpy(copy, text, strlen(text) + 1);
    char *list = strchr(copy, '(');
    char *end = strchr(copy, ')');

    if (!end || end < list || end[1] != '\0')
        return bad(e, text, "the text must end with its only )");
    *list++ = *end = '\0';
    args.form = find_form(trim(copy));
    if (!args.form)
        return bad(e, text, "neither a duration nor a known form");
    int rc = read_args(&args, list);

    if (rc == ERR_OK)
        *out = (struct dist){args.form->kind, args.s[SLOT_A], args.s[SLOT_B],
                             args.s[SLOT_MIN], args.s[SLOT_MAX]};
    return rc;
}

/* Appends ", key=value" (", value" if key is ""), without ", " in front of the
 * first.
 */
static void print_arg(char out[128], const char *key, double s)
{
    size_t n = strlen(out);
    char value[32];

    duration_print(us_from_s(s), value);
    snprintf(out + n, 128 - n, "%s%s%s%s", out[n - 1] == '(' ? "" : ", ", key,
             *key != '\0' ? "=" : "", value);
}

void dist_print(const struct dist *d, char out[128])
{
    const struct form *form = NULL;

    for (size_t i = 0; i < N_FORMS; i++)
        if (forms[i].kind == d->kind)
            form = &forms[i];
    if (!form) {
        duration_print(us_from_s(d->a), out);
        return;
    }
    snprintf(out, 128, "%s(", form->name);
    print_arg(out, form->keys[0], d->a);
    if (form->n_args > 1)
        print_arg(out, form->keys[1], d->b);
    if (d->min_s > 0.0)
        print_arg(out, "min", d->min_s);
    if (d->max_s < DIST_NO_BOUND_S)
        print_arg(out, "max", d->max_s);
    size_t n = strlen(out);

    snprintf(out + n, 128 - n, ")");
}
