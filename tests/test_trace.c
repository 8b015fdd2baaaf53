#include "tests/import_support.h"

static uint32_t text(struct trace *t, const char *s)
{
    return strings_add(&t->strings, s, strlen(s));
}

static void add(struct trace *t, const char *id, sim_us asked_us)
{
    struct trace_build b = {
        .asked_us = asked_us,
        .work_us = 7,
        .leaves_us = SIM_NEVER,
        .id = text(t, id),
        .run = text(t, "r"),
        .pool = text(t, "amd64"),
    };

    trace_add(t, &b);
}

static const char *id_at(const struct trace *t, size_t i)
{
    return strings_at(&t->strings, t->builds[i].id);
}

static void test_sorting_keeps_the_order_of_builds_asked_together(void **state)
{
    static const char *const want[] = {"d", "b", "a", "c", "e"};
    struct trace t = {0};

    (void)state;
    add(&t, "a", 30);
    add(&t, "b", 29);
    add(&t, "c", 30);
    add(&t, "d", 11);
    add(&t, "e", 30);
    trace_sort(&t);
    for (size_t i = 0; i < t.n; i++)
        assert_string_equal(id_at(&t, i), want[i]);
    trace_free(&t);
}

static void test_many_equal_times_keep_their_order(void **state)
{
    struct trace t = {0};
    char id[16];

    (void)state;
    for (int i = 0; i < 4000; i++) {
        snprintf(id, sizeof id, "%d", i);
        add(&t, id, i == 0 ? 1 : 0);
    }
    trace_sort(&t);
    for (int i = 1; i < 4000; i++) {
        snprintf(id, sizeof id, "%d", i);
        assert_string_equal(id_at(&t, (size_t)i - 1), id);
    }
    assert_string_equal(id_at(&t, 3999), "0");
    trace_free(&t);
}

static void test_the_origin_moves_to_the_first_build_of_a_dated_trace(void **s)
{
    struct trace t = {.absolute = true, .span_us = 5000};

    (void)s;
    add(&t, "late", 1700);
    add(&t, "first", 1300);
    t.builds[0].outcome = TRACE_CANCELLED;
    t.builds[0].leaves_us = 2100;
    trace_sort(&t);
    assert_int_equal(t.origin_us, 1300);
    assert_int_equal(t.span_us, 3700);
    assert_int_equal(t.builds[0].asked_us, 0);
    assert_int_equal(t.builds[0].leaves_us, SIM_NEVER);
    assert_int_equal(t.builds[1].asked_us, 400);
    assert_int_equal(t.builds[1].leaves_us, 800);
    trace_free(&t);
}

static void test_an_origin_before_the_first_build_stays(void **state)
{
    struct trace t = {.absolute = true, .origin_us = 77, .span_us = 900};

    (void)state;
    add(&t, "a", 300);
    trace_sort(&t);
    assert_int_equal(t.origin_us, 77);
    assert_int_equal(t.builds[0].asked_us, 300);
    assert_int_equal(t.span_us, 900);
    trace_free(&t);
}

static void test_an_origin_behind_the_first_build_moves_back(void **state)
{
    struct trace t = {.absolute = true, .origin_us = 1000, .span_us = 900};

    (void)state;
    add(&t, "a", -300);
    trace_sort(&t);
    assert_int_equal(t.origin_us, 700);
    assert_int_equal(t.builds[0].asked_us, 0);
    assert_int_equal(t.span_us, 1200);
    trace_free(&t);
}

static void test_a_relative_trace_keeps_its_start(void **state)
{
    struct trace t = {0};

    (void)state;
    add(&t, "a", 300);
    trace_sort(&t);
    assert_int_equal(t.builds[0].asked_us, 300);
    assert_int_equal(t.origin_us, 0);
    trace_free(&t);
}

static void test_the_span_holds_the_last_build(void **state)
{
    struct trace t = {.span_us = 300};

    (void)state;
    add(&t, "a", 300);
    trace_sort(&t);
    assert_int_equal(t.span_us, 301);
    trace_free(&t);
}

static void test_an_empty_trace_sorts_and_is_freed_twice(void **state)
{
    struct trace t = {0};

    (void)state;
    trace_sort(&t);
    assert_int_equal(t.n, 0);
    trace_free(&t);
    trace_free(&t);
}

/* Everything that a trace can hold, with awkward texts. */
static void fill(struct trace *t)
{
    static const char *const names[] = {
        "plain",    "a, b",     "say \"x\"", "two\nlines", "=1+1",
        "'=quoted", "''-twice", "'plain",    "-x",         "@y",
        "",         "\xff\xfe", "tab\there", " blanks ",   "back\\slash",
        "return\r", "\\N",      "null",      "#mark",      "x'=y",
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char id[16];

        snprintf(id, sizeof id, "b%zu", i);
        add(t, id, (sim_us)(i / 2) * 1234567 + 1);
        struct trace_build *b = &t->builds[t->n - 1];

        b->name = text(t, names[i]);
        b->caller = text(t, names[(i + 7) % 20]);
        b->work_us = i == 3 ? 0 : (sim_us)i * 100000100000 + 1;
        b->censored = i % 3 == 0;
        b->outcome = (uint8_t)(i % 3);
        if (b->outcome == TRACE_CANCELLED)
            b->leaves_us = b->asked_us + (sim_us)i * 500001;
    }
}

