/* explain_dials.c - rows of dials and attempts of a build that go alike. */
#include "sim/app/explain_parts.h"
#include "sim/base/mem.h"

enum { ALIKE = 8, SHOWN = 2 }; /* attempts in a row; shown at either end */

const struct story_line *explain_next_dial(const struct story *s, size_t i)
{
    for (i++; i < s->n_lines; i++)
        if (s->lines[i].kind == NOTE_DIAL)
            return &s->lines[i];
    return NULL;
}

static void hide(bool hidden[], uint32_t first, uint32_t end)
{
    for (uint32_t i = first + SHOWN; end - first > ALIKE && i + SHOWN < end;
         i++)
        hidden[i] = true;
}

static uint32_t n_attempts(const struct story *s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < s->n_lines; i++)
        if (s->lines[i].kind == NOTE_DIAL && s->lines[i].b > n)
            n = s->lines[i].b;
    return n;
}

bool *explain_hidden(const struct story *s)
{
    uint32_t n = n_attempts(s) + 1, first = 1;
    bool *hidden = mem_array((size_t)n + 1, sizeof *hidden);

    for (size_t i = 0, attempt = 0; i < s->n_lines; i++) {
        if (s->lines[i].kind == NOTE_DIAL)
            attempt = s->lines[i].b;
        if (s->lines[i].kind != NOTE_SERVED)
            continue;
        hide(hidden, first, (uint32_t)attempt);
        first = (uint32_t)attempt + 1;
    }
    if (first < n)
        hide(hidden, first, n);
    return hidden;
}

bool explain_is_fate(int kind)
{
    return kind == NOTE_REFUSED || kind == NOTE_TURNED_AWAY ||
           kind == NOTE_CLOSED || kind == NOTE_HUNG_UP || kind == NOTE_SERVED;
}

/* The line of the fate of the dial in line i, or that of the next dial. */
static size_t fate_of(const struct story *s, size_t i)
{
    for (i++; i < s->n_lines && s->lines[i].kind != NOTE_DIAL; i++)
        if (explain_is_fate(s->lines[i].kind))
            break;
    return i;
}

size_t explain_alike(const struct story *s, size_t i)
{
    size_t last = i, fate = fate_of(s, i);
    int kind = fate < s->n_lines ? s->lines[fate].kind : NOTE_DIAL;

    if (kind != NOTE_REFUSED && kind != NOTE_TURNED_AWAY)
        return i;
    for (size_t k = i + 1; k < s->n_lines; k++) {
        if (s->lines[k].kind != NOTE_DIAL)
            continue;
        fate = fate_of(s, k);
        if (s->lines[k].b != s->lines[i].b || fate == s->n_lines ||
            s->lines[fate].kind != kind)
            break;
        last = k;
    }
    return last;
}
