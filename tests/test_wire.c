#include "sim/drive/wire.h"
#include "tests/support.h"

#include <string.h>

/* A query for the AAAA records of "amd64-pods.Kit", payload size 8192. */
static const uint8_t query[] = {
    0x12, 0x34, 0x01, 0x00, 0,   1,    0,   0,   0, 0,   0,   1,   10, 'a', 'm',
    'd',  '6',  '4',  '-',  'p', 'o',  'd', 's', 3, 'K', 'i', 't', 0,  0,   28,
    0,    1,    0,    0,    41,  0x20, 0,   0,   0, 0,   0,   0,   0};

static void test_a_query_is_read(void **state)
{
    struct wire_query q;

    (void)state;
    assert_int_equal(wire_read(&q, query, sizeof query), WIRE_OK);
    assert_int_equal(q.id, 0x1234);
    assert_string_equal(q.name, "amd64-pods.kit");
    assert_int_equal(q.type, WIRE_AAAA);
    assert_int_equal(q.class, 1);
    assert_int_equal(q.payload_bytes, 8192);
    assert_true(q.edns);
    assert_true(q.wants_recursion);
    assert_int_equal(q.n_question, 20); /* 11 + 4 + 1 + 4 */
}

static void test_every_cut_of_a_query_is_refused(void **state)
{
    struct wire_query q;

    (void)state;
    for (size_t n = 0; n < sizeof query; n++) {
        uint8_t exact[sizeof query];
        memcpy(exact, query, n);
        enum wire_code code = wire_read(&q, exact, n);
        assert_int_equal(code, n < 12 ? WIRE_DROP : WIRE_FORMAT_ERROR);
    }
}

static enum wire_code read_with(size_t at, uint8_t byte)
{
    uint8_t bytes[sizeof query];
    struct wire_query q;

    memcpy(bytes, query, sizeof bytes);
    bytes[at] = byte;
    return wire_read(&q, bytes, sizeof bytes);
}

static void test_hostile_headers(void **state)
{
    (void)state;
    assert_int_equal(read_with(2, 0x81), WIRE_DROP);          /* is an answer */
    assert_int_equal(read_with(2, 0x11), WIRE_NOT_KNOWN);     /* opcode 2 */
    assert_int_equal(read_with(5, 0), WIRE_FORMAT_ERROR);     /* no question */
    assert_int_equal(read_with(5, 2), WIRE_FORMAT_ERROR);     /* two */
    assert_int_equal(read_with(7, 1), WIRE_FORMAT_ERROR);     /* an answer */
    assert_int_equal(read_with(9, 1), WIRE_FORMAT_ERROR);     /* an authority */
    assert_int_equal(read_with(10, 0xff), WIRE_FORMAT_ERROR); /* 65281 more */
}

static void test_hostile_names(void **state)
{
    (void)state;
    assert_int_equal(read_with(12, 0xc0), WIRE_FORMAT_ERROR); /* a pointer */
    assert_int_equal(read_with(12, 64), WIRE_FORMAT_ERROR);   /* label of 64 */
    assert_int_equal(read_with(12, 63), WIRE_FORMAT_ERROR);   /* past the end */
    assert_int_equal(read_with(42, 255), WIRE_FORMAT_ERROR);  /* OPT's data */
}

static void test_bytes_that_are_no_name_become_question_marks(void **state)
{
    uint8_t bytes[sizeof query];
    struct wire_query q;

    (void)state;
    memcpy(bytes, query, sizeof bytes);
    bytes[13] = '.';
    bytes[14] = 0;
    bytes[15] = 0xff;
    assert_int_equal(wire_read(&q, bytes, sizeof bytes), WIRE_OK);
    assert_string_equal(q.name, "??\?64-pods.kit");
}

/* Labels of 63, 63, 63 and k bytes: with k = 61 there are 254 characters. */
static enum wire_code read_long(size_t k, struct wire_query *q)
{
    uint8_t bytes[300] = {0, 1, 0, 0, 0, 1};
    size_t n = 12;

    for (int i = 0; i < 4; i++) {
        size_t label = i < 3 ? 63 : k;
        bytes[n++] = (uint8_t)label;
        memset(bytes + n, 'x', label);
        n += label;
    }
    n++;
    bytes[n + 1] = 1;
    bytes[n + 3] = 1;
    return wire_read(q, bytes, n + 4);
}

static void test_the_longest_name(void **state)
{
    struct wire_query q;

    (void)state;
    assert_int_equal(read_long(61, &q), WIRE_OK);
    assert_int_equal(strlen(q.name), 253); /* 3 * 63 + 61 + 3 dots */
    assert_int_equal(read_long(62, &q), WIRE_FORMAT_ERROR);
}

static void test_a_query_without_edns_takes_512_bytes(void **state)
{
    uint8_t bytes[32];
    struct wire_query q;

    (void)state;
    memcpy(bytes, query, sizeof bytes);
    bytes[11] = 0;
    assert_int_equal(wire_read(&q, bytes, sizeof bytes), WIRE_OK);
    assert_int_equal(q.payload_bytes, 512);
    assert_false(q.edns);
}

