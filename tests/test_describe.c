#include "sim/app/describe.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t size;

static void test_options_are_records_and_hidden_ones_are_not(void **state)
{
    const struct argp_option rows[] = {
        {.name = "reps", .key = 'n', .arg = "N", .doc = "how\tmany"},
        {.name = "secret", .key = 300, .flags = OPTION_HIDDEN, .doc = "none"},
        {.name = "plot", .key = 301, .arg = "F", .flags = OPTION_ARG_OPTIONAL},
        {.name = "quiet", .key = 'q', .doc = "says less"},
    };
    const struct argp_option *at[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    const struct argp argp = {.doc = "Replays.\vTwo\n\nparts.",
                              .args_doc = "SCENARIO"};
    FILE *out = open_memstream(&text, &size);

    (void)state;
    describe_options(&argp, at, 4, out);
    fclose(out);
    assert_string_equal(text, "doc\tReplays.\n"
                              "end\tTwo  parts.\n"
                              "args\tSCENARIO\n"
                              "option\treps\tn\tN\tneeded\thow many\n"
                              "option\tplot\t-\tF\toptional\t\n"
                              "option\tquiet\tq\t-\tnone\tsays less\n");
    free(text);
}

static void test_commands_follow_what_is_said_of_all(void **state)
{
    const struct command commands[] = {
        {"run", "replay", NULL}, {"size", "recommend", NULL}, {0}};
    const struct argp argp = {.doc = "A dry run.\v"};
    FILE *out = open_memstream(&text, &size);

    (void)state;
    describe_commands(commands, &argp, out);
    fclose(out);
    assert_string_equal(text, "doc\tA dry run.\n"
                              "args\t\n"
                              "command\trun\treplay\n"
                              "command\tsize\trecommend\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options_are_records_and_hidden_ones_are_not),
        cmocka_unit_test(test_commands_follow_what_is_said_of_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
