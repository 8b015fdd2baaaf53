#include "scenarios/params_rows.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int wrong(const struct param *row, const char *text, const char *form,
                 struct err *e)
{
    return err_set(e, ERR_INPUT, "%s must be %s, not \"%s\"", row->key, form,
                   text);
}

static int out_of_range(const struct param *row, const char *text,
                        struct err *e)
{
    return err_set(e, ERR_INPUT, "%s must be from %.10g to %.10g, not %s",
                   row->key, row->min, row->max, text);
}

static int parse_count(const struct param *row, const char *text, void *p,
                       struct err *e)
{
    int64_t value;

    if (!whole_number(text, &value))
        return wrong(row, text, "a whole number", e);
    if ((double)value < row->min || (double)value > row->max)
        return out_of_range(row, text, e);
    if (row->type == PARAM_U32)
        *(uint32_t *)p = (uint32_t)value;
    else
        *(int32_t *)p = (int32_t)value; /* int is 32 bits wide here */
    return ERR_OK;
}

static int parse_bool(const struct param *row, const char *text, void *p,
                      struct err *e)
{
    bool yes = strcmp(text, "true") == 0;

    if (!yes && strcmp(text, "false") != 0)
        return wrong(row, text, "true or false", e);
    *(bool *)p = yes;
    return ERR_OK;
}

static int parse_double(const struct param *row, const char *text, void *p,
                        struct err *e)
{
    char *end;
    bool decimal = strspn(text, "0123456789.eE+-") == strlen(text);
    double value = strtod(text, &end);

    if (!*text || *end || !decimal)
        return wrong(row, text, "a number", e);
    if (!(value >= row->min && value <= row->max))
        return out_of_range(row, text, e);
    *(double *)p = value;
    return ERR_OK;
}

static int parse_time(const struct param *row, const char *text, void *p,
                      struct err *e)
{
    char least[32], most[32];
    sim_us value = 0;

    if (row->type == PARAM_NEVER && strcmp(text, "never") == 0) {
        *(sim_us *)p = SIM_NEVER;
        return ERR_OK;
    }
    if (duration_parse(text, &value, e) != ERR_OK) {
        struct err inner = *e;

        return err_set(e, ERR_INPUT, "%s: %s", row->key, inner.msg);
    }
    if (value < us_from_s(row->min) || value > us_from_s(row->max)) {
        duration_print(us_from_s(row->min), least);
        duration_print(us_from_s(row->max), most);
        return err_set(e, ERR_INPUT, "%s must be from %s to %s, not %s",
                       row->key, least, most, text);
    }
    *(sim_us *)p = value;
    return ERR_OK;
}

static int parse_dist(const struct param *row, const char *text, void *p,
                      struct err *e)
{
    struct dist d;
    struct err inner = {{0}};

    if (dist_parse(text, &d, &inner) != ERR_OK)
        return err_set(e, ERR_INPUT, "%s: %s", row->key, inner.msg);
    if (d.a < row->min || d.a > row->max || d.b > row->max)
        return out_of_range(row, text, e);
    *(struct dist *)p = d;
    return ERR_OK;
}

static int parse_enum(const struct param *row, const char *text, void *p,
                      struct err *e)
{
    char list[PARAM_TEXT] = "";
    size_t used = 0;

    for (int i = 0; row->names[i]; i++) {
        if (strcmp(row->names[i], text) == 0) {
            *(int *)p = i;
            return ERR_OK;
        }
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s",
                                 i == 0 ? "" : ", ", row->names[i]);
        assert(used < sizeof list);
    }
    return err_set(e, ERR_INPUT, "%s must be one of %s, not \"%s\"", row->key,
                   list, text);
}

/* Cores or bytes; kept as milli-CPU or MiB. */
static int parse_quantity(const struct param *row, const char *text, void *p,
                          struct err *e)
{
    bool cpu = row->type == PARAM_CPU;
    int64_t milli = 0;

