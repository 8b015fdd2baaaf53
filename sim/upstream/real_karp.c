#include "sim/upstream/real_karp.h"

#include "models/karpenter_solve.h"
#include "sim/base/mem.h"
#include "sim/upstream/driver.h"
#include "sim/upstream/karp_cluster.h"
#include "sim/upstream/karp_solved.h"
#include "sim/upstream/karp_tape.h"
#include "sim/upstream/karp_windows.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 64 };

struct real_karp {
    const struct karp_params *p; /* borrowed */
    struct karp_watch watch;
    struct driver driver;
    uint32_t numbers[KARP_POOLS];
    struct karp_windows windows;
    struct karp_tape tape;
    const struct karp *k; /* borrowed; NULL: nothing was solved yet */
    size_t n_exist;       /* live nodes before the solve under way */
    sim_us restarted_us;  /* SIM_NEVER: not */
    struct compared parts[KARP_PARTS];
    uint32_t n_ties; /* episodes in which the real core does now so, now so */
    struct err err;
    int rc;
};

/* ------------------------------------------------------------ the wire */

/* The next line of the driver, owned; NULL if the comparison is broken. */
static json_t *receive(struct real_karp *r)
{
    json_t *line = NULL;

    while (r->rc == ERR_OK && !(line = driver_take(&r->driver)))
        r->rc = driver_fill(&r->driver, &r->err);
    return line;
}

static bool is_over(const json_t *line)
{
    const char *ask = json_string_value(json_object_get(line, "ask"));

    return !ask || strcmp(ask, "over") == 0;
}

/* What the real core decides in a scenario, owned. */
static json_t *decide(struct real_karp *r, const json_t *scenario)
{
    json_t *out = json_array(), *line;

    if (r->rc == ERR_OK)
        r->rc = driver_send(&r->driver, scenario, &r->err);
    while ((line = receive(r)) && !is_over(line))
        json_array_append_new(out, line);
    json_decref(line);
    return out;
}

/* ------------------------------------------------------------ comparison */

static void say(char why[COMPARED_WHY], const json_t *real, const json_t *model)
{
    size_t flags = JSON_COMPACT | JSON_SORT_KEYS;
    char *a = real ? json_dumps(real, flags) : NULL;
    char *b = model ? json_dumps(model, flags) : NULL;

    (void)snprintf(why, COMPARED_WHY, "real %.52s, model %.52s",
                   a ? a : "nothing", b ? b : "nothing");
    free(a);
    free(b);
}

static void compare_one(struct real_karp *r, enum real_karp_part part,
                        sim_us from_us, const json_t *real, const json_t *model)
{
    json_t *step = json_pack("{s:O*, s:O*}", "real", real, "model", model);
    bool same = real && model && json_equal(real, model);
    const json_t *t = json_object_get(real ? real : model, "t");
    char why[COMPARED_WHY];

    say(why, real, model);
    compared_take(&r->parts[part], from_us + json_integer_value(t), step, same,
                  why);
    json_decref(step);
}

/* Behind a difference the two have no common history any more. */
static void compare(struct real_karp *r, enum real_karp_part part,
                    sim_us from_us, const json_t *real, const json_t *model)
{
    uint64_t before = r->parts[part].n_different;
    size_t n = json_array_size(real);

    if (json_array_size(model) > n)
        n = json_array_size(model);
    for (size_t i = 0;
         i < n && r->rc == ERR_OK && r->parts[part].n_different == before; i++)
        compare_one(r, part, from_us, json_array_get(real, i),
                    json_array_get(model, i));
}

/* ------------------------------------------------------------ the parts */

/* Two timers of one instant come in the order that chance has in the real core,
 * which then decides otherwise from one play to the next: so it plays again.
 */
static json_t *decide_like(struct real_karp *r, const json_t *scenario,
                           const json_t *model)
{
    json_t *real = decide(r, scenario);
    int i = 1;

    for (; i < TRIES && r->rc == ERR_OK && !json_equal(real, model); i++) {
        json_decref(real);
        real = decide(r, scenario);
    }
    r->n_ties += i > 1 && json_equal(real, model);
    return real;
}

/* Takes model. */
static void play(struct real_karp *r, enum real_karp_part part, sim_us from_us,
                 const json_t *scenario, json_t *model)
{
    json_t *real = part == KARP_WINDOWS ? decide_like(r, scenario, model)
                                        : decide(r, scenario);

    compare(r, part, from_us, real, model);
    json_decref(real);
    json_decref(model);
}

static void end_episode(struct real_karp *r)
{
    json_t *scenario = karp_cluster_json(r->p, "batch", r->numbers);
    sim_us from_us = r->windows.origin_us;
    json_t *model = karp_windows_take(&r->windows, scenario);

    if (model && !real_karp_left_out(r, KARP_WINDOWS))
        play(r, KARP_WINDOWS, from_us, scenario, model);
    else
        json_decref(model);
    json_decref(scenario);
}

static void play_removals(struct real_karp *r)
{
    json_t *scenario = karp_cluster_json(r->p, "disrupt", r->numbers);

    karp_tape_put(&r->tape, scenario, r->numbers);
    play(r, KARP_REMOVALS, 0, scenario, json_incref(r->tape.decisions));
    json_decref(scenario);
}

