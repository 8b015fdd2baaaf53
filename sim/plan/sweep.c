/* sweep.c - the grid. */
#include "sim/plan/sweep.h"

#include "scenarios/params.h"
#include "sim/base/mem.h"
#include "sim/plan/sweep_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ axes */

static int check_value(const struct sweep_axis *a, const char *value,
                       struct err *e)
{
    if (value[0] == '\0')
        return err_set(e, ERR_USAGE, "--vary %s: an empty value", a->key);
    if (strlen(value) >= SWEEP_TEXT)
        return err_set(e, ERR_USAGE, "--vary %s: a value is too long", a->key);
    if (strpbrk(value, "\t\n"))
        return err_set(e, ERR_USAGE, "--vary %s: a value has more than a line",
                       a->key);
    if (a->n == SWEEP_VALUES)
        return err_set(e, ERR_USAGE, "--vary %s: more than %d values", a->key,
                       SWEEP_VALUES);
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->values[i], value) == 0)
            return err_set(e, ERR_USAGE, "--vary %s: %s is there twice", a->key,
                           value);
    return ERR_OK;
}

/* Characters up to the next comma outside of brackets. */
static size_t value_length(const char *text)
{
    size_t n = 0;

    for (int depth = 0; text[n] && (text[n] != ',' || depth > 0); n++) {
        depth += text[n] == '(';
        depth -= text[n] == ')' && depth > 0;
    }
    return n;
}

static int add_values(struct sweep_axis *a, const char *text, struct err *e)
{
    size_t n;

    for (;; text += n + 1) {
        n = value_length(text);
        char *value = mem_text(text, n);
        int rc = check_value(a, value, e);
        if (rc != ERR_OK) {
            free(value);
            return rc;
        }
        a->values[a->n++] = value;
        if (text[n] == '\0')
            return ERR_OK;
    }
}

int sweep_vary(struct sweep *s, const char *text, struct err *e)
{
    const char *equals = strchr(text, '=');

    if (!equals || equals == text)
        return err_set(e, ERR_USAGE, "--vary %s: it must be KEY=A,B,...", text);
    if (s->n_axes == SWEEP_AXES)
        return err_set(e, ERR_USAGE, "more than %d --vary", SWEEP_AXES);
    if (equals - text >= SWEEP_TEXT - 1)
        return err_set(e, ERR_USAGE, "--vary %.40s...: the key is too long",
                       text);
    struct sweep_axis a = {.key = mem_text(text, (size_t)(equals - text))};

    a.values = mem_array(SWEEP_VALUES, sizeof *a.values);
    s->axes[s->n_axes++] = a;
    for (size_t i = 0; i + 1 < s->n_axes; i++)
        if (strcmp(s->axes[i].key, a.key) == 0)
            return err_set(e, ERR_USAGE, "--vary %s is there twice", a.key);
    return add_values(&s->axes[s->n_axes - 1], equals + 1, e);
}

void sweep_free(struct sweep *s)
{
    for (size_t i = 0; i < s->n_axes; i++) {
        for (size_t k = 0; k < s->axes[i].n; k++)
            free(s->axes[i].values[k]);
        free(s->axes[i].values);
        free(s->axes[i].key);
    }
    free(s->settings);
    free(s->values);
    *s = (struct sweep){0};
}

/* ------------------------------------------------------------ settings */

static const char *value_at(const struct sweep *s, size_t place, size_t axis)
{
    for (size_t i = s->n_axes; --i > axis;)
        place /= s->axes[i].n;
    return s->axes[axis].values[place % s->axes[axis].n];
}

void sweep_sets(const struct sweep *s, size_t place, struct sweep_sets *x)
{
    x->n = place == SIZE_MAX ? 0 : s->n_axes;
    for (size_t i = 0; i < x->n; i++) {
        (void)snprintf(x->text[i], sizeof x->text[i], "%s=%s", s->axes[i].key,
                       value_at(s, place, i));
        x->set[i] = x->text[i];
    }
}

/* Each value by itself, before anything is run. */
static int check_values(const struct sweep *s, struct err *e)
{
    struct scenario copy;
    int rc = scenario_vary(&copy, s->base, NULL, 0, e);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < s->n_axes && rc == ERR_OK; i++)
        for (size_t k = 0; k < s->axes[i].n && rc == ERR_OK; k++)
            rc = params_set(&copy, s->axes[i].key, s->axes[i].values[k],
                            ORIGIN_OPTION, e);
    scenario_free(&copy);
    return rc;
}

