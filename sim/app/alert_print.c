/* alert_print.c - two tables. */
#include "sim/app/alert_print.h"

#include "sim/app/colour.h"
#include "sim/base/text.h"

#include <string.h>

enum { CELL = 64, NAME = 40, TROUBLES_SHOWN = 30 };

/* ------------------------------------------------------------ finding */

static const char *labels_of(const struct alert_case *c,
                             const struct alert_spell *x)
{
    return strings_at(&c->spells->strings, x->labels);
}

static uint32_t pool_of(const struct alert_case *c, const struct alert_spell *x)
{
    return spell_pool(c->scenario, labels_of(c, x));
}

static bool is_of(const struct alert_case *c, const struct alert_spell *x,
                  const char *alert)
{
    return strcmp(strings_at(&c->spells->strings, x->alert), alert) == 0;
}

/* The first spell that covers a trouble; of one alert, or of any if NULL. */
static const struct alert_spell *
seen_by(const struct alert_case *c, const struct trouble *t, const char *alert)
{
    const struct alert_spell *first = NULL;

    for (size_t i = 0; i < c->spells->n; i++) {
        const struct alert_spell *x = &c->spells->at[i];
        if (alert && !is_of(c, x, alert))
            continue;
        if (spell_covers(x, pool_of(c, x), t) &&
            (!first || x->from_us < first->from_us))
            first = x;
    }
    return first;
}

/* From the beginning of the trouble; an alert that fires already needs none. */
static sim_us delay_us(const struct alert_spell *x, const struct trouble *t)
{
    return x->from_us > t->from_us ? x->from_us - t->from_us : 0;
}

size_t alert_unseen(const struct alert_case *c)
{
    size_t n = 0;

    for (size_t i = 0; i < c->troubles->n; i++)
        n += !seen_by(c, &c->troubles->at[i], NULL);
    return n;
}

/* ------------------------------------------------------------ words */

static void at_text(const struct alert_case *c, sim_us at_us, char out[40])
{
    const struct trace *t = &c->scenario->trace;

    if (t->absolute)
        timestamp_print(t->origin_us + at_us / US_PER_S * US_PER_S, out);
    else
        (void)snprintf(out, 40, "%.0f s", s_from_us(at_us));
}

static void span_text(sim_us us, char out[32])
{
    duration_print((us + US_PER_S / 2) / US_PER_S * US_PER_S, out);
}

/* ------------------------------------------------------------ alerts */

struct sum {
    size_t n, meaning[4], covered, faults;
    sim_us firing_us, delay_us;
};

static void sum_spells(const struct alert_case *c, const char *alert,
                       struct sum *s)
{
    for (size_t i = 0; i < c->spells->n; i++) {
        const struct alert_spell *x = &c->spells->at[i];
        uint32_t trouble;
        if (!is_of(c, x, alert))
            continue;
        s->n++;
        s->firing_us += x->until_us - x->from_us;
        s->meaning[spell_judge(x, pool_of(c, x), c->troubles, c->scenario,
                               &trouble)]++;
    }
}

static void sum_faults(const struct alert_case *c, const char *alert,
                       struct sum *s)
{
    const struct system_params *p = &c->scenario->system;

    for (size_t f = 0; f < p->n_faults; f++) {
        bool touched = false;
        for (size_t i = 0; i < c->spells->n; i++) {
            const struct alert_spell *x = &c->spells->at[i];
            touched = touched ||
                      (is_of(c, x, alert) &&
                       spell_touches_fault(x, pool_of(c, x), &p->faults[f]));
        }
        s->faults += touched;
    }
}

static struct sum sum_of(const struct alert_case *c, const char *alert)
{
    struct sum s = {0};

    sum_spells(c, alert, &s);
    sum_faults(c, alert, &s);
    for (size_t i = 0; i < c->troubles->n; i++) {
        const struct trouble *t = &c->troubles->at[i];
        const struct alert_spell *x = seen_by(c, t, alert);
        if (!x)
            continue;
        s.covered++;
        s.delay_us += delay_us(x, t);
    }
    return s;
}

static void print_alert(const struct alert_case *c, const char *alert,
                        FILE *out)
{
    struct sum s = sum_of(c, alert);
    char name[NAME], firing[32], after[32] = "-", covers[CELL], faults[CELL];

    text_plain(alert, name, sizeof name);
    span_text(s.firing_us, firing);
    if (s.covered > 0)
        span_text(s.delay_us / (sim_us)s.covered, after);
    (void)snprintf(covers, sizeof covers, "%zu/%zu", s.covered, c->troubles->n);
    (void)snprintf(faults, sizeof faults, "%zu/%zu", s.faults,
                   c->scenario->system.n_faults);
    fprintf(out, "%-38s %6zu %9s %8s %8s %7s %5zu %6zu\n", name, s.n, firing,
            covers, after, faults, s.meaning[SPELL_NEAR],
            s.meaning[SPELL_FALSE]);
}

/* Several rules may share a name: they are one alert. */
static bool is_first(const struct alert_rules *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (!r->rules[k].records &&
            strcmp(r->rules[k].name, r->rules[i].name) == 0)
            return false;
    return !r->rules[i].records;
}

/* ------------------------------------------------------------ troubles */

static void print_seen(const struct alert_case *c, const struct trouble *t,
                       FILE *out)
{
    bool any = false;

    for (size_t i = 0; i < c->rules->n; i++) {
        if (!is_first(c->rules, i))
            continue;
        const struct alert_spell *x = seen_by(c, t, c->rules->rules[i].name);
        char name[NAME], after[32];
        if (!x)
            continue;
        text_plain(c->rules->rules[i].name, name, sizeof name);
        span_text(delay_us(x, t), after);
        fprintf(out, "%s%s after %s", any ? ", " : "", name, after);
        any = true;
    }
    fputs(any ? "\n" : "nobody\n", out);
}

