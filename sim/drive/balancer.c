#include "sim/drive/balancer.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/room.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_MAX = 1 << 24, VERSION_MS = 5000 };

static const char *const no_env[] = {NULL};

/* ------------------------------------------------------------ version */

/* The model whose behaviour it has; see lb_params.h. */
static enum lb_version model_of(unsigned major, unsigned minor, unsigned patch)
{
    if (major < 3)
        return LB_2_6;
    if (major > 3 || minor >= 2)
        return LB_3_2;
    if (minor == 0)
        return LB_3_0;
    return patch == 0 ? LB_3_1_0 : LB_3_1;
}

/* "HAProxy version 2.6.12-1+deb12u4 2026/10/17 - ..."; without a third number
 * it is 0.
 */
static int read_version(struct balancer *b, const char *text, struct err *e)
{
    const char *p = strstr(text, "version ");
    unsigned v[3] = {0};
    size_t n = 0;

    for (p = p ? p + 8 : ""; n < 3 && isdigit((unsigned char)*p); n++) {
        char *end;
        v[n] = (unsigned)strtoul(p, &end, 10);
        p = *end == '.' ? end + 1 : "";
    }
    if (n < 2)
        return err_set(e, ERR_IO, "%s: says no version", b->program);
    (void)snprintf(b->version, sizeof b->version, "%u.%u.%u", v[0], v[1], v[2]);
    b->model = model_of(v[0], v[1], v[2]);
    return ERR_OK;
}

static int ask_version(struct balancer *b, struct err *e)
{
    const char *const argv[] = {b->program, "-v", NULL};
    struct child_spec spec = {
        .argv = argv, .env = no_env, .folder = b->folder, .output = b->log};
    char *text = NULL;
    size_t n;
    int status, rc = child_start(&b->child, &spec, e);

    if (rc != ERR_OK)
        return rc;
    if (!child_wait(&b->child, VERSION_MS, &status)) {
        child_stop(&b->child);
        return err_set(e, ERR_IO, "%s -v: does not end", b->program);
    }
    rc = file_read(b->log, LOG_MAX, &text, &n, e);
    if (rc == ERR_OK)
        rc = read_version(b, text, e);
    free(text);
    return rc;
}

int balancer_find(struct balancer *b, struct err *e)
{
    b->program = child_find("haproxy");
    if (!b->program)
        return err_set(e, ERR_IO,
                       "haproxy is not installed; 'sh tests/packages.sh "
                       "drive' or 'apt-get install haproxy' gets it");
    int rc = room_make(&b->folder, e);
    if (rc == ERR_OK) {
        b->cfg = path_join(b->folder, "haproxy.cfg");
        b->log = path_join(b->folder, "haproxy.log");
        b->stats = path_join(b->folder, "stats");
        rc = ask_version(b, e);
    }
    return rc;
}

/* ------------------------------------------------------------ start */

static int open_ports(struct balancer *b, struct err *e)
{
    for (size_t i = 0; i < b->live.n_ports; i++) {
        struct live_port *p = &b->live.ports[i];
        p->fd = port_bind(SOCK_STREAM, 1, &p->port, e);
        if (p->fd < 0)
            return p->fd;
    }
    return ERR_OK;
}

/* The child has its own copies. */
static void close_ports(struct balancer *b)
{
    for (size_t i = 0; i < b->live.n_ports; i++) {
        if (b->live.ports[i].fd >= 0)
            close(b->live.ports[i].fd);
        b->live.ports[i].fd = -1;
    }
}

static int write_cfg(struct balancer *b, struct scenario *s, struct err *e)
{
    const struct manifest_text *t = scenario_haproxy(s);
    struct sink sink;
    int rc = sink_open(&sink, b->cfg, e);

    if (rc == ERR_OK)
        rc = live_cfg_write(&b->live, t, &s->haproxy, sink.out, e);
    return sink_end(&sink, rc, e);
}

