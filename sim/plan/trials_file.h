/* trials_file.h - the runs that are done, kept so that an interrupted search
 * goes on where it was, and so that several copies of the program share one.
 *
 * A text file in the search's folder: a line with what the runs depend on, then
 * a line a run. A last line that is not whole is what a killed program leaves;
 * it is dropped. Who writes holds a lock, so that two searches cannot mix.
 *
 * The parts of a search that is shared by way of the folder have a file each,
 * which the others read. A part that was lost and is started again finds its
 * own runs and theirs.
 */
#ifndef SIM_PLAN_TRIALS_FILE_H
#define SIM_PLAN_TRIALS_FILE_H

#include "sim/plan/trials.h"

/* Opens DIR/trials.txt for t; if t has parts and there is but one rank,
 * DIR/trials.PART-of-PARTS.txt, and looks at those of the others.
 *
 * folder    is there
 * resume    takes in the runs that it has, and adds to them; else, and if there
 *           is no file, it starts empty
 * n_found   runs that were taken in
 * Errors    ERR_IO, also if another program writes it; ERR_INPUT: the runs are
 *           of another scenario, trace, seed or version of the program, or the
 *           file is none of ours. It is left as it was then.
 */
int trials_file_open(struct trials *t, const char *folder, bool resume,
                     size_t *n_found, struct err *e);

/* Adds one run if there is a file. */
void trials_file_add(struct trials *t, const struct trial_pair *p);

/* Whether a write has failed, and why: ERR_IO. */
bool trials_file_has_failed(const struct trials *t);
int trials_file_failure(const struct trials *t, struct err *e);

/* Takes in what the other parts have written since the last look.
 *
 * n_new     runs
 * Errors    ERR_IO, ERR_INPUT
 */
int trials_file_look(struct trials *t, size_t *n_new, struct err *e);

/* Takes a table without a file; may repeat.
 * Errors    ERR_IO: a write has failed
 */
int trials_file_close(struct trials *t, struct err *e);

#endif
