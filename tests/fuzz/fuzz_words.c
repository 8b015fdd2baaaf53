/* fuzz_words.c - any text as a duration, a quantity, an instant and a
 * distribution. What is printed is read again as the same value.
 */
#include "sim/base/units.h"
#include "sim/engine/dist.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

static void try_duration(const char *text)
{
    sim_us us, again;
    struct err e = {0};
    char printed[32];
    int rc = duration_parse(text, &us, &e);

    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
        return;
    }
    duration_print(us, printed);
    if (us == SIM_NEVER)
        return;
    fuzz_check(duration_parse(printed, &again, &e) == ERR_OK);
    fuzz_check(us == again);
}

static void try_quantity(const char *text)
{
    int64_t milli = 0;
    struct err e = {0};
    int rc = quantity_parse(text, &milli, &e);

    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    else
        fuzz_check(text[0] == '-' ? milli <= 0 : milli >= 0);
}

static void try_instant(const char *text)
{
    sim_us us, again;
    struct err e = {0};
    char printed[40];
    int weekday, hour, rc = timestamp_parse(text, &us, &e);

    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
        return;
    }
    hour_of_week(us, &weekday, &hour);
    fuzz_check(weekday >= 0 && weekday <= 6 && hour >= 0 && hour <= 23);
    timestamp_print(us, printed);
    fuzz_check(timestamp_parse(printed, &again, &e) == ERR_OK);
    fuzz_check(us == again);
}

static void check_draws(const struct dist *d)
{
    static const double u[] = {0x1p-53, 0.001, 0.5, 0.9, 1.0 - 0x1p-53};
    sim_us previous = 0;

    for (size_t i = 0; i < sizeof u / sizeof *u; i++) {
        sim_us us = dist_us(d, u[i], 1.0);

        fuzz_check(us >= previous);
        fuzz_check(us >= us_from_s(d->min_s) && us <= us_from_s(d->max_s));
        previous = us;
    }
    double mean_s = dist_mean_s(d);

    fuzz_check(isfinite(mean_s));
    fuzz_check(mean_s >= d->min_s * (1.0 - 1e-9));
    fuzz_check(mean_s <= d->max_s * (1.0 + 1e-9));
}

/* Printed to the microsecond; a double holds fewer in 10^5 years. */
static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-6 + 1e-12 * fabs(a);
}

static void try_dist(const char *text)
{
    struct dist d, again;
    struct err e = {0};
    char printed[128];
    int rc = dist_parse(text, &d, &e);

    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
        return;
    }
    check_draws(&d);
    dist_print(&d, printed);
    fuzz_check(dist_parse(printed, &again, &e) == ERR_OK);
    fuzz_check(again.kind == d.kind);
    fuzz_check(is_near(d.a, again.a) && is_near(d.b, again.b));
    fuzz_check(is_near(d.min_s, again.min_s) && is_near(d.max_s, again.max_s));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = fuzz_text(bytes, n);

    try_duration(text);
    try_quantity(text);
    try_instant(text);
    try_dist(text);
    free(text);
    return 0;
}
