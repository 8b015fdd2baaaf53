#include "sim/base/markdown.h"

#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum block { NOTHING, PARAGRAPH, LIST, TABLE };
enum { COLUMNS = 32 }; /* whose alignment is known */

struct writer {
    FILE *out;
    const struct markdown_pictures *pictures;
    const char *next; /* line, borrowed */
    enum block open;
    size_t row; /* of the table: 0 its head, 1 the alignment */
    bool right[COLUMNS];
};

static bool starts(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* ------------------------------------------------------------ in a line */

/* What the reference at text stands for: its length, 0 if it is none. A space
 * without width only parts what GitHub would link, which nothing does here.
 */
static size_t reference(const char *text, const char **html)
{
    static const char *const known[][2] = {
        {"&lt;", "&lt;"}, {"&gt;", "&gt;"}, {"&amp;", "&amp;"},
        {"&#124;", "|"},  {"&#92;", "\\"},  {"&#8203;", ""},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (starts(text, known[i][0])) {
            *html = known[i][1];
            return strlen(known[i][0]);
        }
    return 0;
}

/* One character, as itself. */
static size_t put_char(const char *text, FILE *out)
{
    char one[2] = {text[0], '\0'};

    if (strchr("<>&\"'", text[0]))
        text_html(out, one);
    else
        putc(text[0], out);
    return 1;
}

/* Opens or closes an element. */
static size_t toggle(bool *is_open, const char *tag, size_t length, FILE *out)
{
    fprintf(out, "<%s%s>", *is_open ? "/" : "", tag);
    *is_open = !*is_open;
    return length;
}

/* Text up to end, which is 0 or what a table's cell ends with. */
static const char *put_inline(const char *text, char end, FILE *out)
{
    bool strong = false, code = false;
    const char *html;

    while (*text != '\0' && *text != end) {
        size_t n = reference(text, &html);
        if (n > 0) {
            fputs(html, out);
            text += n;
        } else if (text[0] == '\\' && text[1] != '\0') {
            text += 1 + put_char(text + 1, out);
        } else if (text[0] == '`') {
            text += toggle(&code, "code", 1, out);
        } else if (!code && starts(text, "**")) {
            text += toggle(&strong, "strong", 2, out);
        } else {
            text += put_char(text, out);
        }
    }
    if (code)
        toggle(&code, "code", 0, out);
    if (strong)
        toggle(&strong, "strong", 0, out);
    return text;
}

static void put_element(struct writer *w, const char *tag, const char *text)
{
    fprintf(w->out, "<%s>", tag);
    put_inline(text, '\0', w->out);
    fprintf(w->out, "</%s>\n", tag);
}

/* ------------------------------------------------------------ tables */

static const char *skip_blanks(const char *text)
{
    while (*text == ' ')
        text++;
    return text;
}

/* "|---|---:|", the line below the head */
static void read_alignment(struct writer *w)
{
    const char *at = w->next;

    for (size_t n = 0; n < COLUMNS; n++) {
        w->right[n] = false;
        if (*at != '|')
            continue;
        at += 1 + strcspn(at + 1, "|\n");
        w->right[n] = at[-1] == ':';
    }
}

/* The first cell of a row says what the row is. */
static const char *cell_tag(const struct writer *w, size_t column)
{
    bool right = column < COLUMNS && w->right[column];

    if (w->row == 0)
        return right ? "th scope=\"col\" class=\"number\"" : "th scope=\"col\"";
    if (column == 0)
        return "th scope=\"row\"";
    return right ? "td class=\"number\"" : "td";
}

static void put_cells(struct writer *w, const char *line)
{
    size_t column = 0;

    fputs("<tr>", w->out);
    for (line = skip_blanks(line + 1); *line != '\0';
         line = skip_blanks(line), column++) {
        const char *tag = cell_tag(w, column);
        fprintf(w->out, "<%s>", tag);
        line = put_inline(line, '|', w->out);
        fprintf(w->out, "</%.2s>", tag);
        line += *line == '|';
    }
    fputs("</tr>\n", w->out);
}

static void put_row(struct writer *w, const char *line)
{
    if (w->open != TABLE) {
        read_alignment(w);
        w->row = 0;
        w->open = TABLE;
        fputs("<div class=\"wide\"><table>\n<thead>", w->out);
    }
    if (w->row != 1)
        put_cells(w, line);
    if (w->row == 0)
        fputs("</thead>\n<tbody>\n", w->out);
    w->row++;
}

/* ------------------------------------------------------------ lines */

static void close_block(struct writer *w)
{
    static const char *const ends[] = {
        [NOTHING] = "",
        [PARAGRAPH] = "</p>\n",
        [LIST] = "</ul>\n",
        [TABLE] = "</tbody></table></div>\n",
    };

    fputs(ends[w->open], w->out);
    w->open = NOTHING;
}

static void open_block(struct writer *w, enum block block, const char *tag)
{
    if (w->open == block)
        return;
    close_block(w);
    fputs(tag, w->out);
    w->open = block;
}

/* "![text](path)" */
static void put_picture(struct writer *w, char *line)
{
    char *middle = strstr(line, "](");
    char *end = middle ? strchr(middle, ')') : NULL;

    if (!end || !w->pictures)
        return;
    *middle = *end = '\0';
    w->pictures->put(w->pictures->context, line + 2, middle + 2, w->out);
}

static bool put_fold(struct writer *w, const char *line)
{
    static const char opens[] = "<details><summary>";

    if (strcmp(line, "</details>") == 0) {
        close_block(w);
        fputs("</details>\n", w->out);
        return true;
    }
    const char *end = strstr(line, "</summary>");

    if (!starts(line, opens) || !end)
        return false;
    char *title = mem_text(line + sizeof opens - 1,
                           (size_t)(end - line) - (sizeof opens - 1));
    close_block(w);
    fputs("<details>", w->out);
    put_element(w, "summary", title);
    free(title);
    return true;
}

static void put_line(struct writer *w, char *line)
{
    static const char *const heads[][2] = {{"# ", "h1"}, {"## ", "h2"}};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (starts(line, heads[i][0])) {
            close_block(w);
            put_element(w, heads[i][1], line + strlen(heads[i][0]));
            return;
        }
    if (line[0] == '\0') {
        close_block(w);
    } else if (line[0] == '|') {
        if (w->open != TABLE)
            close_block(w);
        put_row(w, line);
    } else if (starts(line, "- ")) {
        open_block(w, LIST, "<ul>\n");
        put_element(w, "li", line + 2);
    } else if (starts(line, "![")) {
        close_block(w);
        put_picture(w, line);
    } else if (!put_fold(w, line)) {
        open_block(w, PARAGRAPH, "<p>");
        put_inline(line, '\0', w->out);
        putc('\n', w->out);
    }
}

void markdown_html(const char *text, const struct markdown_pictures *pictures,
                   FILE *out)
{
    struct writer w = {.out = out, .pictures = pictures};

    while (*text != '\0') {
        size_t n = strcspn(text, "\n");
        char *line = mem_text(text, n);
        text += n + (text[n] == '\n');
        w.next = text;
        put_line(&w, line);
        free(line);
    }
    close_block(&w);
}
