/* text.h - foreign text made harmless for the place where it is shown. */
#ifndef SIM_BASE_TEXT_H
#define SIM_BASE_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* For a terminal: control characters, escapes and invalid UTF-8 become '?'. */
void text_plain(const char *text, char *out, size_t size);

/* For a GitHub Markdown table cell: everything that could start markup, a
 * link, a mention or a new cell is escaped; newlines become blanks. A commit
 * hash stays whole, since image names often contain one.
 */
void text_markdown(const char *text, char *out, size_t size);

/* For a double-quoted gnuplot string inside a data file or a script, with
 * "enhanced" text off: quotes, backslashes, backquotes, dollars and control
 * characters are replaced.
 */
void text_gnuplot(const char *text, char *out, size_t size);

/* A JSON string with its quotes; what a terminal would not be shown is '?'. */
void text_json(FILE *out, const char *text);

/* HTML, also of an attribute in double quotes; what a terminal would not be
 * shown is '?'.
 */
void text_html(FILE *out, const char *text);

/* JSON so that it can stand in a <script>: equal JSON, without characters that
 * would end the element or a line of it.
 */
void text_script(FILE *out, const char *json);

/* One CSV field, quoted where needed; a leading = + - @ gets a quote before
 * it (') so that a spreadsheet shows it and does not run it; control characters
 * other than white space become '?'.
 */
void text_csv(FILE *out, const char *text);

/* Bytes of text up to its end, or to the first that is not UTF-8. */
size_t text_utf8_length(const char *text);

/* Nearest word of words[n] within edit distance 3, else the one that shares
 * the longest start, of more than half of the text and than 6 characters, or
 * NULL; for "did you mean".
 */
const char *text_nearest(const char *text, const char *const words[], size_t n);

#endif