static void print_trouble(const struct alert_case *c, size_t i, FILE *out)
{
    const struct trouble *t = &c->troubles->at[i];
    char pool[CELL], at[40], span[32];

    text_plain(c->scenario->system.pools[t->pool].name, pool, sizeof pool);
    at_text(c, t->from_us, at);
    span_text(t->until_us - t->from_us, span);
    fprintf(out, "%7zu  %-8s %-20s %9s %7u %4u  ", i + 1, pool, at, span,
            t->n_waiting, t->n_lost);
    print_seen(c, t, out);
}

static void print_troubles(const struct alert_case *c, FILE *out)
{
    size_t shown =
        c->troubles->n < TROUBLES_SHOWN ? c->troubles->n : TROUBLES_SHOWN;

    if (shown == 0)
        return;
    fprintf(out, "\n%7s  %-8s %-20s %9s %7s %4s  %s\n", "trouble", "pool",
            "from", "lasts", "waiting", "lost", "seen by");
    for (size_t i = 0; i < shown; i++)
        print_trouble(c, i, out);
    if (shown < c->troubles->n)
        fprintf(out, "and %zu more\n", c->troubles->n - shown);
}

/* ------------------------------------------------------------ the whole */

static void print_answer(const struct alert_case *c, FILE *out)
{
    size_t unseen = alert_unseen(c), wrong = 0;
    char bound[32];

    for (size_t i = 0; i < c->spells->n; i++) {
        uint32_t trouble;
        const struct alert_spell *x = &c->spells->at[i];
        wrong += spell_judge(x, pool_of(c, x), c->troubles, c->scenario,
                             &trouble) == SPELL_FALSE;
    }
    enum colour colour = c->troubles->n == 0 ? COLOUR_PLAIN
                         : unseen > 0        ? COLOUR_BAD
                                             : COLOUR_GOOD;

    colour_begin(out, colour);
    if (c->troubles->n == 0)
        fprintf(out, "no trouble");
    else if (unseen > 0)
        fprintf(out, "no: %zu of %zu troubles seen by no alert", unseen,
                c->troubles->n);
    else
        fprintf(out, "yes: all %zu troubles seen", c->troubles->n);
    colour_end(out, colour);
    fprintf(out, "; %zu false alarm%s\n", wrong, wrong == 1 ? "" : "s");
    duration_print(trouble_bound_us(c->scenario), bound);
    fprintf(out,
            "trouble: a build waits longer than %s, or is given up, killed, "
            "cut or timed out\n\n",
            bound);
}

void alert_print(const struct alert_case *c, FILE *out)
{
    print_answer(c, out);
    fprintf(out, "%-38s %6s %9s %8s %8s %7s %5s %6s\n", "alert", "fired", "for",
            "covers", "after", "faults", "near", "false");
    for (size_t i = 0; i < c->rules->n; i++)
        if (is_first(c->rules, i))
            print_alert(c, c->rules->rules[i].name, out);
    print_troubles(c, out);
}

/* ------------------------------------------------------------ CSV */

static void put_time(const struct alert_case *c, sim_us at_us, FILE *out)
{
    char text[40];

    if (c->scenario->trace.absolute)
        timestamp_print(c->scenario->trace.origin_us + at_us, text);
    else
        (void)snprintf(text, sizeof text, "%.6f", s_from_us(at_us));
    fprintf(out, "%s,", text);
}

void alert_csv(const struct alert_case *c, FILE *out)
{
    fputs("alert,labels,pool,from,until,firing_s,meaning,trouble\n", out);
    for (size_t i = 0; i < c->spells->n; i++) {
        const struct alert_spell *x = &c->spells->at[i];
        uint32_t trouble, pool = pool_of(c, x);
        enum spell_meaning m =
            spell_judge(x, pool, c->troubles, c->scenario, &trouble);
        text_csv(out, strings_at(&c->spells->strings, x->alert));
        putc(',', out);
        text_csv(out, labels_of(c, x));
        putc(',', out);
        text_csv(out,
                 pool == NO_INDEX ? "" : c->scenario->system.pools[pool].name);
        putc(',', out);
        put_time(c, x->from_us, out);
        put_time(c, x->until_us, out);
        fprintf(out, "%.6f,%s,", s_from_us(x->until_us - x->from_us),
                spell_meaning_name(m));
        if (trouble != NO_INDEX)
            fprintf(out, "%u", trouble + 1);
        putc('\n', out);
    }
}

void trouble_csv(const struct alert_case *c, FILE *out)
{
    fputs("trouble,pool,from,until,waiting,lost,seen_by,delay_s\n", out);
    for (size_t i = 0; i < c->troubles->n; i++) {
        const struct trouble *t = &c->troubles->at[i];
        const struct alert_spell *x = seen_by(c, t, NULL);
        fprintf(out, "%zu,", i + 1);
        text_csv(out, c->scenario->system.pools[t->pool].name);
        putc(',', out);
        put_time(c, t->from_us, out);
        put_time(c, t->until_us, out);
        fprintf(out, "%u,%u,", t->n_waiting, t->n_lost);
        text_csv(out, x ? strings_at(&c->spells->strings, x->alert) : "");
        if (x)
            fprintf(out, ",%.6f\n", s_from_us(delay_us(x, t)));
        else
            fputs(",\n", out);
    }
}
