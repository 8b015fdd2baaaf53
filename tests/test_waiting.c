#include "sim/app/waiting.h"

#include "tests/support.h"

static void note(struct waiting *w, enum note_kind kind, uint32_t build)
{
    struct note n = {.kind = kind, .a = build};

    waiting_on_note(w, &n);
}

/* Builds 0 to 4 wait; 3, then 1 are queued. */
static void begin(struct waiting *w)
{
    *w = (struct waiting){0};
    waiting_init(w, 8);
    for (uint32_t i = 0; i < 5; i++)
        note(w, NOTE_ASKED, i);
    note(w, NOTE_QUEUED, 3);
    note(w, NOTE_QUEUED, 1);
}

static void check(struct waiting *w, const int32_t waits_for[WAIT_CAUSES],
                  const enum wait_cause want[5])
{
    for (uint32_t i = 0; i < 5; i++)
        assert_int_equal(waiting_cause(w, i, waits_for), want[i]);
}

static void test_pods_to_come_are_for_those_who_wait_longest(void **state)
{
    const int32_t shares[WAIT_CAUSES] = {
        [WAIT_POD] = 2, [WAIT_NODE] = 1, [WAIT_MAXIMUM] = 2};
    struct waiting w;

    (void)state;
    begin(&w);
    check(&w, shares,
          (enum wait_cause[]){WAIT_POD, WAIT_POD, WAIT_NODE, WAIT_MAXIMUM,
                              WAIT_MAXIMUM});
    waiting_free(&w);
}

static void
test_the_balancer_is_to_blame_for_the_head_of_its_queue(void **state)
{
    const int32_t shares[WAIT_CAUSES] = {[WAIT_SLOT] = 1, [WAIT_SCALER] = 4};
    struct waiting w;

    (void)state;
    begin(&w);
    check(&w, shares,
          (enum wait_cause[]){WAIT_SCALER, WAIT_SCALER, WAIT_SCALER, WAIT_SLOT,
                              WAIT_SCALER});
    waiting_free(&w);
}

static void test_a_pause_is_blamed_on_those_that_are_not_queued(void **state)
{
    const int32_t shares[WAIT_CAUSES] = {
        [WAIT_SLOT] = 2, [WAIT_ASLEEP] = 2, [WAIT_NAME] = 1};
    struct waiting w;

    (void)state;
    begin(&w);
    check(&w, shares,
          (enum wait_cause[]){WAIT_ASLEEP, WAIT_SLOT, WAIT_ASLEEP, WAIT_SLOT,
                              WAIT_NAME});
    waiting_free(&w);
}

/* Three in the balancer's queue, one of which has left. */
static void test_a_share_beyond_the_queue_goes_to_the_longest(void **state)
{
    const int32_t shares[WAIT_CAUSES] = {[WAIT_SLOT] = 3, [WAIT_BATCH] = 2};
    struct waiting w;

    (void)state;
    begin(&w);
    check(&w, shares,
          (enum wait_cause[]){WAIT_SLOT, WAIT_SLOT, WAIT_BATCH, WAIT_SLOT,
                              WAIT_BATCH});
    waiting_free(&w);
}

static void test_a_build_that_is_closed_keeps_its_place(void **state)
{
    struct waiting w;

    (void)state;
    begin(&w);
    assert_int_equal(waiting_queued(&w, 3), 0);
    assert_int_equal(waiting_queued(&w, 1), 1);
    note(&w, NOTE_CLOSED, 3);
    assert_int_equal(waiting_queued(&w, 3), NO_INDEX);
    assert_int_equal(waiting_queued(&w, 1), 0);
    assert_int_equal(waiting_place(&w, 3), 3);
    waiting_free(&w);
}

static void test_a_build_that_lost_its_slot_comes_last(void **state)
{
    struct waiting w;

    (void)state;
    begin(&w);
    note(&w, NOTE_SERVED, 1);
    assert_int_equal(waiting_place(&w, 1), NO_INDEX);
    assert_int_equal(waiting_queued(&w, 1), NO_INDEX);
    assert_int_equal(waiting_place(&w, 4), 3);
    note(&w, NOTE_LOST, 1);
    assert_int_equal(waiting_place(&w, 1), 4);
    note(&w, NOTE_END, 1);
    assert_int_equal(waiting_place(&w, 1), NO_INDEX);
    waiting_free(&w);
    waiting_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pods_to_come_are_for_those_who_wait_longest),
        cmocka_unit_test(
            test_the_balancer_is_to_blame_for_the_head_of_its_queue),
        cmocka_unit_test(test_a_pause_is_blamed_on_those_that_are_not_queued),
        cmocka_unit_test(test_a_share_beyond_the_queue_goes_to_the_longest),
        cmocka_unit_test(test_a_build_that_is_closed_keeps_its_place),
        cmocka_unit_test(test_a_build_that_lost_its_slot_comes_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
