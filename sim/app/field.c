#include "sim/app/field.h"

#include "sim/base/text.h"
#include "sim/base/units.h"

#include <stdio.h>
#include <string.h>

bool field_has(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return v && !json_is_null(v);
}

int field_need(const json_t *o, const char *key, struct err *e)
{
    if (field_has(o, key))
        return ERR_OK;
    return err_set(e, ERR_INPUT, "\"%s\" is missing", key);
}

int field_int(const json_t *o, const char *key, const int64_t bounds[2],
              int64_t *out, struct err *e)
{
    const json_t *v = json_object_get(o, key);

    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_integer(v) || json_integer_value(v) < bounds[0] ||
        json_integer_value(v) > bounds[1])
        return err_set(e, ERR_INPUT,
                       "\"%s\" must be a whole number from %lld to %lld", key,
                       (long long)bounds[0], (long long)bounds[1]);
    *out = json_integer_value(v);
    return ERR_OK;
}

int field_u32(const json_t *o, const char *key, uint32_t *out, struct err *e)
{
    static const int64_t bounds[2] = {0, INT32_MAX};
    int64_t x = *out;
    int rc = field_int(o, key, bounds, &x, e);

    if (rc == ERR_OK)
        *out = (uint32_t)x;
    return rc;
}

int field_number(const json_t *o, const char *key, const double bounds[2],
                 double *out, struct err *e)
{
    const json_t *v = json_object_get(o, key);
    double x = json_number_value(v);

    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_number(v) || !(x >= bounds[0] && x <= bounds[1]))
        return err_set(e, ERR_INPUT, "\"%s\" must be a number from %g to %g",
                       key, bounds[0], bounds[1]);
    *out = x;
    return ERR_OK;
}

int field_flag(const json_t *o, const char *key, bool *out, struct err *e)
{
    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_boolean(json_object_get(o, key)))
        return err_set(e, ERR_INPUT, "\"%s\" must be true or false", key);
    *out = json_is_true(json_object_get(o, key));
    return ERR_OK;
}

int field_text(const json_t *o, const char *key, const char **out,
               struct err *e)
{
    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_string(json_object_get(o, key)))
        return err_set(e, ERR_INPUT, "\"%s\" must be a string", key);
    *out = json_string_value(json_object_get(o, key));
    return ERR_OK;
}

int field_object(const json_t *o, const char *key, json_t **out, struct err *e)
{
    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_object(json_object_get(o, key)))
        return err_set(e, ERR_INPUT, "\"%s\" must be an object", key);
    *out = json_object_get(o, key);
    return ERR_OK;
}

int field_list(const json_t *o, const char *key, json_t **out, struct err *e)
{
    if (!field_has(o, key))
        return ERR_OK;
    if (!json_is_array(json_object_get(o, key)))
        return err_set(e, ERR_INPUT, "\"%s\" must be a list", key);
    *out = json_object_get(o, key);
    return ERR_OK;
}

int field_word(const json_t *o, const char *key, const char *const words[],
               int *out, struct err *e)
{
    char all[256] = "";
    const char *text = NULL;
    int rc = field_text(o, key, &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *out = i;
            return ERR_OK;
        }
        size_t n = strlen(all);
        snprintf(all + n, sizeof all - n, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return err_set(e, ERR_INPUT, "\"%s\" is \"%s\"; it must be one of %s", key,
                   text, all);
}

/* At most four digits. */
static bool read_digits(const char **at, uint32_t *out)
{
    const char *c = *at;

    *out = 0;
    while (*c >= '0' && *c <= '9' && c - *at < 4)
        *out = 10 * *out + (uint32_t)(*c++ - '0');
    bool some = c > *at;
    *at = c;
    return some;
}

static bool read_version(const char *text, uint32_t major, uint32_t out[2])
{
    uint32_t first;

    text += *text == 'v';
    out[1] = 0;
    if (!read_digits(&text, &first) || first != major || *text++ != '.')
        return false;
    if (!read_digits(&text, &out[0]))
        return false;
    if (*text == '.' && (text++, !read_digits(&text, &out[1])))
        return false;
    return *text == '\0';
}

int field_version(const json_t *o, const char *key, uint32_t major,
                  uint32_t out[2], struct err *e)
{
    const char *text = NULL;
    uint32_t version[2];
    int rc = field_text(o, key, &text, e);

    if (rc != ERR_OK || !text)
        return rc;
    if (!read_version(text, major, version))
        return err_set(e, ERR_INPUT,
                       "\"%s\" is \"%s\"; a version like \"%u.18\" is needed",
                       key, text, major);
    memcpy(out, version, sizeof version);
    return ERR_OK;
}

int field_misspelt(const json_t *o, const char *const words[], struct err *e)
{
    const char *key;
    const json_t *value;
    size_t n = 0;

    while (words[n])
        n++;
    json_object_foreach((json_t *)o, key, value)
    {
        const char *near = text_nearest(key, words, n);
        if (near && strlen(near) >= 6 && strcmp(near, key) != 0)
            return err_set(e, ERR_INPUT,
                           "unknown field \"%s\"; did you mean \"%s\"?", key,
                           near);
    }
    return ERR_OK;
}

json_t *field_seconds(int64_t us)
{
    if (us % US_PER_S == 0)
        return json_integer(us / US_PER_S);
    return json_real(s_from_us(us));
}