static bool same(const void *a, const void *b, size_t n, size_t size)
{
    return n == 0 || memcmp(a, b, n * size) == 0;
}

/* The parts of the parameters that are no arrays, and the bytes between them.
 */
static void copy_plain(struct system_params *x, const struct system_params *p)
{
    memcpy(x, p, sizeof *x);
    x->pools = NULL;
    x->links = NULL;
    x->callers = NULL;
    x->faults = NULL;
    x->lb.backends = NULL;
    x->karpenter.faults = NULL;
}

/* Whether two copies of one scenario would run alike, byte for byte. */
static bool is_same(const struct scenario *a, const struct scenario *b)
{
    const struct system_params *x = &a->system, *y = &b->system;
    struct system_params px, py;

    copy_plain(&px, x);
    copy_plain(&py, y);
    return same(&px, &py, 1, sizeof px) &&
           same(x->pools, y->pools, x->n_pools, sizeof *x->pools) &&
           same(x->links, y->links, x->n_links, sizeof *x->links) &&
           same(x->callers, y->callers, x->n_callers, sizeof *x->callers) &&
           same(x->faults, y->faults, x->n_faults, sizeof *x->faults) &&
           same(a->backends, b->backends, x->lb.n_backends,
                sizeof *a->backends) &&
           same(a->sold_out, b->sold_out, a->n_sold_out, sizeof *a->sold_out);
}

static void add_setting(struct sweep *s, size_t place)
{
    s->settings = mem_grow(s->settings, &s->cap, s->n + 1, sizeof *s->settings);
    s->settings[s->n++] = (struct sweep_setting){.place = place};
}

static void add_place(struct sweep *s, size_t place,
                      const struct scenario *today)
{
    struct scenario here;
    struct sweep_sets x;
    struct err e;

    sweep_sets(s, place, &x);
    if (scenario_vary(&here, s->base, x.set, x.n, &e) != ERR_OK) {
        if (s->n_impossible++ == 0)
            s->impossible = e;
        return;
    }
    if (s->settings[0].place == SIZE_MAX && is_same(&here, today))
        s->settings[0].place = place;
    else
        add_setting(s, place);
    scenario_free(&here);
}

static int count_grid(struct sweep *s, struct err *e)
{
    s->n_grid = 1;
    for (size_t i = 0; i < s->n_axes; i++) {
        s->n_grid *= s->axes[i].n;
        if (s->n_grid > SWEEP_SETTINGS)
            return err_set(e, ERR_INPUT,
                           "the grid has more than %d settings; vary less",
                           SWEEP_SETTINGS);
    }
    return ERR_OK;
}

int sweep_make(struct sweep *s, const struct scenario *base, uint32_t n_reps,
               struct err *e)
{
    struct scenario today;

    assert(n_reps >= 1 && n_reps <= HISTORIES_MAX);
    s->base = base;
    s->n_reps = n_reps;
    int rc = count_grid(s, e);
    if (rc == ERR_OK)
        rc = check_values(s, e);
    if (rc == ERR_OK)
        rc = scenario_vary(&today, base, NULL, 0, e);
    if (rc != ERR_OK)
        return rc;
    add_setting(s, SIZE_MAX);
    for (size_t place = 0; place < s->n_grid; place++)
        add_place(s, place, &today);
    scenario_free(&today);
    if (s->n_impossible == s->n_grid)
        return err_set(e, ERR_INPUT, "no setting is possible: %.900s",
                       s->impossible.msg);
    if (s->n * n_reps > SWEEP_RUNS)
        return err_set(e, ERR_INPUT,
                       "%zu settings of %u replications are more than %d runs",
                       s->n, n_reps, SWEEP_RUNS);
    return ERR_OK;
}

/* ------------------------------------------------------------ asking */

void sweep_value(const struct sweep *s, size_t setting, size_t axis,
                 char out[SWEEP_TEXT])
{
    size_t place = s->settings[setting].place;
    struct err e;

    if (place != SIZE_MAX)
        (void)snprintf(out, SWEEP_TEXT, "%s", value_at(s, place, axis));
    else if (params_get(s->base, s->axes[axis].key, out, &e) != ERR_OK)
        out[0] = '\0';
}

const double *sweep_metric(const struct sweep *s, size_t setting, size_t metric)
{
    return &s->values[(setting * SWEEP_METRICS + metric) * s->n_reps];
}
