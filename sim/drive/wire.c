#include "sim/drive/wire.h"

#include <assert.h>
#include <string.h>

enum {
    HEADER = 12,
    LABEL = 63,
    TEXT = 253, /* of a name of 255 bytes */
    OPT = 41,
    OPT_BYTES = 11,
    CLASS_IN = 1,
    SMALLEST = 512, /* every resolver takes as much */
    FLAG_ANSWER = 0x8000,
    FLAG_AUTHORITY = 0x0400,
    FLAG_CUT = 0x0200,
    FLAG_RECURSE = 0x0100,
    POINTER_TO_QUESTION = 0xc000 | HEADER
};

/* ------------------------------------------------------------ reading */

struct reader {
    const uint8_t *at;
    size_t n, used;
};

static bool read_u16(struct reader *r, uint16_t *out)
{
    if (r->n - r->used < 2)
        return false;
    *out = (uint16_t)(r->at[r->used] << 8 | r->at[r->used + 1]);
    r->used += 2;
    return true;
}

static char plain(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    /* A dot inside a label, or worse, is no name of ours. */
    return c > ' ' && c < 0x7f && c != '.' ? (char)c : '?';
}

/* A name without pointers: there is nothing before it to point to. */
static bool read_name(struct reader *r, char out[WIRE_NAME])
{
    size_t length = 0;

    for (;;) {
        if (r->used == r->n || r->at[r->used] > LABEL)
            return false;
        size_t label = r->at[r->used++];
        if (label == 0)
            break;
        if (r->n - r->used < label || length + label + 1 > TEXT)
            return false;
        if (length > 0)
            out[length++] = '.';
        for (size_t i = 0; i < label; i++)
            out[length++] = plain(r->at[r->used++]);
    }
    out[length] = '\0';
    return true;
}

/* Names of additional records may be pointers; they are passed over. */
static bool skip_name(struct reader *r)
{
    while (r->used < r->n) {
        uint8_t c = r->at[r->used++];
        if (c == 0)
            return true;
        if (c >= 0xc0) {
            r->used++;
            return r->used <= r->n;
        }
        if (c > LABEL || r->n - r->used < c)
            return false;
        r->used += c;
    }
    return false;
}

/* One additional record; OPT says how much its sender takes. */
static bool read_record(struct reader *r, struct wire_query *q)
{
    uint16_t type, class, ttl[2], length;

    if (!skip_name(r) || !read_u16(r, &type) || !read_u16(r, &class) ||
        !read_u16(r, &ttl[0]) || !read_u16(r, &ttl[1]) ||
        !read_u16(r, &length) || r->n - r->used < length)
        return false;
    r->used += length;
    if (type == OPT) {
        q->edns = true;
        q->payload_bytes = class > SMALLEST ? class : SMALLEST;
    }
    return true;
}

static bool read_question(struct reader *r, struct wire_query *q)
{
    size_t from = r->used;

    if (!read_name(r, q->name) || !read_u16(r, &q->type) ||
        !read_u16(r, &q->class))
        return false;
    q->n_question = r->used - from;
    memcpy(q->question, r->at + from, q->n_question);
    return true;
}

enum wire_code wire_read(struct wire_query *q, const uint8_t message[],
                         size_t n)
{
    struct reader r = {message, n, 0};
    uint16_t flags, counts[4];

    *q = (struct wire_query){.payload_bytes = SMALLEST};
    if (n < HEADER)
        return WIRE_DROP;
    bool whole = read_u16(&r, &q->id) && read_u16(&r, &flags);
    for (size_t i = 0; i < 4; i++)
        whole = whole && read_u16(&r, &counts[i]);
    assert(whole); /* the header is there */
    if (flags & FLAG_ANSWER)
        return WIRE_DROP; /* two name servers could talk for ever */
    q->wants_recursion = flags & FLAG_RECURSE;
    if ((flags >> 11 & 0xf) != 0)
        return WIRE_NOT_KNOWN;
    if (counts[0] != 1 || counts[1] != 0 || counts[2] != 0 ||
        !read_question(&r, q))
        return WIRE_FORMAT_ERROR;
    for (uint16_t i = 0; i < counts[3]; i++)
        if (!read_record(&r, q))
            return WIRE_FORMAT_ERROR;
    return WIRE_OK;
}

/* ------------------------------------------------------------ writing */

static size_t put_u16(uint8_t *out, size_t at, unsigned value)
{
    out[at] = (uint8_t)(value >> 8);
    out[at + 1] = (uint8_t)value;
    return at + 2;
}

static size_t put_record(uint8_t *out, size_t at, unsigned type,
                         const struct wire_address *address)
{
    size_t length = type == WIRE_A ? 4 : 16;

    at = put_u16(out, at, POINTER_TO_QUESTION);
    at = put_u16(out, at, type);
    at = put_u16(out, at, CLASS_IN);
    at = put_u16(out, at, 0);
    at = put_u16(out, at, WIRE_TTL_S);
    at = put_u16(out, at, (unsigned)length);
    memcpy(out + at, address->bytes, length);
    return at + length;
}

static size_t put_opt(uint8_t *out, size_t at)
{
    out[at++] = 0;
    at = put_u16(out, at, OPT);
    at = put_u16(out, at, WIRE_MAX);
    memset(out + at, 0, 6);
    return at + 6;
}

size_t wire_answer(const struct wire_query *q, enum wire_code code,
                   const struct wire_address at[], size_t n, uint8_t out[])
{
    size_t record = q->type == WIRE_A ? 16 : 28;
    size_t fixed = HEADER + q->n_question + (q->edns ? OPT_BYTES : 0);
    size_t room = (q->payload_bytes - fixed) / record;
    size_t kept = n < room ? n : room;
    unsigned flags = FLAG_ANSWER | FLAG_AUTHORITY | ((unsigned)code & 0xf) |
                     (kept < n ? FLAG_CUT : 0u) |
                     (q->wants_recursion ? FLAG_RECURSE : 0u);

    assert(code != WIRE_DROP && (code == WIRE_OK || n == 0));
    assert(n == 0 || q->type == WIRE_A || q->type == WIRE_AAAA);
    size_t length = put_u16(out, 0, q->id);
    length = put_u16(out, length, flags);
    length = put_u16(out, length, q->n_question > 0);
    length = put_u16(out, length, (unsigned)kept);
    length = put_u16(out, length, 0);
    length = put_u16(out, length, q->edns);
    memcpy(out + length, q->question, q->n_question);
    length += q->n_question;
    for (size_t i = 0; i < kept; i++)
        length = put_record(out, length, q->type, &at[i]);
    return q->edns ? put_opt(out, length) : length;
}
