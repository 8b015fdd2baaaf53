/* Builds at work: pods that are shared, and connections without a byte. Work
 * begins 0.05 s after the dial.
 */
#include "models/system_event.h"
#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/support.h"

/* One pod for so many builds at once; a build that is cut has failed. */
static void prepare(struct fixture *f, uint32_t maxconn, double sharing)
{
    fixture_init(f, 1, 1, 1);
    f->pools[0].autoscaled = false;
    f->backends[0].maxconn = maxconn;
    f->callers[0].client.retry = CLIENT_RETRY_NEW;
    f->p.sharing = sharing;
}

static void expect_end(struct system *s, uint32_t build, enum build_end end,
                       sim_us end_us)
{
    const struct build_result *r = &system_builds(s)[build];

    assert_int_equal(r->end, end);
    assert_int_equal(r->end_us, end_us);
}

static struct system *run(struct fixture *f)
{
    struct system *s = fixture_system(f);

    history_run(s, 0);
    return s;
}

static void finish(struct fixture *f, struct system *s)
{
    system_free(s);
    fixture_free(f);
}

static void test_builds_share_a_pod_without_slowing_by_default(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 4, 0.0);
    fixture_build(&f, 0, 0, 0.0, 300.0);
    fixture_build(&f, 0, 0, 100.0, 100.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_SERVED, 300050 * US_PER_MS);
    expect_end(s, 1, END_SERVED, 200050 * US_PER_MS);
    finish(&f, s);
}

/* The second comes when 200 of 300 s are left. Both at half speed, it takes
 * 200 s; then 100 s are left of the first.
 */
static void test_two_builds_of_a_pod_work_at_half_speed_each(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 4, 1.0);
    fixture_build(&f, 0, 0, 0.0, 300.0);
    fixture_build(&f, 0, 0, 100.0, 100.0);
    struct system *s = run(&f);
    expect_end(s, 1, END_SERVED, 300050 * US_PER_MS);
    expect_end(s, 0, END_SERVED, 400050 * US_PER_MS);
    finish(&f, s);
}

/* Four builds with an exponent of a half: each takes twice as long. */
static void test_an_exponent_below_one_gains_by_sharing(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 4, 0.5);
    for (int i = 0; i < 4; i++)
        fixture_build(&f, 0, 0, 7.0, 100.0);
    struct system *s = run(&f);
    for (uint32_t i = 0; i < 4; i++)
        expect_end(s, i, END_SERVED, 207050 * US_PER_MS);
    finish(&f, s);
}

/* 100 s alone, 50 s at half speed, then 175 s are left. */
static void test_a_build_that_leaves_gives_its_share_back(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 4, 1.0);
    fixture_build(&f, 0, 0, 0.0, 300.0);
    fixture_build(&f, 0, 0, 100.0, 100.0);
    f.t.builds[1].outcome = TRACE_CANCELLED;
    f.t.builds[1].leaves_us = 150050 * US_PER_MS;
    struct system *s = run(&f);
    expect_end(s, 1, END_LEFT, 150050 * US_PER_MS);
    expect_end(s, 0, END_SERVED, 325050 * US_PER_MS);
    finish(&f, s);
}

/* A build that is connected and does not work yet takes no share. */
static void test_a_connection_alone_slows_nobody(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 4, 1.0);
    f.callers[1].client.connect_ok_us = 15 * US_PER_S;
    fixture_build(&f, 0, 0, 0.0, 20.0);
    fixture_build(&f, 0, 1, 10.0, 10.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_SERVED, 20050 * US_PER_MS);
    expect_end(s, 1, END_SERVED, 35 * US_PER_S);
    finish(&f, s);
}

/* ------------------------------------------------------------ silence */

static struct client_params *silent(struct fixture *f, double part,
                                    sim_us limit_us)
{
    struct client_params *c = &f->callers[0].client;

    c->silent_frac = 1.0;
    c->silence_frac = part;
    f->backends[0].inactivity_us = limit_us;
    return c;
}

static void test_a_silence_of_the_limit_is_cut_when_it_is_longer(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 2, 0.0);
    silent(&f, 1.0, 100 * US_PER_S);
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 0.0, 100.000001);
    struct system *s = run(&f);
    expect_end(s, 0, END_SERVED, 100050 * US_PER_MS);
    expect_end(s, 1, END_CUT, 100050 * US_PER_MS);
    assert_int_equal(system_pool(s, 0)->cuts, 1);
    finish(&f, s);
}

static void test_a_build_that_sends_something_is_not_cut(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 2, 0.0);
    f.backends[0].inactivity_us = US_PER_S;
    fixture_build(&f, 0, 0, 0.0, 300.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_SERVED, 300050 * US_PER_MS);
    finish(&f, s);
}

