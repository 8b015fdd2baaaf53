/* outputs.c - sinks, and who fills them. */
#include "sim/app/outputs.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ opening */

/* The path that an option gives, or the usual name in the run's folder. */
static int open_one(struct sink *s, const struct options *o, const char *given,
                    const char *usual, struct err *e)
{
    return *given ? sink_open(s, given, e) : sink_open_in(s, o->out, usual, e);
}

static int open_metrics(struct outputs *x, const struct options *o,
                        const struct scenario *s, struct err *e)
{
    int rc = open_one(&x->openmetrics, o, o->openmetrics, "metrics.om", e);

    if (rc != ERR_OK)
        return rc;
    /* Beside a device or a pipe there is no room. */
    bool is_file = x->openmetrics.part != NULL;
    char *folder = path_folder(is_file ? x->openmetrics.path : "/tmp/-");
    rc = metrics_open(&x->metrics, s, NULL, 0, folder, e);
    free(folder);
    return rc;
}

int outputs_open(struct outputs *x, const struct options *o,
                 const struct scenario *s, struct err *e)
{
    int rc = ERR_OK;

    *x = (struct outputs){0};
    if (o->events)
        rc = open_one(&x->events, o, "", "events.log", e);
    if (rc == ERR_OK && o->openmetrics)
        rc = open_metrics(x, o, s, e);
    if (rc == ERR_OK && o->perfetto)
        rc = open_one(&x->perfetto, o, o->perfetto, "trace.json", e);
    if (rc != ERR_OK)
        outputs_abort(x);
    else if (o->perfetto)
        perfetto_open(&x->trace, s, x->perfetto.out);
    return rc;
}

/* ------------------------------------------------------------ watching */

static void on_begin(void *context, const struct system *s)
{
    struct outputs *x = context;

    x->system = s;
}

static void on_note(void *context, const struct note *n)
{
    const struct outputs *x = context;
    char text[256];

    note_print(x->system, n, text);
    fprintf(x->events.out, "%s\n", text);
}

static void on_end(void *context, const struct system *s)
{
    struct outputs *x = context;

    (void)s;
    x->system = NULL; /* ends with the run */
}

size_t outputs_watches(struct outputs *x, struct replicate_watch out[OUTPUTS])
{
    size_t n = 0;

    if (x->events.out)
        out[n++] = (struct replicate_watch){.context = x,
                                            .on_begin = on_begin,
                                            .on_note = on_note,
                                            .on_end = on_end};
    if (x->openmetrics.out)
        out[n++] = metrics_watch(&x->metrics);
    if (x->perfetto.out)
        out[n++] = perfetto_watch(&x->trace);
    return n;
}

/* ------------------------------------------------------------ closing */

static int close_metrics(struct outputs *x, struct err *e)
{
    metrics_write(&x->metrics, x->openmetrics.out);
    int rc = metrics_check(&x->metrics, e);

    return rc == ERR_OK ? sink_close(&x->openmetrics, e) : rc;
}

int outputs_close(struct outputs *x, struct err *e)
{
    int rc = sink_end(&x->events, ERR_OK, e);

    rc = sink_end(&x->perfetto, rc, e);
    if (rc == ERR_OK && x->openmetrics.out)
        rc = close_metrics(x, e);
    outputs_abort(x);
    return rc;
}

void outputs_abort(struct outputs *x)
{
    sink_abort(&x->events);
    sink_abort(&x->openmetrics);
    sink_abort(&x->perfetto);
    metrics_close(&x->metrics);
    perfetto_close(&x->trace);
    *x = (struct outputs){0};
}
