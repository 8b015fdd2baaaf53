#include "sim/base/units.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_US UINT64_C(1000)
#define MOST_NS ((uint64_t)INT64_MAX)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Go durations. A component is a number and a unit; Go keeps nanoseconds in
 * 63 bits, and so does this reader until the very end.
 */

struct unit {
    const char *name;
    uint64_t ns;
};

static const struct unit *find_unit(const char *name, size_t n)
{
    static const struct unit units[] = {
        {"ns", 1},
        {"us", NS_PER_US},
        {"\xc2\xb5s", NS_PER_US}, /* micro sign */
        {"\xce\xbcs", NS_PER_US}, /* Greek mu */
        {"ms", 1000 * NS_PER_US},
        {"s", US_PER_S * NS_PER_US},
        {"m", 60 * US_PER_S * NS_PER_US},
        {"h", US_PER_H * NS_PER_US},
        {"d", US_PER_DAY * NS_PER_US},
    };

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == n && memcmp(units[i].name, name, n) == 0)
            return &units[i];
    return NULL;
}

/* A decimal number: whole + frac / scale. */
struct number {
    uint64_t whole, frac;
    double scale;
    bool too_big;
    size_t n_digits;
};

/* Digits of the fraction beyond the 18th cannot move the sum. */
static const char *read_fraction(const char *at, struct number *number)
{
    for (; is_digit(*at); at++, number->n_digits++) {
        if (number->scale >= 1e18)
            continue;
        number->frac = 10 * number->frac + (uint64_t)(*at - '0');
        number->scale *= 10;
    }
    return at;
}

static const char *read_number(const char *at, struct number *number)
{
    *number = (struct number){.scale = 1};
    for (; is_digit(*at); at++, number->n_digits++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (number->whole > (MOST_NS - digit) / 10)
            number->too_big = true;
        else
            number->whole = 10 * number->whole + digit;
    }
    return *at == '.' ? read_fraction(at + 1, number) : at;
}

/* Adds number units to *ns; false if that leaves 63 bits. */
static bool add_component(uint64_t *ns, const struct number *number,
                          const struct unit *unit)
{
    if (number->too_big || number->whole > MOST_NS / unit->ns)
        return false;
    double part = (double)number->frac * ((double)unit->ns / number->scale);

    *ns += number->whole * unit->ns;
    if (*ns > MOST_NS)
        return false;
    *ns += (uint64_t)part;
    return *ns <= MOST_NS;
}

static int bad_duration(struct err *e, const char *text, const char *why)
{
    return err_set(e, ERR_INPUT,
                   "duration \"%.60s\" %s; write it like 45s, 1h30m or 250ms",
                   text, why);
}

/* Reads the components from at on; text is the whole, for messages. */
static int read_components(const char *at, const char *text, uint64_t *ns,
                           struct err *e)
{
    while (*at != '\0') {
        struct number number;
        const char *name = read_number(at, &number);
        size_t n = strcspn(name, ".0123456789");

        if (number.n_digits == 0)
            return bad_duration(e, text, "lacks a number");
        if (n == 0)
            return bad_duration(e, text, "lacks a unit");
        const struct unit *unit = find_unit(name, n);
        if (!unit)
            return bad_duration(e, text,
                                "has a unit other than ns, us, ms, s, m, h, d");
        if (!add_component(ns, &number, unit))
            return bad_duration(e, text, "is longer than 292 years");
        at = name + n;
    }
    return ERR_OK;
}

int duration_parse(const char *text, sim_us *out, struct err *e)
{
    const char *at = text + (*text == '+' || *text == '-');
    uint64_t ns = 0;

    if (*at == '\0')
        return bad_duration(e, text, "is empty");
    if (strcmp(at, "0") != 0) {
        int rc = read_components(at, text, &ns, e);

        if (rc != ERR_OK)
            return rc;
    }
    if (*text == '-' && ns > 0)
        return bad_duration(e, text, "is negative");
    uint64_t us = (ns + NS_PER_US / 2) / NS_PER_US;
    uint64_t most_us = MOST_NS / NS_PER_US; /* what is printed reads back */

    *out = (sim_us)(us < most_us ? us : most_us);
    return ERR_OK;
}

/* Writes "." and the digits of part / 10^n_digits without the zeros behind
 * them, or nothing if part is 0. Returns the characters written.
 */
static int print_fraction(uint64_t part, int n_digits, char *out, size_t size)
{
    if (part == 0) {
        out[0] = '\0';
        return 0;
    }
    for (; part % 10 == 0; n_digits--)
        part /= 10;
    return snprintf(out, size, ".%0*" PRIu64, n_digits, part);
}

/* Less than a second takes the unit in which it is a number from 1 on. */
static void print_short(uint64_t us, const char *sign, char out[32])
{
    char fraction[8];

    print_fraction(us % 1000, 3, fraction, sizeof fraction);
    if (us == 0)
        snprintf(out, 32, "0s");
    else if (us < 1000)
        snprintf(out, 32, "%s%" PRIu64 "us", sign, us);
    else
        snprintf(out, 32, "%s%" PRIu64 "%sms", sign, us / 1000, fraction);
}

