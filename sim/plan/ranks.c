/* ranks.c - the program by itself; ranks_mpi.c is the other way. */
#include "sim/plan/ranks.h"

#include "sim/base/mem.h"

void ranks_begin(void)
{
}

uint32_t ranks_me(void)
{
    return 0;
}

uint32_t ranks_n(void)
{
    return 1;
}

int ranks_gather(const char *mine, size_t n, char **all, size_t *n_all,
                 const struct ranks_stop *stop, struct err *e)
{
    (void)stop;
    (void)e;
    *all = mem_text(mine, n);
    *n_all = n;
    return ERR_OK;
}

int ranks_agree(int rc, struct err *e)
{
    (void)e;
    return rc;
}

void ranks_end(bool bad)
{
    (void)bad;
}
