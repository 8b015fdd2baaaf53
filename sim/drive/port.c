#define _GNU_SOURCE /* accept4 */
#include "sim/drive/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 128, HOST_TEXT = 256 };

struct sockaddr_in port_loopback(uint32_t host, uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(UINT32_C(127) << 24 | (host & 0xffffff)),
    };
}

static int refuse(int fd, const struct sockaddr_in *at, const char *what,
                  struct err *e)
{
    char text[INET_ADDRSTRLEN] = "";
    int why = errno;

    if (fd >= 0)
        close(fd);
    inet_ntop(AF_INET, &at->sin_addr, text, sizeof text);
    return err_set(e, ERR_IO, "%s:%u: cannot %s: %s", text, ntohs(at->sin_port),
                   what, strerror(why));
}

/* The address may have been used a moment ago: TIME_WAIT does not matter. */
static int bind_to(int type, struct sockaddr_in *at, struct err *e)
{
    int on = 1, fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t n = sizeof *at;

    if (fd < 0)
        return refuse(fd, at, "make a socket", e);
    if (type == SOCK_STREAM)
        (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)at, sizeof *at) != 0)
        return refuse(fd, at, "bind", e);
    if (getsockname(fd, (struct sockaddr *)at, &n) != 0)
        return refuse(fd, at, "bind", e);
    return fd;
}

int port_bind(int type, uint32_t host, uint16_t *port, struct err *e)
{
    struct sockaddr_in at = port_loopback(host, *port);
    int fd = bind_to(type, &at, e);

    *port = ntohs(at.sin_port);
    return fd;
}

int port_listen(uint32_t host, uint16_t port, struct err *e)
{
    struct sockaddr_in at = port_loopback(host, port);
    int fd = bind_to(SOCK_STREAM, &at, e);

    if (fd >= 0 && listen(fd, BACKLOG) != 0)
        return refuse(fd, &at, "listen", e);
    return fd;
}

int port_dial(const struct port_address *to)
{
    int fd =
        socket(to->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&to->at, to->n_bytes) == 0 ||
        errno == EINPROGRESS)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

int port_error(int fd)
{
    int why = 0;
    socklen_t n = sizeof why;

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &n) == 0 ? why : errno;
}

int port_accept(int fd)
{
    return accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

/* ------------------------------------------------------------ names */

int port_resolve(struct port_address *out, const char *text, struct err *e)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    char host[HOST_TEXT];

    *out = (struct port_address){0};
    if (n > 1 && text[0] == '[' && text[n - 1] == ']') {
        text++;
        n -= 2;
    }
    if (n == 0 || n >= sizeof host || !colon[1])
        return err_set(e, ERR_INPUT, "'%.100s' is no HOST:PORT", text);
    memcpy(host, text, n);
    host[n] = '\0';
    int rc = getaddrinfo(host, colon + 1, &hints, &found);
    if (rc != 0)
        return err_set(e, ERR_INPUT, "'%.100s' is no HOST:PORT: %s", text,
                       gai_strerror(rc));
    memcpy(&out->at, found->ai_addr, found->ai_addrlen);
    out->n_bytes = found->ai_addrlen;
    freeaddrinfo(found);
    return ERR_OK;
}

bool port_has_family(int family)
{
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

void port_raise_limit(void)
{
    struct rlimit r;

    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    r.rlim_cur = r.rlim_max < 65536 ? r.rlim_max : 65536;
    (void)setrlimit(RLIMIT_NOFILE, &r);
}

/* ------------------------------------------------------------ one question */

static long fail_ask(int fd, const char *path, struct err *e)
{
    int why = errno;

    if (fd >= 0)
        close(fd);
    return err_set(e, ERR_IO, "%s: %s", path, strerror(why));
}

static long read_all(int fd, char *out, size_t size)
{
    size_t used = 0;

    for (;;) {
        ssize_t n = recv(fd, out + used, size - 1 - used, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        used += (size_t)n;
        if (n == 0 || used == size - 1)
            break;
    }
    out[used] = '\0';
    return (long)used;
}

long port_ask(const char *path, const char *line, char *out, size_t size,
              struct err *e)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = 1};

    out[0] = '\0';
    errno = ENAMETOOLONG;
    if (strlen(path) >= sizeof at.sun_path)
        return fail_ask(-1, path, e);
    memcpy(at.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail_ask(fd, path, e);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    size_t n = strlen(line);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        send(fd, line, n, MSG_NOSIGNAL) != (ssize_t)n)
        return fail_ask(fd, path, e);
    long length = read_all(fd, out, size);
    if (length < 0)
        return fail_ask(fd, path, e);
    close(fd);
    return length;
}
