/* run_log.c - what replication 0 does, kept, and told to others. */
#include "sim/app/run.h"
#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void on_begin(void *context, const struct system *s)
{
    struct run_log *log = context;

    for (size_t i = 0; i < log->n_others; i++)
        log->others[i].on_begin(log->others[i].context, s);
}

static void on_note(void *context, const struct note *n)
{
    const struct run_log *log = context;

    for (size_t i = 0; i < log->n_others; i++)
        if (log->others[i].on_note)
            log->others[i].on_note(log->others[i].context, n);
}

static void on_row(void *context, const struct timeline_row *r)
{
    struct run_log *log = context;

    for (size_t i = 0; i < log->n_others; i++)
        if (log->others[i].on_row)
            log->others[i].on_row(log->others[i].context, r);
    if (log->wants_rows)
        log->n_rows += fwrite(r, sizeof *r, 1, log->scratch);
}

static void on_span(void *context, sim_us from_us, sim_us until_us)
{
    const struct run_log *log = context;

    for (size_t i = 0; i < log->n_others; i++)
        if (log->others[i].on_span)
            log->others[i].on_span(log->others[i].context, from_us, until_us);
}

static void on_end(void *context, const struct system *s)
{
    struct run_log *log = context;

    log->builds = mem_array(log->n_builds, sizeof *log->builds);
    if (log->n_builds > 0)
        memcpy(log->builds, system_builds(s),
               log->n_builds * sizeof *log->builds);
    for (size_t i = 0; i < log->n_others; i++)
        log->others[i].on_end(log->others[i].context, s);
}

int run_log_keep_rows(struct run_log *log, const char *folder, struct err *e)
{
    log->scratch = scratch_open(folder, e);
    log->wants_rows = log->scratch != NULL;
    return log->wants_rows ? ERR_OK : ERR_IO;
}

/* Nobody is told what nobody hears. */
struct replicate_watch run_watch(struct run_log *log, size_t n_builds)
{
    bool notes = false, rows = log->wants_rows, spans = false;

    for (size_t i = 0; i < log->n_others; i++) {
        notes = notes || log->others[i].on_note;
        rows = rows || log->others[i].on_row;
        spans = spans || log->others[i].on_span;
    }
    log->n_builds = n_builds;
    return (struct replicate_watch){
        .context = log,
        .on_begin = on_begin,
        .on_note = notes ? on_note : NULL,
        .on_row = rows ? on_row : NULL,
        .on_span = spans ? on_span : NULL,
        .on_end = on_end,
    };
}

int run_log_finish(struct run_log *log, struct err *e)
{
    size_t size = log->n_rows * sizeof *log->rows;

    if (!log->scratch)
        return ERR_OK;
    bool bad = fflush(log->scratch) != 0 || ferror(log->scratch);
    if (!bad && size > 0) {
        void *at =
            mmap(NULL, size, PROT_READ, MAP_PRIVATE, fileno(log->scratch), 0);
        bad = at == MAP_FAILED;
        log->rows = bad ? NULL : at;
    }
    if (!bad)
        return ERR_OK;
    log->n_rows = 0;
    return err_set(e, ERR_IO,
                   "the timeline could not be kept: is the disk full?");
}

void run_log_free(struct run_log *log)
{
    if (log->scratch && log->rows)
        munmap((void *)log->rows, log->n_rows * sizeof *log->rows);
    if (log->scratch)
        fclose(log->scratch);
    free(log->builds);
    *log = (struct run_log){0};
}
