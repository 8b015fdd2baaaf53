/* Connections to pods that are dead or stuck, balancers that are replaced, and
 * pods that stand in two backends.
 */
#include "tests/fixture.h"
#include "tests/support.h"
#include "tests/watch.h"

struct rig {
    struct fixture f;
    struct system *s;
    struct watch w;
    struct timeline_row rows[4096];
    size_t n_rows;
};

static struct rig g;

static void on_row(void *context, const struct timeline_row *r)
{
    struct rig *rig = context;

    assert_true(rig->n_rows < 4096);
    rig->rows[rig->n_rows++] = *r;
}

static void on_note(void *context, const struct note *n)
{
    watch_on_note(&((struct rig *)context)->w, n);
}

/* A fixed pool, both of whose pods stand on one node. */
static int prepare(void **state)
{
    (void)state;
    memset(&g, 0, sizeof g);
    fixture_init(&g.f, 1, 2, 2);
    g.f.pools[0].autoscaled = false;
    g.f.callers[0].client.retry = CLIENT_RETRY_NEW;
    return 0;
}

static int finish(void **state)
{
    (void)state;
    watch_free(&g.w);
    system_free(g.s);
    fixture_free(&g.f);
    return 0;
}

static void run(struct fault *faults, size_t n)
{
    struct random_world world = {7, 0, false};
    struct system_observer o = {
        .context = &g, .on_note = on_note, .on_row = on_row};

    g.f.p.faults = faults;
    g.f.p.n_faults = n;
    g.s = fixture_system(&g.f);
    system_run(g.s, &world, &o);
}

static const struct build_result *result(uint32_t build)
{
    return &system_builds(g.s)[build];
}

/* Times of the build's notes of a kind, in seconds, one after the other. */
static void expect(uint32_t build, enum note_kind kind, const double at_s[],
                   size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < g.w.n; i++) {
        const struct note *note = &g.w.note[i];
        if (note->kind != kind || note->a != build)
            continue;
        if (k < n)
            assert_int_equal(note->at_us, us_from_s(at_s[k]));
        k++;
    }
    assert_true(k >= n);
}
#define EXPECT(build, kind, ...)                                               \
    expect(build, kind, (const double[]){__VA_ARGS__},                         \
           sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

/* The level at an instant, all its events done. */
static struct pool_state state_at(double at_s)
{
    struct pool_state found = {0};

    for (size_t i = 0; i < g.n_rows; i++)
        if (g.rows[i].at_us <= us_from_s(at_s))
            found = g.rows[i].state;
    return found;
}

/* ------------------------------------------------------------ dead pods */

static struct fault lost = {.kind = FAULT_NODE_LOST,
                            .at_us = 100 * US_PER_S,
                            .until_us = SIM_NEVER,
                            .n_nodes = 1,
                            .pool = NO_INDEX};

/* Four connects of 5 s: the client's own 20 s are over at the same time. Who
 * comes behind is closed after 5 s, and dials again a second later.
 */
static void test_a_dead_pod_swallows_a_dial_for_20_s(void **state)
{
    (void)state;
    fixture_build(&g.f, 0, 0, 101.0, 10.0);
    fixture_build(&g.f, 0, 0, 103.0, 10.0);
    fixture_build(&g.f, 0, 0, 104.0, 10.0);
    run(&lost, 1);
    EXPECT(0, NOTE_SILENT, 101.0, 106.0, 111.0, 116.0);
    EXPECT(0, NOTE_HUNG_UP, 121.0);
    EXPECT(1, NOTE_SILENT, 103.0, 108.0, 113.0, 118.0);
    EXPECT(1, NOTE_HUNG_UP, 123.0);
    EXPECT(2, NOTE_QUEUED, 104.0, 110.0);
    EXPECT(2, NOTE_CLOSED, 109.0);
}

/* The checks get no answer either. That of slot 1 begins 5 ms later and fails
 * at 102.005, 106.005 and 110.005; that of slot 0 has just been, and the next
 * ones fail at 104, 108 and 112.
 */
static void test_a_dead_pod_is_down_after_10_to_12_s(void **state)
{
    (void)state;
    fixture_build(&g.f, 0, 0, 112.001, 10.0);
    run(&lost, 1);
    assert_int_equal(state_at(110.004).reachable, 2);
    assert_int_equal(state_at(110.005).reachable, 1);
    assert_int_equal(state_at(111.999).reachable, 1);
    assert_int_equal(state_at(112.0).reachable, 0);
    EXPECT(0, NOTE_TURNED_AWAY, 112.001);
}

/* The build on the dead pod is cut by the limit of 30 s; the dial that waited
 * for its slot has 10 of its 20 s left when it meets the pod.
 */
static void test_a_queued_dial_keeps_its_own_deadline(void **state)
{
    (void)state;
    g.f.pools[0].replicas = 1;
    g.f.backends[0].check = false;
    g.f.backends[0].queue_us = 60 * US_PER_S;
    g.f.backends[0].inactivity_us = 30 * US_PER_S;
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 1, 120.0, 10.0);
    run(&lost, 1);
    assert_int_equal(result(0)->end_us, 130 * US_PER_S);
    EXPECT(1, NOTE_SILENT, 130.0, 135.0);
    EXPECT(1, NOTE_HUNG_UP, 140.0);
    assert_int_equal(result(1)->end, END_GAVE_UP);
    assert_int_equal(result(1)->end_us, 140 * US_PER_S);
}

