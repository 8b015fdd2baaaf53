/* call.h - one dial of a build client: TCP handshake, HTTP/2 preface, and the
 * other side's SETTINGS, which say that a builder was reached.
 */
#ifndef SIM_DRIVE_CALL_H
#define SIM_DRIVE_CALL_H

#include "sim/drive/poller.h"
#include "sim/drive/port.h"

struct call { /* none if fd is -1 */
    int fd;
    bool connecting; /* the handshake is not over */
    struct h2 *h2;   /* owned */
};

/* Who hears of its socket, for call_on_events. */
struct call_owner {
    poller_ready *on;
    void *context;
    uint32_t item;
};

enum call_state { CALL_OPEN, CALL_READY, CALL_LOST };

/* Dials.
 *
 * number    sent in a PING; or NULL
 * Returns false if the dial failed at once.
 */
bool call_dial(struct call *c, const struct port_address *to,
               const uint64_t *number, struct poller *p,
               const struct call_owner *owner);

/* Takes what the socket has. After LOST nothing but call_close is allowed. */
enum call_state call_on_events(struct call *c, struct poller *p,
                               uint32_t events);

/* Lets some bytes go both ways, against limits of inactivity. */
void call_chatter(struct call *c, struct poller *p);

/* Closes it; may repeat. */
void call_close(struct call *c, struct poller *p);

#endif
