/* webpage.h - what is the same in every report.html: style, scripts, the
 * controls of the timeline; files of plots/page and plots/vendor/uplot.
 */
#ifndef PLOTS_WEBPAGE_H
#define PLOTS_WEBPAGE_H

#include <stdio.h>

/* The value of Content-Security-Policy: nothing from the network, and no style
 * and no script but those below. Has no double quote.
 */
void webpage_policy(FILE *out);

/* Elements of the page: <style>; <section>; <script>. The scripts find the
 * timeline's data as JSON in an element "timeline-data" before them.
 */
void webpage_styles(FILE *out);
void webpage_timeline(FILE *out);
void webpage_scripts(FILE *out);

#endif
