/* convert.h - jobs become builds: when was the pool first dialled, and for how
 * much work.
 *
 * Source    README.md beside this file says which instant is taken and how
 *           each defect of an export is treated.
 */
#ifndef TRACES_CONVERT_H
#define TRACES_CONVERT_H

#include "traces/jobs.h"

/* Adds the builds to the trace of *j, sorts it and completes the report.
 * Errors    ERR_INPUT: no build is left, or a filter names no field.
 */
int convert_jobs(struct jobs *j, const char *path, struct err *e);

/* The error of a trace without builds: what was read and why it all went. */
int convert_refuse_empty(const char *path, const struct import_report *r,
                         const struct where *w, struct err *e);

/* The error of a filter whose field no row had, or ERR_OK. */
int convert_check_where(const char *path, const struct where *w, struct err *e);

#endif
