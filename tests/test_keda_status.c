/* What KEDA keeps in the status: times, failures, the Fallback condition. */
#include "tests/keda_rig.h"

static void test_last_activity_counts_from_its_whole_second(void **state)
{
    struct fixture *f = *state;

    f->p.min = 0;
    f->p.origin_us = 250 * US_PER_MS;
    poll(f, 10 * S + 137 * US_PER_MS, good(1), 3); /* stored as 9.75 s */
    assert_int_equal(poll(f, 309750 * US_PER_MS, good(0), 3).move, KEDA_STAY);
    assert_int_equal(poll(f, 309750 * US_PER_MS + 1, good(0), 3).move,
                     KEDA_TO_IDLE);
}

static void test_without_a_fallback_nothing_is_counted_or_shown(void **state)
{
    struct fixture *f = *state;

    f->p.triggers[0].is_value = true; /* no fallback up to 2.17 */
    assert_int_equal(poll(f, 0, refused, 20).move, KEDA_JUMP);
    assert_true(
        f->k.status.api.fallback); /* the jump's, and nobody clears it */
    assert_false(ask(f, refused, 5).ok);
    assert_true(ask(f, good(7), 5).ok);
    assert_int_equal(f->k.status.api.health[0].failures, 0);
    assert_true(f->k.status.api.fallback);
    version(f, 18, 0);
    assert_false(ask(f, refused, 5).ok);
    assert_int_equal(f->k.status.api.health[0].failures, 1);
    assert_false(f->k.status.api.fallback);
}

static void test_three_decimals_round_the_exact_value_from_2_20(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    assert_int_equal(keda_milli(&f->p, 0.9285), 928); /* 0.92849999... */
    assert_int_equal(keda_milli(&f->p, 0.0625), 62);  /* a tie, to even */
    assert_int_equal(keda_milli(&f->p, 2.5005), 2501);
    version(f, 19, 0);
    assert_int_equal(keda_milli(&f->p, 0.9289), 928);
}

static uint32_t shown(const struct fixture *f)
{
    return f->k.status.api.health[0].failures;
}

/* From 2.19. The queries' copy is made by the query that finds none, and lasts
 * until an error; a good poll in between resets the object, not the copy. With
 * a threshold of 0 no evaluation ends in an error.
 */
static void test_queries_count_on_a_copy_of_their_own(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    f->p.fallback_threshold = 0;
    assert_true(ask(f, refused, 20).fallback);
    assert_true(ask(f, refused, 20).fallback);
    assert_int_equal(shown(f), 2);
    poll(f, 0, good(3), 20);
    assert_int_equal(shown(f), 0);
    assert_true(ask(f, refused, 20).fallback); /* 2 + 1, not 0 + 1 */
    assert_int_equal(shown(f), 3);
    poll(f, 0, good(3), 20);
    assert_true(ask(f, good(3), 20).ok); /* 3 becomes 0 and is written */
    assert_int_equal(shown(f), 0);
}

/* Three failures are errors, the fourth is not: the copy that the failed
 * query made lives on, while polls find the endpoint well again.
 */
static void test_a_copy_ends_with_an_error(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    for (int i = 0; i < 3; i++)
        assert_false(ask(f, refused, 20).ok);
    poll(f, 0, good(3), 20); /* makes the copy: it is the poll's */
    assert_int_equal(shown(f), 0);
    for (int i = 0; i < 3; i++)
        assert_false(ask(f, refused, 20).ok);
    assert_true(ask(f, refused, 20).fallback); /* on its own copy: 4 */
    poll(f, 0, good(3), 20);
    assert_int_equal(shown(f), 0);
    assert_true(ask(f, refused, 20).fallback); /* 5 */
    assert_int_equal(shown(f), 5);
}

/* A poll that makes the copy shares it: the next poll resets both. */
static void test_a_polls_copy_follows_the_polls(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    poll(f, 0, refused, 20); /* 1, an error */
    f->p.fallback_threshold = 0;
    poll(f, 0, refused, 20); /* 2, no error: the copy is shared */
    assert_true(ask(f, refused, 20).fallback);
    assert_int_equal(shown(f), 3);
    poll(f, 0, good(3), 20);
    assert_true(ask(f, refused, 20).fallback);
    assert_int_equal(shown(f), 1);
}

