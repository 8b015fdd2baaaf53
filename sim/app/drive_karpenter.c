/* drive_karpenter.c - the real core of Karpenter beside the scenario. */
#include "sim/app/drive.h"
#include "sim/plan/replicate.h"
#include "sim/upstream/real_karp.h"

#include <stdlib.h>
#include <unistd.h>

/* The loop looks each 10 s, whether anything goes on or not; more of a long
 * history would take it minutes.
 */
static const sim_us removals_us = US_PER_DAY;

static int find(const struct drive *d, char **path, struct err *e)
{
    *path = path_join(d->options->upstream, "karpenter");
    if (access(*path, X_OK) == 0)
        return ERR_OK;
    return err_set(e, ERR_IO,
                   "%s: the real Karpenter is not there; 'make upstream "
                   "UP_GO=karpenter' builds it (needs Go 1.26), --upstream DIR "
                   "says where it is",
                   *path);
}

static void simulate(struct drive *d, const struct karp_watch *watch)
{
    const struct scenario *s = &d->scenario;
    struct system_params params = s->system;
    struct replications results = {0};
    struct replicate_task task = replicate_task_of(s, d->options->common.seed);

    params.karpenter.watch = watch;
    task.params = &params;
    replicate(&results, &task);
    replications_free(&results);
}

/* What the row does not cover is said in it. */
static void remark(const struct real_karp *r, enum real_karp_part part,
                   struct drive_row *row)
{
    sim_us until_us = real_karp_until_us(r, part);
    const char *why = real_karp_left_out(r, part);
    char until[32];

    if (why)
        (void)snprintf(row->note, sizeof row->note, "not compared: %s", why);
    else if (until_us != SIM_NEVER) {
        duration_print(until_us / US_PER_S * US_PER_S, until);
        (void)snprintf(row->note, sizeof row->note, "of the first %s", until);
    } else if (part == KARP_WINDOWS && real_karp_ties(r) > 0)
        (void)snprintf(row->note, sizeof row->note,
                       "%u histories in one of several plays: ties of timers",
                       real_karp_ties(r));
}

static void add_rows(struct drive *d, const struct real_karp *r)
{
    for (enum real_karp_part i = 0; i < KARP_PARTS; i++) {
        const struct compared *x = real_karp_part(r, i);
        struct drive_row *row = drive_add_compared(d, x, "1.12.0");
        if (x->n_different == 0)
            remark(r, i, row);
    }
}

static int play(struct drive *d, const char *path, FILE *decisions,
                struct err *e)
{
    struct real_karp *r;
    int rc = real_karp_open(&r, path, &d->scenario.system.karpenter,
                            removals_us, decisions, e);

    if (rc != ERR_OK)
        return rc;
    simulate(d, real_karp_watch(r));
    rc = real_karp_finish(r, e);
    if (rc == ERR_OK)
        add_rows(d, r);
    real_karp_close(r);
    return rc;
}

int drive_karpenter(struct drive *d, struct err *e)
{
    struct sink decisions = {0};
    char *path;
    int rc = find(d, &path, e);

    if (rc == ERR_OK)
        rc = drive_open(d, "decisions-karpenter.jsonl", &decisions, e);
    if (rc == ERR_OK)
        rc = play(d, path, decisions.out, e);
    rc = sink_end(&decisions, rc, e);
    free(path);
    return rc;
}
