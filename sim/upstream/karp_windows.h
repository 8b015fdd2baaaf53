/* karp_windows.h - what Karpenter's batcher meets and does, kept as scenarios
 * for the real one.
 *
 * An episode begins with a first source and ends when none has been there for
 * so long that every window has closed: the batcher is then as new.
 */
#ifndef SIM_UPSTREAM_KARP_WINDOWS_H
#define SIM_UPSTREAM_KARP_WINDOWS_H

#include "models/karpenter.h"

#include <jansson.h>

struct karp_windows {                    /* starts from karp_windows_init */
    const struct karp_params *p;         /* borrowed */
    json_t *sources, *unsynced, *solves; /* owned; of this episode */
    json_t *decisions;                   /* owned; in the driver's form */
    struct karp_open {
        uint32_t kind, number;
        size_t at; /* among the sources */
    } * open;      /* owned; sources that have not ended */
    size_t n_open, cap_open;
    uint32_t n_flights;         /* claims without an instance */
    sim_us flight_us, solve_us; /* since when; SIM_NEVER: not now */
    sim_us origin_us, last_us;  /* of the episode, and of its last word */
};

void karp_windows_init(struct karp_windows *w, const struct karp_params *p);
void karp_windows_free(struct karp_windows *w);

/* Whether the word begins a new episode: the one before is to be taken first.
 */
bool karp_windows_parts(const struct karp_windows *w, sim_us now_us,
                        enum karp_word word);

/* Words that do not concern the batcher are ignored. */
void karp_windows_word(struct karp_windows *w, sim_us now_us,
                       enum karp_word word, uint32_t a, uint32_t b);

/* The episode so far as a scenario, put into *scenario, which has types and
 * pools; and what the model decided. Times of both are since w->origin_us.
 * Begins a new one. NULL: there is none. Owned.
 */
json_t *karp_windows_take(struct karp_windows *w, json_t *scenario);

#endif
