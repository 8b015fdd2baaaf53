/* port.h - sockets that never block and never outlive us in a child. All that
 * is bound is bound to loopback.
 */
#ifndef SIM_DRIVE_PORT_H
#define SIM_DRIVE_PORT_H

#include "sim/base/err.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Where a client dials. */
struct port_address {
    struct sockaddr_storage at;
    socklen_t n_bytes; /* 0: nowhere */
};

/* 127.a.b.c with a, b and c in the lower 24 bits of host. */
struct sockaddr_in port_loopback(uint32_t host, uint16_t port);

/* A TCP or UDP socket bound to a loopback address.
 *
 * type      SOCK_STREAM or SOCK_DGRAM
 * port      0: a free one, which *port then holds
 * Returns the descriptor, or a negative ERR_IO with a message.
 */
int port_bind(int type, uint32_t host, uint16_t *port, struct err *e);

/* The same, and listens for TCP connections. */
int port_listen(uint32_t host, uint16_t port, struct err *e);

/* Begins to connect. Returns the descriptor, or -1 with errno. */
int port_dial(const struct port_address *to);

/* After the connect: 0, or the errno of its failure. */
int port_error(int fd);

/* Next connection of a listener, or -1. */
int port_accept(int fd);

/* Looks up HOST:PORT, [V6]:PORT; the first address counts.
 * Errors    ERR_INPUT with a message that quotes the text.
 */
int port_resolve(struct port_address *out, const char *text, struct err *e);

/* Sends a line to a Unix socket and reads the answer to its end; waits at most
 * a second for each part.
 *
 * Returns the length of the answer in out[size], which ends with a zero, or a
 * negative ERR_IO with a message.
 */
long port_ask(const char *path, const char *line, char *out, size_t size,
              struct err *e);

/* Whether sockets of this family can be made here. */
bool port_has_family(int family);

/* As many descriptors as the system allows, at most 65536. */
void port_raise_limit(void);

#endif
