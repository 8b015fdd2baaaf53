/* stub.h - builders on loopback: each has an address of its own, takes
 * connections, says its HTTP/2 SETTINGS, and closes when the other side does.
 *
 * Left out  the build: the client holds the connection for its time.
 */
#ifndef SIM_DRIVE_STUB_H
#define SIM_DRIVE_STUB_H

#include "sim/drive/poller.h"

enum { STUB_SLOTS = 1000 }; /* builders at one time */

/* A client that sends its number in a PING has reached a builder. */
typedef void stub_reached(void *context, uint32_t client, uint32_t pod);

struct stubs {             /* starts from stubs_init */
    struct poller *poller; /* borrowed */
    uint32_t block;        /* lower 24 bits of the first address */
    uint16_t port;
    stub_reached *on_reached; /* or NULL */
    void *context;
    struct stub {
        int fd;       /* its listener, or -1 */
        uint32_t pod; /* NO_INDEX: nobody's address */
        uint32_t pool;
        bool listed; /* names show it */
    } slots[STUB_SLOTS];
    uint32_t next; /* slot to be tried first: addresses rest before reuse */
    struct stub_line *lines; /* owned; connections */
    size_t n_lines, cap_lines;
};

/* Addresses are those of the process: two drives do not meet. */
void stubs_init(struct stubs *s, struct poller *p, uint16_t port);
void stubs_free(struct stubs *s);

/* A builder listens. Returns its slot.
 * Errors    ERR_IO: no address is left, or the port is taken.
 */
long stubs_open(struct stubs *s, uint32_t pod, uint32_t pool, struct err *e);

/* Its port and its connections close; nothing if it is not there. */
void stubs_close(struct stubs *s, uint32_t pod);

/* Slot of a builder, or NO_INDEX. */
uint32_t stubs_find(const struct stubs *s, uint32_t pod);

/* Lower 24 bits of a slot's address. */
uint32_t stubs_host(const struct stubs *s, uint32_t slot);

#endif
