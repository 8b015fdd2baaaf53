/* fuzz_rules.c - any bytes as a file of alert rules, with its conditions. What
 * is accepted is written as JSON, and read back as the same rules.
 */
#include "scenarios/promql.h"
#include "sim/app/alert_rules.h"
#include "sim/base/text.h"
#include "tests/fuzz/fuzz.h"

static enum promql_truth judge(void *context, const struct promql_term *t)
{
    (void)context;
    fuzz_check(t->metric[0] != '\0' || t->n_labels > 0);
    fuzz_check(t->n_labels <= PROMQL_LABELS);
    return (enum promql_truth)(strlen(t->metric) % 3);
}

static void read_condition(const char *text)
{
    enum promql_truth truth;
    struct err e = {0};
    int rc = promql_read(text, judge, NULL, &truth, &e);

    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    else
        fuzz_check(truth == PROMQL_NEVER || truth == PROMQL_MAYBE ||
                   truth == PROMQL_ALWAYS);
}

static int load_again(struct alert_rules *again, const struct alert_rules *r,
                      struct err *e)
{
    char *text = NULL, path[FUZZ_PATH];
    size_t n;
    FILE *out = open_memstream(&text, &n);

    fuzz_check(out != NULL);
    alert_rules_write(r, out);
    fclose(out);
    int fd = fuzz_file((const uint8_t *)text, n, path);
    int rc = alert_rules_load(again, path, 60 * US_PER_S, e);

    close(fd);
    free(text);
    return rc;
}

/* The same text, or one with characters that would disturb a terminal. */
static bool is_shown(const char *text, const char *shown)
{
    size_t size = strlen(text) + 1;
    char *plain = malloc(size);

    fuzz_check(plain != NULL);
    text_plain(text, plain, size);
    bool same = strcmp(plain, text) != 0 || strcmp(shown, text) == 0;

    free(plain);
    return same;
}

static void check_round_trip(const struct alert_rules *r)
{
    struct alert_rules again;
    struct err e = {0};

    if (r->n == 0)
        return;
    if (load_again(&again, r, &e) != ERR_OK)
        fprintf(stderr, "its own file is refused: %s\n", e.msg);
    fuzz_check(again.n == r->n && again.n_alerts == r->n_alerts);
    for (size_t i = 0; i < r->n; i++) {
        fuzz_check(is_shown(r->rules[i].name, again.rules[i].name));
        fuzz_check(is_shown(r->rules[i].expr, again.rules[i].expr));
        fuzz_check(again.rules[i].interval_us == r->rules[i].interval_us);
    }
    alert_rules_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct alert_rules rules = {0};
    struct err e = {0};
    char path[FUZZ_PATH];
    char *text = fuzz_text(bytes, n);
    int fd = fuzz_file(bytes, n, path);
    int rc = alert_rules_load(&rules, path, 60 * US_PER_S, &e);

    close(fd);
    read_condition(text);
    free(text);
    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    for (size_t i = 0; i < rules.n; i++)
        read_condition(rules.rules[i].expr);
    check_round_trip(&rules);
    alert_rules_free(&rules);
    return 0;
}
