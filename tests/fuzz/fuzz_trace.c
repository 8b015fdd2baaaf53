/* fuzz_trace.c - any bytes as a history. What is accepted is sorted and inside
 * its window, and is the same trace after writing and reading it again.
 */
#include "tests/fuzz/fuzz.h"

#include "traces/import.h"

static void check_order(const struct trace *t)
{
    fuzz_check(t->span_us >= 0);
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];

        fuzz_check(b->asked_us >= 0);
        fuzz_check(b->asked_us < t->span_us);
        fuzz_check(i == 0 || b[-1].asked_us <= b->asked_us);
        fuzz_check(b->work_us >= 0);
        fuzz_check(b->outcome <= TRACE_CANCELLED);
        fuzz_check((b->outcome == TRACE_CANCELLED) ==
                   (b->leaves_us != SIM_NEVER));
        fuzz_check(b->leaves_us >= b->asked_us);
    }
}

static bool same_text(const struct trace *a, uint32_t in_a,
                      const struct trace *b, uint32_t in_b)
{
    return strcmp(strings_at(&a->strings, in_a),
                  strings_at(&b->strings, in_b)) == 0;
}

static void check_same(const struct trace *a, const struct trace *b)
{
    fuzz_check(a->n == b->n);
    fuzz_check(a->origin_us == b->origin_us);
    fuzz_check(a->span_us == b->span_us);
    fuzz_check(a->absolute == b->absolute);
    for (size_t i = 0; i < a->n; i++) {
        const struct trace_build *x = &a->builds[i], *y = &b->builds[i];

        fuzz_check(x->asked_us == y->asked_us);
        fuzz_check(x->work_us == y->work_us);
        fuzz_check(x->leaves_us == y->leaves_us);
        fuzz_check(x->outcome == y->outcome);
        fuzz_check(x->censored == y->censored);
        fuzz_check(same_text(a, x->id, b, y->id));
        fuzz_check(same_text(a, x->run, b, y->run));
        fuzz_check(same_text(a, x->pool, b, y->pool));
        fuzz_check(same_text(a, x->caller, b, y->caller));
        fuzz_check(same_text(a, x->name, b, y->name));
    }
}

/* Standard output is a file in memory here: a sink writes that in place, and
 * libFuzzer talks on standard error only.
 */
static void check_round_trip(const struct trace *t)
{
    int fd = fuzz_memory();
    struct trace again;
    struct err e = {0};

    fuzz_check(dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
    close(fd);
    fuzz_check(trace_write(t, "-", &e) == ERR_OK);
    int rc = trace_import(&again, "/proc/self/fd/1", NULL, NULL, &e);
    if (rc != ERR_OK)
        fprintf(stderr, "its own file is refused: %s\n", e.msg);
    fuzz_check(rc == ERR_OK);
    check_same(t, &again);
    trace_free(&again);
}

static void check_counts(const struct import_report *r, const struct trace *t)
{
    fuzz_check(r->kept == t->n);
    if (r->format == IMPORT_TABLE || r->format == IMPORT_JSON)
        fuzz_check(r->rows == r->kept + r->filtered + r->superseded +
                                  r->not_rerun + (r->backwards - r->clipped) +
                                  r->skipped + r->never_started + r->no_work);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const char *const where[] = {"name~docker", "status!=queued"};
    static const struct import_options chosen = {
        .where = where, .n_where = 2, .default_work_us = 7 * US_PER_S};
    bool filtered = n > 0 && bytes[n - 1] == '~';
    struct import_report r = {0};
    char path[FUZZ_PATH];
    struct trace t;
    struct err e = {0};
    int fd = fuzz_file(bytes, n, path);
    int rc = trace_import(&t, path, filtered ? &chosen : NULL, &r, &e);

    close(fd);
    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
        fuzz_check(t.n == 0 && t.builds == NULL);
        return 0;
    }
    check_order(&t);
    check_counts(&r, &t);
    check_round_trip(&t);
    trace_free(&t);
    return 0;
}
