#include "plots/webpage.h"

#include "plots/embed.h"

EMBED_FILE(webpage_policy, "build/page.csp")
EMBED_FILE(webpage_timeline, "plots/page/timeline.html")

#define PART(name, path)                                                       \
    void webpage_part_##name(FILE *out);                                       \
    EMBED_FILE(webpage_part_##name, path)

PART(uplot_licence, "plots/vendor/uplot/LICENSE")
PART(uplot_style, "plots/vendor/uplot/uPlot.min.css")
PART(uplot_script, "plots/vendor/uplot/uPlot.iife.min.js")
PART(style, "plots/page/page.css")
PART(script, "plots/page/page.js")

/* The policy knows the hash of what stands between the tags. */
static void put(const char *tag, void (*part)(FILE *out), FILE *out)
{
    fprintf(out, "<%s>", tag);
    part(out);
    fprintf(out, "</%s>\n", tag);
}

void webpage_styles(FILE *out)
{
    put("style", webpage_part_uplot_style, out);
    put("style", webpage_part_style, out);
}

void webpage_scripts(FILE *out)
{
    fputs("<!-- uPlot:\n", out);
    webpage_part_uplot_licence(out);
    fputs("\n-->\n", out);
    put("script", webpage_part_uplot_script, out);
    put("script", webpage_part_script, out);
}
