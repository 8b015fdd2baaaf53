#include "models/upstream/side.h"

#include "models/upstream/dice.h"
#include "models/upstream/dice_keda.h"
#include "models/upstream/karp_side.h"
#include "models/upstream/keda_world.h"
#include "models/upstream/world.h"
#include "sim/base/mem.h"
#include "sim/upstream/hpa_replay.h"
#include "sim/upstream/keda_replay.h"

#include <stdlib.h>
#include <string.h>

static int minor_of(const char *version)
{
    return (int)strtol(version + 2, NULL, 10);
}

/* ------------------------------------------------------------ the HPA */

static void *hpa_begin(const json_t *scenario, const char *version)
{
    struct world *w = mem_array(1, sizeof *w);

    world_init(w, scenario, minor_of(version));
    return w;
}

static json_t *hpa_start(const void *w)
{
    return world_start(w);
}

static json_t *hpa_answer(void *w, const json_t *q, bool *over)
{
    return world_answer(w, q, over);
}

static json_t *hpa_end(void *self)
{
    struct world *w = self;
    json_t *lines = json_incref(w->lines);

    world_free(w);
    free(w);
    return lines;
}

static bool hpa_agrees(const json_t *lines, char why[], size_t size,
                       unsigned long *n_steps)
{
    struct hpa_replay r = {0};
    const json_t *line;
    bool same = true;
    size_t i;

    json_array_foreach(lines, i, line)
    {
        same = hpa_replay_line(&r, line);
        if (!same)
            break;
    }
    *n_steps += r.n_steps;
    (void)snprintf(why, size, "step %u, line %zu: %s", r.n_steps, i + 1, r.why);
    hpa_free(&r.h);
    return same;
}

static json_t *hpa_dice(uint64_t seed, const char *version, int steps)
{
    return dice_scenario(seed, minor_of(version), steps);
}

/* ------------------------------------------------------------ KEDA */

static void *keda_begin(const json_t *scenario, const char *version)
{
    struct keda_world *w = mem_array(1, sizeof *w);

    keda_world_init(w, scenario, version);
    return w;
}

static json_t *keda_start(const void *w)
{
    return keda_world_start(w);
}

static json_t *keda_answers(void *w, const json_t *q, bool *over)
{
    return keda_world_answer(w, q, over);
}

static json_t *keda_end(void *self)
{
    struct keda_world *w = self;
    json_t *lines = json_incref(w->lines);

    keda_world_free(w);
    free(w);
    return lines;
}

static bool keda_agrees(const json_t *lines, char why[], size_t size,
                        unsigned long *n_steps)
{
    struct keda_replay r = {0};
    const json_t *line;
    bool same = true;
    size_t i;

    json_array_foreach(lines, i, line)
    {
        same = keda_replay_line(&r, line);
        if (!same)
            break;
    }
    *n_steps += r.n_steps;
    (void)snprintf(why, size, "step %u, line %zu: %s", r.n_steps, i + 1, r.why);
    return same;
}

static json_t *keda_dice(uint64_t seed, const char *version, int steps)
{
    return dice_keda_scenario(seed, minor_of(version), steps);
}

const struct side *side_of(const char *version)
{
    static const struct side hpa = {hpa_begin, hpa_start,  hpa_answer,
                                    hpa_end,   hpa_agrees, hpa_dice};
    static const struct side keda = {keda_begin, keda_start,  keda_answers,
                                     keda_end,   keda_agrees, keda_dice};

    if (strcmp(version, "1.12.0") == 0)
        return karp_side();
    if (strncmp(version, "1.", 2) == 0)
        return &hpa;
    if (strncmp(version, "2.", 2) == 0) {
        /* An idle connection would keep virtual time from moving. */
        setenv("KEDA_HTTP_DISABLE_KEEP_ALIVE", "true", 1);
        return &keda;
    }
    fprintf(stderr, "%s: no version of Kubernetes, KEDA or Karpenter\n",
            version);
    return NULL;
}
