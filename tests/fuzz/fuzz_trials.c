/* fuzz_trials.c - any bytes behind a good first line as the runs that an
 * interrupted search left. What is accepted is in the table.
 */
#include "sim/plan/size_study.h"
#include "sim/plan/trials_file.h"
#include "tests/fuzz/fuzz.h"

/* What the search is about; the same for every input. */
struct search {
    struct scenario s;
    struct histories h;
    struct resample_source source;
};

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
    return &x;
}

static void init(struct trials *t)
{
    struct search *x = search();

    trials_init(t, &x->s, &x->h);
}

/* The file that a search without any run leaves. */
static void write_head(const char *path)
{
    struct trials t;
    struct err e;
    size_t n_found;

    init(&t);
    fuzz_check(trials_file_open(&t, path, false, &n_found, &e) == ERR_OK);
    fuzz_check(trials_file_close(&t, &e) == ERR_OK);
    trials_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char path[FUZZ_PATH];
    struct trials t;
    struct err e = {0};
    size_t n_found = 99;
    int fd = fuzz_memory();

    (void)snprintf(path, FUZZ_PATH, "/proc/self/fd/%d", fd);
    write_head(path);
    fuzz_check(lseek(fd, 0, SEEK_END) > 0);
    fuzz_check(n == 0 || write(fd, bytes, n) == (ssize_t)n);
    init(&t);
    int rc = trials_file_open(&t, path, true, &n_found, &e);

    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    else
        fuzz_check(trials_file_close(&t, &e) == ERR_OK);
    trials_free(&t);
    close(fd);
    return 0;
}
