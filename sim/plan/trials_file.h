/* trials_file.h - the runs that are done, kept so that an interrupted search
 * goes on where it was.
 *
 * A text file: a line with what the runs depend on, then a line a run. Numbers
 * are written as hexadecimal floats, which are exact. A last line that is not
 * whole is what a killed program leaves; it is dropped.
 */
#ifndef SIM_PLAN_TRIALS_FILE_H
#define SIM_PLAN_TRIALS_FILE_H

#include "sim/plan/trials.h"

/* Opens the file for t. resume: takes in the runs that it has, and adds to
 * them; else, and if there is no file, it starts empty.
 *
 * n_found   runs that were taken in
 * Errors    ERR_IO; ERR_INPUT: the runs are of another scenario, trace, seed
 *           or version of the program, or the file is none of ours.
 */
int trials_file_open(struct trials *t, const char *path, bool resume,
                     size_t *n_found, struct err *e);

/* Adds one run; a write that fails shows when the file is closed. */
void trials_file_add(const struct trials *t, size_t setting, size_t history);

/* Errors    ERR_IO */
int trials_file_close(struct trials *t, const char *path, struct err *e);

#endif
