#include "scenarios/promql.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    const char *at;
    promql_judge *judge;
    void *context;
    unsigned depth;
    struct err *err;
};

static int strange(struct reader *r)
{
    if (!*r->at)
        return err_set(r->err, ERR_INPUT, "it ends too early");
    return err_set(r->err, ERR_INPUT, "not understood from \"%.40s\" on",
                   r->at);
}

/* ------------------------------------------------------------ words */

static void skip(struct reader *r)
{
    for (;;) {
        r->at += strspn(r->at, " \t\r\n");
        if (*r->at != '#')
            return;
        r->at += strcspn(r->at, "\n");
    }
}

static bool take(struct reader *r, const char *sign)
{
    size_t n = strlen(sign);

    skip(r);
    if (strncmp(r->at, sign, n) != 0)
        return false;
    r->at += n;
    return true;
}

static size_t word_length(const char *at)
{
    size_t n = 0;

    if (isdigit((unsigned char)*at))
        return 0;
    while (isalnum((unsigned char)at[n]) || at[n] == '_' || at[n] == ':')
        n++;
    return n;
}

static bool take_word(struct reader *r, const char *word)
{
    skip(r);
    size_t n = word_length(r->at);

    if (n != strlen(word) || strncmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static int read_name(struct reader *r, char out[PROMQL_NAME])
{
    skip(r);
    size_t n = word_length(r->at);

    if (n == 0 || n >= PROMQL_NAME)
        return strange(r);
    memcpy(out, r->at, n);
    out[n] = 0;
    r->at += n;
    return ERR_OK;
}

/* A string; escapes are left to others. */
static int read_string(struct reader *r, char out[PROMQL_NAME])
{
    skip(r);
    char quote = *r->at;

    if (quote != '"' && quote != '\'' && quote != '`')
        return strange(r);
    size_t n = strcspn(r->at + 1, quote == '"' ? "\"\\\n" : "'`\\\n");
    if (r->at[1 + n] != quote || n >= PROMQL_NAME)
        return strange(r);
    memcpy(out, r->at + 1, n);
    out[n] = 0;
    r->at += n + 2;
    return ERR_OK;
}

static bool take_number(struct reader *r, double *out)
{
    char *end;

    skip(r);
    const char *digits = r->at + (*r->at == '-' || *r->at == '+');
    if (!isdigit((unsigned char)*digits) && *digits != '.')
        return false;
    double x = strtod(r->at, &end);
    /* 5m is a duration, 0x5 and 1e999 are nobody's threshold. */
    if (end == r->at || !isfinite(x) || isalnum((unsigned char)*end) ||
        *end == '_')
        return false;
    r->at = end;
    *out = x;
    return true;
}

/* ------------------------------------------------------------ a metric */

static int read_label(struct reader *r, struct promql_term *t)
{
    static const struct {
        const char *sign;
        enum promql_match match;
    } signs[] = {{"=~", PROMQL_LIKE},
                 {"!~", PROMQL_NOT_LIKE},
                 {"!=", PROMQL_IS_NOT},
                 {"=", PROMQL_IS}};
    struct promql_label *l = &t->labels[t->n_labels];

    if (t->n_labels == PROMQL_LABELS)
        return strange(r);
    int rc = read_name(r, l->name);
    for (size_t i = 0; rc == ERR_OK && i < 4; i++)
        if (take(r, signs[i].sign)) {
            l->match = signs[i].match;
            t->n_labels++;
            return read_string(r, l->value);
        }
    return rc == ERR_OK ? strange(r) : rc;
}

static int read_metric(struct reader *r, struct promql_term *t)
{
    int rc = read_name(r, t->metric);

    if (rc != ERR_OK || !take(r, "{"))
        return rc;
    while (!take(r, "}")) {
        rc = read_label(r, t);
        if (rc != ERR_OK)
            return rc;
        skip(r);
        if (!take(r, ",") && *r->at != '}')
            return strange(r);
    }
    return ERR_OK;
}

/* "by (a, b)", "on ()": which labels is all the same. */
static int skip_labels(struct reader *r)
{
    char name[PROMQL_NAME];
    int rc = take(r, "(") ? ERR_OK : strange(r);

    while (rc == ERR_OK && !take(r, ")")) {
        rc = read_name(r, name);
        skip(r);
        if (rc == ERR_OK && !take(r, ",") && *r->at != ')')
            rc = strange(r);
    }
    return rc;
}

static int skip_grouping(struct reader *r)
{
    return take_word(r, "by") || take_word(r, "without") ? skip_labels(r)
                                                         : ERR_OK;
}

/* "[15m]": how long is all the same. */
static int skip_range(struct reader *r)
{
    if (!take(r, "["))
        return strange(r);
    skip(r);
    r->at += strspn(r->at, "0123456789smhdwy");
    return take(r, "]") ? ERR_OK : strange(r);
}

static const struct function {
    const char *name;
    enum promql_use use;
    bool ranges;
} functions[] = {
    {"sum", PROMQL_SUM, false},
    {"min", PROMQL_VALUE, false},
    {"max", PROMQL_VALUE, false},
    {"avg", PROMQL_VALUE, false},
    {"count", PROMQL_COUNT, false},
    {"rate", PROMQL_GROWTH, true},
    {"increase", PROMQL_GROWTH, true},
    {"max_over_time", PROMQL_VALUE, true},
    {"min_over_time", PROMQL_VALUE, true},
    {"avg_over_time", PROMQL_VALUE, true},
};

static const struct function *take_function(struct reader *r)
{
    const char *from = r->at;

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (take_word(r, functions[i].name)) {
            skip(r);
            if (*r->at == '(' ||
                (!functions[i].ranges && (*r->at == 'b' || *r->at == 'w')))
                return &functions[i];
            r->at = from;
            return NULL;
        }
    return NULL;
}

/* The outer use wins: the sum of growths may be anything, too. */
static int read_operand(struct reader *r, struct promql_term *t)
{
    const struct function *f = take_function(r);

    if (!f)
        return read_metric(r, t);
    if (++r->depth > PROMQL_DEPTH)
        return strange(r);
    int rc = f->ranges ? ERR_OK : skip_grouping(r);
    if (rc == ERR_OK && !take(r, "("))
        rc = strange(r);
    if (rc == ERR_OK)
        rc = read_operand(r, t);
    if (rc == ERR_OK && f->ranges)
        rc = skip_range(r);
    if (rc == ERR_OK && !take(r, ")"))
        rc = strange(r);
    if (rc == ERR_OK && !f->ranges)
        rc = skip_grouping(r);
    if (f->use != PROMQL_VALUE && t->use != PROMQL_COUNT)
        t->use = f->use;
    r->depth--;
    return rc;
}

/* ------------------------------------------------------------ conditions */

static int read_op(struct reader *r, enum promql_op *op)
{
    static const struct {
        const char *sign;
        enum promql_op op;
    } signs[] = {{">=", PROMQL_GE}, {"<=", PROMQL_LE}, {"==", PROMQL_EQ},
                 {"!=", PROMQL_NE}, {">", PROMQL_GT},  {"<", PROMQL_LT}};

    for (size_t i = 0; i < 6; i++)
        if (take(r, signs[i].sign)) {
            *op = signs[i].op;
            return ERR_OK;
        }
    return strange(r);
}

static enum promql_op turned(enum promql_op op)
{
    switch (op) {
    case PROMQL_GT:
        return PROMQL_LT;
    case PROMQL_GE:
        return PROMQL_LE;
    case PROMQL_LT:
        return PROMQL_GT;
    case PROMQL_LE:
        return PROMQL_GE;
    default:
        return op;
    }
}

/* With bool there is a result, 0 or 1, whatever the comparison says. */
static int read_comparison(struct reader *r, enum promql_truth *out)
{
    struct promql_term t = {.use = PROMQL_VALUE};
    bool first = take_number(r, &t.number);
    int rc = first ? ERR_OK : read_operand(r, &t);

    if (rc == ERR_OK)
        rc = read_op(r, &t.op);
    if (rc == ERR_OK && take_word(r, "bool"))
        rc = strange(r);
    if (rc == ERR_OK && first) {
        t.op = turned(t.op);
        rc = read_operand(r, &t);
    } else if (rc == ERR_OK && !take_number(r, &t.number)) {
        rc = strange(r);
    }
    if (rc == ERR_OK)
        *out = r->judge(r->context, &t);
    return rc;
}

static int read_or(struct reader *r, enum promql_truth *out);

static int read_part(struct reader *r, enum promql_truth *out)
{
    if (!take(r, "("))
        return read_comparison(r, out);
    if (++r->depth > PROMQL_DEPTH)
        return strange(r);
    int rc = read_or(r, out);
    if (rc == ERR_OK && !take(r, ")"))
        rc = strange(r);
    r->depth--;
    return rc;
}

static int skip_matching(struct reader *r)
{
    return take_word(r, "on") || take_word(r, "ignoring") ? skip_labels(r)
                                                          : ERR_OK;
}

static int read_and(struct reader *r, enum promql_truth *out)
{
    int rc = read_part(r, out);

    while (rc == ERR_OK && take_word(r, "and")) {
        enum promql_truth next = PROMQL_MAYBE;
        rc = skip_matching(r);
        if (rc == ERR_OK)
            rc = read_part(r, &next);
        *out = next < *out ? next : *out;
    }
    return rc;
}

static int read_or(struct reader *r, enum promql_truth *out)
{
    int rc = read_and(r, out);

    while (rc == ERR_OK && take_word(r, "or")) {
        enum promql_truth next = PROMQL_MAYBE;
        rc = skip_matching(r);
        if (rc == ERR_OK)
            rc = read_and(r, &next);
        *out = next > *out ? next : *out;
    }
    return rc;
}

int promql_read(const char *text, promql_judge *judge, void *context,
                enum promql_truth *out, struct err *e)
{
    struct reader r = {
        .at = text, .judge = judge, .context = context, .err = e};

    *out = PROMQL_MAYBE;
    if (strnlen(text, PROMQL_TEXT + 1) > PROMQL_TEXT)
        return err_set(e, ERR_INPUT, "longer than %d characters", PROMQL_TEXT);
    int rc = read_or(&r, out);
    skip(&r);
    return rc == ERR_OK && *r.at ? strange(&r) : rc;
}

bool promql_holds(enum promql_op op, double a, double b)
{
    switch (op) {
    case PROMQL_GT:
        return a > b;
    case PROMQL_GE:
        return a >= b;
    case PROMQL_LT:
        return a < b;
    case PROMQL_LE:
        return a <= b;
    case PROMQL_EQ:
        return a == b;
    default:
        return a != b;
    }
}

const char *promql_value(const struct promql_term *t, const char *label)
{
    for (size_t i = 0; i < t->n_labels; i++)
        if (strcmp(t->labels[i].name, label) == 0 &&
            t->labels[i].match == PROMQL_IS)
            return t->labels[i].value;
    return NULL;
}
