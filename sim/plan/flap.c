#include "sim/plan/flap.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <stdlib.h>

const sim_us flap_gaps_us[FLAP_GAPS] = {60 * US_PER_S, 120 * US_PER_S,
                                        300 * US_PER_S, 600 * US_PER_S,
                                        1800 * US_PER_S};

void flap_start(struct flap *f, sim_us from_us, sim_us until_us,
                sim_us break_even_us, sim_us down_window_us)
{
    struct flap kept = *f; /* the arrays, to be used again */

    assert(from_us <= until_us);
    *f = (struct flap){
        .from_us = from_us,
        .until_us = until_us,
        .break_even_us = break_even_us,
        .down_window_us = down_window_us,
        .given_up_us = kept.given_up_us,
        .cap_given_up = kept.cap_given_up,
        .starts_us = kept.starts_us,
        .cap_starts = kept.cap_starts,
        .lives_us = kept.lives_us,
        .cap_lives = kept.cap_lives,
    };
    for (size_t i = 0; i < f->cap_given_up; i++)
        f->given_up_us[i] = SIM_NEVER;
}

void flap_free(struct flap *f)
{
    free(f->given_up_us);
    free(f->starts_us);
    free(f->lives_us);
    *f = (struct flap){0};
}

static bool is_inside(const struct flap *f, sim_us at_us)
{
    return at_us > f->from_us && at_us < f->until_us;
}

/* ------------------------------------------------------------ replicas */

static void make_levels(struct flap *f, uint32_t top)
{
    size_t had = f->cap_given_up;

    if (top <= had)
        return;
    f->given_up_us =
        mem_grow(f->given_up_us, &f->cap_given_up, top, sizeof *f->given_up_us);
    for (; had < f->cap_given_up; had++)
        f->given_up_us[had] = SIM_NEVER;
}

static void add_pair(struct flap *f, sim_us gap_us)
{
    for (size_t i = 0; i < FLAP_GAPS; i++)
        f->n_pairs[i] += gap_us < flap_gaps_us[i];
    if (gap_us < f->break_even_us)
        f->saved_us += (double)(f->break_even_us - gap_us);
}

static void move_levels(struct flap *f, sim_us at_us, uint32_t wanted)
{
    make_levels(f, wanted > f->wanted ? wanted : f->wanted);
    for (uint32_t k = f->wanted; k > wanted; k--)
        f->given_up_us[k - 1] = at_us;
    for (uint32_t k = f->wanted; k < wanted; k++)
        if (f->given_up_us[k] != SIM_NEVER && is_inside(f, at_us))
            add_pair(f, at_us - f->given_up_us[k]);
}

static void note_sign(struct flap *f, sim_us at_us, int sign)
{
    bool turns = f->last_sign == -sign;
    bool hasty = turns && at_us - f->last_change_us < f->down_window_us;

    if (is_inside(f, at_us)) {
        f->n_reversals += turns;
        f->n_hasty += hasty;
        f->n_hasty_downs += hasty && sign < 0;
    }
    f->last_sign = sign;
    f->last_change_us = at_us;
}

void flap_on_wanted(struct flap *f, sim_us at_us, uint32_t wanted)
{
    if (wanted == f->wanted)
        return;
    uint32_t moved =
        wanted > f->wanted ? wanted - f->wanted : f->wanted - wanted;

    move_levels(f, at_us, wanted);
    if (is_inside(f, at_us))
        f->moved += moved;
    if (at_us > 0) /* the count at the start of all is no change */
        note_sign(f, at_us, wanted > f->wanted ? 1 : -1);
    f->wanted = wanted;
}

/* ------------------------------------------------------------ lives */

void flap_on_pod_created(struct flap *f, sim_us at_us)
{
    if (at_us < f->from_us || at_us >= f->until_us)
        return;
    f->starts_us = mem_grow(f->starts_us, &f->cap_starts, f->n_starts + 1,
                            sizeof *f->starts_us);
    f->starts_us[f->n_starts++] = at_us;
}

void flap_on_pod_ready(struct flap *f, sim_us at_us, sim_us lag_us)
{
    if (at_us < f->from_us || at_us >= f->until_us)
        return;
    f->lag_us += (double)lag_us;
    f->n_lags++;
}

void flap_on_pod_gone(struct flap *f, sim_us at_us, sim_us life_us,
                      bool was_ready)
{
    if (at_us < f->from_us || at_us >= f->until_us)
        return;
    if (!was_ready) {
        f->n_never_ready++;
        return;
    }
    f->lives_us = mem_grow(f->lives_us, &f->cap_lives, f->n_lives + 1,
                           sizeof *f->lives_us);
    f->lives_us[f->n_lives++] = life_us;
}

void flap_on_node_gone(struct flap *f, sim_us at_us, sim_us life_us)
{
    if (at_us < f->from_us || at_us >= f->until_us)
        return;
    f->n_nodes++;
    f->n_brief_nodes += life_us < FLAP_NODE_LIFE_US;
}

/* ------------------------------------------------------------ starts */

struct budget {
    sim_us *time_us; /* owned; time spent with so many starts in the window */
    size_t cap, most;
};

