#include "tests/support.h"

#include "sim/app/json_put.h"
#include "sim/base/mem.h"

#include <stdlib.h>

static void test_what_is_put_is_written_in_one_form(void **state)
{
    json_t *o = json_object();
    struct mem_file written;

    (void)state;
    json_put_text(o, "name", "nightly \"x\"");
    json_put_text(o, "bytes", "a\xff");
    json_put_number(o, "wait_s", 1.0 / 3.0);
    json_put_number(o, "nothing", NAN);
    json_put_number(o, "endless", INFINITY);
    json_put_count(o, "builds", 0);
    json_put_count(o, "most", INT64_MAX);
    json_put_count(o, "seed", UINT64_MAX);
    mem_file_open(&written);
    json_put_file(o, written.out);
    mem_file_close(&written);
    assert_string_equal(written.text, "{\n"
                                      " \"name\": \"nightly \\\"x\\\"\",\n"
                                      " \"bytes\": \"(not UTF-8)\",\n"
                                      " \"wait_s\": 0.333333333,\n"
                                      " \"nothing\": null,\n"
                                      " \"endless\": null,\n"
                                      " \"builds\": 0,\n"
                                      " \"most\": 9223372036854775807,\n"
                                      " \"seed\": \"18446744073709551615\"\n"
                                      "}\n");
    free(written.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_put_is_written_in_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
