#include "traces/steps.h"

#include "traces/value.h"

#include <string.h>

enum { TUPLE = 6 }; /* members of a step */
enum { STEP_COMPLETED, STEP_CONCLUSION, STEP_NAME, STEP_STARTED = 4 };

bool steps_is_build(struct slice name)
{
    static const char start[] = "Build and push";
    size_t n = sizeof start - 1;

    return name.n >= n && memcmp(name.s, start, n) == 0;
}

/* Text between single quotes, or bare up to a comma or a bracket. */
static struct slice next_member(const char **at, const char *end)
{
    const char *p = *at;
    bool in_quotes = p < end && *p == '\'';
    const char *start = in_quotes ? ++p : p;

    while (p < end && (in_quotes ? *p != '\'' : !strchr(",()", *p)))
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    *at = in_quotes && p < end ? p + 1 : p;
    return (struct slice){start, (size_t)(p - start)};
}

/* *at is behind the opening bracket, and then behind the closing one. */
static bool next_tuple(const char **at, const char *end,
                       struct slice members[TUPLE])
{
    const char *p = *at;

    for (int i = 0; i < TUPLE; i++) {
        while (p < end && *p == ' ')
            p++;
        members[i] = next_member(&p, end);
        if (p == end || *p != (i + 1 < TUPLE ? ',' : ')'))
            return false;
        p++;
    }
    *at = p;
    return true;
}

void steps_find_build(struct slice steps, sim_us *started_us,
                      sim_us *completed_us)
{
    const char *at = steps.s, *end = steps.s + steps.n;
    struct slice m[TUPLE];
    sim_us from_us, to_us;

    while ((at = memchr(at, '(', (size_t)(end - at)))) {
        at++;
        if (!next_tuple(&at, end, m))
            return;
        if (steps_is_build(m[STEP_NAME]) &&
            !value_is(m[STEP_CONCLUSION], "skipped") &&
            value_instant(m[STEP_STARTED], &from_us) && from_us != NO_TIME &&
            value_instant(m[STEP_COMPLETED], &to_us)) {
            *started_us = from_us;
            *completed_us = to_us;
        }
    }
}