static void spend(struct budget *b, size_t n, sim_us time_us)
{
    b->time_us = mem_grow(b->time_us, &b->cap, n + 1, sizeof *b->time_us);
    b->time_us[n] += time_us;
}

/* Starts in (t - window, t] as a step function of t: each start adds one and
 * takes it back when it falls out of the window.
 */
static void roll(struct budget *b, const struct flap *f)
{
    size_t in = 0, out = 0;
    sim_us at_us = f->from_us;

    while (at_us < f->until_us) {
        while (in < f->n_starts && f->starts_us[in] <= at_us)
            in++;
        while (out < in && f->starts_us[out] + FLAP_ROLLING_US <= at_us)
            out++;
        if (in - out > b->most)
            b->most = in - out;
        sim_us next_us = f->until_us;
        if (in < f->n_starts && f->starts_us[in] < next_us)
            next_us = f->starts_us[in];
        if (out < in && f->starts_us[out] + FLAP_ROLLING_US < next_us)
            next_us = f->starts_us[out] + FLAP_ROLLING_US;
        spend(b, in - out, next_us - at_us);
        at_us = next_us;
    }
}

/* The smallest count that is not passed in 99 % of the time. */
static void take_starts(const struct flap *f, struct flap_figures *out)
{
    struct budget b = {0};
    sim_us window_us = f->until_us - f->from_us, below_us = 0;
    size_t n = 0;

    roll(&b, f);
    for (; n < b.most; n++) {
        below_us += b.time_us[n];
        if (below_us >= window_us - window_us / 100)
            break;
    }
    out->starts_p99 = (double)n;
    out->starts_max = (double)b.most;
    free(b.time_us);
}

/* ------------------------------------------------------------ figures */

static double share(uint64_t part, uint64_t all)
{
    return all > 0 ? (double)part / (double)all : 0.0;
}

static void take_lives(const struct flap *f, struct flap_figures *out)
{
    double brief_us = f->n_lags > 0 ? 2.0 * f->lag_us / (double)f->n_lags : 0.0;
    uint64_t n_brief = 0;

    for (size_t i = 0; i < f->n_lives; i++)
        n_brief += (double)f->lives_us[i] < brief_us;
    out->brief_s = brief_us / (double)US_PER_S;
    out->brief_frac = share(n_brief, f->n_lives);
    out->never_ready = (double)f->n_never_ready;
    out->brief_nodes_frac = share(f->n_brief_nodes, f->n_nodes);
}

void flap_take(const struct flap *f, struct flap_figures *out)
{
    double days = (double)(f->until_us - f->from_us) / (double)US_PER_DAY;

    *out = (struct flap_figures){0};
    if (days <= 0.0)
        return;
    out->churn = (double)f->moved;
    for (size_t i = 0; i < FLAP_GAPS; i++)
        out->pairs_per_day[i] = (double)f->n_pairs[i] / days;
    out->hold_saves_pod_h = f->saved_us / (double)US_PER_H;
    out->reversals_per_day = (double)f->n_reversals / days;
    out->hasty_frac = share(f->n_hasty, f->n_reversals);
    out->hasty_downs = (double)f->n_hasty_downs;
    take_lives(f, out);
    take_starts(f, out);
}

/* ------------------------------------------------------------ warmth */

static int by_node(const void *left, const void *right)
{
    const struct flap_stay *a = left, *b = right;

    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return (a->from_us > b->from_us) - (a->from_us < b->from_us);
}

static int by_time(const void *left, const void *right)
{
    sim_us a = *(const sim_us *)left, b = *(const sim_us *)right;

    return (a > b) - (a < b);
}

/* Warm starts among the stays of one node, in the order of their beginnings. */
static void count_warm(const struct flap_stay *stays, size_t n,
                       const sim_us ends_us[], sim_us warm_us, size_t *n_warm)
{
    size_t ended = 0;

    for (size_t i = 0; i < n; i++) {
        sim_us at_us = stays[i].from_us;
        while (ended < n && ends_us[ended] <= at_us)
            ended++;
        *n_warm += stays[i].counted && ended > 0 &&
                   at_us - ends_us[ended - 1] <= warm_us;
    }
}

double flap_warm_frac(struct flap_stay *stays, size_t n, sim_us warm_us)
{
    sim_us *ends_us = mem_array(n, sizeof *ends_us);
    size_t n_warm = 0, n_counted = 0;

    if (n > 0)
        qsort(stays, n, sizeof *stays, by_node);
    for (size_t i = 0, first = 0; i < n; i++) {
        /* A stay without length must not warm itself. */
        ends_us[i] = stays[i].until_us > stays[i].from_us
                         ? stays[i].until_us
                         : stays[i].from_us + 1;
        n_counted += stays[i].counted;
        if (i + 1 < n && stays[i + 1].node == stays[i].node)
            continue;
        qsort(&ends_us[first], i + 1 - first, sizeof *ends_us, by_time);
        count_warm(&stays[first], i + 1 - first, &ends_us[first], warm_us,
                   &n_warm);
        first = i + 1;
    }
    free(ends_us);
    return share(n_warm, n_counted);
}
