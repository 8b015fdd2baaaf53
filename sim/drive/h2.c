#include "sim/drive/h2.h"

#include "sim/base/mem.h"

#include <assert.h>
#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

enum { UNSENT = 1 << 15 }; /* a held connection says some dozens of bytes */

struct h2 {
    nghttp2_session *session; /* owned */
    uint8_t *out;             /* owned */
    size_t n_out, cap_out;
    bool ready, pinged;
    uint64_t number;
};

static ssize_t on_send(nghttp2_session *session, const uint8_t *data,
                       size_t length, int flags, void *user_data)
{
    struct h2 *h = user_data;

    (void)session, (void)flags;
    h->out = mem_grow(h->out, &h->cap_out, h->n_out + length, 1);
    memcpy(h->out + h->n_out, data, length);
    h->n_out += length;
    return (ssize_t)length;
}

static uint64_t number_of(const uint8_t bytes[8])
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[i];
    return number;
}

static int on_frame(nghttp2_session *session, const nghttp2_frame *frame,
                    void *user_data)
{
    struct h2 *h = user_data;
    bool ack = frame->hd.flags & NGHTTP2_FLAG_ACK;

    (void)session;
    if (frame->hd.type == NGHTTP2_SETTINGS && !ack)
        h->ready = true;
    if (frame->hd.type == NGHTTP2_PING && !ack && !h->pinged) {
        h->pinged = true;
        h->number = number_of(frame->ping.opaque_data);
    }
    return 0;
}

/* Moves what the library has to say to out; that cannot fail but for memory,
 * since on_send takes everything.
 */
static void flush(struct h2 *h)
{
    int rc = nghttp2_session_send(h->session);

    assert(rc == 0);
    (void)rc;
}

struct h2 *h2_new(enum h2_side side)
{
    nghttp2_session_callbacks *callbacks;
    struct h2 *h = mem_array(1, sizeof *h);

    int rc = nghttp2_session_callbacks_new(&callbacks);
    assert(rc == 0);
    nghttp2_session_callbacks_set_send_callback(callbacks, on_send);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    rc = side == H2_CLIENT
             ? nghttp2_session_client_new(&h->session, callbacks, h)
             : nghttp2_session_server_new(&h->session, callbacks, h);
    assert(rc == 0);
    nghttp2_session_callbacks_del(callbacks);
    rc = nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, NULL, 0);
    assert(rc == 0);
    flush(h);
    return h;
}

void h2_free(struct h2 *h)
{
    if (!h)
        return;
    nghttp2_session_del(h->session);
    free(h->out);
    free(h);
}

bool h2_feed(struct h2 *h, const uint8_t bytes[], size_t n)
{
    ssize_t used = nghttp2_session_mem_recv(h->session, bytes, n);

    if (used < 0 || (size_t)used != n)
        return false;
    flush(h);
    if (h->n_out > UNSENT)
        return false; /* it asks and does not take the answers */
    /* The library answers nonsense with GOAWAY and then wants no more. */
    return nghttp2_session_want_read(h->session) != 0;
}

const uint8_t *h2_out(const struct h2 *h, size_t *n)
{
    *n = h->n_out;
    return h->out;
}

void h2_sent(struct h2 *h, size_t n)
{
    assert(n <= h->n_out);
    if (n > 0)
        memmove(h->out, h->out + n, h->n_out - n);
    h->n_out -= n;
}

bool h2_ready(const struct h2 *h)
{
    return h->ready;
}

void h2_chatter(struct h2 *h)
{
    int rc = nghttp2_submit_settings(h->session, NGHTTP2_FLAG_NONE, NULL, 0);

    assert(rc == 0);
    (void)rc;
    flush(h);
}

void h2_ping(struct h2 *h, uint64_t number)
{
    uint8_t bytes[8];

    for (int i = 7; i >= 0; i--) {
        bytes[i] = (uint8_t)number;
        number >>= 8;
    }
    int rc = nghttp2_submit_ping(h->session, NGHTTP2_FLAG_NONE, bytes);
    assert(rc == 0);
    (void)rc;
    flush(h);
}

bool h2_pinged(const struct h2 *h, uint64_t *number)
{
    *number = h->number;
    return h->pinged;
}
