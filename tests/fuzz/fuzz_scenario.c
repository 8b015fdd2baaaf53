/* fuzz_scenario.c - any bytes as a scenario, with a trace and manifests that
 * are known to be good. Lines behind a zero byte are --set options. What is
 * accepted runs to its end.
 */
#include "models/system.h"
#include "scenarios/params.h"
#include "scenarios/scenario.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_SETS = 8 };

/* Splits text[n] at its newlines, in place. Returns the number of pieces. */
static size_t split(char *text, const char *sets[MAX_SETS])
{
    size_t n = 0;

    for (char *word = strtok(text, "\n"); word && n < MAX_SETS;
         word = strtok(NULL, "\n"))
        sets[n++] = word;
    return n;
}

/* What is in force can be said again. */
static void check_parameters(const struct scenario *s)
{
    char value[PARAM_TEXT];
    struct err e = {0};

    for (size_t i = 0; i < params_count(); i++) {
        int rc = params_get(s, params_row(i)->key, value, &e);
        fuzz_check(rc != ERR_OK || strlen(value) < sizeof value);
    }
}

static void run(const struct scenario *s)
{
    const struct random_world w = {.seed = 1};
    struct system *y =
        system_new(&s->system, &s->trace, s->pool_of, s->caller_of);
    uint64_t builds = 0;

    system_run(y, &w, NULL);
    for (size_t i = 0; i < s->system.n_pools; i++)
        for (int end = 0; end < END_KINDS; end++)
            builds += system_pool(y, i)->ends[end];
    fuzz_check(builds <= s->trace.n);
    system_free(y);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const manifests[] = {"tests/golden/manifests/pool.yaml"};
    const uint8_t *zero = n > 0 ? memchr(bytes, 0, n) : NULL;
    size_t n_scenario = zero ? (size_t)(zero - bytes) : n;
    char *options = zero ? fuzz_text(zero + 1, n - n_scenario - 1) : NULL;
    const char *sets[MAX_SETS];
    char path[FUZZ_PATH];
    const struct scenario_options o = {
        .trace = "tests/golden/fuzz.csv",
        .manifests = manifests,
        .n_manifests = 1,
        .set = sets,
        .n_set = options ? split(options, sets) : 0,
    };
    struct scenario s;
    struct err e = {0};
    int fd = fuzz_file(bytes, n_scenario, path);
    int rc = scenario_load(&s, path, &o, &e);

    close(fd);
    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
    } else {
        check_parameters(&s);
        run(&s);
    }
    scenario_free(&s);
    free(options);
    return 0;
}