/* ------------------------------------------------------------ stuck */

static struct fault stuck(double for_s, uint32_t pods, bool shut)
{
    return (struct fault){.kind = FAULT_DAEMON_STUCK,
                          .at_us = 100 * US_PER_S,
                          .until_us = us_from_s(100.0 + for_s),
                          .pool = NO_INDEX,
                          .n_pods = pods,
                          .shut = shut};
}

/* The build on it stands still for 50 s. */
static void test_a_build_on_a_stuck_daemon_stands_still(void **state)
{
    struct fault f = stuck(50.0, 1, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 1.0, 300.0);
    run(&f, 1);
    assert_int_equal(result(0)->end_us, 350050 * US_PER_MS);
    assert_int_equal(result(1)->end_us, 301050 * US_PER_MS);
    assert_int_equal(state_at(140.0).reachable, 2); /* its port is open */
}

/* The dial is accepted and gets no answer: the client leaves after 20 s, the
 * pod does not close, so the slot stays taken. At 140 s the daemon sees the
 * end of the stream, and the second dial gets the slot 1 ms later; its first
 * poll after 140.051 is at 141.
 */
static void test_a_stuck_daemon_keeps_the_slot_of_who_left(void **state)
{
    struct fault f = stuck(40.0, 2, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 110.0, 10.0);
    g.f.callers[0].client.redial_gap =
        (struct dist){DIST_CONSTANT, 0.5, 0.5, 0.5, 0.5};
    run(&f, 1);
    EXPECT(1, NOTE_SILENT, 110.0);
    EXPECT(1, NOTE_HUNG_UP, 130.0);
    EXPECT(1, NOTE_QUEUED, 131.0, 136.5);
    assert_int_equal(result(1)->served_us, 140001 * US_PER_MS);
    assert_int_equal(result(1)->end_us, 151 * US_PER_S);
    assert_int_equal(result(0)->end_us, 340050 * US_PER_MS);
}

/* Nobody answers for long: the balancer's own limit frees the slot. */
static void test_the_limit_frees_the_slot_of_a_stuck_daemon(void **state)
{
    struct fault f = stuck(1000.0, 2, false);
    (void)state;

    g.f.pools[0].replicas = 1;
    g.f.backends[0].inactivity_us = 60 * US_PER_S;
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 1, 110.0, 10.0);
    fixture_build(&g.f, 0, 1, 186.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_HUNG_UP, 130.0);
    EXPECT(1, NOTE_SILENT, 190.0); /* 130 + 60 */
    EXPECT(1, NOTE_HUNG_UP, 206.0);
}

/* A client that still waits is served when the daemon answers. */
static void test_a_dial_is_served_when_the_daemon_answers(void **state)
{
    struct fault f = stuck(15.0, 2, false);
    (void)state;

    fixture_build(&g.f, 0, 0, 110.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_SILENT, 110.0);
    assert_int_equal(result(0)->served_us, 115 * US_PER_S);
    assert_int_equal(result(0)->end_us, 125050 * US_PER_MS);
    assert_int_equal(result(0)->dials, 1);
}

