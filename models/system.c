/* system.c - one replication: the clock, and which part hears which event. */
#include "models/system.h"

#include "models/system_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ dispatch */

static void on_demand_end(struct system *s, uint32_t build)
{
    uint32_t pool = sys_pool_of(s, build);

    sys_count(s, pool, &s->pools[pool].state.demand, -1);
}

static void plan_next_build(struct system *s)
{
    if (s->next_build == s->t->n)
        return;
    sys_plan(s, s->t->builds[s->next_build].asked_us, EV_ASKED,
             (uint32_t)s->next_build, 0);
    s->next_build++;
}

static void on_asked(struct system *s, uint32_t build)
{
    plan_next_build(s);
    sys_on_asked(s, build);
}

static void handle_world(struct system *s, const struct event *e)
{
    enum event_kind kind = (enum event_kind)e->kind;

    switch (kind) {
    case EV_FAULT:
    case EV_FAULT_END:
        sys_on_fault(s, e->entity, kind == EV_FAULT);
        break;
    case EV_LB_CHECK:
    case EV_LB_LISTEN:
        sys_on_balancer(s, kind, e->entity, e->generation);
        break;
    case EV_LB_OLD_END:
        sys_on_old_end(s, e->entity);
        break;
    case EV_DEMAND_END:
        on_demand_end(s, e->entity);
        break;
    case EV_ASKED:
        on_asked(s, e->entity);
        break;
    case EV_RERUN:
        sys_on_rerun(s, e->entity);
        break;
    case EV_LEAVES:
        sys_on_leaves(s, e->entity);
        break;
    case EV_JOB_END:
        sys_on_job_end(s, e->entity, e->generation);
        break;
    case EV_WORK_END:
    case EV_HOLD:
    case EV_DIAL:
    case EV_WORK:
    case EV_LB_IDLE:
        sys_on_client(s, kind, e->entity, e->generation);
        break;
    case EV_LAST_DIALS:
        sys_on_last_dials(s);
        break;
    case EV_GHOST:
    case EV_LB_LIMIT:
    case EV_LB_CONNECT:
    case EV_LB_SILENT:
        sys_on_session(s, kind, e->entity, e->generation);
        break;
    default:
        sys_on_pod(s, kind, e->entity, e->generation);
        break;
    }
}

static void handle_control(struct system *s, const struct event *e)
{
    enum event_kind kind = (enum event_kind)e->kind;

    switch (kind) {
    case EV_SCHEDULE:
        sys_on_schedule(s, e->entity);
        break;
    case EV_LB_ANSWER:
    case EV_LB_HOLD:
        sys_on_balancer(s, kind, e->entity, e->generation);
        break;
    case EV_WINDOW:
        sys_window_begin(s);
        break;
    case EV_WINDOW_END:
        sys_window_end(s);
        break;
    case EV_LINK:
        sys_on_link(s);
        break;
    case EV_KEDA_POLL:
    case EV_HPA_WAKE:
    case EV_HPA_SYNC:
    case EV_HPA_DECIDE:
    case EV_HPA_WRITE:
        sys_on_scale(s, kind, e->entity, e->generation);
        break;
    case EV_RS_SYNC:
        sys_on_rs_sync(s, e->entity, e->generation);
        break;
    default:
        sys_on_karpenter(s, kind, e->entity, e->generation);
        break;
    }
}

static void handle(struct system *s, const struct event *e)
{
    if (e->kind < EV_NODE_REQUEST)
        handle_world(s, e);
    else if (e->kind <= EV_NODE_GONE)
        sys_on_node(s, (enum event_kind)e->kind, e->entity, e->generation);
    else
        handle_control(s, e);
}

/* ------------------------------------------------------------ life */

