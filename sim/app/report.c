#include "sim/app/report.h"
#include "sim/app/show.h"

#include "plots/webpage.h"
#include "sim/base/file.h"
#include "sim/base/markdown.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURE_BYTES = 4 << 20, TRIPLES = 3 };

/* A page while it is written. */
struct page {
    const struct report *report;
    FILE *out;
    int rc; /* of its first picture that cannot be read */
    struct err *e;
};

void report_markdown(const struct report *r, FILE *out)
{
    r->title(r->of, out);
    r->picture(r->of, out);
    r->answer(r->of, out);
    r->rest(r->of, out);
    fputs("\nreport.html has the same, with a timeline to zoom into.\n", out);
}

/* ------------------------------------------------------------ pictures */

static void put_base64(const unsigned char *bytes, size_t n, FILE *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < n; i += TRIPLES) {
        unsigned bits = 0;
        for (size_t k = 0; k < TRIPLES; k++)
            bits = bits << 8 | (i + k < n ? bytes[i + k] : 0U);
        putc(digits[bits >> 18], out);
        putc(digits[bits >> 12 & 63], out);
        putc(i + 1 < n ? digits[bits >> 6 & 63] : '=', out);
        putc(i + 2 < n ? digits[bits & 63] : '=', out);
    }
}

/* Part of the page, so that it stands alone. */
static void put_picture(void *context, const char *text, const char *path,
                        FILE *out)
{
    struct page *p = context;
    char *file = path_join(p->report->folder, path), *bytes;
    size_t n;

    if (p->rc == ERR_OK)
        p->rc = file_read(file, PICTURE_BYTES, &bytes, &n, p->e);
    free(file);
    if (p->rc != ERR_OK)
        return;
    fputs("<img alt=\"", out);
    text_html(out, text);
    fputs("\" src=\"data:image/png;base64,", out);
    put_base64((const unsigned char *)bytes, n, out);
    fputs("\">\n", out);
    free(bytes);
}

/* ------------------------------------------------------------ the page */

/* What a part writes, passed on by another writer. */
static char *text_of(report_put *part, const void *of)
{
    struct mem_file text;

    mem_file_open(&text);
    part(of, text.out);
    mem_file_close(&text);
    return text.text;
}

static void put_part(struct page *p, report_put *part)
{
    const struct markdown_pictures pictures = {p, put_picture};
    char *text = text_of(part, p->report->of);

    markdown_html(text, &pictures, p->out);
    free(text);
}

/* That of a comment is of the second level, that of a page of the first. */
static void put_title(const struct report *r, FILE *out)
{
    char *text = text_of(r->title, r->of);

    markdown_html(strncmp(text, "##", 2) == 0 ? text + 1 : text, NULL, out);
    free(text);
}

/* Below the timeline it is of use where there are no scripts. */
static void put_first_picture(struct page *p)
{
    const struct report *r = p->report;
    char *text = text_of(r->picture, r->of);
    bool is_there = text[0] != '\0';

    free(text);
    if (!is_there)
        return;
    fputs("<details><summary>Picture</summary>\n", p->out);
    put_part(p, r->picture);
    fputs("</details>\n", p->out);
}

static void put_timeline(const struct report *r, FILE *out)
{
    size_t n = r->sides[r->n_sides - 1].run->results.n_pools;

    webpage_timeline(out);
    if (n > SHOW_POOLS)
        fprintf(out, "<p>The timeline has " SHOW_LEFT_OUT ".</p>\n",
                (size_t)SHOW_POOLS, n);
}

static void put_json(const char *id, char *json, FILE *out)
{
    fprintf(out, "<script type=\"application/json\" id=\"%s\">\n", id);
    text_script(out, json);
    fputs("</script>\n", out);
    free(json);
}

static void put_head(const struct report *r, FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"",
          out);
    webpage_policy(out);
    fputs("\">\n<meta name=\"viewport\" "
          "content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>drydock: ",
          out);
    text_html(out, r->name);
    fputs("</title>\n", out);
    webpage_styles(out);
    fputs("</head>\n", out);
}

static void put_timeline_data(const void *of, FILE *out)
{
    report_timeline(of, out);
}

static void put_scripts(const struct report *r, FILE *out)
{
    put_json("numbers", text_of(r->numbers, r->of), out);
    if (!report_has_timeline(r))
        return;
    put_json("timeline-data", text_of(put_timeline_data, r), out);
    webpage_scripts(out);
}

int report_page(const struct report *r, FILE *out, struct err *e)
{
    static const char *const tones[] = {
        [TONE_PLAIN] = "plain", [TONE_GOOD] = "good", [TONE_BAD] = "bad"};
    struct page p = {.report = r, .out = out, .rc = ERR_OK, .e = e};

    put_head(r, out);
    fprintf(out, "<body>\n<main>\n<header class=\"%s\">\n", tones[r->tone]);
    put_title(r, out);
    put_part(&p, r->answer);
    fputs("</header>\n", out);
    if (report_has_timeline(r))
        put_timeline(r, out);
    put_first_picture(&p);
    put_part(&p, r->rest);
    fputs("</main>\n", out);
    put_scripts(r, out);
    fputs("</body>\n</html>\n", out);
    return p.rc;
}

/* ------------------------------------------------------------ the files */

static int put_markdown(const struct report *r, FILE *out, struct err *e)
{
    (void)e; /* what out has met is seen when it is closed */
    report_markdown(r, out);
    return ERR_OK;
}

static int write_file(const struct report *r, const char *name,
                      int (*put)(const struct report *, FILE *, struct err *),
                      struct err *e)
{
    struct sink sink;
    int rc = sink_open_in(&sink, r->folder, name, e);

    if (rc == ERR_OK)
        rc = put(r, sink.out, e);
    return sink_end(&sink, rc, e);
}

int report_write(const struct report *r, struct err *e)
{
    int rc = write_file(r, "report.md", put_markdown, e);

    return rc == ERR_OK ? write_file(r, "report.html", report_page, e) : rc;
}
