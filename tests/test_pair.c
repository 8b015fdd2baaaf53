#include "tests/plot_rig.h"

#include "plots/pair.h"
#include "sim/base/file.h"

#include <stdlib.h>
#include <unistd.h>

/* Two sides and a folder that is gone afterwards. */
struct pair_rig {
    struct rig side[2];
    char folder[64];
};

static void init(struct pair_rig *x)
{
    (void)snprintf(x->folder, sizeof x->folder, "/tmp/test-pair-XXXXXX");
    assert_non_null(mkdtemp(x->folder));
    for (int i = 0; i < 2; i++)
        rig_init(&x->side[i], 2, 7200);
}

static char *read_one(const struct pair_rig *x, const char *name)
{
    char path[128];
    char *text;
    size_t n;
    struct err e = {""};

    (void)snprintf(path, sizeof path, "%s/plots/%s", x->folder, name);
    if (file_read(path, 1 << 20, &text, &n, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return text;
}

static void assert_in(const struct pair_rig *x, const char *name,
                      const char *part)
{
    char *text = read_one(x, name);

    if (!strstr(text, part))
        fail_msg("'%s' is not in %s:\n%.900s", part, name, text);
    free(text);
}

static void draw(struct pair_rig *x)
{
    struct err e = {""};

    if (pair_draw(x->folder, &x->side[0].in, &x->side[1].in, &e) != ERR_OK)
        fail_msg("%s", e.msg);
}

static void done(struct pair_rig *x)
{
    static const char *const names[] = {"pair_burst", "pair_waits"};
    static const char *const ends[] = {"gp", "dat", "svg", "png"};
    char path[128];

    for (size_t i = 0; i < 8; i++) {
        (void)snprintf(path, sizeof path, "%s/plots/%s.%s", x->folder,
                       names[i / 4], ends[i % 4]);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/plots", x->folder);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(x->folder), 0);
    for (int i = 0; i < 2; i++)
        trace_free(&x->side[i].t);
}

static void test_the_worse_burst_is_shown_for_both(void **state)
{
    struct pair_rig x;
    (void)state;

    init(&x);
    /* Before: 3 wait for 1000 s; after: 7 wait for 90 s, in the other pool. */
    rig_row(&x.side[0], 1000, 0, (struct pool_state){.waiting = 3, .ready = 2},
            0);
    rig_row(&x.side[0], 2000, 0, (struct pool_state){.ready = 5}, 0);
    rig_row(&x.side[1], 3000, 1, (struct pool_state){.waiting = 7, .ready = 1},
            0);
    rig_row(&x.side[1], 3090, 1, (struct pool_state){.ready = 8}, 0);
    draw(&x);
    assert_in(&x, "pair_burst.gp",
              "Builds waiting in the worst burst: 7 for 1m 30s; before the "
              "change 3 for 16m 40s");
    assert_in(&x, "pair_burst.gp", "| pool arm64 |");
    /* 2400 to 3690 s in 360 columns of 3.583 s; nothing of arm64 before. */
    assert_in(&x, "pair_burst.dat", " 0.000 7.000 0.000 1.000\n");
    assert_in(&x, "pair_burst.dat", " 0.000 0.000 0.000 8.000\n");
    done(&x);
}

static void test_waits_of_both_are_told(void **state)
{
    struct pair_rig x;
    (void)state;

    init(&x);
    for (int i = 0; i < 2; i++)
        rig_row(&x.side[i], 10, 0, (struct pool_state){.waiting = 1}, 0);
    rig_build(&x.side[0], 0, 10, 300);
    rig_build(&x.side[1], 0, 10, 45);
    draw(&x);
    assert_in(&x, "pair_waits.gp",
              "95 % of builds wait at most 45 s after the change, 5m 00s "
              "before");
    assert_in(&x, "pair_waits.gp", "before: 1 build, 0 % did not wait");
    done(&x);
}

static void test_nobody_waits(void **state)
{
    struct pair_rig x;
    (void)state;

    init(&x);
    draw(&x);
    assert_in(&x, "pair_burst.gp", "Nobody waits, before or after");
    done(&x);
}

static void test_names_stay_in_their_quotes(void **state)
{
    struct pair_rig x;
    (void)state;

    init(&x);
    x.side[0].names[0] = x.side[1].names[0] = "a\"'; `x` $y";
    rig_row(&x.side[0], 10, 0, (struct pool_state){.waiting = 1}, 0);
    draw(&x);
    char *text = read_one(&x, "pair_burst.gp");
    assert_null(strstr(text, "a\"'"));
    assert_null(strstr(text, "`x`"));
    free(text);
    done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_worse_burst_is_shown_for_both),
        cmocka_unit_test(test_waits_of_both_are_told),
        cmocka_unit_test(test_nobody_waits),
        cmocka_unit_test(test_names_stay_in_their_quotes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
