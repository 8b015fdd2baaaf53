/* fuzz_decide.c - any bytes as JSON lines for `drydock hpa` and
 * `drydock keda`. The first byte chooses; every answer is one JSON object.
 */
#include "sim/app/decide.h"
#include "tests/fuzz/fuzz.h"

#include <jansson.h>

static void check_answers(const char *text, size_t n)
{
    const char *end = text + n;

    while (text < end) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));
        json_error_t error;

        fuzz_check(newline != NULL);
        json_t *o = json_loadb(text, (size_t)(newline - text), 0, &error);
        fuzz_check(json_is_object(o));
        json_decref(o);
        text = newline + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct err e = {0};
    char *answers = NULL;
    size_t n_answers = 0;

    if (n < 2)
        return -1;
    FILE *in = fmemopen((void *)(bytes + 1), n - 1, "rb");
    FILE *out = open_memstream(&answers, &n_answers);
    fuzz_check(in && out);
    int rc = bytes[0] == 'h' ? decide_hpa(in, "lines", out, &e)
                             : decide_keda(in, "lines", out, &e);
    if (rc != ERR_OK)
        fuzz_check_message(rc, &e);
    fclose(in);
    fclose(out);
    check_answers(answers, n_answers);
    free(answers);
    return 0;
}
