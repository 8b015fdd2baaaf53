/* ranks_mpi.c - ranks by MPI. Whoever waits for the others looks for them from
 * time to time: most implementations of MPI would burn a core meanwhile, and
 * none would hear that it is to stop.
 */
#include "sim/plan/ranks.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <limits.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_US = 200,
    GRACE_US = 300000, /* for those who hear later that they are to stop */
    BLOCK = 1 << 28    /* bytes of a rank at once; MPI counts in int */
};

void ranks_begin(void)
{
    int given;

    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given);
    assert(given >= MPI_THREAD_FUNNELED);
}

static uint32_t ask(int (*what)(MPI_Comm, int *), int otherwise)
{
    int answer = otherwise, begun = 0;

    MPI_Initialized(&begun);
    if (begun)
        what(MPI_COMM_WORLD, &answer);
    return (uint32_t)answer;
}

uint32_t ranks_me(void)
{
    return ask(MPI_Comm_rank, 0);
}

uint32_t ranks_n(void)
{
    return ask(MPI_Comm_size, 1);
}

/* ------------------------------------------------------------ gathering */

static int await(MPI_Request *r, const struct ranks_stop *stop, struct err *e)
{
    const struct timespec pause = {.tv_nsec = LOOK_US * 1000L};
    int there = 0, stopped_us = 0;

    while (MPI_Test(r, &there, MPI_STATUS_IGNORE), !there) {
        if (stopped_us > GRACE_US)
            return err_set(e, ERR_IO, "interrupted");
        if (stopped_us > 0 || (stop->should && stop->should(stop->context)))
            stopped_us += LOOK_US;
        nanosleep(&pause, NULL);
    }
    return ERR_OK;
}

/* How much each rank brings, and where it goes. */
struct shares {
    int *n, *at; /* owned; by rank */
    size_t sum;
};

static int gather_sizes(struct shares *s, size_t mine,
                        const struct ranks_stop *stop, struct err *e)
{
    int n = (int)mine;
    MPI_Request r;

    assert(mine <= BLOCK);
    MPI_Iallgather(&n, 1, MPI_INT, s->n, 1, MPI_INT, MPI_COMM_WORLD, &r);
    /* NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): MPI_Test waits */
    int rc = await(&r, stop, e);
    for (uint32_t i = 0; i < ranks_n() && rc == ERR_OK; i++) {
        s->at[i] = (int)s->sum;
        s->sum += (size_t)s->n[i];
        assert(s->sum <= INT_MAX);
    }
    return rc;
}

int ranks_gather(const char *mine, size_t n, char **all, size_t *n_all,
                 const struct ranks_stop *stop, struct err *e)
{
    struct shares s = {
        .n = mem_array(ranks_n(), sizeof *s.n),
        .at = mem_array(ranks_n(), sizeof *s.at),
    };
    MPI_Request r;
    int rc = gather_sizes(&s, n, stop, e);

    *all = mem_array(s.sum + 1, 1);
    *n_all = s.sum;
    if (rc == ERR_OK) {
        MPI_Iallgatherv(mine, (int)n, MPI_CHAR, *all, s.n, s.at, MPI_CHAR,
                        MPI_COMM_WORLD, &r);
        /* NOLINTNEXTLINE(clang-analyzer-optin.mpi.MPI-Checker): the same */
        rc = await(&r, stop, e);
    }
    free(s.n);
    free(s.at);
    return rc;
}

/* ------------------------------------------------------------ agreeing */

/* What a rank has to say of its start. */
struct word {
    int rc;
    struct err err;
};

int ranks_agree(int rc, struct err *e)
{
    struct word *words = mem_array(ranks_n(), sizeof *words);
    struct word mine = {.rc = rc};
    uint32_t i = 0;

    if (rc != ERR_OK)
        mine.err = *e;
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, words, sizeof mine, MPI_BYTE,
                  MPI_COMM_WORLD);
    while (i < ranks_n() && words[i].rc == ERR_OK)
        i++;
    rc = i < ranks_n() ? words[i].rc : ERR_OK;
    if (rc != ERR_OK && i == 0)
        *e = words[0].err;
    else if (rc != ERR_OK)
        err_set(e, rc, "rank %u: %.900s", i, words[i].err.msg);
    free(words);
    return rc;
}

void ranks_end(bool bad)
{
    if (bad)
        _exit(EXIT_FAILURE); /* whoever started the ranks ends the others */
    MPI_Finalize();
}