/* What a poll has counted of the other trigger comes back with a write. */
static void test_a_write_reads_the_whole_object_back(void **state)
{
    struct fixture *f = *state;
    struct keda_sample samples[] = {good(1), refused};
    struct keda_context c = {.spec = 20, .ready = 20};

    version(f, 20, 2);
    f->p.fallback_threshold = 0;
    f->p.n_triggers = 2;
    f->p.triggers[1] = f->p.triggers[0];
    ask(f, refused, 20); /* makes the copy */
    keda_on_poll(&f->k, 0, samples, &c);
    ask(f, refused, 20);
    keda_on_hpa_query(&f->k, 0, 1, &refused, &c);
    assert_int_equal(f->k.status.api.health[1].failures, 2);
}

/* From 2.19. The poll shows a fallback; the copy, as old as the process, has
 * said neither yes nor no yet, so that its first count writes a no.
 */
static void test_the_first_count_of_a_copy_writes_the_condition(void **state)
{
    struct fixture *f = *state;
    struct keda_sample samples[] = {good(1), refused};
    struct keda_context c = {.spec = 20, .ready = 20};

    version(f, 20, 2);
    f->p.fallback_threshold = 0;
    f->p.n_triggers = 2;
    f->p.triggers[1] = f->p.triggers[0];
    f->k.status.copy = KEDA_OWN_COPY;
    keda_on_poll(&f->k, 0, samples, &c);
    assert_true(f->k.status.api.fallback);
    assert_true(ask(f, good(1), 20).ok);
    assert_false(f->k.status.api.fallback);
}

/* The number is written beside the word of a poll that found it well: of a
 * trigger so described nobody falls back.
 */
static void test_a_count_writes_only_what_changes(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    f->p.fallback_threshold = 0;
    f->k.status.copy = KEDA_OWN_COPY;
    ask(f, refused, 20);
    poll(f, 0, good(3), 20); /* 0, and well */
    ask(f, refused, 20);     /* 2 on the copy, which failed before */
    assert_int_equal(shown(f), 2);
    assert_false(f->k.status.api.health[0].failing);
    assert_false(f->k.status.api.fallback);
}

static void test_a_new_process_counts_on_from_the_object(void **state)
{
    struct fixture *f = *state;

    version(f, 20, 2);
    f->p.fallback_threshold = 0;
    ask(f, refused, 20);
    poll(f, 0, good(3), 20);
    keda_on_restart(&f->k);
    ask(f, refused, 20);
    assert_int_equal(shown(f), 1);
}

/* A GET as long as the timeout fails; two of them last for twice as long. */
static void test_a_slow_get_is_worth_its_value_within_the_timeout(void **state)
{
    struct fixture *f = *state;
    struct keda_sample s = good(7);

    s.latency_us = 3 * S - 1;
    struct keda_answer a = ask(f, s, 20);
    assert_true(a.ok);
    assert_int_equal(a.delay_us, 3 * S - 1);
    s.latency_us = 3 * S;
    a = ask(f, s, 20);
    assert_false(a.ok);
    assert_int_equal(a.gets, 2);
    assert_int_equal(a.delay_us, 6 * S);
    s.first = KEDA_READ_FAILS;
    s.latency_us = S;
    a = ask(f, s, 20);
    assert_true(a.ok);
    assert_int_equal(a.delay_us, S);
}

static void test_a_poll_without_scalers_fails_uncounted(void **state)
{
    struct fixture *f = *state;
    struct keda_sample s = {.lost = true};

    struct keda_poll p = poll(f, 0, s, 20);
    assert_int_equal(p.move, KEDA_JUMP);
    assert_int_equal(p.replicas, 5);
    assert_int_equal(p.gets, 0);
    version(f, 19, 0);
    p = poll(f, 0, s, 20);
    assert_int_equal(p.move, KEDA_STAY);
    assert_true(p.error);
    assert_int_equal(shown(f), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_last_activity_counts_from_its_whole_second),
        TEST(test_without_a_fallback_nothing_is_counted_or_shown),
        TEST(test_three_decimals_round_the_exact_value_from_2_20),
        TEST(test_queries_count_on_a_copy_of_their_own),
        TEST(test_a_copy_ends_with_an_error),
        TEST(test_a_polls_copy_follows_the_polls),
        TEST(test_a_write_reads_the_whole_object_back),
        TEST(test_the_first_count_of_a_copy_writes_the_condition),
        TEST(test_a_count_writes_only_what_changes),
        TEST(test_a_new_process_counts_on_from_the_object),
        TEST(test_a_slow_get_is_worth_its_value_within_the_timeout),
        TEST(test_a_poll_without_scalers_fails_uncounted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
