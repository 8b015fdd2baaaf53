#include "sim/drive/call.h"

#include "sim/drive/h2.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { READ = 4096 };

bool call_dial(struct call *c, const struct port_address *to,
               const uint64_t *number, struct poller *p,
               const struct call_owner *owner)
{
    *c = (struct call){.fd = port_dial(to), .connecting = true};
    if (c->fd < 0)
        return false;
    c->h2 = h2_new(H2_CLIENT);
    if (number)
        h2_ping(c->h2, *number);
    poller_watch(p, c->fd, EPOLLIN | EPOLLOUT, owner->on, owner->context,
                 owner->item);
    return true;
}

static bool speak(struct call *c, struct poller *p)
{
    size_t n;
    const uint8_t *out = h2_out(c->h2, &n);
    ssize_t sent = n > 0 ? send(c->fd, out, n, MSG_NOSIGNAL) : 0;

    if (sent < 0 && errno != EAGAIN)
        return false;
    h2_sent(c->h2, sent > 0 ? (size_t)sent : 0);
    poller_change(p, c->fd, sent == (ssize_t)n ? EPOLLIN : EPOLLIN | EPOLLOUT);
    return true;
}

/* One that is lost is found so by its own events. */
void call_chatter(struct call *c, struct poller *p)
{
    h2_chatter(c->h2);
    (void)speak(c, p);
}

/* False if the connection is over. */
static bool hear(struct call *c)
{
    uint8_t bytes[READ];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);

    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    return n > 0 && h2_feed(c->h2, bytes, (size_t)n);
}

enum call_state call_on_events(struct call *c, struct poller *p,
                               uint32_t events)
{
    if (c->connecting && port_error(c->fd) != 0)
        return CALL_LOST;
    c->connecting = false;
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && !hear(c))
        return CALL_LOST;
    if (!speak(c, p))
        return CALL_LOST;
    return h2_ready(c->h2) ? CALL_READY : CALL_OPEN;
}

void call_close(struct call *c, struct poller *p)
{
    if (c->fd >= 0) {
        poller_forget(p, c->fd);
        close(c->fd);
    }
    h2_free(c->h2);
    *c = (struct call){.fd = -1};
}
