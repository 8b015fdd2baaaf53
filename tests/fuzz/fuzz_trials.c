/* fuzz_trials.c - any bytes behind a good first line as the runs that an
 * interrupted search left. What is accepted is in the table.
 */
#include "sim/plan/size_study.h"
#include "sim/plan/trials_file.h"
#include "tests/fuzz/fuzz.h"

/* What the search is about, and where its file is; the same for every input. */
struct search {
    struct scenario s;
    struct histories h;
    struct resample_source source;
    char folder[32];
    char path[64];
};

static struct search *search(void);

static void remove_folder(void)
{
    (void)unlink(search()->path);
    (void)rmdir(search()->folder);
}

static void make_folder(struct search *x)
{
    (void)snprintf(x->folder, sizeof x->folder, "/tmp/fuzz-trials-XXXXXX");
    fuzz_check(mkdtemp(x->folder) != NULL);
    (void)snprintf(x->path, sizeof x->path, "%s/trials.txt", x->folder);
    fuzz_check(atexit(remove_folder) == 0);
}

static struct search *search(void)
{
    static struct search x;
    struct histories_task task = {&x.source, 1, 5, 1, 2};
    struct err e;

    if (x.s.trace.n > 0)
        return &x;
    int rc = scenario_load(&x.s, "tests/golden/burst.yaml", NULL, &e);
    x.source = (struct resample_source){&x.s.trace, 1.0};
    if (rc == ERR_OK)
        rc = histories_make(&x.h, &task, &e);
    fuzz_check(rc == ERR_OK);
    make_folder(&x);
    return &x;
}

static void init(struct trials *t)
{
    struct search *x = search();

    trials_init(t, &x->s, &x->h);
}

/* The file that a search without any run leaves, and the bytes behind it. */
static void write_file(const uint8_t *bytes, size_t n)
{
    struct search *x = search();
    struct trials t;
    struct err e;
    size_t n_found;

    init(&t);
    fuzz_check(trials_file_open(&t, x->folder, false, &n_found, &e) == ERR_OK);
    fuzz_check(trials_file_close(&t, &e) == ERR_OK);
    trials_free(&t);

    FILE *out = fopen(x->path, "a");

    fuzz_check(out && ftell(out) > 0);
    fuzz_check(fwrite(bytes, 1, n, out) == n);
    fuzz_check(fclose(out) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct trials t;
    struct err e = {0};
    size_t n_found = 99;

    write_file(bytes, n);
    init(&t);
    int rc = trials_file_open(&t, search()->folder, true, &n_found, &e);

    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    else
        fuzz_check(trials_file_close(&t, &e) == ERR_OK);
    trials_free(&t);
    return 0;
}
