/* scenario_drain.c - the script that a Deployment runs before its pods stop. */
#include "scenarios/drain_script.h"
#include "scenarios/scenario_build.h"

#include <string.h>

/* The script that a preStop command names, or the command's last word. */
static int find_script(struct build *b, const struct yaml_node *command,
                       bool is_needed, struct scenario_script *out)
{
    const struct yaml_node *last = NULL, *lost = NULL;
    const struct manifest_text *t = NULL;

    for (size_t i = 0; i < command->n && !t; i++) {
        last = command->items[i].value;
        const char *slash = strrchr(last->text, '/');
        const char *base = slash ? slash + 1 : last->text;
        size_t n = strlen(base);

        if (n <= 3 || strcmp(base + n - 3, ".sh") != 0)
            continue;
        t = manifest_text(&b->s->manifests, base);
        lost = t || strchr(last->text, ' ') ? NULL : last;
    }
    if (!last)
        return yaml_fail(command, b->err, "the preStop command is empty");
    if (lost && is_needed)
        return yaml_fail(lost, b->err,
                         "%s is in none of the manifests: add its ConfigMap, "
                         "or set the numbers in the scenario, for instance "
                         "drain: {poll: 15s, idle_polls: 2}",
                         lost->text);
    *out =
        t ? (struct scenario_script){t->path, t->text, t->line}
          : (struct scenario_script){last->file->path, last->text, last->line};
    return ERR_OK;
}

int build_drain(struct build *b, const struct m_deployment *d,
                struct pool_params *p)
{
    const struct yaml_node *set = yaml_get(b->root, "drain");
    bool is_set = yaml_get(set, "poll") && yaml_get(set, "idle_polls");
    struct scenario_script *at = &b->s->scripts[b->s->system.n_pools];
    struct drain_script script;

    p->has_drain = d->pre_stop != NULL;
    if (!d->pre_stop || (is_set && d->pre_stop->n == 0))
        return ERR_OK;
    int rc = find_script(b, d->pre_stop, !is_set, at);
    if (rc != ERR_OK || is_set)
        return rc;
    rc = drain_script_parse(&script, at->path, at->line, at->text, b->err);
    if (rc != ERR_OK)
        return rc;
    p->drain.poll_us = script.poll_us;
    p->drain.idle_looks = script.idle_looks;
    return ERR_OK;
}
