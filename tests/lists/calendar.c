/* calendar.c - a calendar queue: days of a fixed width, each a list in order,
 * and a year that comes again when the days are used up. Days and their width
 * follow the events.
 * Source    Brown, "Calendar Queues", CACM 31 (1988).
 */
#include "tests/lists/nodes.h"

enum { FEWEST_DAYS = 16, SAMPLE = 25 };

struct fel {
    struct nodes nodes;
    uint32_t *days; /* owned; first node of each day */
    uint32_t *last; /* owned; beside days, valid if there is a first */
    size_t n_days;  /* power of two */
    unsigned shift; /* a day has 2^shift microseconds */
    struct counts counts;
};

void fel_clear(struct fel *f)
{
    for (size_t i = 0; i < f->n_days; i++)
        f->days[i] = NONE;
    nodes_clear(&f->nodes);
    f->counts = (struct counts){0};
}

struct fel *fel_new(void)
{
    struct fel *f = mem_array(1, sizeof *f);

    f->n_days = FEWEST_DAYS;
    f->days = mem_array(f->n_days, sizeof *f->days);
    f->last = mem_array(f->n_days, sizeof *f->last);
    f->shift = 20;
    fel_clear(f);
    return f;
}

void fel_free(struct fel *f)
{
    if (!f)
        return;
    free(f->nodes.at);
    free(f->days);
    free(f->last);
    free(f);
}

static size_t day_of(const struct fel *f, sim_us at_us)
{
    return (size_t)(at_us >> f->shift) & (f->n_days - 1);
}

/* Often behind the last, above all where many events share an instant. */
static void insert(struct fel *f, uint32_t i)
{
    struct node *nodes = f->nodes.at;
    event_key key = nodes[i].key;
    size_t day = day_of(f, time_of(key));
    uint32_t *link = &f->days[day];

    if (*link != NONE && nodes[f->last[day]].key < key)
        link = &nodes[f->last[day]].next;
    while (*link != NONE && nodes[*link].key < key)
        link = &nodes[*link].next;
    if (*link == NONE)
        f->last[day] = i;
    nodes[i].next = *link;
    *link = i;
}

/* Where the next event hangs; there is one. */
static uint32_t *find_next(const struct fel *f, sim_us now_us)
{
    uint32_t *best = NULL;
    sim_us day = now_us >> f->shift;

    for (size_t i = 0; i < f->n_days; i++, day++) {
        uint32_t *first = &f->days[(size_t)day & (f->n_days - 1)];

        if (*first == NONE)
            continue;
        sim_us at_us = time_of(f->nodes.at[*first].key);

        if (at_us >> f->shift <= day)
            return first;
        if (!best || at_us < time_of(f->nodes.at[*best].key))
            best = first;
    }
    return best;
}

/* The next event after one at that time. */
static uint32_t take(struct fel *f, sim_us now_us)
{
    uint32_t *first = find_next(f, now_us), i = *first;

    *first = f->nodes.at[i].next;
    return i;
}

/* Three times the mean distance of the next few events, as a power of two. */
static unsigned width_of_day(struct fel *f)
{
    struct node *nodes = f->nodes.at;
    uint32_t sample[SAMPLE];
    size_t n = fel_length(f) < SAMPLE ? fel_length(f) : SAMPLE;
    sim_us now_us = f->counts.now_us;
    unsigned shift = 0;

    if (n == 0)
        return f->shift;
    for (size_t i = 0; i < n; i++) {
        sample[i] = take(f, now_us);
        now_us = time_of(nodes[sample[i]].key);
    }
    sim_us span_us = now_us - time_of(nodes[sample[0]].key);

    while (shift < 50 && INT64_C(1) << shift < 3 * span_us / (sim_us)n)
        shift++;
    for (size_t i = n; i-- > 0;) { /* as the first of its day again */
        size_t day = day_of(f, time_of(nodes[sample[i]].key));

        if (f->days[day] == NONE)
            f->last[day] = sample[i];
        nodes[sample[i]].next = f->days[day];
        f->days[day] = sample[i];
    }
    return shift;
}

static void resize(struct fel *f, size_t n_days)
{
    uint32_t *old = f->days;
    size_t n_old = f->n_days;

    f->shift = width_of_day(f);
    f->n_days = n_days;
    f->days = mem_array(n_days, sizeof *f->days);
    free(f->last);
    f->last = mem_array(n_days, sizeof *f->last);
    for (size_t i = 0; i < n_old; i++) {
        uint32_t next = old[i];

        while (next != NONE) {
            uint32_t node = next;

            next = f->nodes.at[node].next;
            insert(f, node);
        }
    }
    free(old);
}

void fel_add(struct fel *f, sim_us at_us, uint16_t kind, uint32_t entity,
             uint32_t generation)
{
    event_key key = new_key(&f->counts, at_us, kind);

    insert(f, nodes_new(&f->nodes, key, new_load(entity, generation)));
    if (fel_length(f) > 2 * f->n_days)
        resize(f, 2 * f->n_days);
}

bool fel_pop(struct fel *f, struct event *out)
{
    if (fel_length(f) == 0)
        return false;
    nodes_pop(&f->nodes, take(f, f->counts.now_us), &f->counts, out);
    if (fel_length(f) < f->n_days / 2 && f->n_days > FEWEST_DAYS)
        resize(f, f->n_days / 2);
    return true;
}

sim_us fel_next_us(const struct fel *f)
{
    if (fel_length(f) == 0)
        return SIM_NEVER;
    return time_of(f->nodes.at[*find_next(f, f->counts.now_us)].key);
}

size_t fel_length(const struct fel *f)
{
    return f->counts.n_added - f->counts.n_popped;
}

uint64_t fel_count(const struct fel *f)
{
    return f->counts.n_popped;
}
