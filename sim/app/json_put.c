#include "sim/app/json_put.h"

#include <inttypes.h>
#include <math.h>

/* Nine digits: what two platforms agree on, and more than anyone reads. */
#define JSON_FORM (JSON_INDENT(1) | JSON_REAL_PRECISION(9))

json_t *json_put_string(const char *s)
{
    json_t *string = json_string(s);

    return string ? string : json_string("(not UTF-8)");
}

void json_put_text(json_t *o, const char *key, const char *s)
{
    json_object_set_new(o, key, json_put_string(s));
}

void json_put_number(json_t *o, const char *key, double x)
{
    json_object_set_new(o, key, isfinite(x) ? json_real(x) : json_null());
}

void json_put_count(json_t *o, const char *key, uint64_t n)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%" PRIu64, n);
    json_object_set_new(o, key,
                        n <= INT64_MAX ? json_integer((json_int_t)n)
                                       : json_string(text));
}

void json_put_file(json_t *o, FILE *out)
{
    if (json_dumpf(o, out, JSON_FORM) == 0)
        fputc('\n', out);
    json_decref(o);
}
