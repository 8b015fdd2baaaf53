#include "scenarios/scenario.h"
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "tests/corpus/scenario/"

static struct scenario s;
static struct err err;

/* First line of a file of bad/: "# refused: :4:1: what is wrong". The path of
 * the file comes before it; "=" stands for nothing before, "@" for the folder.
 */
static void expected(const char *path, char *out, size_t size)
{
    static const char head[] = "# refused: ";
    char line[1024];
    FILE *in = fopen(path, "rb");

    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    fclose(in);
    assert_int_equal(strncmp(line, head, strlen(head)), 0);
    line[strcspn(line, "\n")] = 0;
    const char *text = line + strlen(head);
    const char *at = strchr(text, '@');
    const char *rest = *text == '=' ? text + 1 : text;
    const char *before = *text == '=' ? "" : path;
    if (at && (*text == '=' || strstr(text, ": @/")))
        snprintf(out, size, "%s%.*s" CORPUS "bad%s", before, (int)(at - rest),
                 rest, at + 1);
    else
        snprintf(out, size, "%s%s", before, rest);
}

static int is_yaml(const struct dirent *entry)
{
    return strstr(entry->d_name, ".yaml") != NULL;
}

static void test_every_bad_file_is_refused_with_its_message(void **state)
{
    struct dirent **entries;
    int bad = 0, n = scandir(CORPUS "bad", &entries, is_yaml, alphasort);
    (void)state;

    assert_true(n > 60);
    for (int i = 0; i < n; i++) {
        char path[300], want[2048];

        snprintf(path, sizeof path, CORPUS "bad/%s", entries[i]->d_name);
        free(entries[i]);
        expected(path, want, sizeof want);
        err.msg[0] = 0;
        int rc = scenario_load(&s, path, NULL, &err);
        if (rc == ERR_OK || strcmp(err.msg, want) != 0) {
            print_error("%s\n  gave   %s\n  wanted %s\n", path, err.msg, want);
            bad++;
        }
        assert_null(s.system.pools);
        scenario_free(&s);
    }
    free(entries);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bad_file_is_refused_with_its_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
