/* drive_drain.c - `drydock drive --drain`: the drain script of the manifests,
 * executed, beside the arithmetic of models/drain.h.
 */
#include "sim/app/drive.h"
#include "sim/app/show.h"
#include "sim/base/text.h"
#include "sim/drive/hook.h"
#include "sim/drive/pod.h"

#include <stdlib.h>
#include <string.h>

enum { CASES = 4, SPANS = 2, LABEL = 44, COLUMN = 10, SLACK_POLLS = 4 };

/* Instants in polls of the script. */
struct drain_case {
    const char *label;
    struct {
        double from, to; /* to < 0: for ever */
    } spans[SPANS];
    size_t n_spans;
    bool blind; /* without the program that looks */
};

static const struct drain_case cases[CASES] = {
    {"no build", {{0, 0}}, 0, false},
    {"a build until 1.4 polls", {{0, 1.4}}, 1, false},
    {"a build until 0.4, another from 1.5 to 2.4",
     {{0, 0.4}, {1.5, 2.4}},
     2,
     false},
    {"a build all the time", {{0, -1}}, 1, true},
};

/* What goes to the pod and comes back. */
struct drain_job {
    const struct drain_params *params;
    struct hook_case play;
};

struct drain_results {
    struct hook_result model[CASES], real[CASES];
};

/* ------------------------------------------------------------ playing */

static const char *looker_of(const char *text)
{
    return hook_names(text, "netstat") ? "netstat"
           : hook_names(text, "ss")    ? "ss"
                                       : NULL;
}

static sim_us polls(const struct drain_params *p, double n)
{
    return n < 0.0 ? SIM_NEVER : (sim_us)(n * (double)p->poll_us);
}

static int play_case(const struct drain_job *job, const struct drain_case *c,
                     struct hook_result *model, struct hook_result *real,
                     struct err *e)
{
    struct hook_span spans[SPANS];
    struct hook_case play = job->play;
    struct drain_params p = *job->params;

    for (size_t i = 0; i < c->n_spans; i++)
        spans[i] = (struct hook_span){polls(&p, c->spans[i].from),
                                      polls(&p, c->spans[i].to)};
    play.spans = spans;
    play.n_spans = c->n_spans;
    play.hidden = c->blind ? looker_of(play.text) : NULL;
    play.limit_us = (sim_us)(p.idle_looks + 4 + SLACK_POLLS) * p.poll_us;
    p.blind = c->blind;
    hook_model(&play, &p, model);
    return hook_play(&play, real, e);
}

/* A script that looks with nothing but the shell cannot be blinded. */
static bool is_played(const struct drain_job *job, const struct drain_case *c)
{
    return !c->blind || looker_of(job->play.text);
}

static int play_all(void *context, void *result, struct err *e)
{
    const struct drain_job *job = context;
    struct drain_results *r = result;
    int rc = ERR_OK;

    for (size_t i = 0; i < CASES && rc == ERR_OK; i++)
        if (is_played(job, &cases[i]))
            rc = play_case(job, &cases[i], &r->model[i], &r->real[i], e);
    return rc;
}

/* ------------------------------------------------------------ telling */

/* Half a poll: another number of looks is more. */
static bool differs(const struct drain_params *p,
                    const struct hook_result *model,
                    const struct hook_result *real)
{
    if (model->end_us == SIM_NEVER || real->end_us == SIM_NEVER)
        return model->end_us != real->end_us;
    return llabs((long long)(model->end_us - real->end_us)) > p->poll_us / 2 ||
           model->n_cut != real->n_cut;
}

