/* search.h - what `size` and `sweep` share: many runs, dealt out to threads,
 * ranks and parts, and kept so that an interrupted search goes on.
 */
#ifndef SIM_APP_SEARCH_H
#define SIM_APP_SEARCH_H

#include "sim/app/options.h"
#include "sim/plan/trials.h"

struct search_options {
    bool resume;
    uint32_t part, n_parts; /* n_parts 0: not shared by way of the folder */
};

/* --resume and --part, a child of a command's argp with struct search_options
 * as its input.
 */
extern const struct argp search_argp;

/* Starts from {0}. */
struct search {
    const struct search_options *how; /* borrowed, as options and trials */
    const struct options *options;
    struct trials *trials;
    void *context;                             /* of these two, and of trials */
    int (*load)(void *context, struct err *e); /* ends with trials_init */
    int (*work)(void *context, struct err *e); /* runs trials */
    size_t n_found;                            /* runs that --resume found */
    double started_s, shown_s;                 /* work, last sign of progress */
};

/* Ends the program with status 2 if the options contradict each other. */
void search_check(const struct options *o, const struct search_options *how,
                  const struct argp_state *state);

/* Joins the other ranks; those behind the first neither print nor write. To
 * follow app_parse, and to be followed by search_leave.
 */
void search_join(struct options *o, const struct search_options *how);

/* Loads and works, on all ranks; the folder is made and locked. An interrupt
 * (Ctrl-C, or SIGTERM as a scheduler sends it) ends the work early: what is
 * done is in the folder then.
 *
 * Errors    as load and work; ERR_IO
 */
int search_run(struct search *s, struct err *e);

/* Whether it is time for a sign of progress, and the time that is left. */
bool search_is_due(struct search *s, bool last);
void search_left(const struct search *s, size_t n_done, size_t n_all,
                 char left[32]);

/* Whether this part writes the results. */
bool search_writes(const struct search *s);

/* Leaves the ranks; returns the program's exit status: status if all went
 * well, else that of rc, after the message.
 */
int search_leave(const struct search *s, int rc, int status,
                 const struct err *e);

#endif