    if (strcmp(text, "none") == 0) {
        *(int64_t *)p = KARP_NO_LIMIT;
        return ERR_OK;
    }
    if (quantity_parse(text, &milli, e) != ERR_OK) {
        struct err inner = *e;

        return err_set(e, ERR_INPUT, "%s: %s", row->key, inner.msg);
    }
    int64_t value = cpu ? milli : milli / 1000 / (1 << 20);
    double shown = cpu ? (double)milli / 1000.0 : (double)value;
    if (!(shown >= row->min && shown <= row->max))
        return err_set(
            e, ERR_INPUT, "%s must be from %.10g to %.10g %s, not %s%s",
            row->key, row->min, row->max, cpu ? "cores" : "MiB", text,
            isdigit((unsigned char)text[strlen(text) - 1]) && !cpu ? " bytes"
                                                                   : "");
    *(int64_t *)p = value;
    return ERR_OK;
}

static int parse_name(const struct param *row, const char *text, void *p,
                      struct err *e)
{
    char name[POOL_NAME] = {0};

    if (!*text || strlen(text) >= sizeof name)
        return wrong(row, text, "a name, or own", e);
    if (strcmp(text, "own") != 0)
        (void)snprintf(name, sizeof name, "%s", text);
    memcpy(p, name, sizeof name);
    return ERR_OK;
}

/* "1" or "25%". */
static int parse_amount(const struct param *row, const char *text, void *p,
                        struct err *e)
{
    size_t n = strspn(text, "0123456789");
    bool percent = text[n] == '%';

    if (n == 0 || n > 9 || text[n + percent])
        return wrong(row, text, "a number or a percentage", e);
    *(struct rollout_amount *)p =
        (struct rollout_amount){strtol(text, NULL, 10), percent};
    return ERR_OK;
}

/* One policy "10/20m" or "20%/20m" of n characters. */
static bool parse_policy(const char *text, size_t n, struct hpa_policy *out)
{
    char copy[32];
    struct err ignored;
    sim_us period = 0;
    size_t digits = strspn(text, "0123456789");
    bool percent = text[digits] == '%';

    if (digits == 0 || digits > 9 || n >= sizeof copy ||
        text[digits + percent] != '/')
        return false;
    size_t start = digits + percent + 1;
    if (start > n)
        return false;
    memcpy(copy, text + start, n - start);
    copy[n - start] = 0;
    long value = strtol(text, NULL, 10);
    if (value < 1 || duration_parse(copy, &period, &ignored) != ERR_OK ||
        period < US_PER_S || period > 1800 * US_PER_S)
        return false;
    *out = (struct hpa_policy){percent ? HPA_PERCENT : HPA_PODS, (int32_t)value,
                               period};
    return true;
}

static int parse_rules(const struct param *row, const char *text, void *p,
                       struct err *e)
{
    struct hpa_rules rules = *(struct hpa_rules *)p;
    const char *at = text;

    rules.n_policies = 0;
    rules.has_policies = strcmp(text, "default") != 0;
    while (rules.has_policies) {
        size_t n = strcspn(at, "+");

        if (rules.n_policies == HPA_POLICIES ||
            !parse_policy(at, n, &rules.policies[rules.n_policies]))
            return wrong(row, text,
                         "policies like 10/20m+20%/20m (1s to 30m), or "
                         "default",
                         e);
        rules.n_policies++;
        if (!at[n])
            break;
        at += n + 1;
    }
    *(struct hpa_rules *)p = rules;
    return ERR_OK;
}

/* "1.35", "1.35.2", "2.16.1": major, minor, patch. */
static int parse_version(const struct param *row, const char *text, void *p,
                         struct err *e)
{
    unsigned long part[3] = {0, 0, 0};
    unsigned long major = row->type == PARAM_KEDA ? 2 : 1;
    char *end = (char *)text;
    size_t n = 0;

    for (; n < 3 && isdigit((unsigned char)*end); n++) {
        part[n] = strtoul(end, &end, 10);
        end += *end == '.' && isdigit((unsigned char)end[1]);
    }
    if (n < 2 || *end)
        return wrong(row, text, "a version like 1.35", e);
    if (part[0] != major || (double)part[1] < row->min ||
        (double)part[1] > row->max || part[2] > 1000)
        return err_set(e, ERR_INPUT, "%s %s is not modelled; %s", row->key,
                       text, row->help);
    ((uint32_t *)p)[0] = (uint32_t)part[1];
    if (row->type == PARAM_KEDA)
        ((uint32_t *)p)[1] = (uint32_t)part[2];
    return ERR_OK;
}

