/* import_support.h - imports a text and shows what came of it. */
#ifndef TESTS_IMPORT_SUPPORT_H
#define TESTS_IMPORT_SUPPORT_H

#include "tests/folder.h"

#include "traces/import.h"

#include <inttypes.h>

/* One import; starts from {0}. */
struct got {
    struct trace trace;
    struct import_report report;
    struct err err;
    int rc;
};

static inline void import_file(struct got *g, const char *path,
                               const struct import_options *o)
{
    trace_free(&g->trace);
    g->err.msg[0] = '\0';
    g->rc = trace_import(&g->trace, path, o, &g->report, &g->err);
}

static inline void import_text(struct got *g, const char *text,
                               const struct import_options *o)
{
    write_bytes("in", text, strlen(text));
    import_file(g, "in", o);
}

/* "id run pool +asked work outcome leaves caller|name", one build a line;
 * work is ">" for at least. Owned.
 */
static inline char *describe(const struct trace *t)
{
    static const char *const outcomes[] = {"ok", "error", "cancelled"};
    const struct strings *s = &t->strings;
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];

        fprintf(out, "%s %s %s +%.6f %s%.6f %s", strings_at(s, b->id),
                strings_at(s, b->run), strings_at(s, b->pool),
                s_from_us(b->asked_us), b->censored ? ">" : "",
                s_from_us(b->work_us), outcomes[b->outcome]);
        if (b->leaves_us != SIM_NEVER)
            fprintf(out, " leaves +%.6f", s_from_us(b->leaves_us));
        fprintf(out, " %s|%s\n", strings_at(s, b->caller),
                strings_at(s, b->name));
    }
    fclose(out);
    return text;
}

static inline void assert_builds(const struct got *g, const char *want)
{
    assert_string_equal(g->err.msg, "");
    assert_int_equal(g->rc, ERR_OK);
    char *have = describe(&g->trace);

    assert_string_equal(have, want);
    free(have);
}

/* Every row went one way. */
static inline void assert_rows_add_up(const struct import_report *r)
{
    assert_int_equal(r->rows, r->kept + r->filtered + r->superseded +
                                  r->not_rerun + r->backwards - r->clipped +
                                  r->skipped + r->never_started + r->no_work);
}

static inline void assert_refused(const char *text, int rc, const char *message)
{
    struct got g = {.rc = 0};

    import_text(&g, text, NULL);
    assert_string_equal(g.err.msg, message);
    assert_int_equal(g.rc, rc);
    assert_int_equal(g.trace.n, 0);
    assert_null(g.trace.builds);
}

/* The same with one filter. */
static inline void import_where(struct got *g, const char *text,
                                const char *filter)
{
    const char *const where[] = {filter};
    struct import_options o = {.where = where, .n_where = 1};

    import_text(g, text, &o);
}

static inline void assert_report(const struct import_report *r,
                                 const char *want)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    assert_non_null(out);
    import_report_print(r, out);
    fclose(out);
    assert_string_equal(text, want);
    free(text);
}

#endif
