#include "scenarios/haproxy_reader.h"

#include "sim/base/mem.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

int hap_fail(struct hap_reader *r, const char *format, ...)
{
    char text[sizeof r->err->msg];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    err_set(r->err, ERR_INPUT, "%s:%u: %s", r->path, r->line, text);
    return ERR_INPUT;
}

const char *hap_word(const struct hap_reader *r, size_t i)
{
    return i < r->n_words ? r->words[i] : "";
}

int hap_ignore(struct hap_reader *r)
{
    struct haproxy_cfg *c = r->cfg;

    c->ignored = mem_grow(c->ignored, &c->cap_ignored, c->n_ignored + 1,
                          sizeof *c->ignored);
    struct hap_ignored *entry = &c->ignored[c->n_ignored++];
    entry->line = r->line;
    snprintf(entry->words, sizeof entry->words, "%s%s%s", hap_word(r, 0),
             r->n_words > 1 ? " " : "", hap_word(r, 1));
    return ERR_OK;
}

/* What is left of a template: ${X}, $X, {{ x }}, __X__, @X@, <X>, %X%. */
static bool is_placeholder(const char *text)
{
    return strpbrk(text, "${}<%") || strncmp(text, "__", 2) == 0 ||
           *text == '@';
}

static int not_a(struct hap_reader *r, const char *what, const char *text)
{
    if (is_placeholder(text))
        return hap_fail(r,
                        "%s is the placeholder \"%s\": render the template "
                        "first, a plain value is needed here",
                        what, text);
    return hap_fail(r, "%s is missing or wrong: \"%s\"", what, text);
}

/* Digits at the start of text; false if there are none or too many. */
static bool read_digits(const char *text, uint64_t *value, const char **rest)
{
    *value = 0;
    for (*rest = text; isdigit((unsigned char)**rest); ++*rest) {
        *value = *value * 10 + (uint64_t)(**rest - '0');
        if (*value > UINT64_C(1000000000000))
            return false;
    }
    return *rest != text;
}

int hap_number(struct hap_reader *r, size_t i, const char *what,
               const uint32_t range[2], uint32_t *out)
{
    const char *text = hap_word(r, i), *rest;
    uint64_t value;

    if (!read_digits(text, &value, &rest) || *rest)
        return not_a(r, what, text);
    if (value < range[0] || value > range[1])
        return hap_fail(r, "%s must be from %u to %u, not %s", what, range[0],
                        range[1], text);
    *out = (uint32_t)value;
    return ERR_OK;
}

int hap_time(struct hap_reader *r, size_t i, sim_us *out)
{
    static const struct {
        const char *suffix;
        sim_us us;
    } units[] = {
        {"", US_PER_MS},      {"us", 1},
        {"ms", US_PER_MS},    {"s", US_PER_S},
        {"m", 60 * US_PER_S}, {"h", US_PER_H},
        {"d", US_PER_DAY},
    };
    const char *text = hap_word(r, i), *rest;
    uint64_t value;

    if (!read_digits(text, &value, &rest))
        return not_a(r, "the time", text);
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        if (strcmp(rest, units[k].suffix) != 0)
            continue;
        /* The balancer keeps milliseconds in 31 bits. */
        if (value > UINT64_C(2147483647000) / (uint64_t)units[k].us)
            return hap_fail(r, "the time %s is more than 24 days", text);
        *out = (sim_us)value * units[k].us;
        return ERR_OK;
    }
    return not_a(r, "the time", text);
}

int hap_name(struct hap_reader *r, size_t i, char *name)
{
    const char *text = hap_word(r, i);

    if (!*text)
        return hap_fail(r, "%s needs a name", hap_word(r, i - 1));
    if (strlen(text) >= HAP_NAME)
        return hap_fail(r, "the name %.20s... is too long", text);
    if (is_placeholder(text))
        return not_a(r, "the name", text);
    memcpy(name, text, strlen(text) + 1);
    return ERR_OK;
}

/* One word from *p on, quotes and backslashes resolved, to out. */
static const char *copy_word(const char *p, const char *end, char **out)
{
    char quote = 0;

    for (; p < end && (quote || !isspace((unsigned char)*p)); p++) {
        if (!quote && *p == '#')
            break;
        if (quote ? *p == quote : *p == '"' || *p == '\'') {
            quote = quote ? 0 : *p;
            continue;
        }
        if (*p == '\\' && quote != '\'' && p + 1 < end)
            p++;
        *(*out)++ = *p;
    }
    *(*out)++ = 0;
    return quote ? NULL : p;
}

int hap_split(struct hap_reader *r, const char *line, size_t n)
{
    const char *end = line + n;
    char *out = r->text;

    r->n_words = 0;
    if (n >= HAP_LINE / 2)
        return hap_fail(r, "the line is longer than %d characters",
                        HAP_LINE / 2);
    for (const char *p = line; p < end;) {
        if (isspace((unsigned char)*p)) {
            p++;
            continue;
        }
        if (*p == '#')
            break;
        if (r->n_words == HAP_WORDS)
            return hap_fail(r, "more than %d words", HAP_WORDS);
        r->words[r->n_words++] = out;
        p = copy_word(p, end, &out);
        if (!p)
            return hap_fail(r, "a quote is not closed");
    }
    return ERR_OK;
}
