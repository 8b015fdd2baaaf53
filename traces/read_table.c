#include "traces/readers.h"

#include <ctype.h>
#include <string.h>

/* Where the columns of the header go. */
struct table {
    uint32_t column[N_JOB_FIELDS]; /* of each field, or NO_INDEX */
    uint32_t where[WHERE_MAX];     /* of each filter, or NO_INDEX */
    size_t n_columns;
};

/* Length of a table's name and its dot before a column's, or 0. */
static size_t table_length(struct slice name)
{
    size_t n = 0;

    while (n < name.n &&
           (isalnum((unsigned char)name.s[n]) || name.s[n] == '_'))
        n++;
    return n < name.n && name.s[n] == '.' ? n + 1 : 0;
}

/* A join writes "j.id" where a plain query writes "id". */
static void drop_tables(struct record *r)
{
    for (size_t i = 0; i < r->n; i++) {
        size_t n = table_length(r->fields[i]);

        r->fields[i].s += n;
        r->fields[i].n -= n;
    }
}

static void find_columns(struct table *t, const struct record *r,
                         const struct jobs *j)
{
    const char *work = j->options->work_column;

    memset(t, 0xff, sizeof *t); /* NO_INDEX everywhere */
    for (size_t i = 0; i < n_job_aliases; i++) {
        const char *name = job_aliases[i].column;
        uint32_t *column = &t->column[job_aliases[i].field];

        if (job_aliases[i].field < N_JOB_COLUMNS && *column == NO_INDEX)
            *column = record_find(r, name, strlen(name));
    }
    for (size_t i = 0; i < j->where.n; i++) {
        struct slice name = j->where.clauses[i].field;

        t->where[i] = record_find(r, name.s, name.n);
    }
    if (work)
        t->column[JOB_WORK] = record_find(r, work, strlen(work));
    t->n_columns = r->n;
}

static bool has_time(const struct table *t)
{
    return t->column[JOB_CREATED] != NO_INDEX ||
           t->column[JOB_RUN_CREATED] != NO_INDEX ||
           t->column[JOB_STARTED] != NO_INDEX ||
           t->column[JOB_STEP_STARTED] != NO_INDEX;
}

static int check_columns(const struct table *t, const struct record *r,
                         const struct jobs *j, struct err *e)
{
    const char *work = j->options->work_column;

    if (!has_time(t) && record_find(r, "asked_at", 8) != NO_INDEX)
        return input_fail(r->in, r->line, e,
                          "asked_at is of drydock's own format, which also "
                          "needs the columns build, pool and work_s");
    if (!has_time(t))
        return input_fail(r->in, r->line, e,
                          "no column says when a job began; one of "
                          "started_at, created_at, run_created_at, "
                          "build_started_at or start_time is needed%s",
                          r->n == 1 ? ", and a comma or a tab between columns"
                                    : "");
    if (work && t->column[JOB_WORK] == NO_INDEX)
        return input_fail(r->in, r->line, e, "no column \"%.60s\" for the work",
                          work);
    return ERR_OK;
}

static struct slice at_column(const struct record *r, uint32_t column)
{
    return column == NO_INDEX ? (struct slice){NULL, 0} : r->fields[column];
}

static void fill_row(struct job_row *row, const struct table *t,
                     const struct record *r, size_t n_where)
{
    for (size_t i = 0; i < N_JOB_FIELDS; i++)
        row->f[i] = at_column(r, t->column[i]);
    for (size_t i = 0; i < n_where; i++)
        row->where[i] = at_column(r, t->where[i]);
    row->line = r->line;
}

int read_table(struct record *r, struct jobs *j, struct err *e)
{
    struct table table;
    struct job_row row = {.line = 0};

    drop_tables(r);
    find_columns(&table, r, j);
    int rc = check_columns(&table, r, j, e);
    if (rc != ERR_OK)
        return rc;
    while ((rc = record_next(r, e)) > 0) {
        if (r->n != table.n_columns)
            return input_fail(r->in, r->line, e,
                              "%zu fields, but the header has %zu", r->n,
                              table.n_columns);
        fill_row(&row, &table, r, j->where.n);
        rc = jobs_add_row(j, &row, r->in, e);
        if (rc != ERR_OK)
            return rc;
    }
    return rc;
}
