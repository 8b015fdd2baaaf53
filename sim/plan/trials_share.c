/* trials_share.c - the parts of a search give each other their runs. */
#include "sim/base/mem.h"
#include "sim/plan/ranks.h"
#include "sim/plan/trials_file.h"
#include "sim/plan/trials_parts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LOOK_MS = 100,
    PATIENCE_MS = 600000, /* with a part that brings nothing */
    FOUND_BYTES = 1 << 26
};

#define STOP "stop"

/* Ranks know the same at all times and are dealt their runs in turn. Of parts
 * in a folder one may know more than another, so that it is the pair itself
 * that says whose it is.
 */
bool trials_is_mine(const struct trials *t, const struct trial_pair *p,
                    size_t i)
{
    uint32_t sum = 0;

    if (t->n_parts == 1)
        return true;
    if (ranks_n() > 1)
        return i % t->n_parts == t->part;
    for (const char *c = t->settings[p->setting].key; *c; c++)
        sum = sum * 31 + (unsigned char)*c;
    return (sum + p->history) % t->n_parts == t->part;
}

/* ------------------------------------------------------------ ranks */

/* The lines of all ranks; the file of rank 0 takes those of the others. */
static int take_all(struct trials *t, char *text, bool *stop, struct err *e)
{
    struct trial_pair p;
    bool is_new;
    char *end;

    for (; (end = strchr(text, '\n')); text = end + 1) {
        *end = '\0';
        if (strcmp(text, STOP) == 0) {
            *stop = true;
            continue;
        }
        int rc = trials_take_line(t, text, &p, &is_new, e);
        if (rc != ERR_OK)
            return rc;
        if (is_new) {
            trials_file_add(t, &p);
            trials_count(t);
        }
    }
    return ERR_OK;
}

static int gather(struct trials *t, const char *mine, size_t n, char **all,
                  struct err *e)
{
    const struct ranks_stop stop = {t->should_stop, t->context};
    size_t n_all;
    int rc = ranks_gather(mine, n, all, &n_all, &stop, e);

    t->is_lost = t->is_stopped = rc != ERR_OK;
    return rc;
}

static int share_ranks(struct trials *t, const struct trial_pair todo[],
                       size_t n, struct err *e)
{
    struct mem_file mine;
    char *all;
    bool stop = false;

    mem_file_open(&mine);
    for (size_t i = t->part; i < n; i += t->n_parts)
        if (trials_at(t, todo[i].setting, todo[i].history))
            trials_line(t, &todo[i], mine.out);
    if (trials_should_stop(t))
        fputs(STOP "\n", mine.out);
    mem_file_close(&mine);
    int rc = gather(t, mine.text, mine.n, &all, e);
    if (rc == ERR_OK)
        rc = take_all(t, all, &stop, e);
    if (rc == ERR_OK && stop) {
        t->is_stopped = true;
        rc = err_set(e, ERR_IO, "interrupted");
    }
    free(mine.text);
    free(all);
    return rc;
}

/* Rank by rank the same line, or who differs. */
static int compare_heads(struct trials *t, struct err *e)
{
    char head[TRIALS_HEAD], *all;

    trials_head(t, head);
    size_t n = strlen(head);
    int rc = gather(t, head, n, &all, e);
    for (uint32_t i = 0; i < ranks_n() && rc == ERR_OK; i++)
        if (strncmp(&all[i * n], all, n) != 0)
            rc = err_set(e, ERR_INPUT,
                         "rank %u has another scenario, trace, seed or version "
                         "of the program than rank 0",
                         i);
    free(all);
    return rc;
}

/* What rank 0 has found in its file, from *next on; the others have nothing to
 * give.
 */
static void print_found(const struct trials *t, struct trial_pair *next,
                        FILE *out)
{
    size_t n = histories_n(t->histories);

    for (; ranks_me() == 0 && next->setting < t->n; next->setting++) {
        for (; next->history < n; next->history++) {
            if (ftell(out) > FOUND_BYTES)
                return;
            if (trials_at(t, next->setting, next->history))
                trials_line(t, next, out);
        }
        next->history = 0;
    }
}

static int give_found(struct trials *t, struct trial_pair *next, bool *more,
                      struct err *e)
{
    struct mem_file mine;
    char *all;
    bool stop;

    mem_file_open(&mine);
    print_found(t, next, mine.out);
    mem_file_close(&mine);
    int rc = gather(t, mine.text, mine.n, &all, e);
    *more = rc == ERR_OK && *all;
    if (*more)
        rc = take_all(t, all, &stop, e);
    free(mine.text);
    free(all);
    return rc;
}

int trials_meet(struct trials *t, struct err *e)
{
    struct trial_pair next = {0};
    bool more = ranks_n() > 1;
    int rc = more ? compare_heads(t, e) : ERR_OK;

    while (more && rc == ERR_OK)
        rc = give_found(t, &next, &more, e);
    t->n_runs = 0; /* these are not done by us */
    return rc;
}

/* ------------------------------------------------------------ a folder */

/* Moves *first on to what is not known of todo[n]. */
static bool has_all(const struct trials *t, const struct trial_pair todo[],
                    size_t n, size_t *first)
{
    while (*first < n &&
           trials_at(t, todo[*first].setting, todo[*first].history))
        ++*first;
    return *first == n;
}

static int share_folder(struct trials *t, const struct trial_pair todo[],
                        size_t n, struct err *e)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    size_t first = 0, n_new;

    for (int idle_ms = 0; idle_ms < PATIENCE_MS; idle_ms += LOOK_MS) {
        int rc = trials_file_look(t, &n_new, e);
        for (size_t i = 0; i < n_new; i++)
            trials_count(t);
        if (rc != ERR_OK || has_all(t, todo, n, &first) ||
            trials_should_stop(t))
            return rc;
        if (n_new > 0)
            idle_ms = 0;
        nanosleep(&pause, NULL);
    }
    return err_set(e, ERR_IO,
                   "another part has brought nothing for %d min; start it "
                   "again, and this one, which goes on where it is",
                   PATIENCE_MS / 60000);
}

int trials_share(struct trials *t, const struct trial_pair todo[], size_t n,
                 struct err *e)
{
    return ranks_n() > 1 ? share_ranks(t, todo, n, e)
                         : share_folder(t, todo, n, e);
}
