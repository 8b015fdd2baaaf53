/* fuzz_drain.c - any text as a drain script. */
#include "scenarios/drain_script.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *text = fuzz_text(bytes, n);
    struct drain_script d = {0};
    struct err e = {0};
    int rc = drain_script_parse(&d, "drain.sh", 1, text, &e);

    if (rc != ERR_OK) {
        fuzz_check_message(rc, &e);
    } else {
        fuzz_check(d.poll_us >= US_PER_S && d.poll_us <= US_PER_H);
        fuzz_check(d.idle_looks >= 1 && d.idle_looks <= 1000);
    }
    free(text);
    return 0;
}
