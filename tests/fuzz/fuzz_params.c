/* fuzz_params.c - the bytes as --set options of a small good scenario: each
 * three choose a parameter and a value. What is accepted must run to its end
 * and account for every build, however odd the combination.
 */
#include "models/system.h"
#include "scenarios/params.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_SETS = 12, TEXT = 128 };

/* Values that some parameter takes; most others refuse most of them. */
static const char *const values[] = {
    "0",
    "1",
    "2",
    "-1",
    "7",
    "100",
    "500",
    "0.01",
    "0.5",
    "100m",
    "42",
    "155Gi",
    "none",
    "true",
    "false",
    "never",
    "0s",
    "1us",
    "1ms",
    "1s",
    "15s",
    "17s",
    "1m",
    "45m",
    "1h",
    "24h",
    "720h",
    "8760h",
    "2s",
    "uniform(0s, 6s)",
    "exponential(90s)",
    "lognormal(p50=35s, p90=60s, min=15s, max=900s)",
    "lognormal(p50=1us, p90=8760h)",
    "25%",
    "100%",
    "default",
    "1/15s",
    "10/20m+20%/20m",
    "1.32",
    "1.35",
    "2.16.0",
    "2.20",
    "2.6",
    "3.1.0",
    "3.2",
};

enum { N_VALUES = sizeof values / sizeof *values };

static const char *value_of(const struct param *p, uint8_t byte)
{
    size_t n = 0;

    while (p->names && p->names[n])
        n++;
    return n > 0 ? p->names[byte % n] : values[byte % N_VALUES];
}

/* Returns the number of options made of bytes[n]. */
static size_t make_sets(const uint8_t *bytes, size_t n,
                        char texts[MAX_SETS][TEXT])
{
    size_t made = 0;

    for (; made < MAX_SETS && n >= 3; bytes += 3, n -= 3) {
        size_t row = ((size_t)bytes[0] << 8 | bytes[1]) % params_count();
        const struct param *p = params_row(row);

        (void)snprintf(texts[made++], TEXT, "%s=%s", p->key,
                       value_of(p, bytes[2]));
    }
    return made;
}

static void check_run(const struct scenario *s)
{
    const struct random_world w = {.seed = 1};
    struct system *y =
        system_new(&s->system, &s->trace, s->pool_of, s->caller_of);

    system_run(y, &w, NULL);
    for (size_t i = 0; i < s->system.n_pools; i++) {
        const struct pool_result *p = system_pool(y, i);
        uint64_t ends = 0;

        for (int end = 0; end < END_KINDS; end++)
            ends += p->ends[end];
        fuzz_check(ends == p->builds);
        fuzz_check(p->cost_usd >= 0.0);
    }
    system_free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char texts[MAX_SETS][TEXT];
    const char *sets[MAX_SETS];
    struct scenario_options o = {.set = sets,
                                 .n_set = make_sets(bytes, n, texts)};
    struct scenario s;
    struct err e = {0};

    for (size_t i = 0; i < o.n_set; i++)
        sets[i] = texts[i];
    int rc = scenario_load(&s, "tests/golden/restart.yaml", &o, &e);
    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    else
        check_run(&s);
    scenario_free(&s);
    return 0;
}
