/* karpenter_launch.h - what the cloud makes of a claim.
 *
 * Models    CreateFleet at the lowest price over available (type, zone)
 *           offerings; refusals and the cache that sets them aside; quota;
 *           other errors with back-off.
 * Source    aws/karpenter-provider-aws v1.12.0, providers/instance,
 *           cache/unavailableofferings.go, errors/errors.go;
 *           kubernetes-sigs/karpenter v1.12.0, nodeclaim/lifecycle/launch.go.
 * Left out  merging of requests takes no time of its own (35 ms to 1 s are
 *           within the launch latency). A refused offering is tried again at
 *           the first sweep strictly after its time to live, so 180 s to
 *           190 s after the refusal.
 *
 * The outcome is decided when the request is made and takes effect with the
 * answer.
 */
#ifndef MODELS_KARPENTER_LAUNCH_H
#define MODELS_KARPENTER_LAUNCH_H

#include "models/karpenter_state.h"

struct karp_answer {
    enum karp_outcome {
        KARP_LAUNCHING, /* draw launch, then karp_on_launched */
        KARP_REFUSED,   /* draw refusal, then karp_on_refused */
        KARP_RETRY,     /* ask again after retry_us */
        KARP_STALE      /* the claim is gone: forget it */
    } outcome;
    sim_us retry_us;
};

/* Makes the request of one claim. Offerings are tried by price; those that
 * the cloud refuses on the way are remembered until the answer.
 *
 * u         in (0, 1): where among zones of equal price to begin; one number
 *           for a fleet, whose nodes share a zone
 */
struct karp_answer karp_on_request(struct karp *k, sim_us now_us,
                                   uint32_t claim, double u);

/* The answer: the claim is KARP_LAUNCHED with type and zone; or it is
 * KARP_GONE and its pods are still pending. Refusals are set aside in both
 * cases. A claim that is gone already is left alone.
 */
void karp_on_launched(struct karp *k, sim_us now_us, uint32_t claim);
void karp_on_refused(struct karp *k, sim_us now_us, uint32_t claim);

/* The offering is in the price list and not set aside. */
bool karp_available(const struct karp *k, uint32_t type, uint32_t zone,
                    sim_us now_us);

/* Types of the set that have an available offering in one of the zones. */
uint64_t karp_available_types(const struct karp *k, uint64_t types,
                              uint32_t zones, sim_us now_us);

#endif
