/* wrap.h - long lines on a terminal end at words. Files and pipes get every
 * line as it is.
 */
#ifndef SIM_APP_WRAP_H
#define SIM_APP_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* From now on lines on standard output that are wider than its terminal are
 * broken. Nothing changes if it is no terminal.
 */
void wrap_stdout(void);

/* Columns of a terminal: what COLUMNS says, else what the terminal says, else
 * 80; at least 40.
 *
 * columns   as in the environment; NULL: not set
 * reported  0: unknown
 */
size_t wrap_columns(const char *columns, unsigned reported);

/* Prints one line, without its end, in lines of at most so many columns, as
 * far as its words allow. What follows stands below the text of the first: at
 * its indent, or in its last column if two blanks or more divide the first
 * half of the line. Colours have no width.
 */
void wrap_line(FILE *out, const char *line, size_t width);

#endif
