#include "models/karpenter_batch.h"
#include "tests/support.h"

#define S(seconds) us_from_s(seconds)

/* Calls on_due at every due instant up to until_us; returns the instant of the
 * first decision that is not NOTHING, or SIM_NEVER.
 */
static sim_us decide(struct karp_batch *b, sim_us until_us, bool synced,
                     enum karp_batch_act *act)
{
    for (sim_us t = karp_batch_due(b); t <= until_us; t = karp_batch_due(b)) {
        *act = karp_batch_on_due(b, t, synced);
        if (*act != KARP_BATCH_NOTHING)
            return t;
    }
    return SIM_NEVER;
}

static sim_us solve_time(struct karp_batch *b)
{
    enum karp_batch_act act = KARP_BATCH_NOTHING;
    sim_us t = decide(b, S(1e6), true, &act);

    assert_int_equal(act, KARP_BATCH_SOLVE);
    return t;
}

static void pods(struct karp_batch *b, double first_s, double step_s, int n)
{
    for (int i = 0; i < n; i++)
        karp_batch_on_pending(b, S(first_s + i * step_s), KARP_POD,
                              (uint32_t)i);
}

static void test_equal_timers_make_a_window_of_that_length(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    assert_true(karp_batch_due(&b) == SIM_NEVER);
    pods(&b, 7.25, 1.5, 29); /* the last at 49.25 */
    assert_int_equal(karp_batch_due(&b), S(52.25));
    assert_int_equal(karp_batch_on_due(&b, S(52.25) - 1, true),
                     KARP_BATCH_NOTHING);
    assert_int_equal(karp_batch_on_due(&b, S(52.25), true), KARP_BATCH_SOLVE);
    assert_true(karp_batch_due(&b) == SIM_NEVER); /* solving */
    karp_batch_free(&b);
}

static void test_the_idle_timer_closes_after_the_last_new_source(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(1), S(10), S(10));
    pods(&b, 0, 0.75, 4); /* 0 to 2.25 */
    assert_int_equal(solve_time(&b), S(3.25));
    karp_batch_free(&b);
    karp_batch_init(&b, S(1), S(10), S(10));
    pods(&b, 0, 0.75, 14); /* 0 to 9.75 */
    assert_int_equal(solve_time(&b), S(10));
    karp_batch_free(&b);
}

/* Of a solve from 15 to 23 the trigger at 20 opens the next window and is of
 * it; the repetition at 30 is none, so that 15 s of idleness end at 38.
 */
static void test_a_trigger_during_the_solve_is_seen_in_the_next(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(15), S(60), S(10));
    karp_batch_on_pending(&b, 0, KARP_POD, 0);
    assert_int_equal(solve_time(&b), S(15));
    karp_batch_on_solved(&b, S(23));
    assert_int_equal(solve_time(&b), S(38));
    karp_batch_free(&b);
}

static void test_a_pod_that_comes_during_the_solve_is_seen(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(15), S(60), S(10));
    karp_batch_on_pending(&b, 0, KARP_POD, 0);
    assert_int_equal(solve_time(&b), S(15));
    karp_batch_on_pending(&b, S(16.5), KARP_POD, 1); /* again at 26.5 */
    karp_batch_on_settled(&b, S(17), KARP_POD, 0);
    karp_batch_on_solved(&b, S(23));
    assert_int_equal(solve_time(&b), S(38));
    karp_batch_free(&b);
}

static void test_a_trigger_at_the_timer_counts_before_it(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(1), S(10), S(10));
    pods(&b, 0, 1, 2);
    assert_int_equal(solve_time(&b), S(2));
    karp_batch_free(&b);
}

static void test_a_source_seen_before_does_not_restart_the_timer(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(12), S(60), S(10));
    pods(&b, 0, 0, 1); /* repeats at 10 */
    karp_batch_on_pending(&b, S(11), KARP_POD, 0);
    assert_int_equal(b.n_triggers, 1);
    assert_int_equal(solve_time(&b), S(12));
    karp_batch_free(&b);
}

/* A (0) and B (3) pending: solved at 9; A repeats at 10 and opens, B at 13 is
 * new in this window and moves its end from 16 to 19.
 */
