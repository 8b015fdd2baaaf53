#include "scenarios/scenario_build.h"

#include "sim/base/mem.h"

#include <stdlib.h>
#include <string.h>

/* A schedule is unfolded over the trace with a margin for what follows it. */
enum { MAX_SPANS = 20000, MAX_STARTS = 1000000, MARGIN_DAYS = 30 };

static int read_schedule(struct build *b, const struct m_node_pool *p,
                         const struct m_node_budget *m,
                         struct keda_schedule *out)
{
    /* The reader of schedules wants a pair; the other one is anything else. */
    static const char *const others[] = {"0 0 1 1 *", "0 0 2 1 *"};
    struct keda_cron cron;
    struct err inner;
    const char *other = others[strcmp(m->schedule, others[0]) == 0];

    if (keda_cron_parse(&cron, m->schedule, other, "UTC", &inner) != ERR_OK)
        return yaml_fail(p->node, b->err, "NodePool %s: schedule \"%s\": %s",
                         p->name, m->schedule, inner.msg);
    *out = cron.start;
    return ERR_OK;
}

struct spans {
    struct karp_span *at; /* owned by the scenario; room for MAX_SPANS */
    size_t n;
};

/* Appends the active spans of a budget, merged where they touch. */
static int unfold(struct build *b, const struct m_node_pool *p,
                  const struct m_node_budget *m, struct spans *spans)
{
    const struct trace *t = &b->s->trace;
    sim_us end = t->origin_us + t->span_us + MARGIN_DAYS * US_PER_DAY;
    struct keda_schedule schedule;
    size_t first = spans->n;
    int rc = read_schedule(b, p, m, &schedule);

    if (rc != ERR_OK)
        return rc;
    sim_us at = keda_schedule_next(&schedule, t->origin_us - m->duration_us);
    for (size_t n = 0; at < end; at = keda_schedule_next(&schedule, at)) {
        sim_us from = at - t->origin_us;
        struct karp_span *last =
            spans->n > first ? &spans->at[spans->n - 1] : NULL;

        if (last && from <= last->until_us && ++n < MAX_STARTS) {
            last->until_us = from + m->duration_us;
            continue;
        }
        if (spans->n == MAX_SPANS || ++n == MAX_STARTS)
            return yaml_fail(p->node, b->err,
                             "NodePool %s: the schedules of its budgets come "
                             "too often",
                             p->name);
        spans->at[spans->n++] = (struct karp_span){from, from + m->duration_us};
    }
    return ERR_OK;
}

static int fill_pool(struct build *b, const struct m_node_pool *p,
                     struct karp_pool *out, struct spans *spans)
{
    out->n_budgets = p->n_budgets;
    for (size_t i = 0; i < p->n_budgets; i++) {
        const struct m_node_budget *m = &p->budgets[i];
        struct karp_budget *budget = &out->budgets[i];
        size_t first = spans->n;

        *budget = (struct karp_budget){.value = m->value,
                                       .percent = m->percent,
                                       .reasons = m->reasons,
                                       .scheduled = m->schedule != NULL};
        if (!m->schedule)
            continue;
        int rc = unfold(b, p, m, spans);
        if (rc != ERR_OK)
            return rc;
        budget->active = spans->at + first;
        budget->n_active = spans->n - first;
    }
    return ERR_OK;
}

int build_budgets(struct build *b)
{
    struct karp_params *k = &b->s->system.karpenter;
    struct spans spans = {mem_array(MAX_SPANS, sizeof *spans.at), 0};
    int rc = ERR_OK;

    b->s->spans = spans.at;
    for (size_t i = 0; i < k->n_pools && rc == ERR_OK; i++)
        for (size_t n = 0; n < b->n_node_pools && rc == ERR_OK; n++)
            if (strcmp(b->node_pools[n].name, k->pools[i].name) == 0)
                rc = fill_pool(b, &b->node_pools[n], &k->pools[i], &spans);
    return rc;
}
