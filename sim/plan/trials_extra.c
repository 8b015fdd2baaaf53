/* trials_extra.c - settings that no parameter says. */
#include "sim/base/mem.h"
#include "sim/plan/trials_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_trigger(struct keda_params *k, const struct keda_cron *cron,
                        uint32_t replicas)
{
    struct keda_trigger t = {.kind = KEDA_CRON};

    keda_trigger_defaults(&t);
    t.kind = KEDA_CRON;
    t.cron = *cron;
    t.cron_replicas = replicas;
    k->triggers[k->n_triggers++] = t;
}

/* "POOL REPLICAS START|END", parted in place. */
struct schedule {
    char text[TRIALS_SET];
    const char *pool, *start, *end;
    uint32_t replicas;
};

static bool part(struct schedule *x, const char *text)
{
    (void)snprintf(x->text, sizeof x->text, "%s", text);
    char *blank = strchr(x->text, ' '), *bar = strchr(x->text, '|'), *rest;

    if (!blank || !bar || bar < blank)
        return false;
    *blank = *bar = '\0';
    x->replicas = (uint32_t)strtoul(blank + 1, &rest, 10);
    x->pool = x->text;
    x->start = rest + 1;
    x->end = bar + 1;
    return rest > blank + 1 && *rest == ' ';
}

static int add_cron(struct scenario *s, const char *text, struct err *e)
{
    struct schedule x = {.replicas = 0};
    struct keda_cron cron;

    if (!part(&x, text))
        return err_set(e, ERR_INPUT, "@cron must be POOL REPLICAS START|END");
    int rc = keda_cron_parse(&cron, x.start, x.end, "UTC", e);
    for (size_t i = 0; i < s->system.n_pools && rc == ERR_OK; i++) {
        struct pool_params *p = &s->system.pools[i];
        if (strcmp(p->name, x.pool) == 0 && p->autoscaled &&
            p->keda.n_triggers < KEDA_TRIGGERS) {
            add_trigger(&p->keda, &cron, x.replicas);
            return ERR_OK;
        }
    }
    return rc == ERR_OK ? err_set(e, ERR_INPUT,
                                  "pool %s takes no further trigger", x.pool)
                        : rc;
}

/* Faults stand in the order of their beginning. */
static void add_fault(struct system_params *p, const struct fault *f)
{
    struct fault *all = mem_array(p->n_faults + 1, sizeof *all);
    size_t at = 0;

    while (at < p->n_faults && p->faults[at].at_us <= f->at_us)
        at++;
    if (p->n_faults > 0) {
        memcpy(all, p->faults, at * sizeof *all);
        memcpy(all + at + 1, p->faults + at, (p->n_faults - at) * sizeof *all);
    }
    all[at] = *f;
    free(p->faults);
    p->faults = all;
    p->n_faults++;
}

static int add_outage(struct scenario *s, const char *text, struct err *e)
{
    struct fault f = {.kind = FAULT_METRICS_DOWN,
                      .pool = NO_INDEX,
                      .types = UINT64_MAX,
                      .zones = UINT64_MAX};
    char *rest;
    double from_s = strtod(text, &rest), until_s = strtod(rest, NULL);

    if (!(from_s >= 0.0 && until_s > from_s && until_s < 1e9))
        return err_set(e, ERR_INPUT, "@metrics_down must be FROM UNTIL");
    f.at_us = us_from_s(from_s);
    f.until_us = us_from_s(until_s);
    add_fault(&s->system, &f);
    return ERR_OK;
}

int trials_extra(struct scenario *s, const char *set, struct err *e)
{
    if (strncmp(set, "@cron ", 6) == 0)
        return add_cron(s, set + 6, e);
    if (strncmp(set, "@metrics_down ", 14) == 0)
        return add_outage(s, set + 14, e);
    return err_set(e, ERR_INPUT, "%s: no such setting", set);
}
