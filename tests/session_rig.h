/* session_rig.h - a fixed pool of two pods on one node: what its builds and
 * its balancer did, and when.
 */
#ifndef TESTS_SESSION_RIG_H
#define TESTS_SESSION_RIG_H

#include "tests/fixture.h"
#include "tests/support.h"
#include "tests/watch.h"

struct session_rig {
    struct fixture f;
    struct system *s;
    struct watch w;
    struct timeline_row rows[4096];
    size_t n_rows;
};

static struct session_rig g;

static inline void on_row(void *context, const struct timeline_row *r)
{
    struct session_rig *rig = context;

    assert_true(rig->n_rows < 4096);
    rig->rows[rig->n_rows++] = *r;
}

static inline void on_note(void *context, const struct note *n)
{
    watch_on_note(&((struct session_rig *)context)->w, n);
}

/* A fixed pool, both of whose pods stand on one node. */
static inline int prepare(void **state)
{
    (void)state;
    memset(&g, 0, sizeof g);
    fixture_init(&g.f, 1, 2, 2);
    g.f.pools[0].autoscaled = false;
    g.f.callers[0].client.retry = CLIENT_RETRY_NEW;
    return 0;
}

static inline int finish(void **state)
{
    (void)state;
    watch_free(&g.w);
    system_free(g.s);
    fixture_free(&g.f);
    return 0;
}

static inline void run(struct fault *faults, size_t n)
{
    struct random_world world = {7, 0, false};
    struct system_observer o = {
        .context = &g, .on_note = on_note, .on_row = on_row};

    g.f.p.faults = faults;
    g.f.p.n_faults = n;
    g.s = fixture_system(&g.f);
    system_run(g.s, &world, &o);
}

static inline const struct build_result *result(uint32_t build)
{
    return &system_builds(g.s)[build];
}

/* Times of the build's notes of a kind, in seconds, one after the other. */
static inline void expect(uint32_t build, enum note_kind kind,
                          const double at_s[], size_t n)
{
    size_t k = 0;

    for (size_t i = 0; i < g.w.n; i++) {
        const struct note *note = &g.w.note[i];
        if (note->kind != kind || note->a != build)
            continue;
        if (k < n)
            assert_int_equal(note->at_us, us_from_s(at_s[k]));
        k++;
    }
    assert_true(k >= n);
}
#define EXPECT(build, kind, ...)                                               \
    expect(build, kind, (const double[]){__VA_ARGS__},                         \
           sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

/* The level at an instant, all its events done. */
static inline struct pool_state state_at(double at_s)
{
    struct pool_state found = {0};

    for (size_t i = 0; i < g.n_rows; i++)
        if (g.rows[i].at_us <= us_from_s(at_s))
            found = g.rows[i].state;
    return found;
}

static inline struct fault stuck(double for_s, uint32_t pods, bool shut)
{
    return (struct fault){.kind = FAULT_DAEMON_STUCK,
                          .at_us = 100 * US_PER_S,
                          .until_us = us_from_s(100.0 + for_s),
                          .pool = NO_INDEX,
                          .n_pods = pods,
                          .shut = shut};
}

#endif
