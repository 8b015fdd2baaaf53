/* system_metric.c - how the scaler reads the balancer: KEDA's GETs, and the
 * way of a query from the HPA to KEDA.
 */
#include "models/system_link.h"
#include "models/system_parts.h"

/* ------------------------------------------------------------ GETs */

/* Nobody answers while the balancer is down or the scenario says so. */
static enum keda_read read_of(const struct system *s, uint32_t pool,
                              sim_us *latency_us)
{
    const struct fault *f;

    *latency_us = 0;
    if (!s->lb.listening || sys_fault(s, FAULT_METRICS_DOWN, pool, &f))
        return KEDA_READ_FAILS;
    if (!sys_fault(s, FAULT_METRICS_SLOW, pool, &f))
        return KEDA_READ_OK;
    *latency_us = f->latency_us;
    return f->latency_us > 0 ? KEDA_READ_OK : KEDA_READ_HANGS;
}

/* Each GET has its own luck, which hangs on nothing but its time. */
static enum keda_read flaky(const struct system *s, enum keda_read read,
                            const struct fault *f, uint64_t get)
{
    double u = sys_u(s, DRAW_GET, get, (uint64_t)s->now_us);

    return read == KEDA_READ_OK && u < f->frac ? KEDA_READ_FAILS : read;
}

struct keda_sample system_sample(const struct system *s, uint32_t pool,
                                 size_t trigger, bool poll)
{
    struct keda_sample out = {.value = s->pools[pool].state.sessions};
    uint64_t get = ((uint64_t)pool * KEDA_TRIGGERS + trigger) * 4 + poll * 2;
    const struct fault *f;

    out.first = out.second = read_of(s, pool, &out.latency_us);
    if (sys_fault(s, FAULT_METRICS_FLAKY, pool, &f)) {
        out.first = flaky(s, out.first, f, get);
        out.second = flaky(s, out.second, f, get + 1);
    }
    return out;
}

void sys_poll_samples(const struct system *s, uint32_t pool,
                      struct keda_sample samples[KEDA_TRIGGERS])
{
    for (size_t i = 0; i < KEDA_TRIGGERS; i++)
        samples[i] = system_sample(s, pool, i, true);
}

/* A pod that drains is ready as long as its readiness probe succeeds. */
struct pods_view system_pods(const struct system *s, uint32_t pool)
{
    struct pods_view n = {0};
    const struct sys_pod *p;

    for (uint32_t i = s->pools[pool].first; i != NO_INDEX; i = p->next) {
        p = sys_pod(s, i);
        n.all += p->phase != POD_PLANNED;
        n.ready +=
            p->phase == POD_RUNNING && p->ready_us != SIM_NEVER && !p->unready;
    }
    return n;
}

/* For targets of type Value. */
bool sys_counts_pods(const struct system *s, uint32_t pool)
{
    const struct keda_params *p = &s->p->pools[pool].keda;

    for (size_t i = 0; i < p->n_triggers; i++)
        if (p->triggers[i].is_value)
            return true;
    return false;
}

struct keda_context sys_keda_context(const struct system *s, uint32_t pool)
{
    return (struct keda_context){
        .spec = (uint32_t)s->pools[pool].state.wanted,
        .ready = sys_counts_pods(s, pool) ? system_pods(s, pool).ready : 0,
    };
}

/* Time alone changes what is read: cron triggers and cached records, GETs that
 * fail by chance. Nobody tells when pods stop that draining had kept ready.
 */
bool sys_reads_drift(const struct system *s, uint32_t pool)
{
    const struct keda_params *p = &s->p->pools[pool].keda;
    const struct fault *f;

    for (size_t i = 0; i < p->n_triggers; i++)
        if (p->triggers[i].kind == KEDA_CRON || p->triggers[i].use_cached)
            return true;
    return sys_counts_pods(s, pool) ||
           sys_fault(s, FAULT_METRICS_FLAKY, pool, &f);
}

bool sys_reads_well(const struct system *s, uint32_t pool)
{
    sim_us latency_us;

    return read_of(s, pool, &latency_us) == KEDA_READ_OK && latency_us == 0;
}

/* ------------------------------------------------------------ queries */

static void lost(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];

    p->reading.metrics[p->hpa_metric].ok = false;
    p->reading_steady = false;
    sys_note(s, NOTE_METRIC_LOST, pool, (uint32_t)p->hpa_metric, 0);
    p->hpa_metric++;
}

static sim_us await_operator(struct system *s, uint32_t pool,
                             const struct fault *f)
{
    const struct keda_params *p = &s->p->pools[pool].keda;
    sim_us wait_us = keda_wait_us(p, f->until_us - s->now_us);

    if (wait_us == KEDA_DEADLINE_US)
        lost(s, pool);
    return wait_us;
}

static sim_us query(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    size_t i = p->hpa_metric;
    struct keda_sample sample = system_sample(s, pool, i, false);
    struct keda_context context = sys_keda_context(s, pool);
    struct keda_answer a =
        keda_on_hpa_query(&p->keda, s->now_us, i, &sample, &context);

    if (!a.ok) {
        lost(s, pool);
        return a.delay_us;
    }
    p->reading.metrics[i].ok = true;
    p->reading.metrics[i].usage_milli = a.value_milli;
    if (a.fallback)
        p->reading_steady = false;
    p->hpa_metric++;
    return a.delay_us;
}

/* Reads one metric after the other. Returns how long the present one takes,
 * 0 once all have come.
 */
sim_us sys_read_metrics(struct system *s, uint32_t pool)
{
    struct sys_pool *p = &s->pools[pool];
    const struct fault *f;
    sim_us delay_us = 0;

    while (delay_us == 0 && p->hpa_metric < p->p->hpa.n_metrics)
        delay_us = sys_fault(s, FAULT_KEDA_RESTART, pool, &f)
                       ? await_operator(s, pool, f)
                       : query(s, pool);
    return delay_us;
}
