/* heading.h - what stands above a figure: the finding, in lines that fit, and
 * below it what is shown.
 */
#ifndef PLOTS_HEADING_H
#define PLOTS_HEADING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Writes array title[] and n_title: lines of about the same length. Of a text
 * what is beyond 250 bytes is left out.
 */
void heading_title(FILE *gp, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes array subtitle[] and n_subtitle: the scenario, whether its trace was
 * made up, and what is shown.
 */
void heading_subtitle(FILE *gp, const char *scenario, bool synthetic,
                      const char *shown);

/* Bytes of text that go into a line so wide: up to a space, or of a word that
 * is wider by itself the characters that fit, at least one.
 */
size_t heading_line(const char *text, double ems);

#endif
