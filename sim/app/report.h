/* report.h - a report for people, written once and shown twice: as Markdown for
 * a pull request, and as one page that needs no other file and no network, with
 * a timeline to look closer.
 */
#ifndef SIM_APP_REPORT_H
#define SIM_APP_REPORT_H

#include "sim/app/run.h"

typedef void report_put(const void *of, FILE *out);

enum report_tone { TONE_PLAIN, TONE_GOOD, TONE_BAD };

/* Everything is borrowed. */
struct report {
    const char *name; /* foreign */
    enum report_tone tone;
    const void *of;                              /* what the parts are told: */
    report_put *title, *picture, *answer, *rest; /* Markdown, in this order */
    report_put *numbers;                         /* all of them, as JSON */
    const char *folder; /* of the report, and of plots/ if it has pictures */
    struct report_side {
        const char *name;
        const struct run *run;
    } sides[2]; /* what the timeline shows, on the same axes */
    size_t n_sides;
};

struct report out_report(const struct run *r); /* of a run */

/* report.md and report.html in the folder.
 * Errors    ERR_IO; each is the old one or the new one, whole.
 */
int report_write(const struct report *r, struct err *e);

void report_markdown(const struct report *r, FILE *out);

/* The page. In its Markdown nothing is missing; the first picture is below the
 * timeline. Elements with id "numbers" and "timeline-data" have its JSON.
 *
 * Errors    ERR_IO: a picture cannot be read.
 */
int report_page(const struct report *r, FILE *out, struct err *e);

/* Whether there is an interval to draw, and the levels in it as JSON: columns
 * as extremes.h has them, joined until all take at most REPORT_RUNS runs of
 * equal points.
 */
enum { REPORT_RUNS = 400000 };
bool report_has_timeline(const struct report *r);
void report_timeline(const struct report *r, FILE *out);

#endif