/* 150 of 300 s are silent, at a place that is drawn once a build. */
static void test_a_silence_lies_somewhere_in_the_work(void **state)
{
    struct fixture f;
    struct random_world w = {7, 0, false};
    (void)state;

    prepare(&f, 1, 0.0);
    silent(&f, 0.5, 150 * US_PER_S);
    fixture_build(&f, 0, 0, 0.0, 300.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_SERVED, 300050 * US_PER_MS);
    system_free(s);
    f.backends[0].inactivity_us = 150 * US_PER_S - 1;
    s = run(&f);
    double u = random_u01(&w, DRAW_SILENCE, 0, 1);
    sim_us begins_us = 50 * US_PER_MS + (sim_us)round(150e6 * u);
    assert_true(begins_us > US_PER_S && begins_us < 149 * US_PER_S);
    expect_end(s, 0, END_CUT, begins_us + 150 * US_PER_S - 1);
    finish(&f, s);
}

/* The old classifier takes the cut for a lost connection, each time. */
static void test_a_silent_build_is_cut_in_every_attempt(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 1, 0.0);
    struct client_params *c = silent(&f, 1.0, 100 * US_PER_S);
    c->retry = CLIENT_RETRY_OLD;
    c->attempts = 3;
    fixture_build(&f, 0, 0, 0.0, 300.0);
    struct system *s = run(&f);
    /* 3 x (0.05 + 100) and 2 x (0.05 + 15 + 0.15) between them */
    expect_end(s, 0, END_CUT, 330550 * US_PER_MS);
    assert_int_equal(system_pool(s, 0)->cuts, 3);
    assert_int_equal(system_builds(s)->attempts, 3);
    finish(&f, s);
}

static void test_only_a_share_of_the_builds_is_silent(void **state)
{
    enum { N = 40 };
    struct fixture f;
    struct random_world w = {7, 0, false};
    (void)state;

    prepare(&f, 1, 0.0);
    silent(&f, 1.0, 10 * US_PER_S)->silent_frac = 0.3;
    for (int i = 0; i < N; i++)
        fixture_build(&f, 0, 0, 100.0 * i, 20.0);
    struct system *s = run(&f);
    uint32_t n_cut = 0;
    for (uint32_t i = 0; i < N; i++) {
        bool quiet = random_u01(&w, DRAW_SILENCE, i, 0) < 0.3;
        assert_int_equal(system_builds(s)[i].end, quiet ? END_CUT : END_SERVED);
        n_cut += quiet;
    }
    assert_true(n_cut > 4 && n_cut < 24);
    finish(&f, s);
}

/* Both are silent for 100 s of work, which take 200 s at half speed. */
static void test_a_shared_pod_makes_silences_longer(void **state)
{
    struct fixture f;
    (void)state;

    prepare(&f, 2, 1.0);
    silent(&f, 1.0, 150 * US_PER_S);
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 0.0, 100.0);
    fixture_build(&f, 0, 0, 500.0, 100.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_CUT, 150050 * US_PER_MS);
    expect_end(s, 2, END_SERVED, 600050 * US_PER_MS);
    finish(&f, s);
}

/* Nothing comes from a lost node. Its claim is collected 40 s later and more.
 */
static void test_a_build_on_a_lost_node_is_cut_by_the_limit(void **state)
{
    struct fixture f;
    struct fault lost = {.kind = FAULT_NODE_LOST,
                         .at_us = 100 * US_PER_S,
                         .until_us = SIM_NEVER,
                         .n_nodes = 1,
                         .pool = NO_INDEX};
    (void)state;

    prepare(&f, 1, 0.0);
    f.p.faults = &lost;
    f.p.n_faults = 1;
    f.backends[0].inactivity_us = 39 * US_PER_S;
    fixture_build(&f, 0, 0, 0.0, 110.0);
    struct system *s = run(&f);
    expect_end(s, 0, END_CUT, 139 * US_PER_S);
    finish(&f, s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_builds_share_a_pod_without_slowing_by_default),
        cmocka_unit_test(test_two_builds_of_a_pod_work_at_half_speed_each),
        cmocka_unit_test(test_an_exponent_below_one_gains_by_sharing),
        cmocka_unit_test(test_a_build_that_leaves_gives_its_share_back),
        cmocka_unit_test(test_a_connection_alone_slows_nobody),
        cmocka_unit_test(test_a_silence_of_the_limit_is_cut_when_it_is_longer),
        cmocka_unit_test(test_a_build_that_sends_something_is_not_cut),
        cmocka_unit_test(test_a_silence_lies_somewhere_in_the_work),
        cmocka_unit_test(test_a_silent_build_is_cut_in_every_attempt),
        cmocka_unit_test(test_only_a_share_of_the_builds_is_silent),
        cmocka_unit_test(test_a_shared_pod_makes_silences_longer),
        cmocka_unit_test(test_a_build_on_a_lost_node_is_cut_by_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
