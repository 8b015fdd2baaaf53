/* folder.h - a fresh working directory for each test that touches files. */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include "tests/support.h"

#include "sim/base/file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One row of a table of tests. */
#define IN_FOLDER(test)                                                        \
    cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

static inline int enter_folder(void **state)
{
    char *folder = strdup(P_tmpdir "/drydock-XXXXXX");

    *state = folder;
    return folder && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

/* The folder holds files only, or empty folders that the test removes. */
static inline int leave_folder(void **state)
{
    DIR *here = opendir(".");
    const struct dirent *entry;

    if (!here)
        return -1;
    while ((entry = readdir(here)))
        unlink(entry->d_name);
    closedir(here);
    int rc = chdir("/") == 0 ? rmdir(*state) : -1;

    free(*state);
    return rc;
}

static inline size_t n_files(void)
{
    DIR *here = opendir(".");
    size_t n = 0;

    assert_non_null(here);
    while (readdir(here))
        n++;
    closedir(here);
    return n - 2; /* "." and ".." */
}

static inline void write_bytes(const char *path, const void *bytes, size_t n)
{
    FILE *fp = fopen(path, "wb");

    assert_non_null(fp);
    assert_int_equal(fwrite(bytes, 1, n, fp), n);
    assert_int_equal(fclose(fp), 0);
}

/* A shell script in the folder, as a program: its path, owned. */
static inline char *write_script(const char *name, const char *body)
{
    char text[1024];
    char *folder = getcwd(NULL, 0);
    char *path = path_join(folder, name);
    int n = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);

    assert_true(n < (int)sizeof text);
    write_bytes(name, text, (size_t)n);
    assert_int_equal(chmod(name, 0700), 0);
    free(folder);
    return path;
}

static inline void assert_content(const char *path, const char *want)
{
    struct err e;
    char *text;
    size_t n;

    assert_int_equal(file_read(path, 1 << 20, &text, &n, &e), ERR_OK);
    assert_int_equal(n, strlen(want));
    assert_string_equal(text, want);
    free(text);
}

#endif