static void test_a_repetition_is_new_once_a_window(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(6), S(10), S(10));
    pods(&b, 0, 3, 2);
    assert_int_equal(solve_time(&b), S(9));
    karp_batch_on_solved(&b, S(9.2));
    assert_int_equal(b.phase, KARP_WAITING);
    assert_int_equal(karp_batch_due(&b), S(10));
    assert_int_equal(karp_batch_on_due(&b, S(10), true), KARP_BATCH_NOTHING);
    assert_int_equal(karp_batch_due(&b), S(16));
    assert_int_equal(solve_time(&b), S(19));
    karp_batch_free(&b);
}

/* A repeats at 10 and opens; B, new in this window, repeats at 16 just when
 * the idle timer runs out, and moves it to 22, beyond the maximum at 19.
 */
static void test_a_repetition_at_the_timer_counts_before_it(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(6), S(9), S(10));
    pods(&b, 0, 6, 2);
    assert_int_equal(solve_time(&b), S(9));
    karp_batch_on_solved(&b, S(9.5));
    assert_int_equal(karp_batch_on_due(&b, S(16), true), KARP_BATCH_NOTHING);
    assert_int_equal(b.idle_due_us, S(22));
    assert_int_equal(solve_time(&b), S(19));
    karp_batch_free(&b);
}

static void test_a_trigger_while_solving_opens_the_next_window(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    pods(&b, 0, 0, 1);
    assert_int_equal(solve_time(&b), S(45));
    karp_batch_on_pending(&b, S(45.5), KARP_POD, 9);
    karp_batch_on_solved(&b, S(46.25));
    assert_int_equal(solve_time(&b), S(46.25 + 45));
    karp_batch_free(&b);
}

static void test_a_repetition_while_solving_is_remembered(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    pods(&b, 0, 0, 1); /* repeats at 50 */
    assert_int_equal(solve_time(&b), S(45));
    karp_batch_on_solved(&b, S(50));
    assert_int_equal(b.phase, KARP_WINDOW);
    assert_int_equal(karp_batch_due(&b), S(95));
    assert_int_equal(solve_time(&b), S(95));
    karp_batch_on_solved(&b, S(95.1)); /* next repetition at 100 */
    assert_int_equal(b.phase, KARP_WAITING);
    assert_int_equal(solve_time(&b), S(145));
    karp_batch_free(&b);
}

static void test_an_unsynced_window_is_lost(void **state)
{
    struct karp_batch b;
    enum karp_batch_act act = KARP_BATCH_NOTHING;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    pods(&b, 2, 0, 1);
    assert_int_equal(decide(&b, S(100), false, &act), S(47));
    assert_int_equal(act, KARP_BATCH_VOID);
    assert_int_equal(karp_batch_due(&b), S(52)); /* a whole new window */
    assert_int_equal(solve_time(&b), S(97));
    karp_batch_free(&b);
}

static void test_a_settled_pod_triggers_no_more(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(1), S(10), S(10));
    pods(&b, 0, 0.5, 3);
    assert_int_equal(solve_time(&b), S(2));
    karp_batch_on_solved(&b, S(2.1));
    karp_batch_on_settled(&b, S(10), KARP_POD, 0); /* at its repetition */
    karp_batch_on_settled(&b, S(10), KARP_POD, 0);
    karp_batch_on_settled(&b, S(10), KARP_NODE, 77);
    assert_int_equal(karp_batch_due(&b), S(10.5));
    karp_batch_on_settled(&b, S(10.25), KARP_POD, 2);
    karp_batch_on_settled(&b, S(10.25), KARP_POD, 1);
    assert_true(karp_batch_due(&b) == SIM_NEVER);
    assert_int_equal(b.n_triggers, 0);
    karp_batch_free(&b);
}

/* A draining node keeps windows running: 0-45, 50-95, 100-145, ... */
static void test_a_draining_node_keeps_windows_running(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    karp_batch_on_pending(&b, 0, KARP_NODE, 3);
    assert_true(karp_batch_due(&b) == SIM_NEVER); /* and are not executed */
    karp_batch_on_pending(&b, S(120), KARP_POD, 0);
    assert_int_equal(b.window, 3);
    assert_int_equal(solve_time(&b), S(145));
    karp_batch_free(&b);
}

/* 45 s after 100 the window ends; a pod at that instant is in time. */
static void test_a_pod_at_the_end_of_an_idle_window_is_in_it(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    karp_batch_on_pending(&b, 0, KARP_FOREIGN, 0);
    karp_batch_on_pending(&b, S(145), KARP_POD, 0);
    assert_int_equal(karp_batch_due(&b), S(145));
    assert_int_equal(solve_time(&b), S(145));
    karp_batch_free(&b);
    karp_batch_init(&b, S(45), S(45), S(10));
    karp_batch_on_pending(&b, 0, KARP_FOREIGN, 0);
    karp_batch_on_pending(&b, S(145) + 1, KARP_POD, 0);
    assert_int_equal(solve_time(&b), S(190) + 1);
    karp_batch_free(&b);
}