static int start_child(struct balancer *b, struct err *e)
{
    const char *const argv[] = {b->program, "-db", "-f", b->cfg, NULL};
    int keep[LIVE_PORTS];
    struct child_spec spec = {.argv = argv,
                              .env = no_env,
                              .folder = b->folder,
                              .output = b->log,
                              .keep = keep,
                              .n_keep = b->live.n_ports};

    for (size_t i = 0; i < b->live.n_ports; i++)
        keep[i] = b->live.ports[i].fd;
    return child_start(&b->child, &spec, e);
}

int balancer_start(struct balancer *b, struct scenario *s, double shrink,
                   uint16_t dns_port, struct err *e)
{
    const struct manifest_text *t = scenario_haproxy(s);

    b->live.shrink = shrink;
    b->live.dns_port = dns_port;
    b->live.stats = b->stats;
    int rc = live_cfg_ports(&b->live, t->path, &s->haproxy, e);
    if (rc == ERR_OK)
        rc = open_ports(b, e);
    if (rc == ERR_OK)
        rc = write_cfg(b, s, e);
    if (rc == ERR_OK)
        rc = start_child(b, e);
    close_ports(b);
    return rc;
}

/* ------------------------------------------------------------ questions */

/* What it said last before it ended: the first line with ALERT. */
static int its_own_words(const struct balancer *b, struct err *e)
{
    char *text = NULL;
    struct err unread;
    size_t n;

    if (file_read(b->log, LOG_MAX, &text, &n, &unread) != ERR_OK)
        return err_set(e, ERR_IO, "haproxy has ended");
    const char *alert = strstr(text, "[ALERT]");
    if (!alert)
        alert = text;
    err_set(e, ERR_IO, "haproxy has ended: %.*s", (int)strcspn(alert, "\n"),
            alert);
    free(text);
    return ERR_IO;
}

int balancer_ask(struct balancer *b, char out[BALANCER_TABLE], struct err *e)
{
    int status;

    if (b->child.pid == 0 || child_wait(&b->child, 0, &status))
        return its_own_words(b, e);
    /* No proxy in particular, backends (2), no server in particular. */
    long n = port_ask(b->stats, "show stat -1 2 -1\n", out, BALANCER_TABLE, e);
    return n < 0 ? (int)n : ERR_OK;
}

int balancer_address(const struct balancer *b, const struct scenario *s,
                     const char *backend, struct port_address *out,
                     struct err *e)
{
    for (size_t i = 0; i < s->haproxy.n_routes; i++) {
        const struct hap_route *r = &s->haproxy.routes[i];
        if (strcmp(r->backend, backend) != 0)
            continue;
        for (size_t k = 0; k < b->live.n_ports; k++) {
            const struct live_port *p = &b->live.ports[k];
            if (p->written != r->port)
                continue;
            struct sockaddr_in at = port_loopback(1, p->port);
            *out = (struct port_address){.n_bytes = sizeof at};
            memcpy(&out->at, &at, sizeof at);
            return ERR_OK;
        }
    }
    return err_set(e, ERR_INPUT, "%s: haproxy.cfg: no frontend leads to %s",
                   s->path, backend);
}

static int copy(const char *from, const char *folder, const char *name,
                struct err *e)
{
    struct sink sink;
    char *text;
    size_t n;
    int rc = file_read(from, LOG_MAX, &text, &n, e);

    if (rc == ERR_OK)
        rc = sink_open_in(&sink, folder, name, e);
    if (rc == ERR_OK) {
        (void)fwrite(text, 1, n, sink.out);
        rc = sink_close(&sink, e);
    }
    free(text);
    return rc;
}

int balancer_keep(const struct balancer *b, const char *folder, struct err *e)
{
    int rc = copy(b->cfg, folder, "haproxy.cfg", e);

    return rc == ERR_OK ? copy(b->log, folder, "haproxy.log", e) : rc;
}

void balancer_stop(struct balancer *b)
{
    child_stop(&b->child);
    close_ports(b);
    live_cfg_free(&b->live);
    room_remove(b->folder);
    free(b->program);
    free(b->folder);
    free(b->cfg);
    free(b->log);
    free(b->stats);
    *b = (struct balancer){0};
}
