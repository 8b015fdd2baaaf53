/* h2.h - an HTTP/2 connection that is held and does nothing, as a build client
 * and a builder see it: preface, SETTINGS, acknowledgements, PING.
 *
 * Source    RFC 9113 through libnghttp2. A connection counts as ready when the
 *           other side's SETTINGS have come, as gRPC-Go has it.
 * Left out  streams: the build itself. TLS: both sides speak in the clear and
 *           know it ("prior knowledge").
 */
#ifndef SIM_DRIVE_H2_H
#define SIM_DRIVE_H2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum h2_side { H2_CLIENT, H2_BUILDER };

struct h2; /* owned by the caller */

/* The first bytes to send are ready: preface and SETTINGS, or SETTINGS. */
struct h2 *h2_new(enum h2_side side);
void h2_free(struct h2 *h); /* takes NULL */

/* Takes bytes that have come. False if they are no HTTP/2, or too much of it:
 * close the connection then.
 */
bool h2_feed(struct h2 *h, const uint8_t bytes[], size_t n);

/* What is to be sent, valid until the next call; *n of it. */
const uint8_t *h2_out(const struct h2 *h, size_t *n);

/* The first n bytes of it are sent. */
void h2_sent(struct h2 *h, size_t n);

/* The other side's SETTINGS have come. */
bool h2_ready(const struct h2 *h);

/* Says its SETTINGS once more, which the other side acknowledges: bytes both
 * ways. (A gRPC server takes PINGs without a stream amiss.)
 */
void h2_chatter(struct h2 *h);

/* Sends a PING that carries a number. */
void h2_ping(struct h2 *h, uint64_t number);

/* The number of the first PING that has come; false if none has. */
bool h2_pinged(const struct h2 *h, uint64_t *number);

#endif
