#include "tests/folder.h"

#include <sys/stat.h>
#include <zlib.h>

/* One gzip member with the text, in out[1000]. */
static size_t pack(const char *text, unsigned char *out)
{
    z_stream z = {0};

    assert_int_equal(
        deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY),
        Z_OK);
    z.next_in = (unsigned char *)text;
    z.avail_in = (unsigned)strlen(text);
    z.next_out = out;
    z.avail_out = 1000;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return 1000 - z.avail_out;
}

static void refuse_file(const char *path, int code, const char *message)
{
    struct err e;
    char *text = (char *)path;
    size_t n = 7;

    assert_int_equal(file_read(path, 1 << 20, &text, &n, &e), code);
    assert_string_equal(e.msg, message);
    assert_null(text);
    assert_int_equal(n, 0);
}

static void test_a_plain_file_is_read_as_it_is(void **state)
{
    (void)state;
    write_bytes("a", "one\ntwo\n", 8);
    assert_content("a", "one\ntwo\n");
    write_bytes("b", "", 0);
    assert_content("b", "");
    write_bytes("c", "\x1f", 1); /* half of the mark of gzip */
    assert_content("c", "\x1f");
}

static void test_gzip_is_recognised_by_its_content(void **state)
{
    unsigned char packed[1000] = {0};

    (void)state;
    write_bytes("a.csv", packed, pack("one\ntwo\n", packed));
    assert_content("a.csv", "one\ntwo\n");
    write_bytes("plain.gz", "no gzip", 7);
    assert_content("plain.gz", "no gzip");
}

static void test_gzip_members_follow_each_other(void **state)
{
    unsigned char packed[3000] = {0};
    size_t n = pack("one", packed);

    (void)state;
    n += pack("", packed + n);
    n += pack("two", packed + n);
    write_bytes("a", packed, n);
    assert_content("a", "onetwo");
    memset(packed + n, 0, 512); /* padding is not data */
    write_bytes("b", packed, n + 512);
    assert_content("b", "onetwo");
}

static void test_a_cut_gzip_file_is_refused_wherever_it_ends(void **state)
{
    unsigned char packed[2000] = {0};
    size_t first = pack("one and one and one", packed);
    size_t n = first + pack("two", packed + first);

    (void)state;
    for (size_t i = 2; i < n; i++) {
        write_bytes("a", packed, i);
        if (i != first)
            refuse_file("a", ERR_INPUT, "a: the gzip data are cut off");
    }
    write_bytes("a", packed, first);
    assert_content("a", "one and one and one");
}

static void test_damaged_gzip_data_are_refused(void **state)
{
    unsigned char packed[1000] = {0};
    size_t n = pack("one and one and one", packed);

    (void)state;
    packed[n - 8] ^= 1; /* the checksum */
    write_bytes("a", packed, n);
    refuse_file("a", ERR_INPUT, "a: damaged gzip data: incorrect data check");
    packed[n - 8] ^= 1;
    memset(packed + n, 'g', 7);
    write_bytes("b", packed, n + 7);
    refuse_file("b", ERR_INPUT, "b: damaged gzip data: incorrect header check");
}

static void test_what_cannot_be_opened_says_why(void **state)
{
    (void)state;
    refuse_file("none", ERR_IO, "none: No such file or directory");
    refuse_file("", ERR_IO, ": No such file or directory");
    refuse_file(".", ERR_IO, ".: Is a directory");
    assert_int_equal(symlink("loop", "loop"), 0);
    refuse_file("loop", ERR_IO, "loop: Too many levels of symbolic links");
}

static void test_a_file_beyond_the_limit_is_refused(void **state)
{
    struct err e;
    char *text;
    size_t n;

    (void)state;
    write_bytes("a", "0123456789", 10);
    assert_int_equal(file_read("a", 10, &text, &n, &e), ERR_OK);
    free(text);
    assert_int_equal(file_read("a", 9, &text, &n, &e), ERR_INPUT);
    assert_string_equal(e.msg, "a: larger than 9 bytes");
    assert_null(text);
}

static void test_an_endless_file_is_stopped_by_the_limit(void **state)
{
    struct err e;
    char *text;
    size_t n;

    (void)state;
    assert_int_equal(file_read("/dev/zero", 100000, &text, &n, &e), ERR_INPUT);
    assert_string_equal(e.msg, "/dev/zero: larger than 100000 bytes");
}

static void test_small_reads_give_the_whole_in_order(void **state)
{
    unsigned char packed[1000] = {0};
    char got[64] = "";
    struct source *s;
    struct err e;
    long n, at = 0;

    (void)state;
    write_bytes("a", packed, pack("abcdefghijklmnopqrstuvwxyz", packed));
    assert_int_equal(source_open(&s, "a", &e), ERR_OK);
    while ((n = source_read(s, got + at, 3, &e)) > 0) {
        assert_true(n <= 3);
        at += n;
    }
    assert_int_equal(n, 0);
    assert_int_equal(source_read(s, got + at, 3, &e), 0); /* stays at the end */
    assert_string_equal(got, "abcdefghijklmnopqrstuvwxyz");
    source_close(s);
    source_close(NULL);
}

static void test_a_large_file_survives_compression(void **state)
{
    struct sink sink;
    struct err e;
    char *text;
    size_t n;

    (void)state;
    assert_int_equal(sink_open(&sink, "big.gz", &e), ERR_OK);
    for (int i = 0; i < 100000; i++)
        fprintf(sink.out, "%d,", i);
    assert_int_equal(sink_close(&sink, &e), ERR_OK);
    assert_int_equal(file_read("big.gz", 1 << 20, &text, &n, &e), ERR_OK);
    assert_int_equal(n, 588890); /* 10 + 180 + 2700 + 36000 + 450000 digits
                                    and 100000 commas */
    assert_string_equal(text + n - 12, "99998,99999,");
    free(text);
    struct stat st;

    assert_int_equal(stat("big.gz", &st), 0);
    assert_in_range(st.st_size, 1000, 300000);
}

static void test_a_minus_reads_standard_input(void **state)
{
    int kept = dup(STDIN_FILENO);

    (void)state;
    write_bytes("a", "typed", 5);
    assert_non_null(freopen("a", "rb", stdin));
    assert_content("-", "typed");
    assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
    close(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_plain_file_is_read_as_it_is),
        IN_FOLDER(test_gzip_is_recognised_by_its_content),
        IN_FOLDER(test_gzip_members_follow_each_other),
        IN_FOLDER(test_a_cut_gzip_file_is_refused_wherever_it_ends),
        IN_FOLDER(test_damaged_gzip_data_are_refused),
        IN_FOLDER(test_what_cannot_be_opened_says_why),
        IN_FOLDER(test_a_file_beyond_the_limit_is_refused),
        IN_FOLDER(test_an_endless_file_is_stopped_by_the_limit),
        IN_FOLDER(test_small_reads_give_the_whole_in_order),
        IN_FOLDER(test_a_large_file_survives_compression),
        IN_FOLDER(test_a_minus_reads_standard_input),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
