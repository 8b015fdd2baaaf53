#include "models/hpa_rules.h"

#include <assert.h>
#include <math.h>

/* Up to 1.32 the test was abs(1 - r) > tolerance, later it is a closed
 * interval. They differ at r = 1.1, where 1.0 - 1.1 is a little below -0.1.
 */
bool hpa_tolerates(const struct hpa_params *p, double r)
{
    double up = p->tolerance_up_frac;
    double down = p->tolerance_down_frac;

    if (p->kubernetes_minor <= 32)
        return !(fabs(1.0 - r) > (r > 1.0 ? up : down));
    if (p->has_behavior && p->kubernetes_minor >= 35) {
        if (p->up.has_tolerance)
            up = p->up.tolerance_frac;
        if (p->down.has_tolerance)
            down = p->down.tolerance_frac;
    }
    return 1.0 - down <= r && r <= 1.0 + up;
}

int32_t hpa_int32(double x)
{
    if (!(x > -2147483649.0 && x < 2147483648.0))
        return INT32_MIN;
    return (int32_t)x;
}

static int64_t int64_from(double x)
{
    if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0))
        return INT64_MIN;
    return (int64_t)x;
}

static int32_t ceil_replicas(bool clamp, double x)
{
    double up = ceil(x);

    if (clamp && up > (double)INT32_MAX)
        return INT32_MAX;
    return hpa_int32(up);
}

/* From 1.34 on a negative sum is taken for one that overflowed, and a
 * saturated one is not divided.
 */
static int64_t average_of(const struct hpa_params *p, double usage,
                          double n_pods)
{
    if (p->kubernetes_minor >= 34 && usage >= (double)INT64_MAX)
        return INT64_MAX;
    return int64_from(ceil(usage / n_pods));
}

/* Inside the band the answer is the status count, which need not be spec. */
static int32_t propose_average(const struct hpa_params *p, size_t i,
                               const struct hpa_reading *r, int64_t *average)
{
    double usage = (double)r->metrics[i].usage_milli;
    double target = (double)p->metrics[i].target_milli;
    double n_pods = (double)r->status;

    if (p->kubernetes_minor >= 34 && usage < 0.0)
        usage = (double)INT64_MAX;
    *average = average_of(p, usage, n_pods);
    if (hpa_tolerates(p, usage / (target * n_pods)))
        return (int32_t)r->status;
    return ceil_replicas(p->kubernetes_minor >= 34, usage / target);
}

static int32_t propose_value(const struct hpa_params *p, size_t i,
                             const struct hpa_reading *r, int64_t *average)
{
    int64_t usage_milli = r->metrics[i].usage_milli;
    double ratio = (double)usage_milli / (double)p->metrics[i].target_milli;

    *average = usage_milli;
    if (r->spec == 0)
        return ceil_replicas(false, ratio);
    if (hpa_tolerates(p, ratio))
        return (int32_t)r->spec;
    return ceil_replicas(p->kubernetes_minor >= 35, ratio * (double)r->ready);
}

static int32_t propose_one(const struct hpa_params *p, size_t i,
                           const struct hpa_reading *r, int64_t *average)
{
    return p->metrics[i].is_value ? propose_value(p, i, r, average)
                                  : propose_average(p, i, r, average);
}

bool hpa_is_lost(const struct hpa_params *p, size_t i,
                 const struct hpa_reading *r)
{
    double usage = (double)r->metrics[i].usage_milli;

    if (!r->metrics[i].ok)
        return true;
    return p->metrics[i].is_value && r->no_pods && r->spec > 0 &&
           !hpa_tolerates(p, usage / (double)p->metrics[i].target_milli);
}

bool hpa_propose(const struct hpa_params *p, const struct hpa_reading *r,
                 int64_t average[HPA_METRICS], int32_t *proposal)
{
    size_t n_lost = 0;
    int32_t best = 0;

    assert(p->n_metrics > 0 && p->n_metrics <= HPA_METRICS);
    for (size_t i = 0; i < p->n_metrics; i++) {
        average[i] = 0;
        if (hpa_is_lost(p, i, r)) {
            n_lost++;
            continue;
        }
        int32_t one = propose_one(p, i, r, &average[i]);
        if (best == 0 || one > best)
            best = one;
    }
    if (n_lost == p->n_metrics || (n_lost > 0 && best < (int32_t)r->spec))
        return false;
    *proposal = best > 0 ? best : 0;
    return true;
}

int64_t hpa_sum_milli(const int64_t values[], size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(sum, values[i], &sum))
            return values[i] > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}
