#include "models/catalog.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Where no table was at hand (m7gd.2xlarge, m8id.24xlarge, and max_pods of the
 * 4xlarge, 2xlarge and m8gd.16xlarge), vCPU and memory follow from the size's
 * name, and max_pods from its network interfaces: n x (addresses - 1) + 2. A
 * 24xlarge and a 16xlarge have 15 x 50, a 12xlarge and a 4xlarge 8 x 30, a
 * 2xlarge 4 x 15.
 */
static const struct catalog_type types[] = {
    {"m6id.12xlarge", "amd64", 48, 234, 196608, 2850, 18.75, 15},
    {"m6id.24xlarge", "amd64", 96, 737, 393216, 5700, 37.5, 30},
    {"m6id.2xlarge", "amd64", 8, 58, 32768, 474, 0, 0},
    {"m6id.4xlarge", "amd64", 16, 234, 65536, 950, 0, 0},
    {"m7gd.16xlarge", "arm64", 64, 737, 262144, 3800, 30, 20},
    {"m7gd.2xlarge", "arm64", 8, 58, 32768, 474, 0, 0},
    {"m7gd.4xlarge", "arm64", 16, 234, 65536, 950, 0, 0},
    {"m8gd.16xlarge", "arm64", 64, 737, 262144, 3800, 30, 0},
    {"m8gd.24xlarge", "arm64", 96, 737, 393216, 5700, 40, 30},
    {"m8id.24xlarge", "amd64", 96, 737, 393216, 5700, 0, 0},
};
enum { N_TYPES = sizeof types / sizeof types[0] };

static const struct listed {
    const char *type, *region;
    double usd_per_h;
} prices[] = {
    {"m6id.24xlarge", "us-east-1", 5.6952},
    {"m6id.24xlarge", "us-east-2", 5.6952},
    {"m6id.24xlarge", "us-west-1", 6.7032},
    {"m6id.12xlarge", "us-east-1", 2.8476},
    {"m6id.12xlarge", "us-east-2", 2.8476},
    {"m6id.12xlarge", "us-west-1", 3.3516},
    {"m6id.4xlarge", "us-east-1", 0.9492},
    {"m6id.2xlarge", "us-east-1", 0.4746},
    {"m6id.2xlarge", "us-east-2", 0.4746},
    {"m6id.2xlarge", "us-west-1", 0.5586},
    {"m7gd.16xlarge", "us-east-1", 3.4171},
    {"m7gd.4xlarge", "us-east-1", 0.8543},
    {"m7gd.2xlarge", "us-east-1", 0.4271},
    {"m8gd.24xlarge", "us-east-1", 5.53536},
    {"m8gd.16xlarge", "us-east-1", 3.69024},
    {"m8id.24xlarge", "us-east-1", 6.26496},
};
enum { N_PRICES = sizeof prices / sizeof prices[0] };

const struct catalog_type *catalog_types(size_t *n)
{
    *n = N_TYPES;
    return types;
}

const struct catalog_type *catalog_find(const char *name)
{
    for (size_t i = 0; i < N_TYPES; i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    return NULL;
}

struct catalog_size catalog_capacity(const struct catalog_type *t,
                                     double overhead_frac)
{
    bool arm = strcmp(t->arch, "arm64") == 0;
    int64_t nominal_mib = t->memory_mib - (arm ? 64 : 0);

    assert(overhead_frac >= 0.0 && overhead_frac <= 1.0);
    /* A product like 0.06 x 100000 must not be lifted over a whole number by
     * the last bit of the factor. */
    double lost_mib = ceil((double)nominal_mib * overhead_frac - 1e-6);

    return (struct catalog_size){.mcpu = (int64_t)t->n_vcpu * 1000,
                                 .mib = nominal_mib - (int64_t)lost_mib};
}

/* In half milli-CPU, since the later cores reserve 2.5 m each. */
static int64_t reserved_half_mcpu(uint32_t n_vcpu)
{
    static const int64_t first[] = {120, 20, 10, 10};
    int64_t sum = 0;

    for (uint32_t i = 0; i < n_vcpu; i++)
        sum += i < 4 ? first[i] : 5;
    return sum;
}

struct catalog_size catalog_allocatable(const struct catalog_type *t,
                                        double overhead_frac)
{
    struct catalog_size size = catalog_capacity(t, overhead_frac);

    size.mcpu -= reserved_half_mcpu(t->n_vcpu) / 2;
    size.mib -= 255 + 11 * (int64_t)t->max_pods + 100;
    return size;
}

static const struct listed *listed(const char *type, const char *region)
{
    for (size_t i = 0; i < N_PRICES; i++)
        if (strcmp(prices[i].type, type) == 0 &&
            strcmp(prices[i].region, region) == 0)
            return &prices[i];
    return NULL;
}

struct catalog_price catalog_price(const struct catalog_type *t,
                                   const char *region)
{
    const struct listed *found = listed(t->name, region);
    bool verified = found != NULL;

    if (!found && strcmp(region, "us-east-2") == 0)
        found = listed(t->name, "us-east-1");
    if (!found)
        return (struct catalog_price){.usd_per_h = -1.0};
    return (struct catalog_price){found->usd_per_h, verified};
}