static void test_a_tiny_payload_size_counts_as_512(void **state)
{
    uint8_t bytes[sizeof query];
    struct wire_query q;

    (void)state;
    memcpy(bytes, query, sizeof bytes);
    bytes[35] = bytes[36] = 0;
    assert_int_equal(wire_read(&q, bytes, sizeof bytes), WIRE_OK);
    assert_int_equal(q.payload_bytes, 512);
}

static void test_an_answer_byte_by_byte(void **state)
{
    const struct wire_address at = {
        {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 70, 3, 9}};
    static const uint8_t tail[] = {0xc0, 0x0c, 0,    28,   0,   1,  0, 0, 0, 5,
                                   0,    16,   0,    0,    0,   0,  0, 0, 0, 0,
                                   0,    0,    0xff, 0xff, 127, 70, 3, 9, 0, 0,
                                   41,   0xff, 0xff, 0,    0,   0,  0, 0, 0};
    static const uint8_t head[] = {0x12, 0x34, 0x85, 0x00, 0, 1,
                                   0,    1,    0,    0,    0, 1};
    struct wire_query q;
    uint8_t out[WIRE_MAX];

    (void)state;
    (void)wire_read(&q, query, sizeof query);
    size_t n = wire_answer(&q, WIRE_OK, &at, 1, out);
    assert_int_equal(n, 12 + 20 + 28 + 11);
    assert_memory_equal(out, head, sizeof head);
    assert_memory_equal(out + 12, query + 12, 20); /* as it was asked */
    assert_memory_equal(out + 32, tail, sizeof tail);
}

static void test_an_a_record_has_four_bytes(void **state)
{
    const struct wire_address at[2] = {{{127, 70, 3, 9}}, {{127, 70, 3, 10}}};
    uint8_t bytes[sizeof query], out[WIRE_MAX];
    struct wire_query q;

    (void)state;
    memcpy(bytes, query, sizeof bytes);
    bytes[29] = WIRE_A;
    (void)wire_read(&q, bytes, sizeof bytes);
    assert_int_equal(q.type, WIRE_A);
    size_t n = wire_answer(&q, WIRE_OK, at, 2, out);
    assert_int_equal(n, 12 + 20 + 2 * 16 + 11);
    assert_int_equal(out[32 + 11], 4);
    assert_memory_equal(out + 32 + 16 + 12, at[1].bytes, 4);
}

/* The name of the production file has 47 characters: 289 fit, see
 * lb_max_records.
 */
static void test_an_answer_is_cut_as_the_model_says(void **state)
{
    static const struct wire_address at[400];
    struct wire_query q = {.type = WIRE_AAAA,
                           .n_question = 47 + 2 + 4,
                           .payload_bytes = 8192,
                           .edns = true};
    uint8_t out[WIRE_MAX];

    (void)state;
    size_t n = wire_answer(&q, WIRE_OK, at, 289, out);
    assert_int_equal(n, 12 + 53 + 289 * 28 + 11); /* 8168 */
    assert_int_equal(out[2] & 2, 0);
    n = wire_answer(&q, WIRE_OK, at, 290, out);
    assert_int_equal(n, 8168);
    assert_int_equal(out[2] & 2, 2);
    assert_int_equal(out[6] << 8 | out[7], 289);
}

static void test_a_name_that_is_not_there(void **state)
{
    struct wire_query q;
    uint8_t out[WIRE_MAX];

    (void)state;
    (void)wire_read(&q, query, sizeof query);
    size_t n = wire_answer(&q, WIRE_NO_NAME, NULL, 0, out);
    assert_int_equal(n, 12 + 20 + 11);
    assert_int_equal(out[3] & 0xf, 3);
}

static void test_an_unreadable_query_is_answered_without_its_question(void **s)
{
    uint8_t bytes[sizeof query], out[WIRE_MAX];
    struct wire_query q;

    (void)s;
    memcpy(bytes, query, sizeof bytes);
    bytes[12] = 0xc0;
    assert_int_equal(wire_read(&q, bytes, sizeof bytes), WIRE_FORMAT_ERROR);
    assert_int_equal(wire_answer(&q, WIRE_FORMAT_ERROR, NULL, 0, out), 12);
    assert_int_equal(out[3] & 0xf, 1);
    assert_int_equal(out[5], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_query_is_read),
        cmocka_unit_test(test_every_cut_of_a_query_is_refused),
        cmocka_unit_test(test_hostile_headers),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_bytes_that_are_no_name_become_question_marks),
        cmocka_unit_test(test_the_longest_name),
        cmocka_unit_test(test_a_query_without_edns_takes_512_bytes),
        cmocka_unit_test(test_a_tiny_payload_size_counts_as_512),
        cmocka_unit_test(test_an_answer_byte_by_byte),
        cmocka_unit_test(test_an_a_record_has_four_bytes),
        cmocka_unit_test(test_an_answer_is_cut_as_the_model_says),
        cmocka_unit_test(test_a_name_that_is_not_there),
        cmocka_unit_test(
            test_an_unreadable_query_is_answered_without_its_question),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
