/* markdown.h - the Markdown that reports are written in, as HTML.
 *
 * Models    lines of "# ", "## ", "- ", "| ", <details><summary>, </details>,
 *           ![text](path), paragraphs; in them **, `, \c, &lt; &gt; &amp; and
 *           references by number.
 * Left out  all else: it is shown as it stands. So a text that text_markdown
 *           has forgotten to escape can be ugly, and never an element.
 */
#ifndef SIM_BASE_MARKDOWN_H
#define SIM_BASE_MARKDOWN_H

#include <stdio.h>

/* Writes what stands for a picture; both texts as in the Markdown. */
struct markdown_pictures {
    void *context;
    void (*put)(void *context, const char *text, const char *path, FILE *out);
};

/* Writes text as HTML; pictures may be NULL: left out. */
void markdown_html(const char *text, const struct markdown_pictures *pictures,
                   FILE *out);

#endif
