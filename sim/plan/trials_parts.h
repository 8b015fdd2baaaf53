/* trials_parts.h - shared by the files of trials.h and by no one else. */
#ifndef SIM_PLAN_TRIALS_PARTS_H
#define SIM_PLAN_TRIALS_PARTS_H

#include "sim/plan/trials.h"
#include "traces/by_pool.h"

/* What the run that s has just done comes to in one pool. */
void trial_take(struct trial *x, const struct system *s,
                const struct scenario *scenario, const struct by_pool *b,
                uint32_t pool);

/* Carries out a set that begins with '@'.
 * Errors    ERR_INPUT
 */
int trials_extra(struct scenario *s, const char *set, struct err *e);

/* trials_line.c: a run as a line of text. Numbers are hexadecimal floats, which
 * are exact. The head says what all runs depend on: scenario, trace, seed and
 * version of the program.
 */
enum { TRIALS_HEAD = 64 };
void trials_head(const struct trials *t, char head[TRIALS_HEAD]);
void trials_line(const struct trials *t, const struct trial_pair *p, FILE *out);

/* Takes in a line without its end, which it breaks up.
 *
 * is_new    it is of a history that this search has, and was not known
 * Errors    ERR_INPUT: damaged
 */
int trials_take_line(struct trials *t, char *line, struct trial_pair *p,
                     bool *is_new, struct err *e);

/* trials_run.c: one of the batch has come in. */
void trials_count(struct trials *t);
bool trials_should_stop(const struct trials *t);

/* trials_share.c: whether the pair that is number i of a batch is to be run
 * by this part.
 */
bool trials_is_mine(const struct trials *t, const struct trial_pair *p,
                    size_t i);

/* Gives the runs of this part to the others, and takes in theirs.
 * Errors    ERR_IO
 */
int trials_share(struct trials *t, const struct trial_pair todo[], size_t n,
                 struct err *e);

#endif