/* Refused at once and 1, 2, 3 s later; DOWN after three checks, 4 to 6 s. */
static void test_a_closed_port_refuses_and_goes_down(void **state)
{
    struct fault f = stuck(60.0, 2, true);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 300.0);
    fixture_build(&g.f, 0, 0, 101.0, 10.0);
    run(&f, 1);
    EXPECT(1, NOTE_SILENT, 101.0, 102.0, 103.0, 104.0);
    EXPECT(1, NOTE_CLOSED, 104.0);
    assert_int_equal(state_at(103.999).reachable, 2);
    assert_int_equal(state_at(106.0).reachable, 0);
    /* Two good checks after 160 s. */
    assert_int_equal(state_at(161.999).reachable, 0);
    assert_int_equal(state_at(164.0).reachable, 2);
    assert_int_equal(result(0)->end_us, 360050 * US_PER_MS);
}

static void test_only_so_many_daemons_are_stuck(void **state)
{
    struct fault f = stuck(60.0, 1, true);
    (void)state;

    fixture_build(&g.f, 0, 0, 500.0, 1.0);
    run(&f, 1);
    assert_int_equal(state_at(110.0).reachable, 1);
    assert_int_equal(state_at(170.0).reachable, 2);
}

/* ------------------------------------------------------------ reload */

static struct fault reload(double at_s, double grace_s)
{
    return (struct fault){.kind = FAULT_LB_RELOAD,
                          .at_us = us_from_s(at_s),
                          .until_us = us_from_s(at_s + grace_s),
                          .gap_us = us_from_s(grace_s),
                          .pool = NO_INDEX};
}

/* Queued at 102, replaced at 103: closed at 107 as if nothing had been. The
 * new process knows of no build, so the next dial shares the pod.
 */
static void test_the_queue_of_the_old_process_keeps_its_5_s(void **state)
{
    struct fault f = reload(103.0, 30.0);
    (void)state;

    g.f.pools[0].replicas = 1;
    fixture_build(&g.f, 0, 0, 0.0, 110.0);
    fixture_build(&g.f, 0, 0, 102.0, 10.0);
    run(&f, 1);
    EXPECT(1, NOTE_CLOSED, 107.0);
    assert_int_equal(result(1)->served_us, 108 * US_PER_S);
    assert_int_equal(result(0)->end_us, 110050 * US_PER_MS);
    assert_int_equal(result(0)->end, END_SERVED);
}

static void test_the_old_process_still_serves_its_queue(void **state)
{
    struct fault f = reload(103.0, 30.0);
    (void)state;

    g.f.pools[0].replicas = 1;
    fixture_build(&g.f, 0, 0, 0.0, 105.0);
    fixture_build(&g.f, 0, 0, 102.0, 10.0);
    run(&f, 1);
    assert_int_equal(result(1)->served_us, 105050 * US_PER_MS);
    assert_int_equal(result(1)->end, END_SERVED);
    assert_int_equal(result(1)->dials, 1);
}

/* Each process has its own grace, and cuts its own builds. */
static void test_a_second_reload_has_a_grace_of_its_own(void **state)
{
    struct fault f[] = {reload(100.0, 30.0), reload(110.0, 30.0)};
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 400.0);
    fixture_build(&g.f, 0, 0, 105.0, 400.0);
    fixture_build(&g.f, 0, 0, 120.0, 400.0);
    run(f, 2);
    assert_int_equal(result(0)->end, END_CUT);
    assert_int_equal(result(0)->end_us, 130 * US_PER_S);
    assert_int_equal(result(1)->end, END_CUT);
    assert_int_equal(result(1)->end_us, 140 * US_PER_S);
    assert_int_equal(result(2)->end, END_SERVED);
    assert_int_equal(result(2)->end_us, 520050 * US_PER_MS);
}

/* The exporter shows the new process: what runs on the old one is not seen. */
static void test_a_new_process_counts_from_zero(void **state)
{
    struct fault f = reload(100.0, 300.0);
    (void)state;

    fixture_build(&g.f, 0, 0, 0.0, 150.0);
    fixture_build(&g.f, 0, 0, 1.0, 150.0);
    fixture_build(&g.f, 0, 0, 120.0, 150.0);
    run(&f, 1);
    assert_int_equal(state_at(99.0).sessions, 2);
    assert_int_equal(state_at(101.0).sessions, 0);
    assert_int_equal(state_at(101.0).running, 2);
    assert_int_equal(state_at(121.0).sessions, 1);
    assert_int_equal(state_at(121.0).running, 3);
    assert_int_equal(state_at(160.0).sessions, 1);
}

