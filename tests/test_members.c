#include "tests/support.h"

#include "sim/base/members.h"
#include "sim/base/units.h"

#include <stdlib.h>

/* Both ends of words and of the range, and empty words between them. */
static const uint32_t ends[] = {0, 1, 63, 64, 127, 640, 959};

static void test_members_come_in_ascending_order(void **state)
{
    struct members m;
    uint32_t at = 0;

    (void)state;
    members_init(&m, 960); /* whole words */
    assert_int_equal(members_next(&m, 0), NO_INDEX);
    for (size_t i = sizeof ends / sizeof *ends; i-- > 0;)
        members_add(&m, ends[i]);
    members_add(&m, 64); /* again */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        assert_int_equal(members_next(&m, at), ends[i]);
        at = ends[i] + 1;
    }
    assert_int_equal(members_next(&m, at), NO_INDEX);
    members_free(&m);
    members_free(&m);
}

static void test_a_search_begins_with_its_own_number(void **state)
{
    struct members m;

    (void)state;
    members_init(&m, 200);
    members_add(&m, 70);
    assert_int_equal(members_next(&m, 70), 70);
    assert_int_equal(members_next(&m, 71), NO_INDEX);
    assert_int_equal(members_next(&m, 1 << 20), NO_INDEX);
    members_free(&m);
}

static void test_a_dropped_member_leaves_the_others(void **state)
{
    struct members m;

    (void)state;
    members_init(&m, 500);
    members_add(&m, 257);
    members_add(&m, 258);
    members_drop(&m, 257);
    assert_int_equal(members_next(&m, 0), 258);
    members_drop(&m, 258);
    members_drop(&m, 3); /* never was one */
    assert_int_equal(members_next(&m, 0), NO_INDEX);
    members_add(&m, 12);
    members_clear(&m);
    assert_int_equal(members_next(&m, 0), NO_INDEX);
    members_free(&m);
}

/* Beside a set that is kept in the simplest way. */
static void test_it_is_the_set_that_a_table_is(void **state)
{
    enum { N = 300 };
    bool has[N] = {false};
    struct members m;
    uint32_t x = 1;

    (void)state;
    members_init(&m, N);
    for (int round = 0; round < 2000; round++) {
        x = x * 1103515245u + 12345u;
        uint32_t number = (x >> 8) % N;
        has[number] = x >> 30 & 1;
        if (has[number])
            members_add(&m, number);
        else
            members_drop(&m, number);
        uint32_t want = number;
        while (want < N && !has[want])
            want++;
        assert_int_equal(members_next(&m, number), want < N ? want : NO_INDEX);
    }
    members_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_come_in_ascending_order),
        cmocka_unit_test(test_a_search_begins_with_its_own_number),
        cmocka_unit_test(test_a_dropped_member_leaves_the_others),
        cmocka_unit_test(test_it_is_the_set_that_a_table_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
