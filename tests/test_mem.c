#include "tests/support.h"

#include "sim/base/mem.h"
#include "sim/base/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_an_array_with_room_stays_where_it_is(void **state)
{
    size_t capacity = 0;

    (void)state;
    assert_null(mem_grow(NULL, &capacity, 0, 8));
    int64_t *a = mem_grow(NULL, &capacity, 3, sizeof *a);

    assert_true(capacity >= 3);
    assert_ptr_equal(mem_grow(a, &capacity, capacity, sizeof *a), a);
    free(a);
}

static void test_growing_keeps_and_zeroes(void **state)
{
    size_t capacity = 0;
    int32_t *a = mem_grow(NULL, &capacity, 1, sizeof *a);

    (void)state;
    for (size_t i = 0; i < capacity; i++) {
        assert_int_equal(a[i], 0);
        a[i] = (int32_t)i + 7;
    }
    size_t before = capacity;

    a = mem_grow(a, &capacity, before + 1, sizeof *a);
    assert_int_equal(capacity, before + before / 2);
    for (size_t i = 0; i < capacity; i++)
        assert_int_equal(a[i], i < before ? (int32_t)i + 7 : 0);
    a = mem_grow(a, &capacity, 5000, sizeof *a);
    assert_true(capacity >= 5000);
    assert_int_equal(a[before - 1], (int32_t)before + 6);
    free(a);
}

/* Runs the work in a child, whose standard error goes to *said. */
static int status_of_child(void (*work)(void), char said[200])
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();

    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        work();
        _exit(0);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], said, 199);
    int status;

    said[got > 0 ? got : 0] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void grow_too_far(void)
{
    size_t capacity = 0;

    /* The product would wrap around to something small. */
    mem_grow(NULL, &capacity, SIZE_MAX / 16 + 2, 16);
}

/* A write that failed, as one does when memory is out. */
static void print_too_much(void)
{
    struct mem_file text;

    mem_file_open(&text);
    fputs("ab", text.out);
    fflush(text.out);
    FILE *memory = text.out;
    text.out = fopen("/dev/full", "w");
    fputs("c", text.out);
    mem_file_close(&text);
    fclose(memory);
}

static void test_out_of_memory_ends_the_program_with_a_message(void **state)
{
    char said[200];

    (void)state;
    assert_int_equal(status_of_child(grow_too_far, said), 1);
    assert_string_equal(said, "drydock: out of memory: no room for "
                              "1152921504606846977 x 16 bytes\n");
    assert_int_equal(status_of_child(print_too_much, said), 1);
    assert_string_equal(said,
                        "drydock: out of memory: no room for 2 x 1 bytes\n");
}

static void test_what_is_printed_is_a_text(void **state)
{
    struct mem_file text;

    (void)state;
    mem_file_open(&text);
    mem_file_close(&text);
    assert_string_equal(text.text, "");
    assert_int_equal(text.n, 0);
    free(text.text);
    mem_file_open(&text);
    for (int i = 0; i < 5000; i++)
        fprintf(text.out, "%04d,", i);
    mem_file_close(&text);
    assert_int_equal(text.n, 25000);
    assert_string_equal(text.text + 24990, "4998,4999,");
    assert_null(text.out);
    free(text.text);
}

static void test_an_array_of_none_is_not_null(void **state)
{
    (void)state;
    void *a = mem_array(0, 8);

    assert_non_null(a);
    free(a);
    uint64_t *b = mem_array(100, sizeof *b);

    for (size_t i = 0; i < 100; i++)
        assert_int_equal(b[i], 0);
    free(b);
}

static void test_a_text_is_copied_and_closed(void **state)
{
    (void)state;
    char *text = mem_text("abcdef", 3);

    assert_string_equal(text, "abc");
    free(text);
    text = mem_text(NULL, 0);
    assert_string_equal(text, "");
    free(text);
}

static void test_index_zero_is_the_empty_string(void **state)
{
    struct strings s = {0};

    (void)state;
    assert_string_equal(strings_at(&s, 0), "");
    assert_int_equal(strings_find(&s, "", 0), 0);
    assert_int_equal(strings_find(&s, "amd64", 5), NO_INDEX);
    assert_int_equal(strings_add(&s, "amd64", 5), 1);
    assert_int_equal(strings_add(&s, "", 0), 0);
    assert_string_equal(strings_at(&s, 0), "");
    assert_int_equal(s.n, 2);
    strings_free(&s);
    strings_free(&s);
    assert_int_equal(s.n, 0);
}

static void test_a_string_keeps_its_first_index(void **state)
{
    struct strings s = {0};

    (void)state;
    assert_int_equal(strings_add(&s, "amd64-xyz", 5), 1);
    assert_int_equal(strings_add(&s, "arm64", 5), 2);
    assert_int_equal(strings_add(&s, "amd64", 5), 1);
    assert_int_equal(strings_add(&s, "amd6", 4), 3);
    assert_int_equal(strings_find(&s, "amd64", 5), 1);
    assert_int_equal(strings_find(&s, "amd", 3), NO_INDEX);
    assert_string_equal(strings_at(&s, 1), "amd64");
    strings_free(&s);
}

static void test_a_string_is_not_its_own_beginning(void **state)
{
    struct strings s = {0};
    char text[400];

    (void)state;
    memset(text, 'x', sizeof text);
    /* Longest first, so that each new one begins all the others. */
    for (uint32_t i = 0; i < sizeof text; i++)
        assert_int_equal(strings_add(&s, text, sizeof text - i), i + 1);
    strings_free(&s);
}

static void test_bytes_after_a_zero_byte_are_dropped(void **state)
{
    struct strings s = {0};

    (void)state;
    assert_int_equal(strings_add(&s, "ab\0cd", 5), 1);
    assert_int_equal(strings_add(&s, "ab", 2), 1);
    assert_int_equal(strings_find(&s, "ab\0x", 4), 1);
    assert_int_equal(strings_add(&s, "\0x", 2), 0);
    strings_free(&s);
}

static void test_many_strings_are_all_found_again(void **state)
{
    struct strings s = {0};
    char text[32];

    (void)state;
    for (uint32_t i = 1; i <= 20000; i++) {
        int n = snprintf(text, sizeof text, "build-%u", i * 7);

        assert_int_equal(strings_add(&s, text, (size_t)n), i);
    }
    for (uint32_t i = 1; i <= 20000; i++) {
        int n = snprintf(text, sizeof text, "build-%u", i * 7);

        assert_int_equal(strings_find(&s, text, (size_t)n), i);
        assert_string_equal(strings_at(&s, i), text);
    }
    assert_int_equal(s.n, 20001);
    strings_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_array_with_room_stays_where_it_is),
        cmocka_unit_test(test_growing_keeps_and_zeroes),
        cmocka_unit_test(test_out_of_memory_ends_the_program_with_a_message),
        cmocka_unit_test(test_what_is_printed_is_a_text),
        cmocka_unit_test(test_an_array_of_none_is_not_null),
        cmocka_unit_test(test_a_text_is_copied_and_closed),
        cmocka_unit_test(test_index_zero_is_the_empty_string),
        cmocka_unit_test(test_a_string_keeps_its_first_index),
        cmocka_unit_test(test_a_string_is_not_its_own_beginning),
        cmocka_unit_test(test_bytes_after_a_zero_byte_are_dropped),
        cmocka_unit_test(test_many_strings_are_all_found_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
