#include "scenarios/drain_script.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_VARIABLES = 64, NAME = 32 };

struct script {
    const char *path;
    unsigned first_line;
    struct err *err;
    struct variable {
        char name[NAME];
        long value;  /* of its plain number, or -1 */
        bool counts; /* name=$((name + 1)) was seen */
    } variables[MAX_VARIABLES];
    size_t n;
    long sleep_s, looks; /* -1: not found */
    bool sees_connections;
};

static int refuse(const struct script *s, unsigned line, const char *what)
{
    err_set(s->err, ERR_INPUT,
            "%s:%u: drain script not recognised: %s; set the numbers "
            "in the scenario, for instance drain: {poll: 15s, "
            "idle_polls: 2}",
            s->path, line, what);
    return ERR_INPUT;
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static struct variable *find(struct script *s, const char *name, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        if (strlen(s->variables[i].name) == n &&
            memcmp(s->variables[i].name, name, n) == 0)
            return &s->variables[i];
    if (n == 0 || n >= NAME || s->n == MAX_VARIABLES)
        return NULL;
    struct variable *v = &s->variables[s->n++];
    *v = (struct variable){.value = -1};
    memcpy(v->name, name, n);
    return v;
}

/* Skips quotes and opening braces and gives the name behind a "$". */
static const char *variable_name(const char *p, size_t *n)
{
    p += strspn(p, "\"'${");
    for (*n = 0; is_name(p[*n]);)
        ++*n;
    return p;
}

/* A number, "number", $name, "${name}" or ${name:-number}; -1 otherwise. */
static long value_of(struct script *s, const char *p)
{
    size_t n;

    p += strspn(p, "\"' ");
    if (isdigit((unsigned char)*p))
        return strtol(p, NULL, 10);
    if (*p != '$')
        return -1;
    p = variable_name(p, &n);
    if (strncmp(p + n, ":-", 2) == 0 && isdigit((unsigned char)p[n + 2]))
        return strtol(p + n + 2, NULL, 10);
    struct variable *v = find(s, p, n);
    return v ? v->value : -1;
}

/* True if text holds the shell sum "name + 1". */
static bool adds_one(const char *text, const char *name)
{
    const char *p = strstr(text, "$((");
    size_t n = strlen(name);

    if (!p)
        return false;
    p += 3;
    p += strspn(p, " $");
    if (strncmp(p, name, n) != 0 || is_name(p[n]))
        return false;
    p += n + strspn(p + n, " ");
    if (*p != '+')
        return false;
    p += 1 + strspn(p + 1, " ");
    return *p == '1' && !isdigit((unsigned char)p[1]);
}

/* name=... at p */
static void read_assignment(struct script *s, const char *p)
{
    size_t n = 0;

    while (is_name(p[n]))
        n++;
    if (n == 0 || p[n] != '=' || isdigit((unsigned char)*p))
        return;
    struct variable *v = find(s, p, n);
    if (!v)
        return;
    v->counts |= adds_one(p + n + 1, v->name);
    /* A counter that is set back to 0 keeps no value of its own. */
    long value = value_of(s, p + n + 1);
    if (value > 0)
        v->value = value;
}

/* "[ $idle -lt 2 ]": the variable before the operator must be a counter,
 * which is known only at the end; so the last comparison of each is kept.
 */
struct comparison {
    size_t variable;
    long limit;
    unsigned line;
};

static bool read_comparison(struct script *s, const char *start, const char *p,
                            struct comparison *c)
{
    static const struct {
        const char *word;
        long add; /* looks = limit + add */
    } operators[] = {{"-lt ", 0}, {"-ge ", 0}, {"-eq ", 0},
                     {"-ne ", 0}, {"-gt ", 1}, {"-le ", 1}};
    const char *name = p;
    size_t n;

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (strncmp(p, operators[i].word, 4) != 0)
            continue;
        while (name > start && *name != '$')
            name--;
        if (*name != '$')
            return false;
        name = variable_name(name, &n);
        struct variable *v = find(s, name, n);
        long limit = value_of(s, p + 4);
        if (!v || limit < 0 || limit > 1000)
            return false;
        c->variable = (size_t)(v - s->variables);
        c->limit = limit + operators[i].add;
        return true;
    }
    return false;
}

static int read_sleep(struct script *s, const char *p, unsigned line)
{
    long value = value_of(s, p);

    if (value < 1 || value > 3600)
        return refuse(s, line, "sleep needs 1 to 3600 whole seconds");
    if (s->sleep_s >= 0 && s->sleep_s != value)
        return refuse(s, line, "it sleeps for two different times");
    s->sleep_s = value;
    return ERR_OK;
}

/* A word at the start of a command: at the line's start or behind a blank. */
static bool starts_word(const char *line, const char *p)
{
    return p == line || isspace((unsigned char)p[-1]) || p[-1] == ';';
}

struct lines {
    struct comparison comparisons[MAX_VARIABLES];
    size_t n;
};

static int read_script_line(struct script *s, const char *line, unsigned number,
                            struct lines *l)
{
    s->sees_connections |= strstr(line, "netstat") || strstr(line, "ss -") ||
                           strstr(line, "/proc/net/tcp");
    for (const char *p = line; *p; p++) {
        if (*p == '#' && starts_word(line, p))
            return ERR_OK;
        if (*p == '-' && l->n < MAX_VARIABLES &&
            read_comparison(s, line, p, &l->comparisons[l->n])) {
            l->comparisons[l->n++].line = number;
            continue;
        }
        if (!starts_word(line, p))
            continue;
        if (strncmp(p, "sleep ", 6) == 0) {
            int rc = read_sleep(s, p + 6, number);

            if (rc != ERR_OK)
                return rc;
        }
        read_assignment(s, p);
    }
    return ERR_OK;
}

static int read_lines(struct script *s, const char *text, struct lines *l)
{
    for (unsigned number = s->first_line; *text; number++) {
        size_t n = strcspn(text, "\n");
        char line[512];

        if (n >= sizeof line)
            return refuse(s, number, "a very long line");
        memcpy(line, text, n);
        line[n] = 0;
        int rc = read_script_line(s, line, number, l);
        if (rc != ERR_OK)
            return rc;
        text += n + (text[n] == '\n');
    }
    return ERR_OK;
}

/* The comparison of a counter says how many looks it takes. */
static int count_looks(struct script *s, const struct lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct comparison *c = &l->comparisons[i];

        if (!s->variables[c->variable].counts || c->limit == 0)
            continue;
        if (s->looks >= 0 && s->looks != c->limit)
            return refuse(s, c->line, "it counts to two different numbers");
        s->looks = c->limit;
    }
    return ERR_OK;
}

int drain_script_parse(struct drain_script *d, const char *path, unsigned line,
                       const char *text, struct err *e)
{
    struct script s = {
        .path = path, .first_line = line, .err = e, .sleep_s = -1, .looks = -1};
    struct lines l = {.n = 0};
    int rc = read_lines(&s, text, &l);

    if (rc == ERR_OK)
        rc = count_looks(&s, &l);
    if (rc != ERR_OK)
        return rc;
    if (!s.sees_connections)
        return refuse(&s, line,
                      "it does not look at connections with "
                      "netstat, ss or /proc/net/tcp");
    if (s.sleep_s < 0)
        return refuse(&s, line, "no sleep between looks");
    if (s.looks < 0)
        return refuse(&s, line, "no count of idle looks in a row");
    d->poll_us = s.sleep_s * US_PER_S;
    d->idle_looks = (uint32_t)s.looks;
    return ERR_OK;
}
