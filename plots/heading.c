#include "plots/heading.h"

#include "plots/script.h"

#include <stdarg.h>
#include <string.h>

/* Pixels of a picture 640 wide, as style.gp has them. */
enum { ROOM = 612, TITLE_PX = 17, SUBTITLE_PX = 13, TEXT = 251 };

#define BOLD 1.12 /* as wide as the plain letters */

/* -------------------------------------------------------------- widths */

static double letter_width(char c)
{
    if (strchr(" ijl.,:;|!()[]/ftrI-'", c))
        return 0.36;
    if (strchr("mwMW%@", c))
        return 0.92;
    return (c >= 'A' && c <= 'Z') || (c & 0x80) ? 0.70 : 0.62;
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* A unit of one letter stays with its number. */
static bool is_alone(const char *word)
{
    return *word != '\0' && (word[1] == ' ' || word[1] == '\0');
}

size_t heading_line(const char *text, double ems)
{
    double used = 0.0;
    size_t space = 0, i = 0;

    for (; text[i] != '\0'; i++) {
        if (text[i] == ' ' && !is_alone(text + i + 1))
            space = i;
        if (continues(text[i]))
            continue;
        used += letter_width(text[i]);
        if (used > ems && text[i] != ' ' && i > 0)
            return space > 0 ? space : i;
    }
    return i;
}

/* -------------------------------------------------------------- lines */

/* Where the next line begins, without the space that ended this one. */
static const char *next_line(const char *text, double ems)
{
    text += heading_line(text, ems);
    return text + (*text == ' ');
}

static size_t count_lines(const char *text, double ems)
{
    size_t n = 0;

    for (; *text != '\0'; n++)
        text = next_line(text, ems);
    return n;
}

static void put_lines(FILE *gp, const char *name, const char *text, double ems)
{
    size_t n = count_lines(text, ems);

    /* No word stands alone in the last line if it can have company. */
    while (n > 1 && count_lines(text, 0.95 * ems) == n)
        ems *= 0.95;
    fprintf(gp, "n_%s = %zu\narray %s[%zu]\n", name, n, name, n > 0 ? n : 1);
    for (size_t i = 0; i < n; i++) {
        script_element(gp, name, i, "%.*s", (int)heading_line(text, ems), text);
        text = next_line(text, ems);
    }
}

void heading_title(FILE *gp, const char *format, ...)
{
    char text[TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    put_lines(gp, "title", text, ROOM / (BOLD * TITLE_PX));
}

void heading_subtitle(FILE *gp, const char *scenario, bool synthetic,
                      const char *shown)
{
    char name[4 * NAME_SHOWN + 1], text[TEXT];

    script_short(scenario, name);
    (void)snprintf(text, sizeof text, "%s%s%s%s", name, name[0] ? " | " : "",
                   synthetic ? "synthetic trace | " : "", shown);
    put_lines(gp, "subtitle", text, (double)ROOM / SUBTITLE_PX);
}
