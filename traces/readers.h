/* readers.h - one reader a format; import.c chooses.
 *
 * Each reads the whole input and adds what it finds to *j.
 * Errors    ERR_IO; ERR_INPUT with path:line.
 */
#ifndef TRACES_READERS_H
#define TRACES_READERS_H

#include "traces/jobs.h"
#include "traces/record.h"

/* CSV or TSV with a header of job columns: HUD exports and the layouts of the
 * shipped data. r has read the header.
 */
int read_table(struct record *r, struct jobs *j, struct err *e);

/* Whether the header that r has read is one of drydock's own CSV. */
bool native_is_header(const struct record *r);

/* Reads a line that begins with # before the header: the mark of a synthetic
 * trace, or the window that the trace covers. Others are left alone.
 */
int native_read_comment(struct jobs *j, struct slice line,
                        const struct input *in, struct err *e);

/* drydock's own CSV, which gives builds and no jobs. r has read the header. */
int read_native(struct record *r, struct jobs *j, struct err *e);

/* HUD rows, pages of the GitHub REST answer, webhook events: objects one after
 * the other, or in arrays.
 */
int read_json(struct input *in, struct jobs *j, struct err *e);

/* Whether a line can be one of the standard workload format. */
bool swf_is_line(struct slice line);

/* Standard workload format, version 2.2. */
int read_swf(struct input *in, struct jobs *j, struct err *e);

#endif
