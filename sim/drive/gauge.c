#include "sim/drive/gauge.h"

#include <stdlib.h>
#include <string.h>

enum { FIELD = 64 };

/* Field i of a line of comma-separated plain values; "" if there is none. */
static void field(const char *line, size_t i, char out[FIELD])
{
    size_t n;

    for (; i > 0; i--) {
        line += strcspn(line, ",\n");
        if (*line == ',')
            line++;
    }
    n = strcspn(line, ",\n");
    if (n >= FIELD)
        n = FIELD - 1;
    memcpy(out, line, n);
    out[n] = '\0';
}

/* Column of a name in the first line, which begins with "# "; -1: none. */
static long column(const char *table, const char *name)
{
    char text[FIELD];
    size_t n = 1;

    for (const char *p = table; *p && *p != '\n'; p++)
        n += *p == ',';
    for (size_t i = 0; i < n; i++) {
        field(table, i, text);
        if (strcmp(text, name) == 0)
            return (long)i;
    }
    return -1;
}

static int32_t number(const char *line, long i)
{
    char text[FIELD];

    field(line, (size_t)i, text);
    return (int32_t)strtol(text, NULL, 10);
}

int gauge_read(struct gauge *g, const char *table, const char *backend,
               struct err *e)
{
    const char *head = strncmp(table, "# ", 2) == 0 ? table + 2 : "";
    long name = column(head, "pxname"), kind = column(head, "svname");
    long scur = column(head, "scur"), qcur = column(head, "qcur");
    long act = column(head, "act");

    *g = (struct gauge){0};
    if (name < 0 || kind < 0 || scur < 0 || qcur < 0 || act < 0)
        return err_set(e, ERR_IO,
                       "HAProxy's table of statistics is not "
                       "there");
    for (const char *line = head; *line; line += *line == '\n') {
        char text[2][FIELD];

        field(line, (size_t)name, text[0]);
        field(line, (size_t)kind, text[1]);
        if (strcmp(text[0], backend) == 0 && strcmp(text[1], "BACKEND") == 0) {
            *g = (struct gauge){number(line, scur), number(line, qcur),
                                number(line, act)};
            return ERR_OK;
        }
        line += strcspn(line, "\n");
    }
    return err_set(e, ERR_IO, "HAProxy has no statistics of the backend %s",
                   backend);
}

struct gauge_range gauge_range(const struct timeline_row rows[], size_t n,
                               uint32_t pool, size_t offset, sim_us at_us,
                               sim_us reach_us)
{
    struct gauge_range r = {0, 0};

    for (size_t i = 0; i < n && rows[i].at_us <= at_us + reach_us; i++) {
        if (rows[i].pool != pool)
            continue;
        int32_t value;
        memcpy(&value, (const char *)&rows[i].state + offset, sizeof value);
        /* What holds at the near end of the reach is in it. */
        if (rows[i].at_us <= at_us - reach_us) {
            r = (struct gauge_range){value, value};
            continue;
        }
        if (value < r.least)
            r.least = value;
        if (value > r.most)
            r.most = value;
    }
    return r;
}

int32_t gauge_outside(int32_t value, struct gauge_range r)
{
    if (value < r.least)
        return r.least - value;
    return value > r.most ? value - r.most : 0;
}
