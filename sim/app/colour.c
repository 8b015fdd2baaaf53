#include "sim/app/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colour_allowed(bool is_terminal, const char *no_color, const char *term)
{
    return is_terminal && !(no_color && *no_color) && term && *term &&
           strcmp(term, "dumb") != 0;
}

/* A stream that is no file, such as one in memory, is no terminal. */
static bool may(FILE *out, enum colour c)
{
    int fd = fileno(out);

    return c != COLOUR_PLAIN &&
           colour_allowed(fd >= 0 && isatty(fd), getenv("NO_COLOR"),
                          getenv("TERM"));
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
