/* trials.c - the table, and what one run puts into it. */
#include "sim/plan/trials.h"

#include "scenarios/params.h"
#include "sim/base/mem.h"
#include "sim/plan/ranks.h"
#include "sim/plan/trials_parts.h"
#include "sim/plan/verdict.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void trials_init(struct trials *t, const struct scenario *base,
                 const struct histories *h)
{
    *t = (struct trials){
        .base = base,
        .histories = h,
        .n_threads = 1,
        .part = ranks_me(),
        .n_parts = ranks_n(),
    };
}

static void free_setting(const struct trials *t, struct trials_setting *s)
{
    for (size_t i = 0; i < histories_n(t->histories); i++)
        free(s->runs[i].pools);
    free(s->runs);
    free(s->key);
}

void trials_free(struct trials *t)
{
    for (size_t i = 0; i < t->n; i++)
        free_setting(t, &t->settings[i]);
    free(t->settings);
    *t = (struct trials){0};
}

/* ------------------------------------------------------------ settings */

static char *key_of(const char *const set[], size_t n)
{
    char *key, *at;
    size_t size = 1;

    for (size_t i = 0; i < n; i++)
        size += strlen(set[i]) + 1;
    at = key = mem_array(size, 1);
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(set[i]);
        memcpy(at, set[i], length);
        at[length] = '\n';
        at += length + 1;
    }
    return key;
}

/* FNV-1a */
static uint64_t hash_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; *key; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return hash;
}

static bool find(const struct trials *t, const char *key, size_t *setting)
{
    uint64_t hash = hash_of(key);

    for (size_t i = 0; i < t->n; i++)
        if (t->settings[i].hash == hash &&
            strcmp(t->settings[i].key, key) == 0) {
            *setting = i;
            return true;
        }
    return false;
}

/* Takes the key. */
static size_t add(struct trials *t, char *key)
{
    size_t n = histories_n(t->histories);

    assert(t->n < TRIALS_SETTINGS);
    t->settings = mem_grow(t->settings, &t->cap, t->n + 1, sizeof *t->settings);
    t->settings[t->n] = (struct trials_setting){
        hash_of(key), key, mem_array(n, sizeof *t->settings[0].runs)};
    return t->n++;
}

size_t trials_setting_tried(struct trials *t, const char *const set[], size_t n)
{
    char *key = key_of(set, n);
    size_t setting;

    if (!find(t, key, &setting))
        return add(t, key);
    free(key);
    return setting;
}

/* The sets of a key, apart by kind. */
struct sets {
    char text[TRIALS_SETS][TRIALS_SET];
    const char *plain[TRIALS_SETS], *extra[TRIALS_SETS];
    size_t n, n_plain, n_extra;
};

static void split(struct sets *s, const char *key)
{
    s->n = s->n_plain = s->n_extra = 0;
    while (*key) {
        size_t length = strcspn(key, "\n");
        char *text = s->text[s->n];
        assert(s->n < TRIALS_SETS && length < TRIALS_SET);
        memcpy(text, key, length);
        text[length] = '\0';
        if (text[0] == '@')
            s->extra[s->n_extra++] = text;
        else
            s->plain[s->n_plain++] = text;
        s->n++;
        key += length + 1;
    }
}

static int vary(const struct trials *t, const char *key, struct scenario *out,
                struct err *e)
{
    struct sets s;

    split(&s, key);
    int rc = scenario_vary(out, t->base, s.plain, s.n_plain, e);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < s.n_extra && rc == ERR_OK; i++)
        rc = trials_extra(out, s.extra[i], e);
    if (rc == ERR_OK && s.n_extra > 0)
        rc = params_derive(out, e);
    if (rc != ERR_OK)
        scenario_free(out);
    return rc;
}

int trials_setting(struct trials *t, const char *const set[], size_t n,
                   size_t *setting, struct err *e)
{
    char *key = key_of(set, n);
    struct scenario tried;

    if (find(t, key, setting)) {
        free(key);
        return ERR_OK;
    }
    int rc = vary(t, key, &tried, e);
    if (rc != ERR_OK) {
        free(key);
        return rc;
    }
    scenario_free(&tried);
    *setting = add(t, key);
    return ERR_OK;
}

void trials_scenario(const struct trials *t, size_t setting,
                     struct scenario *out)
{
    struct err e;
    int rc = vary(t, t->settings[setting].key, out, &e);

    assert(rc == ERR_OK); /* trials_setting has tried it */
    (void)rc;
}

/* ------------------------------------------------------------ asking */

const struct trial *trials_at(const struct trials *t, size_t setting,
                              size_t history)
{
    assert(setting < t->n && history < histories_n(t->histories));
    return t->settings[setting].runs[history].pools;
}

double trials_total(const struct trials *t, size_t setting, size_t history,
                    size_t figure)
{
    const struct trial *x = trials_at(t, setting, history);
    bool longest =
        figure < GOALS && verdict_is_wait((enum scenario_goal)figure);
    double sum = 0.0;

    assert(x);
    for (size_t i = 0; i < t->base->system.n_pools; i++)
        sum = longest ? fmax(sum, x[i].at[figure]) : sum + x[i].at[figure];
    return sum;
}

void trials_keep(struct trials *t, size_t setting, size_t history,
                 const struct trial x[])
{
    struct trials_run *run = &t->settings[setting].runs[history];
    size_t n = t->base->system.n_pools;

    if (!run->pools)
        run->pools = mem_array(n, sizeof *run->pools);
    memcpy(run->pools, x, n * sizeof *x);
}
