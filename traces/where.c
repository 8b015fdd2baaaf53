#define _GNU_SOURCE /* memmem */

#include "traces/where.h"

#include <string.h>

static int parse_clause(struct where_clause *c, const char *text, struct err *e)
{
    size_t n = strcspn(text, "=!~");
    const char *op = text + n;
    size_t n_op = *op == '!' ? 2 : 1;

    if (n == 0 || *op == '\0' || (*op == '!' && op[1] != '='))
        return err_set(e, ERR_USAGE,
                       "filter \"%.80s\": write field=glob, field!=glob or "
                       "field~text",
                       text);
    *c = (struct where_clause){
        .text = text,
        .field = {text, n},
        .value = op + n_op,
        .how = *op,
    };
    return ERR_OK;
}

int where_init(struct where *w, const char *const texts[], size_t n,
               struct err *e)
{
    *w = (struct where){0};
    if (n > WHERE_MAX)
        return err_set(e, ERR_USAGE, "more than %d filters", WHERE_MAX);
    for (; w->n < n; w->n++) {
        int rc = parse_clause(&w->clauses[w->n], texts[w->n], e);

        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

/* Matches one byte of the pattern; steps over what it took of it. */
static bool match_one(const char **glob, char c)
{
    const char *at = *glob;

    if (*at == '\\' && at[1] != '\0')
        at++;
    else if (*at == '?')
        c = '?';
    if (*at == '\0' || *at != c)
        return false;
    *glob = at + 1;
    return true;
}

/* Only the last star is ever taken up again: what an earlier one could still
 * match, the last one can match too. So the effort is at most the product of
 * the lengths, whatever the pattern.
 */
static bool matches(const char *glob, struct slice v)
{
    const char *after_star = NULL;
    size_t taken = 0, i = 0;

    while (i < v.n) {
        if (*glob == '*') {
            after_star = ++glob;
            taken = i;
        } else if (match_one(&glob, v.s[i])) {
            i++;
        } else if (after_star) {
            glob = after_star;
            i = ++taken;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

static bool clause_holds(const struct where_clause *c, struct slice v)
{
    switch (c->how) {
    case '=':
        return matches(c->value, v);
    case '!':
        return !matches(c->value, v);
    default:
        return *c->value == '\0' ||
               (v.n > 0 && memmem(v.s, v.n, c->value, strlen(c->value)));
    }
}

bool where_keeps(struct where *w, const struct slice values[])
{
    bool keeps = true;

    for (size_t i = 0; i < w->n; i++) {
        struct where_clause *c = &w->clauses[i];

        c->met = c->met || values[i].s;
        if (keeps && !clause_holds(c, values[i])) {
            c->removed++;
            keeps = false;
        }
    }
    return keeps;
}

const struct where_clause *where_unmet(const struct where *w)
{
    for (size_t i = 0; i < w->n; i++)
        if (!w->clauses[i].met)
            return &w->clauses[i];
    return NULL;
}
