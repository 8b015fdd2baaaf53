#include "sim/drive/stub.h"

#include "sim/base/mem.h"
#include "sim/drive/h2.h"
#include "sim/drive/port.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { A_SUBNET = 250, BLOCKS = 4096, READ = 4096 };

struct stub_line {
    int fd;        /* -1: free */
    uint32_t pod;  /* NO_INDEX: the builder is gone */
    struct h2 *h2; /* owned */
    bool told;     /* who has called */
};

static void no_stubs(struct stubs *s)
{
    for (uint32_t i = 0; i < STUB_SLOTS; i++)
        s->slots[i] = (struct stub){.fd = -1, .pod = NO_INDEX};
}

void stubs_init(struct stubs *s, struct poller *p, uint16_t port)
{
    uint32_t block = (uint32_t)getpid() % BLOCKS;

    *s = (struct stubs){.poller = p, .port = port};
    s->block = (64 + block / 64) << 16 | (block % 64 * 4) << 8;
    no_stubs(s);
}

uint32_t stubs_host(const struct stubs *s, uint32_t slot)
{
    return s->block + (slot / A_SUBNET << 8) + slot % A_SUBNET + 1;
}

uint32_t stubs_find(const struct stubs *s, uint32_t pod)
{
    for (uint32_t i = 0; i < STUB_SLOTS; i++)
        if (s->slots[i].pod == pod)
            return i;
    return NO_INDEX;
}

/* ------------------------------------------------------------ connections */

static void hang_up(struct stubs *s, struct stub_line *line)
{
    poller_forget(s->poller, line->fd);
    close(line->fd);
    h2_free(line->h2);
    *line = (struct stub_line){.fd = -1};
}

/* What it has to say is some dozens of bytes, which any socket takes. */
static bool speak(struct stub_line *line)
{
    size_t n;
    const uint8_t *out = h2_out(line->h2, &n);

    if (n == 0)
        return true;
    ssize_t sent = send(line->fd, out, n, MSG_NOSIGNAL);
    if (sent != (ssize_t)n)
        return false;
    h2_sent(line->h2, n);
    return true;
}

static void hear_number(struct stubs *s, struct stub_line *line)
{
    uint64_t client;

    if (line->told || !s->on_reached || !h2_pinged(line->h2, &client))
        return;
    line->told = true;
    if (client < NO_INDEX)
        s->on_reached(s->context, (uint32_t)client, line->pod);
}

static void on_line(void *context, uint32_t item, uint32_t events)
{
    struct stubs *s = context;
    struct stub_line *line = &s->lines[item];
    uint8_t bytes[READ];

    (void)events;
    ssize_t n = recv(line->fd, bytes, sizeof bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0 || !h2_feed(line->h2, bytes, (size_t)n) || !speak(line)) {
        hang_up(s, line);
        return;
    }
    hear_number(s, line);
}

static uint32_t free_line(struct stubs *s)
{
    for (uint32_t i = 0; i < s->n_lines; i++)
        if (s->lines[i].fd < 0)
            return i;
    s->lines =
        mem_grow(s->lines, &s->cap_lines, s->n_lines + 1, sizeof *s->lines);
    return (uint32_t)s->n_lines++;
}

static void on_call(void *context, uint32_t slot, uint32_t events)
{
    struct stubs *s = context;
    int fd = port_accept(s->slots[slot].fd);

    (void)events;
    if (fd < 0)
        return; /* it has left already */
    uint32_t i = free_line(s);
    s->lines[i] =
        (struct stub_line){fd, s->slots[slot].pod, h2_new(H2_BUILDER), false};
    poller_watch(s->poller, fd, EPOLLIN, on_line, s, i);
    if (!speak(&s->lines[i]))
        hang_up(s, &s->lines[i]);
}

/* ------------------------------------------------------------ builders */

long stubs_open(struct stubs *s, uint32_t pod, uint32_t pool, struct err *e)
{
    uint32_t slot = s->next, tried = 0;

    while (s->slots[slot].pod != NO_INDEX) {
        if (++tried == STUB_SLOTS)
            return err_set(e, ERR_IO, "more than %d builders at one time",
                           STUB_SLOTS);
        slot = (slot + 1) % STUB_SLOTS;
    }
    int fd = port_listen(stubs_host(s, slot), s->port, e);
    if (fd < 0)
        return fd;
    s->slots[slot] = (struct stub){fd, pod, pool, false};
    s->next = (slot + 1) % STUB_SLOTS;
    poller_watch(s->poller, fd, EPOLLIN, on_call, s, slot);
    return slot;
}

void stubs_close(struct stubs *s, uint32_t pod)
{
    uint32_t slot = stubs_find(s, pod);

    if (slot == NO_INDEX)
        return;
    poller_forget(s->poller, s->slots[slot].fd);
    close(s->slots[slot].fd);
    s->slots[slot] = (struct stub){.fd = -1, .pod = NO_INDEX};
    for (size_t i = 0; i < s->n_lines; i++)
        if (s->lines[i].fd >= 0 && s->lines[i].pod == pod)
            hang_up(s, &s->lines[i]);
}

void stubs_free(struct stubs *s)
{
    if (!s->poller)
        return;
    for (uint32_t i = 0; i < STUB_SLOTS; i++)
        if (s->slots[i].pod != NO_INDEX)
            stubs_close(s, s->slots[i].pod);
    assert(s->n_lines == 0 || s->lines);
    free(s->lines);
    *s = (struct stubs){0};
}
