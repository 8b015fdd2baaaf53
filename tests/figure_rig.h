/* figure_rig.h - what tests ask of the figures in out/plots. */
#ifndef TESTS_FIGURE_RIG_H
#define TESTS_FIGURE_RIG_H

#include "plots/figure.h"
#include "sim/base/mem.h"
#include "sim/base/program.h"
#include "tests/folder.h"

#include <string.h>

static inline void need_gnuplot(void)
{
    if (!figure_have_gnuplot())
        skip();
}

/* Content of out/plots/FIGURE.END; owned. */
static inline char *figure_file(const char *figure, const char *end, size_t *n)
{
    char path[128], *text;
    struct err e;

    (void)snprintf(path, sizeof path, "out/plots/%s.%s", figure, end);
    if (file_read(path, 1 << 24, &text, n, &e) != ERR_OK)
        fail_msg("%s", e.msg);
    return text;
}

/* All texts of the picture as somebody would select them, a space between two
 * lines; owned.
 */
static inline char *figure_words(const char *figure)
{
    size_t n, used = 0;
    char *svg = figure_file(figure, "svg", &n), *words = mem_array(n + 2, 1);

    for (char *at = svg; (at = strstr(at, "<text>"));) {
        at += strlen("<text>");
        char *end = strstr(at, "</text>");
        assert_non_null(end);
        memcpy(words + used, at, (size_t)(end - at));
        used += (size_t)(end - at);
        words[used++] = ' ';
    }
    words[used] = '\0';
    free(svg);
    return words;
}

static inline void figure_says(const char *figure, const char *part, bool want)
{
    char *words = figure_words(figure);

    if ((strstr(words, part) != NULL) != want)
        fail_msg("%s %s \"%s\": %s", figure, want ? "lacks" : "has", part,
                 words);
    free(words);
}

static inline void figure_has(const char *figure, const char *end,
                              const char *part)
{
    size_t n;
    char *text = figure_file(figure, end, &n);

    if (!strstr(text, part))
        fail_msg("\"%s\" is not in %s.%s:\n%s", part, figure, end, text);
    free(text);
}

/* Both pictures are whole, and small enough for a comment: 1280 pixels wide, or
 * 960, below 150 kB.
 */
static inline void figure_is_whole(const char *figure)
{
    size_t n;
    char *png = figure_file(figure, "png", &n);

    assert_memory_equal(png, "\x89PNG", 4);
    int width = (unsigned char)png[18] << 8 | (unsigned char)png[19];
    assert_true(width == 1280 || width == 960);
    if (n >= 150000)
        fail_msg("%s.png has %zu bytes", figure, n);
    free(png);
    figure_has(figure, "svg", "</svg>");
    figure_has(figure, "svg", "<text>");
}

/* Draws it again to hear what gnuplot says, which must be nothing. */
static inline void figure_is_quiet(const char *figure)
{
    char script[64], own[] = "gnuplot", defaults[] = "-d", said[512] = "";
    char *path = program_find("gnuplot");
    char *argv[] = {own, defaults, script, NULL};
    FILE *heard = tmpfile();
    struct err e;

    (void)snprintf(script, sizeof script, "%s.gp", figure);
    assert_non_null(heard);
    assert_int_equal(program_run(path, argv, "out/plots", 60, heard, &e), 0);
    said[fread(said, 1, sizeof said - 1, heard)] = '\0';
    if (said[0] != '\0')
        fail_msg("%s.gp: %s", figure, said);
    assert_int_equal(fclose(heard), 0);
    free(path);
}

/* Removes the files of a figure, and nothing but them. */
static inline void figure_remove(const char *figure)
{
    static const char *const ends[] = {"gp", "dat", "svg", "png"};
    char path[128];

    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(path, sizeof path, "out/plots/%s.%s", figure, ends[i]);
        unlink(path);
    }
}

/* Nothing else was written. */
static inline void figure_leave(void)
{
    assert_int_equal(rmdir("out/plots"), 0);
    assert_int_equal(rmdir("out"), 0);
}

#endif
