/* story_rig.h - a small pool whose builds, pods and nodes are explained. */
#ifndef TESTS_STORY_RIG_H
#define TESTS_STORY_RIG_H

#include "sim/app/explain.h"

#include "tests/plan_scenario.h"
#include "tests/support.h"

#include <stdlib.h>

enum { TEXT = 64 * 1024 };

struct rig {
    struct fixture f;
    struct scenario x;
    char text[TEXT];
};

static inline uint32_t text_of(struct rig *r, const char *text)
{
    return strings_add(&r->f.t.strings, text, strlen(text));
}

/* A build that the trace calls id. */
static inline void named(struct rig *r, const char *id, double asked_s,
                         double work_s)
{
    fixture_build(&r->f, 0, 0, asked_s, work_s);
    r->f.t.builds[r->f.t.n - 1].id = text_of(r, id);
}

static inline struct rig *rig_new(uint32_t min, uint32_t max)
{
    struct rig *r = calloc(1, sizeof *r);

    assert_non_null(r);
    fixture_init(&r->f, 1, min, max);
    return r;
}

static inline void rig_free(struct rig *r)
{
    fixture_free(&r->f);
    free(r);
}

static inline struct story story_of(struct rig *r, enum explain_what what,
                                    uint32_t id)
{
    r->x = scenario_of(&r->f);
    struct story s = {.what = what, .id = id, .scenario = &r->x, .seed = 7};

    story_run(&s);
    return s;
}

static inline const char *told(struct rig *r, const struct story *s, bool all)
{
    FILE *out = fmemopen(r->text, TEXT, "w");

    assert_non_null(out);
    if (s->what == EXPLAIN_BUILD)
        explain_build(s, all, out);
    else if (s->what == EXPLAIN_POD)
        explain_pod(s, out);
    else
        explain_node(s, out);
    fclose(out);
    return r->text;
}

static inline void says(const char *text, const char *words)
{
    if (!strstr(text, words))
        fail_msg("not said: %s\nin: %s", words, text);
}

static inline void says_not(const char *text, const char *words)
{
    if (strstr(text, words))
        fail_msg("said: %s\nin: %s", words, text);
}

#endif
