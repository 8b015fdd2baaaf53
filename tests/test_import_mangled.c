/* Every sample and seed, cut short and with bytes changed: an import ends well
 * or says what is wrong, and what it gives is a sound trace. Runs in the root
 * of the project.
 */
#include "tests/import_support.h"

/* A file as it was, and the copy that is mangled. */
struct victim {
    char *whole;
    size_t n;
    char path[64];
};

static void assert_sound(const struct trace *t)
{
    sim_us last_us = 0;

    assert_true(t->n > 0);
    for (size_t i = 0; i < t->n; i++) {
        const struct trace_build *b = &t->builds[i];

        assert_true(b->asked_us >= last_us && b->work_us >= 0);
        assert_true(b->leaves_us >= b->asked_us);
        assert_true((b->outcome == TRACE_CANCELLED) ==
                    (b->leaves_us != SIM_NEVER));
        assert_true(b->id != 0 && b->run != 0 && b->pool != 0);
        last_us = b->asked_us;
    }
    assert_true(t->span_us > last_us);
}

static void assert_import_is_sound(const char *path)
{
    struct got g = {.rc = 0};

    import_file(&g, path, NULL);
    if (g.rc == ERR_OK) {
        assert_sound(&g.trace);
        assert_rows_add_up(&g.report);
    } else {
        assert_int_equal(g.rc, ERR_INPUT);
        assert_int_equal(strncmp(g.err.msg, path, strlen(path)), 0);
        assert_null(g.trace.builds);
    }
    trace_free(&g.trace);
}

static void mangle(struct victim *v)
{
    static const char bytes[] = "\0\n\"\\,\t-9{]'\xff;# >:T";
    size_t k = 0;

    for (size_t n = 0; n <= v->n; n += 11) {
        write_bytes(v->path, v->whole, n);
        assert_import_is_sound(v->path);
    }
    for (size_t i = 0; i < v->n; i += 7, k++) {
        char was = v->whole[i];

        v->whole[i] = bytes[k % (sizeof bytes - 1)];
        write_bytes(v->path, v->whole, v->n);
        assert_import_is_sound(v->path);
        v->whole[i] = was;
    }
}

static void mangle_folder(const char *folder)
{
    struct victim v = {.path = P_tmpdir "/drydock-XXXXXX"};
    DIR *files = opendir(folder);
    const struct dirent *entry;
    size_t n = 0;
    struct err e;
    int fd = mkstemp(v.path);

    assert_non_null(files);
    assert_true(fd >= 0);
    close(fd);
    while ((entry = readdir(files))) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = path_join(folder, entry->d_name);

        assert_int_equal(file_read(path, 1 << 20, &v.whole, &v.n, &e), ERR_OK);
        assert_import_is_sound(path);
        mangle(&v);
        free(v.whole);
        free(path);
        n++;
    }
    closedir(files);
    unlink(v.path);
    assert_true(n > 5);
}

static void test_no_mangled_sample_does_harm(void **state)
{
    (void)state;
    mangle_folder("traces/data/samples");
}

static void test_no_mangled_seed_does_harm(void **state)
{
    (void)state;
    mangle_folder("tests/corpus/trace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_mangled_sample_does_harm),
        cmocka_unit_test(test_no_mangled_seed_does_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