int param_parse(const struct param *row, const char *text, void *p,
                struct err *e)
{
    static int (*const readers[])(const struct param *, const char *, void *,
                                  struct err *) = {
        [PARAM_U32] = parse_count,       [PARAM_I32] = parse_count,
        [PARAM_INT] = parse_count,       [PARAM_BOOL] = parse_bool,
        [PARAM_DOUBLE] = parse_double,   [PARAM_TIME] = parse_time,
        [PARAM_NEVER] = parse_time,      [PARAM_DIST] = parse_dist,
        [PARAM_ENUM] = parse_enum,       [PARAM_CPU] = parse_quantity,
        [PARAM_MEMORY] = parse_quantity, [PARAM_AMOUNT] = parse_amount,
        [PARAM_RULES] = parse_rules,     [PARAM_VERSION] = parse_version,
        [PARAM_KEDA] = parse_version,    [PARAM_NAME] = parse_name,
    };

    return readers[row->type](row, text, p, e);
}

static void format_rules(const struct hpa_rules *rules, char out[PARAM_TEXT])
{
    size_t used = 0;

    snprintf(out, PARAM_TEXT, "default");
    for (size_t i = 0; rules->has_policies && i < rules->n_policies; i++) {
        const struct hpa_policy *p = &rules->policies[i];
        char period[32];

        duration_print(p->period_us, period);
        int n = snprintf(out + used, PARAM_TEXT - used, "%s%d%s/%s",
                         i == 0 ? "" : "+", p->value,
                         p->type == HPA_PERCENT ? "%" : "", period);
        used += (size_t)n;
        if (used >= PARAM_TEXT)
            return; /* cut; cannot happen with the API's own limits */
    }
}

static void format_quantity(const struct param *row, int64_t value,
                            char out[PARAM_TEXT])
{
    if (value == KARP_NO_LIMIT)
        snprintf(out, PARAM_TEXT, "none");
    else if (row->type == PARAM_MEMORY)
        snprintf(out, PARAM_TEXT, "%lldMi", (long long)value);
    else if (value % 1000 == 0)
        snprintf(out, PARAM_TEXT, "%lld", (long long)(value / 1000));
    else
        snprintf(out, PARAM_TEXT, "%lldm", (long long)value);
}

static void format_number(const struct param *row, const void *p,
                          char out[PARAM_TEXT])
{
    const uint32_t *u = p;

    if (row->type == PARAM_U32)
        snprintf(out, PARAM_TEXT, "%u", *u);
    else if (row->type == PARAM_DOUBLE)
        snprintf(out, PARAM_TEXT, "%.10g", *(const double *)p);
    else if (row->type == PARAM_VERSION)
        snprintf(out, PARAM_TEXT, "1.%u", *u);
    else if (row->type == PARAM_KEDA)
        snprintf(out, PARAM_TEXT, "2.%u.%u", u[0], u[1]);
    else
        snprintf(out, PARAM_TEXT, "%d", *(const int32_t *)p);
}

void param_format(const struct param *row, const void *p, char out[PARAM_TEXT])
{
    const struct rollout_amount *amount = p;

    switch (row->type) {
    case PARAM_BOOL:
        snprintf(out, PARAM_TEXT, "%s", *(const bool *)p ? "true" : "false");
        break;
    case PARAM_TIME:
    case PARAM_NEVER:
        duration_print(*(const sim_us *)p, out);
        break;
    case PARAM_DIST:
        dist_print(p, out);
        break;
    case PARAM_ENUM:
        snprintf(out, PARAM_TEXT, "%s", row->names[*(const int *)p]);
        break;
    case PARAM_NAME:
        snprintf(out, PARAM_TEXT, "%s",
                 *(const char *)p ? (const char *)p : "own");
        break;
    case PARAM_CPU:
    case PARAM_MEMORY:
        format_quantity(row, *(const int64_t *)p, out);
        break;
    case PARAM_AMOUNT:
        snprintf(out, PARAM_TEXT, "%lld%s", (long long)amount->value,
                 amount->percent ? "%" : "");
        break;
    case PARAM_RULES:
        format_rules(p, out);
        break;
    default:
        format_number(row, p, out);
    }
}
