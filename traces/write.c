#include "traces/import.h"

#include "sim/base/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Seconds with as many decimals as it takes, so that none is lost. */
static void put_seconds(FILE *out, sim_us us)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRId64 ".%06" PRId64, us / US_PER_S,
                     us % US_PER_S);

    while (text[n - 1] == '0')
        n--;
    if (text[n - 1] == '.')
        n--;
    fprintf(out, "%.*s", n, text);
}

static void put_time(FILE *out, const struct trace *t, sim_us us)
{
    char text[40];

    if (!t->absolute) {
        put_seconds(out, us);
        return;
    }
    timestamp_print(t->origin_us + us, text);
    fputs(text, out);
}

/* A text that a spreadsheet would run as a formula gets a quote before it, and
 * so does one that already looks like that: reading takes one away.
 */
static bool looks_like_formula(const char *text)
{
    char c = text[strspn(text, "'")];

    return c != '\0' && strchr("=+-@", c) != NULL;
}

static void put_text(FILE *out, const char *text)
{
    bool quoted = text[strcspn(text, ",\"\r\n")] != '\0';
    const char *before = looks_like_formula(text) ? "'" : "";

    if (!quoted) {
        fprintf(out, "%s%s", before, text);
        return;
    }
    fprintf(out, "\"%s", before);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            putc('"', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void put_build(FILE *out, const struct trace *t,
                      const struct trace_build *b)
{
    static const char *const outcomes[] = {[TRACE_OK] = "ok",
                                           [TRACE_ERROR] = "error",
                                           [TRACE_CANCELLED] = "cancelled"};
    const uint32_t before[] = {b->id, b->run, b->pool};
    const struct strings *s = &t->strings;

    for (size_t i = 0; i < 3; i++) {
        put_text(out, strings_at(s, before[i]));
        putc(',', out);
    }
    put_time(out, t, b->asked_us);
    putc(',', out);
    if (b->censored)
        putc('>', out);
    put_seconds(out, b->work_us);
    fprintf(out, ",%s,", outcomes[b->outcome]);
    if (b->leaves_us != SIM_NEVER)
        put_time(out, t, b->leaves_us);
    putc(',', out);
    put_text(out, strings_at(s, b->caller));
    putc(',', out);
    put_text(out, strings_at(s, b->name));
    putc('\n', out);
}

static void put_head(FILE *out, const struct trace *t)
{
    fprintf(out, "# drydock trace%s\n# window: ",
            t->synthetic ? ", synthetic: made up, not recorded" : "");
    put_time(out, t, 0);
    putc(' ', out);
    put_seconds(out, t->span_us);
    fputs("\nbuild,run,pool,asked_at,work_s,outcome,leaves_at,caller,name\n",
          out);
}

int trace_write(const struct trace *t, const char *path, struct err *e)
{
    struct sink sink;
    int rc = sink_open(&sink, path, e);

    if (rc != ERR_OK)
        return rc;
    put_head(sink.out, t);
    for (size_t i = 0; i < t->n; i++)
        put_build(sink.out, t, &t->builds[i]);
    return sink_close(&sink, e);
}
