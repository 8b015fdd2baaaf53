/* ranks.h - copies of this program on many machines that take the same
 * decisions and share the work between them.
 *
 * Models    every copy, a rank, runs the same command on the same input. What
 *           one of them has worked out it gives to all others as text, so that
 *           all see the same and decide alike. Rank 0 alone prints and writes.
 * Source    MPI 3.1. `make MPI=1` builds ranks_mpi.c in the place of ranks.c,
 *           in which the program is the only rank.
 * Left out  ranks that come or go: who starts them (mpirun) ends all of them
 *           if one is lost.
 */
#ifndef SIM_PLAN_RANKS_H
#define SIM_PLAN_RANKS_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Joins the other ranks; by the first thread, before there are others. */
void ranks_begin(void);

uint32_t ranks_me(void); /* from 0 on */
uint32_t ranks_n(void);

struct ranks_stop {
    bool (*should)(void *context); /* or NULL */
    void *context;
};

/* Gives mine[n] to all ranks. All call it, the same number of times.
 *
 * all       owned; the texts in the order of the ranks, with a zero behind
 * Errors    ERR_IO "interrupted": it was to stop, and not all ranks came. Then
 *           nothing can be shared any more.
 */
int ranks_gather(const char *mine, size_t n, char **all, size_t *n_all,
                 const struct ranks_stop *stop, struct err *e);

/* Whether all went well everywhere: each rank brings its rc, and its message
 * in *e. All return the code of the first rank that failed; rank 0 has the
 * message of it, with the number of the rank if it is another one's.
 */
int ranks_agree(int rc, struct err *e);

/* Leaves the other ranks. bad: gather has failed; all of them are ended. */
void ranks_end(bool bad);

#endif