/* ------------------------------------------------------------ two backends */

/* Backend 1 lists the pods of pool 0, too; whose clients dial it. */
static void combine(uint32_t caller)
{
    struct fixture *f = &g.f;

    f->backends[1] = f->backends[0];
    f->p.lb.n_backends = 2;
    f->links[1] = (struct pool_link){0, 1};
    f->p.n_links = 2;
    f->callers[caller].has_backend = true;
    f->callers[caller].backend = 1;
}

/* Two pods, three clients of each backend: a build of each on every pod, and
 * one that waits in each queue. The scaler's gauge shows one backend alone.
 */
static void test_two_backends_book_a_pod_twice(void **state)
{
    (void)state;
    combine(1);
    g.f.callers[1].client.attempts = 1;
    for (int i = 0; i < 6; i++)
        fixture_build(&g.f, 0, i < 3 ? 0 : 1, 10.0, 100.0);
    run(NULL, 0);
    for (uint32_t i = 0; i < 6; i++)
        if (i == 2 || i == 5)
            EXPECT(i, NOTE_QUEUED, 10.0);
        else
            EXPECT(i, NOTE_SERVED, 10.0);
    assert_int_equal(result(0)->pod, result(3)->pod);
    assert_int_equal(result(1)->pod, result(4)->pod);
    assert_int_not_equal(result(0)->pod, result(1)->pod);
    struct pool_state at = state_at(12.0);
    assert_int_equal(at.running, 4);
    assert_int_equal(at.sessions, 3);
    assert_int_equal(at.queue, 1);
    assert_int_equal(result(5)->end, END_GAVE_UP); /* buildctl, at 15 s */
    assert_int_equal(result(5)->end_us, 15 * US_PER_S);
}

/* Only caller 1's builds: the pods' own backend shows nothing. */
static void test_the_scaler_sees_its_own_backend_alone(void **state)
{
    (void)state;
    combine(1);
    g.f.pools[0].autoscaled = true;
    g.f.pools[0].hpa.max = g.f.pools[0].keda.max = 8;
    g.f.callers[1].client.attempts = 100;
    for (int i = 0; i < 6; i++)
        fixture_build(&g.f, 0, 1, 10.0, 900.0);
    run(NULL, 0);
    for (size_t i = 0; i < g.n_rows; i++) {
        assert_int_equal(g.rows[i].state.sessions, 0);
        assert_int_equal(g.rows[i].state.wanted, 2);
    }
    for (uint32_t i = 0; i < 6; i++)
        assert_int_equal(result(i)->end, END_SERVED);
}

/* Health and names are a backend's own, whoever dials it. */
static void test_a_combined_backend_has_checks_of_its_own(void **state)
{
    struct fault f = stuck(60.0, 2, true);
    (void)state;

    combine(1);
    g.f.callers[1].client.attempts = 1;
    fixture_build(&g.f, 0, 1, 107.0, 10.0);
    fixture_build(&g.f, 0, 1, 170.0, 10.0);
    run(&f, 1);
    EXPECT(0, NOTE_TURNED_AWAY, 107.0);
    assert_int_equal(result(1)->end_us, 180050 * US_PER_MS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_dead_pod_swallows_a_dial_for_20_s),
        TEST(test_a_dead_pod_is_down_after_10_to_12_s),
        TEST(test_a_queued_dial_keeps_its_own_deadline),
        TEST(test_a_build_on_a_stuck_daemon_stands_still),
        TEST(test_a_stuck_daemon_keeps_the_slot_of_who_left),
        TEST(test_the_limit_frees_the_slot_of_a_stuck_daemon),
        TEST(test_a_dial_is_served_when_the_daemon_answers),
        TEST(test_a_closed_port_refuses_and_goes_down),
        TEST(test_only_so_many_daemons_are_stuck),
        TEST(test_the_queue_of_the_old_process_keeps_its_5_s),
        TEST(test_the_old_process_still_serves_its_queue),
        TEST(test_a_second_reload_has_a_grace_of_its_own),
        TEST(test_a_new_process_counts_from_zero),
        TEST(test_two_backends_book_a_pod_twice),
        TEST(test_the_scaler_sees_its_own_backend_alone),
        TEST(test_a_combined_backend_has_checks_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
