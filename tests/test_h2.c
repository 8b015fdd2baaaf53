#include "sim/drive/h2.h"
#include "tests/support.h"

#include <string.h>

struct pair {
    struct h2 *client, *builder;
};

static int open_pair(void **state)
{
    static struct pair p;

    p = (struct pair){h2_new(H2_CLIENT), h2_new(H2_BUILDER)};
    *state = &p;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *p = *state;

    h2_free(p->client);
    h2_free(p->builder);
    return 0;
}

/* Everything that one side has to say, to the other. */
static bool carry(struct h2 *from, struct h2 *to)
{
    size_t n;
    const uint8_t *out = h2_out(from, &n);
    bool good = h2_feed(to, out, n);

    h2_sent(from, n);
    return good;
}

static void test_a_client_begins_with_the_preface(void **state)
{
    struct pair *p = *state;
    size_t n;
    const uint8_t *out = h2_out(p->client, &n);

    assert_true(n >= 24 + 9);
    assert_memory_equal(out, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    assert_int_equal(out[24 + 3], 4); /* SETTINGS */
}

static void test_a_builder_says_its_settings_before_it_is_asked(void **state)
{
    struct pair *p = *state;
    static const uint8_t settings[9] = {0, 0, 0, 4};
    size_t n;
    const uint8_t *out = h2_out(p->builder, &n);

    assert_int_equal(n, sizeof settings);
    assert_memory_equal(out, settings, sizeof settings);
}

static void test_settings_make_a_client_ready(void **state)
{
    struct pair *p = *state;
    static const uint8_t settings[9] = {0, 0, 0, 4};

    assert_false(h2_ready(p->client));
    assert_true(h2_feed(p->client, settings, 8));
    assert_false(h2_ready(p->client)); /* one byte is missing */
    assert_true(h2_feed(p->client, settings + 8, 1));
    assert_true(h2_ready(p->client));
}

static void test_a_number_arrives_once(void **state)
{
    struct pair *p = *state;
    uint64_t number;

    h2_ping(p->client, UINT64_C(0x0123456789abcdef));
    h2_ping(p->client, 7);
    assert_false(h2_pinged(p->builder, &number));
    assert_true(carry(p->client, p->builder));
    assert_true(h2_pinged(p->builder, &number));
    assert_true(number == UINT64_C(0x0123456789abcdef));
    /* Settings, their acknowledgement and two of the pings. */
    assert_true(carry(p->builder, p->client));
    assert_true(h2_ready(p->client));
}

static void test_chatter_is_answered(void **state)
{
    struct pair *p = *state;
    size_t n;

    assert_true(carry(p->client, p->builder));
    assert_true(carry(p->builder, p->client));
    assert_true(carry(p->client, p->builder));
    h2_chatter(p->client);
    (void)h2_out(p->client, &n);
    assert_int_equal(n, 9);
    assert_true(carry(p->client, p->builder));
    (void)h2_out(p->builder, &n);
    assert_int_equal(n, 9); /* the acknowledgement */
}

static void test_a_sent_part_is_not_sent_again(void **state)
{
    struct pair *p = *state;
    size_t n, rest;
    const uint8_t *out = h2_out(p->client, &n);
    uint8_t byte = out[10];

    h2_sent(p->client, 10);
    out = h2_out(p->client, &rest);
    assert_int_equal(rest, n - 10);
    assert_int_equal(out[0], byte);
}

static void test_another_protocol_is_refused(void **state)
{
    struct pair *p = *state;
    static const char text[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

    assert_false(h2_feed(p->client, (const uint8_t *)text, sizeof text - 1));
    assert_false(h2_feed(p->builder, (const uint8_t *)text, sizeof text - 1));
}

/* A peer that only asks, and never takes what it is told. */
static void test_a_flood_of_pings_ends_the_connection(void **state)
{
    struct pair *p = *state;
    static const uint8_t settings[9] = {0, 0, 0, 4};
    uint8_t ping[17] = {0, 0, 8, 6};
    bool good = h2_feed(p->client, settings, sizeof settings);
    size_t n = 0;

    for (int i = 0; good && i < 100000; i++)
        good = h2_feed(p->client, ping, sizeof ping);
    (void)h2_out(p->client, &n);
    assert_false(good);
    assert_true(n < 1 << 16);
}

static void test_goaway_ends_the_connection(void **state)
{
    struct pair *p = *state;
    static const uint8_t bytes[] = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7,
                                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    assert_false(h2_feed(p->client, bytes, sizeof bytes));
}

int main(void)
{
#define HELD(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)
    const struct CMUnitTest tests[] = {
        HELD(test_a_client_begins_with_the_preface),
        HELD(test_a_builder_says_its_settings_before_it_is_asked),
        HELD(test_settings_make_a_client_ready),
        HELD(test_a_number_arrives_once),
        HELD(test_chatter_is_answered),
        HELD(test_a_sent_part_is_not_sent_again),
        HELD(test_another_protocol_is_refused),
        HELD(test_a_flood_of_pings_ends_the_connection),
        HELD(test_goaway_ends_the_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
