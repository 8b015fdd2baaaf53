/* fuzz_wire.c - any bytes as a DNS query. */
#include "sim/drive/wire.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static const struct wire_address at[1000];
    static uint8_t out[WIRE_MAX];
    struct wire_query q;
    enum wire_code code = wire_read(&q, bytes, n);

    if (code == WIRE_DROP)
        return 0;
    fuzz_check(strlen(q.name) < WIRE_NAME);
    fuzz_check(q.n_question <= sizeof q.question);
    fuzz_check(q.payload_bytes >= 512 && q.payload_bytes <= WIRE_MAX);
    bool known = q.type == WIRE_A || q.type == WIRE_AAAA;
    size_t count = code == WIRE_OK && known ? 1000 : 0;
    size_t length = wire_answer(&q, code, at, count, out);
    fuzz_check(length >= 12 && length <= q.payload_bytes);
    fuzz_check(out[2] & 0x80); /* an answer, which is never answered */
    return 0;
}
