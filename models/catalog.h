/* catalog.h - facts and list prices of the instance types that build pools
 * use, and the arithmetic that makes node and pod sizes of them.
 *
 * Models    Karpenter's view of a type: capacity, kube-reserved, eviction.
 * Source    aws/karpenter-provider-aws, instance-types page and generated
 *           tables, providers/instancetype/types.go, generated prices of
 *           v1.12.0; skypilot-catalog for us-east-2.
 * Left out  types of other families; discounts; NVMe as a resource.
 */
#ifndef MODELS_CATALOG_H
#define MODELS_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog_type {
    const char *name;
    const char *arch; /* "amd64" or "arm64" */
    uint32_t n_vcpu, max_pods;
    int64_t memory_mib;
    uint32_t nvme_gb;
    double net_gbps, ebs_gbps; /* 0: not published */
};

/* All types, in the order of their names. */
const struct catalog_type *catalog_types(size_t *n);

/* The type of that name, or NULL. */
const struct catalog_type *catalog_find(const char *name);

struct catalog_size {
    int64_t mcpu, mib;
};

/* Capacity as Karpenter models it before the instance exists.
 *
 * overhead_frac  vmMemoryOverheadPercent, 0 to 1; 0.075 upstream
 * Returns nominal memory (64 MiB less on arm64) less the overhead, which is
 * rounded up.
 */
struct catalog_size catalog_capacity(const struct catalog_type *t,
                                     double overhead_frac);

/* Capacity less kube-reserved (cpu: 6 %, 1 %, 0.5 %, 0.5 % of the first four
 * cores, 0.25 % of the others; memory: 255 + 11 a pod MiB) and 100 MiB of
 * eviction threshold.
 */
struct catalog_size catalog_allocatable(const struct catalog_type *t,
                                        double overhead_frac);

struct catalog_price {
    double usd_per_h; /* < 0: unknown */
    bool verified;    /* published for this very region */
};

/* List price on demand, Linux. An eastern region without a published price
 * takes that of us-east-1, where all known pairs are equal.
 *
 * region    "us-east-1", "us-east-2", "us-west-1"; others are unknown
 */
struct catalog_price catalog_price(const struct catalog_type *t,
                                   const char *region);

#endif