static void assert_same(const struct trace *a, const struct trace *b)
{
    assert_int_equal(a->origin_us, b->origin_us);
    assert_int_equal(a->span_us, b->span_us);
    assert_int_equal(a->absolute, b->absolute);
    assert_int_equal(a->synthetic, b->synthetic);
    char *want = describe(a), *have = describe(b);

    assert_string_equal(have, want);
    free(want);
    free(have);
}

static void round_trip(const struct trace *t, const char *path)
{
    struct got g = {.rc = 0};
    struct err e = {.msg = ""};

    assert_int_equal(trace_write(t, path, &e), ERR_OK);
    import_file(&g, path, NULL);
    assert_string_equal(g.err.msg, "");
    assert_int_equal(g.report.format, IMPORT_NATIVE);
    assert_same(t, &g.trace);
    trace_free(&g.trace);
}

static void test_a_dated_trace_is_read_as_it_was_written(void **state)
{
    struct trace t = {
        .absolute = true,
        .origin_us = INT64_C(1780963200000001),
        .span_us = 90000000001,
    };

    (void)state;
    fill(&t);
    round_trip(&t, "t.csv");
    trace_free(&t);
}

static void test_a_relative_synthetic_trace_is_too_and_compressed(void **state)
{
    struct trace t = {.synthetic = true, .span_us = 90000000001};

    (void)state;
    fill(&t);
    round_trip(&t, "t.csv.gz");
    trace_free(&t);
}

/* The furthest that any import can give. */
static void test_a_trace_of_centuries_is_read_as_it_was_written(void **state)
{
    struct trace t = {.absolute = true, .origin_us = US_PER_DAY};

    (void)state;
    add(&t, "first", 0);
    add(&t, "last", INT64_C(7258118400) * US_PER_S - US_PER_DAY - 1);
    t.builds[1].work_us = INT64_C(7258118400) * US_PER_S;
    t.span_us = 2 * t.builds[1].work_us;
    round_trip(&t, "t.csv");
    trace_free(&t);
}

static void test_a_trace_is_written_in_plain_columns(void **state)
{
    struct trace t = {
        .absolute = true,
        .synthetic = true,
        .origin_us = INT64_C(1780963200) * US_PER_S, /* 2026-06-09 */
        .span_us = US_PER_DAY + 500000,
    };
    struct err e;

    (void)state;
    add(&t, "b1", 61385000);
    t.builds[0].work_us = 1500000001;
    t.builds[0].censored = true;
    t.builds[0].outcome = TRACE_CANCELLED;
    t.builds[0].leaves_us = 62 * US_PER_S;
    t.builds[0].name = text(&t, "-a, b");
    assert_int_equal(trace_write(&t, "t.csv", &e), ERR_OK);
    assert_content("t.csv",
                   "# drydock trace, synthetic: made up, not recorded\n"
                   "# window: 2026-06-09T00:00:00Z 86400.5\n"
                   "build,run,pool,asked_at,work_s,outcome,leaves_at,caller,"
                   "name\n"
                   "b1,r,amd64,2026-06-09T00:01:01.385Z,>1500.000001,"
                   "cancelled,2026-06-09T00:01:02Z,,\"'-a, b\"\n");
    trace_free(&t);
}

static void test_a_trace_cannot_be_written_into_nowhere(void **state)
{
    struct trace t = {.span_us = 1};
    struct err e = {.msg = ""};

    (void)state;
    assert_int_equal(trace_write(&t, "no/such/t.csv", &e), ERR_IO);
    assert_non_null(strstr(e.msg, "no/such/t.csv"));
    assert_non_null(strstr(e.msg, "No such file or directory"));
    trace_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorting_keeps_the_order_of_builds_asked_together),
        cmocka_unit_test(test_many_equal_times_keep_their_order),
        cmocka_unit_test(
            test_the_origin_moves_to_the_first_build_of_a_dated_trace),
        cmocka_unit_test(test_an_origin_before_the_first_build_stays),
        cmocka_unit_test(test_an_origin_behind_the_first_build_moves_back),
        cmocka_unit_test(test_a_relative_trace_keeps_its_start),
        cmocka_unit_test(test_the_span_holds_the_last_build),
        cmocka_unit_test(test_an_empty_trace_sorts_and_is_freed_twice),
        IN_FOLDER(test_a_dated_trace_is_read_as_it_was_written),
        IN_FOLDER(test_a_relative_synthetic_trace_is_too_and_compressed),
        IN_FOLDER(test_a_trace_of_centuries_is_read_as_it_was_written),
        IN_FOLDER(test_a_trace_is_written_in_plain_columns),
        IN_FOLDER(test_a_trace_cannot_be_written_into_nowhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
