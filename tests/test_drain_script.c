#include "scenarios/drain_script.h"
#include "tests/support.h"

#include <string.h>

static struct err err;
static struct drain_script d;

#define ADVICE                                                                 \
    "; set the numbers in the scenario, for instance drain: {poll: 15s, "      \
    "idle_polls: 2}"

static void reads(const char *text, int64_t poll_s, uint32_t looks)
{
    if (drain_script_parse(&d, "drain.sh", 1, text, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
    assert_int_equal(d.poll_us, poll_s * US_PER_S);
    assert_int_equal(d.idle_looks, looks);
}

static void refuses(const char *text, const char *message)
{
    assert_int_equal(drain_script_parse(&d, "drain.sh", 7, text, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static void test_a_counting_loop_is_recognised(void **state)
{
    (void)state;
    reads("#!/bin/sh\n# wait until idle\nidle=0\n"
          "while [ \"$idle\" -lt 3 ]; do\n"
          "  if netstat -tn | grep -q ':1234 .*ESTABLISHED'; then\n"
          "    idle=0\n  else\n    idle=$((idle + 1))\n  fi\n"
          "  sleep 17\ndone\n",
          17, 3);
}

static void test_numbers_may_stand_in_variables(void **state)
{
    (void)state;
    reads("POLL=20\nNEEDED=\"${NEEDED:-4}\"\nn=0\nwhile :; do\n"
          "if ss -tn | grep -q ESTAB; then n=0; else n=$((n+1)); fi\n"
          "if [ \"${n}\" -ge \"$NEEDED\" ]; then exit 0; fi\n"
          "sleep \"$POLL\"\ndone\n",
          20, 4);
}

static void test_above_needs_one_more_look_than_at_least(void **state)
{
    (void)state;
    reads("c=0; while true; do netstat -t; c=$(( c + 1 ))\n"
          "[ $c -gt 2 ] && exit 0\nsleep 15; done\n",
          15, 3);
}

static void test_a_comparison_of_something_else_is_no_count(void **state)
{
    (void)state;
    reads("i=0\nbusy=$(netstat -tn | wc -l)\nif [ \"$busy\" -gt 9 ]; then "
          "i=0; else i=$((i + 1)); fi\n[ $i -ge 2 ] && exit\nsleep 15\n",
          15, 2);
}

static void test_what_is_commented_out_does_not_count(void **state)
{
    (void)state;
    refuses("# netstat\ni=$((i + 1))\n[ $i -ge 2 ] && exit\n# sleep 15\n",
            "drain.sh:7: drain script not recognised: no sleep between "
            "looks" ADVICE);
}

static void test_each_missing_part_is_named(void **state)
{
    (void)state;
    refuses("i=$((i + 1))\n[ $i -ge 2 ] && exit\nsleep 15\n",
            "drain.sh:7: drain script not recognised: it does not look at "
            "connections with netstat, ss or /proc/net/tcp" ADVICE);
    refuses("netstat\nsleep 15\n",
            "drain.sh:7: drain script not recognised: no count of idle looks "
            "in a row" ADVICE);
    refuses("", "drain.sh:7: drain script not recognised: it does not look at "
                "connections with netstat, ss or /proc/net/tcp" ADVICE);
}

static void test_contradictions_are_refused_with_their_line(void **state)
{
    (void)state;
    refuses("netstat\nsleep 15\nsleep 30\n",
            "drain.sh:9: drain script not recognised: it sleeps for two "
            "different times" ADVICE);
    refuses("netstat\nn=$((n+1))\n[ $n -ge 2 ]\n[ $n -ge 5 ]\n",
            "drain.sh:10: drain script not recognised: it counts to two "
            "different numbers" ADVICE);
    refuses("netstat\nsleep $X\n",
            "drain.sh:8: drain script not recognised: sleep needs 1 to 3600 "
            "whole seconds" ADVICE);
    refuses("sleep 999999999999999999999\n",
            "drain.sh:7: drain script not recognised: sleep needs 1 to 3600 "
            "whole seconds" ADVICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_counting_loop_is_recognised),
        cmocka_unit_test(test_numbers_may_stand_in_variables),
        cmocka_unit_test(test_above_needs_one_more_look_than_at_least),
        cmocka_unit_test(test_a_comparison_of_something_else_is_no_count),
        cmocka_unit_test(test_what_is_commented_out_does_not_count),
        cmocka_unit_test(test_each_missing_part_is_named),
        cmocka_unit_test(test_contradictions_are_refused_with_their_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
