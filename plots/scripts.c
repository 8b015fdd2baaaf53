#include "plots/scripts.h"

#include "plots/embed.h"

#include <string.h>

#define EMBED(name) EMBED_FILE(scripts_##name, "plots/" #name ".gp")

EMBED(style)
EMBED(timeline)
EMBED(burst)
EMBED(waits)
EMBED(week)
EMBED(pareto)
EMBED(curve)
EMBED(bars)
EMBED(pair_burst)

bool scripts_colour(const char *name, char out[SCRIPTS_COLOUR])
{
    char line[64];

    int n = snprintf(line, sizeof line, "\n%s = \"#", name);
    const char *at = strstr(scripts_style_text, line);

    out[0] = '\0';
    if (at)
        (void)snprintf(out, SCRIPTS_COLOUR, "%s", at + n - 1);
    return at != NULL;
}
