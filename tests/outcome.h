/* outcome.h - what a replication leaves when nobody looks at its dials, with
 * those that cannot succeed executed or skipped.
 */
#ifndef TESTS_OUTCOME_H
#define TESTS_OUTCOME_H

#include "models/system_view.h"
#include "tests/fixture.h"
#include "tests/history.h"
#include "tests/support.h"

/* Notes are compared instant by instant, whatever their order in it: two dials
 * of one instant to different backends have none. Who is served says in which
 * order those to one backend came.
 */
struct outcome {
    uint64_t notes, n_notes; /* but those of dials that fail at once */
    uint64_t rows, events;
    struct build_result builds[64];
    struct lb_gauges gauges[FIXTURE_POOLS];
};

static inline void assert_same_build(const struct build_result *a,
                                     const struct build_result *b)
{
    assert_int_equal(a->first_dial_us, b->first_dial_us);
    assert_int_equal(a->waited_us, b->waited_us);
    assert_int_equal(a->served_us, b->served_us);
    assert_int_equal(a->end_us, b->end_us);
    assert_int_equal(a->attempts, b->attempts);
    assert_int_equal(a->dials, b->dials);
    assert_int_equal(a->pod, b->pod);
    assert_int_equal(a->end, b->end);
    assert_int_equal(a->cold, b->cold);
}

static inline void assert_same_gauges(const struct lb_gauges *a,
                                      const struct lb_gauges *b)
{
    assert_int_equal(a->sessions, b->sessions);
    assert_int_equal(a->max_sessions, b->max_sessions);
    assert_int_equal(a->max_queue, b->max_queue);
    assert_int_equal(a->sessions_total, b->sessions_total);
    assert_int_equal(a->connection_errors, b->connection_errors);
    assert_int_equal(a->retry_warnings, b->retry_warnings);
}

static inline void outcome_on_note(void *context, const struct note *n)
{
    struct outcome *o = context;

    uint64_t hash = 0;

    if (n->kind == NOTE_DIAL || n->kind == NOTE_TURNED_AWAY ||
        n->kind == NOTE_REFUSED)
        return;
    history_mix(&hash, (uint64_t)n->at_us);
    history_mix(&hash, (uint64_t)n->kind << 32 | n->pool);
    history_mix(&hash, (uint64_t)n->a << 32 | n->b);
    o->notes += random_mix(hash);
    o->n_notes++;
}

static inline void outcome_on_row(void *context, const struct timeline_row *r)
{
    const int32_t *levels = (const int32_t *)&r->state;
    struct outcome *o = context;

    history_mix(&o->rows, (uint64_t)r->at_us);
    for (size_t i = 0; i < POOL_LEVELS; i++)
        history_mix(&o->rows, (uint32_t)levels[i]);
}

static inline void outcome_run(struct outcome *out, struct fixture *f,
                               uint64_t replication, bool skips)
{
    struct random_world w = {7, replication, false};
    struct system_observer o = {.context = out,
                                .on_note = outcome_on_note,
                                .on_row = outcome_on_row,
                                .skips_dials = skips};
    struct system *s = fixture_system(f);

    memset(out, 0, sizeof *out);
    system_run(s, &w, &o);
    out->events = system_events(s);
    memcpy(out->builds, system_builds(s), f->t.n * sizeof *out->builds);
    for (uint32_t i = 0; i < f->p.lb.n_backends; i++) {
        struct view_backend view;
        system_view_backend(s, i, &view);
        out->gauges[i] = view.gauges;
    }
    system_free(s);
}

/* Runs it both ways and compares all but the dials' own notes. Returns how many
 * events were skipped; below 0 where the ends of sleeps are more.
 */
static inline int64_t outcome_skips_dials(struct fixture *f,
                                          uint64_t replication)
{
    struct outcome all, skipping;

    outcome_run(&all, f, replication, false);
    outcome_run(&skipping, f, replication, true);
    assert_int_equal(all.n_notes, skipping.n_notes);
    assert_true(all.notes == skipping.notes);
    assert_true(all.rows == skipping.rows);
    for (size_t i = 0; i < f->t.n; i++)
        assert_same_build(&all.builds[i], &skipping.builds[i]);
    for (size_t i = 0; i < f->p.lb.n_backends; i++)
        assert_same_gauges(&all.gauges[i], &skipping.gauges[i]);
    return (int64_t)(all.events - skipping.events);
}

#endif