/* A claim that is gone without an instance keeps nobody waiting any more. */
static enum karp_word as_flight(const struct real_karp *r, enum karp_word word,
                                uint32_t node)
{
    bool gone = word == KARP_NODE_GONE;

    if (gone && r->k->nodes[node].launched_us == SIM_NEVER)
        return KARP_NODE_LAUNCHED;
    return word;
}

static void on_word(void *context, sim_us now_us, enum karp_word word,
                    uint32_t a, uint32_t b)
{
    struct real_karp *r = context;

    if (r->rc != ERR_OK || r->restarted_us != SIM_NEVER)
        return;
    if (karp_windows_parts(&r->windows, now_us, word))
        end_episode(r);
    if (word == KARP_RESTARTED)
        r->restarted_us = now_us;
    karp_windows_word(&r->windows, now_us, as_flight(r, word, a), a, b);
    karp_tape_word(&r->tape, now_us, word, a, b);
}

/* The scenario goes out when nothing is placed, the answer is looked at when
 * the model has placed all.
 */
static void on_solve(void *context, const struct karp *k, sim_us now_us,
                     const struct karp_pod *pods, size_t n, bool over)
{
    struct real_karp *r = context;

    r->k = r->tape.k = k;
    if (r->rc != ERR_OK || r->restarted_us != SIM_NEVER)
        return;
    if (!over) {
        json_t *scenario = karp_cluster_json(r->p, "solve", r->numbers);
        karp_cluster_solve(scenario, k, now_us, pods, n, r->numbers);
        r->n_exist = k->n_live;
        r->rc = driver_send(&r->driver, scenario, &r->err);
        json_decref(scenario);
        return;
    }
    json_t *real = receive(r), *end = receive(r);
    json_t *model = karp_solved_json(k, pods, n, r->n_exist, r->numbers);
    if (r->rc == ERR_OK)
        compare_one(r, KARP_SOLVES, now_us, real, model);
    json_decref(real);
    json_decref(end);
    json_decref(model);
}

/* ------------------------------------------------------------ life */

int real_karp_open(struct real_karp **out, const char *path,
                   const struct karp_params *p, sim_us removals_us,
                   FILE *decisions, struct err *e)
{
    static const char *const names[KARP_PARTS] = {"windows", "solves",
                                                  "removals"};
    char *argv[] = {(char *)path, "-test.run=TestDrive", "-test.timeout=0",
                    NULL};
    struct real_karp *r = mem_array(1, sizeof *r);

    *out = NULL;
    r->p = p;
    r->watch = (struct karp_watch){r, on_word, on_solve};
    r->restarted_us = SIM_NEVER;
    for (size_t i = 0; i < KARP_PARTS; i++)
        r->parts[i] = (struct compared){
            .component = "Karpenter", .pool = names[i], .out = decisions};
    signal(SIGPIPE, SIG_IGN); /* a dead program shows as a failed write */
    int rc = driver_start(&r->driver, argv, e);
    if (rc != ERR_OK) {
        free(r);
        return rc;
    }
    karp_cluster_number(p, r->numbers);
    karp_windows_init(&r->windows, p);
    karp_tape_init(&r->tape, removals_us);
    *out = r;
    return ERR_OK;
}

int real_karp_finish(struct real_karp *r, struct err *e)
{
    end_episode(r);
    if (r->k && !real_karp_left_out(r, KARP_REMOVALS))
        play_removals(r);
    if (r->rc != ERR_OK)
        *e = r->err;
    else if (!driver_end(&r->driver))
        return err_set(e, ERR_IO, "the real Karpenter did not end well");
    return r->rc;
}

void real_karp_close(struct real_karp *r)
{
    if (!r)
        return;
    driver_kill(&r->driver);
    karp_windows_free(&r->windows);
    karp_tape_free(&r->tape);
    free(r);
}

/* ------------------------------------------------------------ results */

const struct karp_watch *real_karp_watch(const struct real_karp *r)
{
    return &r->watch;
}

const struct compared *real_karp_part(const struct real_karp *r,
                                      enum real_karp_part part)
{
    return &r->parts[part];
}

static bool has_schedules(const struct karp_params *p)
{
    for (size_t i = 0; i < p->n_pools; i++)
        for (size_t k = 0; k < p->pools[i].n_budgets; k++)
            if (p->pools[i].budgets[k].scheduled)
                return true;
    return false;
}

const char *real_karp_left_out(const struct real_karp *r,
                               enum real_karp_part part)
{
    if (part == KARP_WINDOWS && r->p->foreign_pods_per_h > 0.0)
        return "other pools' pods would be solved";
    if (part == KARP_REMOVALS && r->p->foreign_per_h > 0.0)
        return "other pools' nodes take part";
    if (part == KARP_REMOVALS && has_schedules(r->p))
        return "a budget has a schedule";
    return NULL;
}

uint32_t real_karp_ties(const struct real_karp *r)
{
    return r->n_ties;
}

sim_us real_karp_until_us(const struct real_karp *r, enum real_karp_part part)
{
    return part == KARP_REMOVALS ? r->tape.until_us : r->restarted_us;
}