static void begin_models(struct system *s)
{
    for (size_t i = 0; i < s->p->n_pools; i++) {
        struct sys_pool *p = &s->pools[i];

        p->p = &s->p->pools[i];
        rs_init(&p->sets[0].rs, &p->p->rs, &s->bucket);
        rs_init(&p->sets[1].rs, &p->p->rs, &s->bucket);
        hpa_init(&p->hpa, &p->p->hpa);
        billing_init(&p->billing, &s->p->billing);
    }
    lb_init(&s->lb, &s->p->lb);
    karp_init(&s->karp, &s->p->karpenter);
}

struct system *system_new(const struct system_params *p, const struct trace *t,
                          const uint32_t *pool_of, const uint32_t *caller_of)
{
    struct system *s = mem_array(1, sizeof *s);

    s->p = p;
    s->t = t;
    s->pool_of = pool_of;
    s->caller_of = caller_of;
    s->fel = fel_new();
    s->results = mem_array(t->n, sizeof *s->results);
    s->place_of = mem_array(t->n, sizeof *s->place_of);
    s->pools = mem_array(p->n_pools, sizeof *s->pools);
    s->changed = mem_array(p->n_pools, sizeof *s->changed);
    members_init(&s->pending, p->n_pools);
    sys_routes_init(&s->routes, p);
    s->job_end_of = mem_array(p->n_callers, sizeof *s->job_end_of);
    s->dns = mem_array(p->lb.n_backends, sizeof *s->dns);
    s->answer_us = mem_array(p->lb.n_backends, sizeof *s->answer_us);
    s->retries.n_on = mem_array(p->lb.n_backends, sizeof *s->retries.n_on);
    s->pool_on_backend =
        mem_array(p->lb.n_backends, sizeof *s->pool_on_backend);
    begin_models(s);
    return s;
}

static void end_models(struct system *s)
{
    for (size_t i = 0; i < s->p->n_pools; i++) {
        rs_free(&s->pools[i].sets[0].rs);
        rs_free(&s->pools[i].sets[1].rs);
        hpa_free(&s->pools[i].hpa);
        billing_free(&s->pools[i].billing);
    }
    lb_free(&s->lb);
    karp_free(&s->karp);
}

/* Processes of the balancer that were replaced are not kept. */
static void end_processes(struct system *s)
{
    for (uint32_t i = 0; i < s->process; i++)
        lb_free(&s->old[i]);
    s->process = 0;
}

void system_free(struct system *s)
{
    if (!s)
        return;
    end_models(s);
    end_processes(s);
    for (size_t i = 0; i < s->p->n_pools; i++)
        free(s->pools[i].removed_us);
    fel_free(s->fel);
    free(s->builds);
    free(s->results);
    free(s->place_of);
    free(s->pools);
    free(s->changed);
    members_free(&s->pending);
    sys_routes_free(&s->routes);
    free(s->job_end_of);
    free(s->pods.records);
    free(s->pods.at);
    free(s->nodes);
    free(s->dns);
    free(s->answer_us);
    sys_retries_free(&s->retries);
    free(s->pool_on_backend);
    free(s->old);
    free(s->scratch);
    free(s->views);
    free(s->view_node);
    free(s->ranked);
    free(s->unplaced);
    free(s);
}

/* ------------------------------------------------------------ one run */

/* Models and arrays are those of the last run, which keeps their memory. */
static void start_pool(struct system *s, uint32_t i)
{
    struct sys_pool *p = &s->pools[i];
    struct sys_pool was = *p;

    *p = (struct sys_pool){
        .p = was.p,
        .sets = {{.rs = was.sets[0].rs}, {.rs = was.sets[1].rs}},
        .hpa = was.hpa,
        .billing = was.billing,
        .first = NO_INDEX,
        .last = NO_INDEX,
        .changed_us = -US_PER_H,
        .removed_us = was.removed_us,
        .cap_removed = was.cap_removed,
    };
    for (size_t k = 0; k < p->cap_removed; k++)
        p->removed_us[k] = SIM_NEVER;
    rs_again(&p->sets[0].rs);
    rs_again(&p->sets[1].rs);
    hpa_again(&p->hpa);
    billing_again(&p->billing);
}

