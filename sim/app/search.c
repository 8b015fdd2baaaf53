#include "sim/app/search.h"

#include "sim/app/interrupt.h"
#include "sim/base/file.h"
#include "sim/base/wall.h"
#include "sim/plan/ranks.h"
#include "sim/plan/trials_file.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ options */

enum { KEY_RESUME = 768, KEY_PART, PARTS = 1000 };

static const struct argp_option rows[] = {
    {.name = "resume",
     .key = KEY_RESUME,
     .doc = "go on with the runs that DIR has, after an interrupt"},
    {.name = "part",
     .key = KEY_PART,
     .arg = "I/N",
     .doc = "this is copy I, from 0 on, of N that share the work by way of "
            "DIR: all of them with the same options; each prints the answer, "
            "copy 0 writes it; one that was lost is started again"},
    {0},
};

static void read_part(struct search_options *how, const char *text,
                      const struct argp_state *state)
{
    const char *slash = strchr(text, '/');
    char first[16];

    if (!slash || slash - text >= (long)sizeof first)
        argp_error(state, "--part must be I/N, not '%.60s'", text);
    memcpy(first, text, (size_t)(slash - text));
    first[slash - text] = '\0';
    how->n_parts =
        (uint32_t)app_number(state, "--part I/N", slash + 1, 1, PARTS);
    how->part =
        (uint32_t)app_number(state, "--part I", first, 0, how->n_parts - 1);
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct search_options *how = state->input;

    switch (key) {
    case KEY_RESUME:
        how->resume = true;
        break;
    case KEY_PART:
        read_part(how, arg, state);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

const struct argp search_argp = {.options = rows, .parser = read_option};

void search_check(const struct options *o, const struct search_options *how,
                  const struct argp_state *state)
{
    if (how->resume && !o->out)
        argp_error(state, "--resume needs --output DIR");
    if (how->n_parts > 0 && !o->out)
        argp_error(state, "--part needs --output DIR");
}

/* ------------------------------------------------------------ ranks */

void search_join(struct options *o, const struct search_options *how)
{
    sigset_t before;

    interrupt_hold(
        &before); /* no thread that starts there is to take the signals */
    ranks_begin();
    interrupt_release(&before);
    if (ranks_n() > 1 && how->n_parts > 0) {
        app_remark("--part is for copies that are no ranks of each other");
        ranks_end(true);
    }
    if (ranks_me() == 0)
        return;
    o->out = NULL;
    o->quiet = true;
    if (!freopen("/dev/null", "w", stdout))
        ranks_end(true);
}

int search_leave(const struct search *s, int rc, int status,
                 const struct err *e)
{
    if (rc != ERR_OK && ranks_me() == 0)
        status = app_fail(e, rc);
    ranks_end(s->trials->is_lost);
    return rc == ERR_OK || ranks_me() == 0 ? status : EXIT_BAD;
}

bool search_writes(const struct search *s)
{
    return s->options->out && s->how->part == 0;
}

/* ------------------------------------------------------------ the search */

/* Nobody else writes there while the runs are locked. */
static void sweep(const char *folder)
{
    char *plots = path_join(folder, "plots");

    parts_sweep(folder);
    parts_sweep(plots);
    free(plots);
}

static int open_file(struct search *s, struct err *e)
{
    const char *folder = s->options->out;
    int rc = folder ? folder_make(folder, e) : ERR_OK;

    s->trials->n_threads = s->options->n_threads;
    s->trials->context = s->context;
    s->trials->should_stop = interrupt_came;
    if (s->how->n_parts > 0) {
        s->trials->part = s->how->part;
        s->trials->n_parts = s->how->n_parts;
    }
    if (rc == ERR_OK && folder)
        rc = trials_file_open(s->trials, folder,
                              s->how->resume || s->how->n_parts > 0,
                              &s->n_found, e);
    if (rc == ERR_OK && search_writes(s))
        sweep(folder);
    return rc;
}

static int work(struct search *s, struct err *e)
{
    sigset_t before;

    s->started_s = wall_s();
    interrupt_hold(&before);
    int rc = trials_meet(s->trials, e);
    if (rc == ERR_OK)
        rc = s->work(s->context, e);

    interrupt_release(&before);
    if (app_is_watched(s->options->quiet) && s->shown_s > 0.0)
        fputc('\n', stderr);
    if (rc != ERR_OK && s->trials->is_stopped)
        return err_set(
            e, ERR_IO, "interrupted after %zu runs%s", s->trials->n_runs,
            s->options->out ? "; --resume goes on from there"
                            : "; with --output DIR, --resume could go on");
    return rc;
}

int search_run(struct search *s, struct err *e)
{
    struct err late;
    int rc = s->load(s->context, e);

    if (rc == ERR_OK)
        rc = open_file(s, e);
    rc = ranks_agree(rc, e);
    if (rc == ERR_OK)
        rc = work(s, e);
    if (trials_file_close(s->trials, &late) != ERR_OK && rc == ERR_OK) {
        *e = late;
        rc = ERR_IO;
    }
    return rc;
}

/* ------------------------------------------------------------ progress */

/* Ten times a second is enough for anybody. */
bool search_is_due(struct search *s, bool last)
{
    double now_s = wall_s();

    if (!app_is_watched(s->options->quiet) ||
        (!last && now_s - s->shown_s < 0.1))
        return false;
    s->shown_s = now_s;
    return true;
}

void search_left(const struct search *s, size_t n_done, size_t n_all,
                 char left[32])
{
    double each_s = (s->shown_s - s->started_s) / (double)n_done;
    double left_s = each_s * (double)(n_all - n_done);

    duration_print((sim_us)left_s * US_PER_S, left);
}