static void test_skipped_windows_leave_the_state_of_executed_ones(void **state)
{
    struct karp_batch fast, slow;

    (void)state;
    karp_batch_init(&fast, S(1.5), S(4), S(10));
    karp_batch_init(&slow, S(1.5), S(4), S(10));
    slow.no_elision = true;
    for (uint32_t i = 0; i < 7; i++) {
        karp_batch_on_pending(&fast, S(i * 0.7), KARP_NODE, i);
        while (karp_batch_due(&slow) < S(i * 0.7))
            karp_batch_on_due(&slow, karp_batch_due(&slow), true);
        karp_batch_on_pending(&slow, S(i * 0.7), KARP_NODE, i);
    }
    while (karp_batch_due(&slow) < S(5000.3))
        karp_batch_on_due(&slow, karp_batch_due(&slow), true);
    karp_batch_on_pending(&fast, S(5000.3), KARP_POD, 0);
    karp_batch_on_pending(&slow, S(5000.3), KARP_POD, 0);
    assert_true(fast.window > 500);
    assert_int_equal(fast.window, slow.window);
    assert_int_equal(fast.opened_us, slow.opened_us);
    assert_int_equal(fast.idle_due_us, slow.idle_due_us);
    assert_int_equal(fast.phase, slow.phase);
    karp_batch_free(&fast);
    karp_batch_free(&slow);
}

static void test_a_restart_triggers_all_sources_at_once(void **state)
{
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    pods(&b, 0, 2, 3);
    karp_batch_on_restart(&b, S(30));
    assert_int_equal(solve_time(&b), S(75));
    karp_batch_on_restart(&b, S(76)); /* the solve is forgotten, too */
    assert_int_equal(solve_time(&b), S(121));
    karp_batch_free(&b);
    karp_batch_free(&b);
}

static void count_word(void *context, sim_us now_us, enum karp_word word,
                       uint32_t a, uint32_t b)
{
    uint32_t *n = context;

    (void)now_us, (void)a, (void)b;
    n[word]++;
}

static void test_a_watch_is_told_in_each_replication(void **state)
{
    uint32_t told[KARP_RESTARTED + 1] = {0};
    struct karp_watch watch = {.context = told, .on_word = count_word};
    struct karp_batch b;

    (void)state;
    karp_batch_init(&b, S(45), S(45), S(10));
    b.watch = &watch;
    for (uint32_t i = 1; i <= 2; i++) {
        pods(&b, 7.25, 1.5, 3);
        assert_int_equal(solve_time(&b), S(52.25));
        assert_int_equal(told[KARP_SOURCE_BEGINS], 3 * i);
        assert_int_equal(told[KARP_WINDOW_SOLVED], i);
        karp_batch_again(&b);
    }
    karp_batch_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_timers_make_a_window_of_that_length),
        cmocka_unit_test(test_the_idle_timer_closes_after_the_last_new_source),
        cmocka_unit_test(test_a_trigger_during_the_solve_is_seen_in_the_next),
        cmocka_unit_test(test_a_pod_that_comes_during_the_solve_is_seen),
        cmocka_unit_test(test_a_trigger_at_the_timer_counts_before_it),
        cmocka_unit_test(test_a_source_seen_before_does_not_restart_the_timer),
        cmocka_unit_test(test_a_repetition_is_new_once_a_window),
        cmocka_unit_test(test_a_repetition_at_the_timer_counts_before_it),
        cmocka_unit_test(test_a_trigger_while_solving_opens_the_next_window),
        cmocka_unit_test(test_a_repetition_while_solving_is_remembered),
        cmocka_unit_test(test_an_unsynced_window_is_lost),
        cmocka_unit_test(test_a_settled_pod_triggers_no_more),
        cmocka_unit_test(test_a_draining_node_keeps_windows_running),
        cmocka_unit_test(test_a_pod_at_the_end_of_an_idle_window_is_in_it),
        cmocka_unit_test(test_skipped_windows_leave_the_state_of_executed_ones),
        cmocka_unit_test(test_a_watch_is_told_in_each_replication),
        cmocka_unit_test(test_a_restart_triggers_all_sources_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
