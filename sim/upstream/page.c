#include "sim/upstream/page.h"

#include "sim/base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------ the text */

static const char sessions[] = "haproxy_backend_current_sessions";
static const char queue[] = "haproxy_backend_current_queue";

/* A label's value: backslash, quote and newline are escaped. */
static void print_label(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"')
            fputc('\\', out);
        if (*text == '\n')
            fputs("\\n", out);
        else
            fputc(*text, out);
    }
}

static void print_selector(FILE *out, const char *metric, const char *backend)
{
    fprintf(out, "%s{proxy=\"", metric);
    print_label(out, backend);
    fputs("\"}", out);
}

void page_print(const struct lb_params *p, const struct backend_view views[],
                FILE *out)
{
    fprintf(out, "# HELP %s Sessions, served or queued.\n# TYPE %s gauge\n",
            sessions, sessions);
    for (size_t i = 0; i < p->n_backends; i++) {
        print_selector(out, sessions, p->backends[i].name);
        fprintf(out, " %zu\n", views[i].sessions);
    }
    fprintf(out, "# HELP %s Requests in the queue.\n# TYPE %s gauge\n", queue,
            queue);
    for (size_t i = 0; i < p->n_backends; i++) {
        print_selector(out, queue, p->backends[i].name);
        fprintf(out, " %zu\n", views[i].queue);
    }
}

char *page_location(const char *backend)
{
    struct mem_file text;

    mem_file_open(&text);
    print_selector(text.out, sessions, backend);
    mem_file_close(&text);
    return text.text;
}

/* ------------------------------------------------------------ the server */

enum { CONNECTIONS = 64 };

struct page {
    struct MHD_Daemon *daemon;
    page_body *body;
    void *context;                               /* borrowed */
    struct MHD_Connection *waiting[CONNECTIONS]; /* for page_serve */
    size_t n_waiting;
};

static void resume(struct page *p)
{
    for (size_t i = 0; i < p->n_waiting; i++)
        MHD_resume_connection(p->waiting[i]);
    p->n_waiting = 0;
}

/* Whatever is asked for gets the page: a trigger's path is the user's. The
 * parameters are the library's.
 */
/* NOLINTNEXTLINE(readability-function-size) */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection,
                              const char *url, const char *method,
                              const char *version, const char *data,
                              size_t *n_data, void **state)
{
    struct page *p = context;
    struct mem_file body;

    (void)url, (void)version, (void)data, (void)n_data, (void)state;
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
        return MHD_NO;
    const char *number =
        MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "t");
    mem_file_open(&body);
    int status =
        p->body(p->context, number ? strtoul(number, NULL, 10) : 0, body.out);
    mem_file_close(&body);
    if (status == PAGE_LATER) {
        free(body.text);
        MHD_suspend_connection(connection);
        p->waiting[p->n_waiting++] = connection;
        return MHD_YES;
    }
    struct MHD_Response *r = MHD_create_response_from_buffer(
        body.n, body.text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE,
                            "text/plain; version=0.0.4");
    enum MHD_Result rc = MHD_queue_response(connection, (unsigned)status, r);
    MHD_destroy_response(r);
    return rc;
}

struct page *page_open(page_body *body, void *context, struct err *e)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct page *p = mem_array(1, sizeof *p);

    p->body = body;
    p->context = context;
    p->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, answer, p,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&at,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_END);
    if (p->daemon)
        return p;
    err_set(e, ERR_IO, "127.0.0.1: cannot serve the balancer's metrics: %s",
            strerror(errno));
    free(p);
    return NULL;
}

void page_close(struct page *p)
{
    if (!p)
        return;
    resume(p); /* which a daemon wants before it stops */
    MHD_stop_daemon(p->daemon);
    free(p);
}

uint16_t page_port(const struct page *p)
{
    return MHD_get_daemon_info(p->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int page_fd(const struct page *p)
{
    return MHD_get_daemon_info(p->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int page_wait_ms(const struct page *p)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (p->n_waiting > 0)
        return 0;
    if (MHD_get_timeout(p->daemon, &ms) != MHD_YES)
        return -1;
    return ms < 1000 ? (int)ms : 1000;
}

void page_serve(struct page *p)
{
    resume(p);
    MHD_run(p->daemon);
}