static void print_case(const struct drain_case *c,
                       const struct hook_result *model,
                       const struct hook_result *real, const char *looker)
{
    char label[SHOW_CELL], end[32];

    (void)snprintf(label, sizeof label, "%s%s%s", c->label,
                   c->blind ? ", no " : "", c->blind ? looker : "");
    show_padded(stdout, label, LABEL, false);
    duration_print(model->end_us, end);
    printf("%*s", COLUMN, end);
    duration_print(real->end_us == SIM_NEVER
                       ? SIM_NEVER
                       : real->end_us / (100 * US_PER_MS) * 100 * US_PER_MS,
                   end);
    printf("%*s%s\n", COLUMN, end, real->n_cut > 0 ? "   a build is lost" : "");
}

static void print_head(const struct scenario_script *at, double shrink,
                       bool own_network)
{
    char path[1024];

    text_plain(at->path, path, sizeof path);
    printf("The script of %s:%u, executed; time divided by %g; %s.\n\n", path,
           at->line, shrink,
           own_network ? "in a network of its own"
                       : "in this machine's network, since the system allows "
                         "it none of its own");
    printf("%*s%*s%*s\n", LABEL, "", COLUMN, "model", COLUMN, "real");
}

static void tell(struct drive *d, const struct scenario_script *at,
                 const struct drain_job *job, const struct drain_results *r,
                 bool own_network)
{
    struct drive_row *row = drive_add_row(d, "drain script");
    bool quiet = d->options->common.json;
    const char *looker = looker_of(job->play.text);

    (void)snprintf(row->version, sizeof row->version, "with %s",
                   looker ? looker : "the shell");
    if (!quiet)
        print_head(at, job->play.shrink, own_network);
    for (size_t i = 0; i < CASES; i++) {
        if (!is_played(job, &cases[i]))
            continue;
        row->compared++;
        row->differences += differs(job->params, &r->model[i], &r->real[i]);
        if (!quiet)
            print_case(&cases[i], &r->model[i], &r->real[i], looker);
    }
    if (!quiet)
        putchar('\n');
}

/* ------------------------------------------------------------ the part */

static uint16_t port_of(const struct scenario *s, uint32_t pool)
{
    const char *name =
        s->system.lb.backends[s->system.pools[pool].backend].name;

    return haproxy_cfg_backend(&s->haproxy, name)->server_port;
}

static int drive_script(struct drive *d, uint32_t pool, struct err *e)
{
    struct scenario *s = &d->scenario;
    const struct scenario_script *at = &s->scripts[pool];
    struct drain_job job = {.params = &s->system.pools[pool].drain,
                            .play = {.text = at->text,
                                     .shrink = drive_shrink(d->options),
                                     .port = port_of(s, pool)}};
    struct drain_results results = {0};
    bool own_network;
    char missing[16];

    if (hook_misses(at->text, missing))
        return err_set(e, ERR_IO,
                       "%s:%u: the script looks with %s, which is not "
                       "installed; 'sh tests/packages.sh drive' or 'apt-get "
                       "install %s' gets it",
                       at->path, at->line, missing,
                       strcmp(missing, "ss") == 0 ? "iproute2" : "net-tools");
    int rc = pod_run(play_all, &job, &results, sizeof results, &own_network, e);
    if (rc == ERR_OK)
        tell(d, at, &job, &results, own_network);
    return rc;
}

/* Pools often share a script: it is run once. */
static bool is_first(const struct scenario *s, uint32_t pool)
{
    for (uint32_t i = 0; i < pool; i++)
        if (s->scripts[i].text == s->scripts[pool].text &&
            port_of(s, i) == port_of(s, pool))
            return false;
    return true;
}

int drive_drain(struct drive *d, struct err *e)
{
    uint32_t n = 0;
    int rc = ERR_OK;

    for (uint32_t i = 0; i < d->scenario.system.n_pools && rc == ERR_OK; i++) {
        if (!d->scenario.scripts[i].text || !is_first(&d->scenario, i))
            continue;
        n++;
        rc = drive_script(d, i, e);
    }
    if (rc == ERR_OK && n == 0)
        return err_set(e, ERR_INPUT,
                       "%s: no Deployment has a preStop script to be driven",
                       d->scenario.path);
    return rc;
}