uint32_t system_dials(const struct system_params *p, uint32_t caller,
                      uint32_t pool)
{
    const struct caller_params *c = &p->callers[caller];

    return c->has_backend ? c->backend : p->pools[pool].backend;
}

static void start_builds(struct system *s)
{
    for (size_t i = 0; i < s->t->n; i++) {
        assert(sys_pool_of(s, i) < s->p->n_pools);
        s->place_of[i] = NO_INDEX;
        s->results[i] = (struct build_result){
            .first_dial_us = SIM_NEVER,
            .served_us = SIM_NEVER,
            .end_us = SIM_NEVER,
            .pod = NO_INDEX,
            .node = NO_INDEX,
            .counted = s->t->builds[i].asked_us >= s->p->warm_up_us,
        };
    }
}

static void plan_history(struct system *s)
{
    s->window_us = s->t->span_us + s->p->settle_us;
    if (s->p->warm_up_us > 0)
        sys_plan(s, s->p->warm_up_us, EV_WINDOW, 0, 0);
    sys_plan(s, s->window_us, EV_WINDOW_END, 0, 0);
    for (uint32_t i = 0; i < s->p->n_faults; i++) {
        sys_plan(s, s->p->faults[i].at_us, EV_FAULT, i, 0);
        if (s->p->faults[i].until_us != SIM_NEVER)
            sys_plan(s, s->p->faults[i].until_us, EV_FAULT_END, i, 0);
    }
    plan_next_build(s);
}

static void start(struct system *s)
{
    fel_clear(s->fel);
    end_processes(s);
    s->now_us = 0;
    s->now_kind = EV_FAULT;
    s->next_build = s->n_open = 0;
    s->n_nodes = s->n_builds = s->pods.n = s->pods.n_records = 0;
    s->free_build = s->pods.free = NO_INDEX;
    s->n_solves = s->n_foreign = s->n_leaders = 0;
    memset(s->n_claims, 0, sizeof s->n_claims);
    memset(s->faults_on, 0, sizeof s->faults_on);
    s->watches_budgets = s->batch_touched = false;
    s->nodes_touched = true;
    s->n_touches = 1;
    s->way_counted = 0;
    s->n_changed = 0;
    members_clear(&s->pending);
    s->bucket = (struct rs_bucket){0};
    for (size_t i = 0; i < s->p->n_callers; i++)
        s->job_end_of[i] = NO_INDEX;
    s->batch_at_us = s->disrupt_at_us = SIM_NEVER;
    lb_again(&s->lb);
    karp_again(&s->karp);
    for (uint32_t i = 0; i < s->p->n_pools; i++)
        start_pool(s, i);
    start_builds(s);
    sys_retries_start(s);
    sys_stats_start(s);
    plan_history(s);
    sys_pods_start(s);
    sys_nodes_start(s);
    sys_pods_settle(s);
    sys_front_start(s);
    sys_scale_start(s);
    sys_nodes_plan(s);
}

static bool is_over(const struct system *s)
{
    return s->window_over && s->n_open == 0 && s->next_build == s->t->n;
}

/* Nothing more happens now; the next event is at next_us. */
static void end_instant(struct system *s, sim_us next_us)
{
    sys_rows(s);
    if (s->observer.on_span)
        s->observer.on_span(s->observer.context, s->now_us, next_us);
}

void system_run(struct system *s, const struct random_world *w,
                const struct system_observer *o)
{
    struct event e;

    s->world = *w;
    s->observer = o ? *o : (struct system_observer){0};
    start(s);
    while (!is_over(s) && fel_pop(s->fel, &e)) {
        if (e.at_us != s->now_us) {
            end_instant(s, e.at_us);
            s->now_us = e.at_us;
        }
        s->now_kind = (enum event_kind)e.kind;
        handle(s, &e);
        if ((s->nodes_touched || s->batch_touched) &&
            fel_next_us(s->fel) > s->now_us)
            sys_nodes_plan(s);
    }
    end_instant(s, s->now_us + 1);
    sys_count_builds(s);
}
