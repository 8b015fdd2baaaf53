/* size_report.c - report.md, to be pasted into a pull request: the picture and
 * the answer first, the rest folded. GitHub refuses comments above 65,536
 * characters: what no longer fits is left out, and said so.
 */
#include "sim/app/show.h"
#include "sim/app/size_out.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdlib.h>

enum {
    REPORT_BYTES = 50000, /* of what is folded, before it is escaped */
    REPORT_POOLS = 8
};

static void put_text(const char *text, FILE *out)
{
    char safe[2 * SIZE_ANSWER];

    text_markdown(text, safe, sizeof safe);
    fputs(safe, out);
}

static void put_pool(const struct size_job *j, uint32_t pool, FILE *out)
{
    char cells[2][SHOW_CELL];
    const char *label;

    fputs("\n| ", out);
    put_text(j->scenario.system.pools[pool].name, out);
    fputs(" | today | recommended |\n|---|---:|---:|\n", out);
    for (size_t i = 0; (label = size_row(j, pool, i, cells)); i++) {
        fprintf(out, "| %s | ", label);
        put_text(cells[0], out);
        fputs(" | ", out);
        put_text(cells[1], out);
        fputs(" |\n", out);
    }
}

static void put_notes(const struct size_job *j, FILE *out)
{
    char notes[SIZE_NOTES][SIZE_NOTE];
    size_t n = size_notes(j, notes);

    for (size_t i = 0; i < n; i++) {
        fputc('\n', out);
        put_text(notes[i], out);
        fputc('\n', out);
    }
}

/* As it is on a terminal; nothing in it is read as Markdown or as a tag. */
static void put_folded(const char *title, const char *text, bool fits,
                       FILE *out)
{
    fprintf(out, "\n<details><summary>%s</summary>\n\n<pre>\n", title);
    for (const char *c = text; *c && fits; c++) {
        switch (*c) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        default:
            fputc(*c, out);
        }
    }
    if (!fits)
        fputs("too long for a comment; it is on standard output\n", out);
    fputs("</pre>\n</details>\n", out);
}

/* *room     bytes that are left */
static void put_part(const struct size_job *j, const char *title,
                     void (*print)(const struct size_job *j, FILE *out),
                     size_t *room, FILE *out)
{
    struct mem_file part;

    mem_file_open(&part);
    print(j, part.out);
    mem_file_close(&part);
    bool fits = part.n <= *room;
    put_folded(title, part.text, fits, out);
    if (fits)
        *room -= part.n;
    free(part.text);
}

void size_report(const struct size_job *j, FILE *out)
{
    char answer[SIZE_ANSWER];
    size_t n = 0, room = REPORT_BYTES;

    size_answer(j, answer);
    fputs("## drydock size: ", out);
    put_text(j->scenario.name, out);
    fputs("\n\n", out);
    if (j->has_plots)
        fputs("![What a maximum buys: wait and cost, and what it should "
              "be](plots/maximum.png)\n\n",
              out);
    fputs("**", out);
    put_text(answer, out);
    fputs("**\n", out);
    put_notes(j, out);
    for (uint32_t i = 0; size_has_answer(j) && i < j->scenario.system.n_pools &&
                         n < REPORT_POOLS;
         i++)
        if (j->plan.pools[i].max > 0) {
            put_pool(j, i, out);
            n++;
        }
    if (size_has_answer(j)) {
        put_part(j, "Values", size_values, &room, out);
        put_part(j, "Patch", size_patch, &room, out);
    }
    put_part(j, "Everything, with the proof", size_print, &room, out);
}
