#include "sim/app/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colour_allowed(bool is_terminal, const char *no_color, const char *term)
{
    return is_terminal && !(no_color && *no_color) && term && *term &&
           strcmp(term, "dumb") != 0;
}

/* A stream that is no file, such as one in memory, is no terminal, but for
 * standard output, when wrap.h stands before one.
 */
bool colour_terminal(int fd)
{
    return isatty(fd) && !getenv("OMPI_COMM_WORLD_SIZE");
}

static bool may(FILE *out, enum colour c)
{
    int fd = fileno(out);

    return c != COLOUR_PLAIN &&
           colour_allowed(fd >= 0 ? colour_terminal(fd) : out == stdout,
                          getenv("NO_COLOR"), getenv("TERM"));
}

void colour_begin(FILE *out, enum colour c)
{
    static const char *const codes[] = {"\033[32m", "\033[33m", "\033[1;31m"};

    if (may(out, c))
        fputs(codes[c], out);
}

void colour_end(FILE *out, enum colour c)
{
    if (may(out, c))
        fputs("\033[0m", out);
}

void colour_level(FILE *out, enum hazard_level level)
{
    static const enum colour colours[] = {[HAZARD_NOTE] = COLOUR_PLAIN,
                                          [HAZARD_WARNING] = COLOUR_WARNING,
                                          [HAZARD_ERROR] = COLOUR_BAD};

    colour_begin(out, colours[level]);
    fputs(hazard_level_name(level), out);
    colour_end(out, colours[level]);
}
