/* wire.h - DNS messages as a resolver and a name server exchange them.
 *
 * Models    a query with one question, EDNS payload size; an answer with A or
 *           AAAA records, cut with the TC bit where it does not fit.
 * Source    RFC 1035 section 4.1, RFC 3596, RFC 6891; coredns/coredns plugin
 *           kubernetes v1.13.2 for the TTL.
 * Left out  everything else; a query for it gets an answer without records.
 */
#ifndef SIM_DRIVE_WIRE_H
#define SIM_DRIVE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WIRE_NAME = 256,  /* longest name in text, with its end */
    WIRE_MAX = 65535, /* longest message */
    WIRE_TTL_S = 5
};

enum wire_type { WIRE_A = 1, WIRE_AAAA = 28 };

enum wire_code {
    WIRE_OK = 0,
    WIRE_FORMAT_ERROR = 1,
    WIRE_SERVER_FAILURE = 2,
    WIRE_NO_NAME = 3,
    WIRE_NOT_KNOWN = 4,
    WIRE_DROP = 256 /* no query at all: no answer is due */
};

struct wire_query {
    uint16_t id, type, class;
    char name[WIRE_NAME]; /* in lower case, no final dot; "" is the root */
    uint8_t question[WIRE_NAME + 4]; /* as it came */
    size_t n_question;               /* bytes; 0: it could not be read */
    uint32_t payload_bytes;          /* 512 to 65535 */
    bool edns, wants_recursion;
};

struct wire_address {
    uint8_t bytes[16]; /* A uses the first four */
};

/* Reads message[n].
 *
 * Returns WIRE_OK, or the code of the answer that is due, or WIRE_DROP. *q is
 * set as far as it was read and good for wire_answer unless WIRE_DROP.
 */
enum wire_code wire_read(struct wire_query *q, const uint8_t message[],
                         size_t n);

/* Writes the answer to a query.
 *
 * out[WIRE_MAX]
 * at[n]     addresses of the query's type; none unless code is WIRE_OK
 * Returns its length, at most the query's payload_bytes: what does not fit is
 * left out and the TC bit is set.
 */
size_t wire_answer(const struct wire_query *q, enum wire_code code,
                   const struct wire_address at[], size_t n, uint8_t out[]);

#endif