void duration_print(sim_us us, char out[32])
{
    uint64_t rest = us < 0 ? -(uint64_t)us : (uint64_t)us;
    const char *sign = us < 0 ? "-" : "";
    uint64_t h = rest / US_PER_H, m = rest / (60 * US_PER_S) % 60;
    uint64_t s = rest / US_PER_S % 60;
    char fraction[8];
    int n = 0;

    if (us == SIM_NEVER) {
        snprintf(out, 32, "never");
        return;
    }
    if (rest < US_PER_S) {
        print_short(rest, sign, out);
        return;
    }
    print_fraction(rest % US_PER_S, 6, fraction, sizeof fraction);
    n += snprintf(out, 32, "%s", sign);
    if (h > 0)
        n += snprintf(out + n, 32 - (size_t)n, "%" PRIu64 "h", h);
    if (m > 0)
        n += snprintf(out + n, 32 - (size_t)n, "%" PRIu64 "m", m);
    if (s > 0 || fraction[0] != '\0')
        snprintf(out + n, 32 - (size_t)n, "%" PRIu64 "%ss", s, fraction);
}

__extension__ typedef unsigned __int128 wide;

/* Kubernetes quantities. The amount is mantissa * 10^power10 * 2^power2, and
 * a little more if dust is set.
 */
struct amount {
    wide mantissa;
    int64_t power10;
    unsigned power2;
    bool dust;
};

/* Twenty digits and a suffix of 2^60 still fit into 128 bits. */
#define ENOUGH_MANTISSA ((wide)INT64_MAX)

/* Takes in one digit; behind it stands the point, or not. */
static void add_digit(struct amount *a, char c, bool behind_point)
{
    bool full = a->mantissa > ENOUGH_MANTISSA;

    if (full)
        a->dust = a->dust || c != '0';
    else
        a->mantissa = 10 * a->mantissa + (unsigned)(c - '0');
    a->power10 += full - behind_point;
}

/* Returns what follows the number, or NULL if there is no digit. */
static const char *read_amount(const char *at, struct amount *a)
{
    bool any = false;

    *a = (struct amount){0};
    for (; is_digit(*at); at++, any = true)
        add_digit(a, *at, false);
    if (*at != '.')
        return any ? at : NULL;
    for (at++; is_digit(*at); at++, any = true)
        add_digit(a, *at, true);
    return any ? at : NULL;
}

/* Applies "e3", "E-6"; false if this is not an exponent. */
static bool apply_exponent(const char *suffix, struct amount *a)
{
    int64_t exponent = 0;
    const char *at = suffix + 1;
    bool negative = *at == '-';

    if (*suffix != 'e' && *suffix != 'E')
        return false;
    at += *at == '-' || *at == '+';
    if (!is_digit(*at))
        return false;
    /* A thousand million is as good as infinite, and safe to add to. */
    for (; is_digit(*at); at++)
        if (exponent < 1000000000)
            exponent = 10 * exponent + (*at - '0');
    a->power10 += negative ? -exponent : exponent;
    return *at == '\0';
}

static bool apply_suffix(const char *suffix, struct amount *a)
{
    static const char decimal[] = "num kMGTPE"; /* 10^-9 in steps of 10^3 */
    static const char binary[] = "KMGTPE";      /* 2^10 in steps of 2^10 */
    size_t n = strlen(suffix);

    if (n == 0)
        return true;
    const char *scale = strchr(decimal, suffix[0]);

    if (n == 1 && scale && suffix[0] != ' ') {
        a->power10 += 3 * (scale - decimal) - 9;
        return true;
    }
    scale = strchr(binary, suffix[0]);
    if (n == 2 && scale && suffix[1] == 'i') {
        a->power2 = 10 * (unsigned)(scale - binary + 1);
        return true;
    }
    return apply_exponent(suffix, a);
}

/* The amount in whole units, rounded up, at most INT64_MAX. */
static int64_t round_up(struct amount a)
{
    const wide most = INT64_MAX;

    a.mantissa <<= a.power2;
    for (; a.power10 < 0 && a.mantissa > 0; a.power10++) {
        a.dust = a.dust || a.mantissa % 10 != 0;
        a.mantissa /= 10;
    }
    for (; a.power10 > 0 && a.mantissa > 0 && a.mantissa <= most; a.power10--)
        a.mantissa *= 10;
    return a.mantissa >= most ? INT64_MAX : (int64_t)a.mantissa + a.dust;
}

int quantity_parse(const char *text, int64_t *milli, struct err *e)
{
    struct amount a;
    const char *suffix = read_amount(text + (*text == '+' || *text == '-'), &a);

    if (!suffix || !apply_suffix(suffix, &a))
        return err_set(e, ERR_INPUT,
                       "quantity \"%.60s\" is not a number with a suffix of n, "
                       "u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei or an "
                       "exponent like e3",
                       text);
    a.power10 += 3;
    *milli = *text == '-' ? -round_up(a) : round_up(a);
    return ERR_OK;
}
