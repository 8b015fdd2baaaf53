/* explain_find.c - which build the user means. */
#include "sim/app/explain.h"
#include "sim/app/tell.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"
#include "sim/plan/figures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t build_with(const struct trace *t, uint32_t id)
{
    for (size_t i = 0; i < t->n && id != NO_INDEX; i++)
        if (t->builds[i].id == id)
            return (uint32_t)i;
    return NO_INDEX;
}

/* The number of a build, as events.log has it. */
static uint32_t numbered(const struct trace *t, const char *name)
{
    char *end;

    if (name[0] < '0' || name[0] > '9')
        return NO_INDEX;
    errno = 0;
    unsigned long i = strtoul(name, &end, 10);
    return errno == 0 && *end == '\0' && i < t->n ? (uint32_t)i : NO_INDEX;
}

/* A build whose run or image has the name. */
static uint32_t build_like(const struct trace *t, uint32_t string, bool *is_run)
{
    for (size_t i = 0; i < t->n && string != NO_INDEX && string != 0; i++)
        if (t->builds[i].run == string || t->builds[i].name == string) {
            *is_run = t->builds[i].run == string;
            return (uint32_t)i;
        }
    return NO_INDEX;
}

static const char *id_of(const struct trace *t, uint32_t build)
{
    return strings_at(&t->strings, t->builds[build].id);
}

static int none(const struct trace *t, const char *name, uint32_t string,
                struct err *e)
{
    static const char all[] = "'drydock run SCENARIO -o DIR' lists every build "
                              "in DIR/builds.csv; --longest picks one";
    const char **ids = mem_array(t->n, sizeof *ids);
    bool is_run = false;
    char wrong[96], right[96];

    tell_name(name, wrong);
    for (uint32_t i = 0; i < t->n; i++)
        ids[i] = id_of(t, i);
    uint32_t like = build_like(t, string, &is_run);
    const char *near =
        like == NO_INDEX ? text_nearest(name, ids, t->n) : ids[like];
    free(ids);
    if (!near || near[0] == '\0')
        return err_set(e, ERR_INPUT, "no build %s; %s", wrong, all);
    tell_name(near, right);
    if (like == NO_INDEX)
        return err_set(e, ERR_INPUT, "no build %s; did you mean %s? %s", wrong,
                       right, all);
    return err_set(e, ERR_INPUT,
                   "%s is %s and no build; its first build is "
                   "%s; %s",
                   wrong, is_run ? "a run" : "an image", right, all);
}

int explain_find(const struct scenario *s, const char *name, uint32_t *build,
                 struct err *e)
{
    const struct trace *t = &s->trace;
    uint32_t string = strings_find(&t->strings, name, strlen(name));
    uint32_t found = name[0] == '\0' ? NO_INDEX : build_with(t, string);

    if (found == NO_INDEX)
        found = numbered(t, name);
    if (found == NO_INDEX)
        return none(t, name, string, e);
    *build = found;
    return ERR_OK;
}

uint32_t explain_longest(const struct build_result *builds, size_t n)
{
    uint32_t best = NO_INDEX;

    for (size_t i = 0; i < n; i++)
        if (builds[i].counted && build_wait_us(&builds[i]) != SIM_NEVER &&
            (best == NO_INDEX || builds[i].waited_us > builds[best].waited_us))
            best = (uint32_t)i;
    return best;
}
