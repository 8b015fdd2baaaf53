/* The balancer's page: its text, and one GET. */
#include "sim/upstream/page.h"
#include "tests/support.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_gauges_have_the_balancers_own_names(void **state)
{
    const struct lb_backend_params backends[] = {{.name = "bk_amd64"},
                                                 {.name = "a\"b\\c\nd"}};
    const struct backend_view views[] = {{7, 3}, {0, 0}};
    const struct lb_params p = {LB_3_1, backends, 2};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    (void)state;

    page_print(&p, views, out);
    fclose(out);
    assert_string_equal(
        text,
        "# HELP haproxy_backend_current_sessions Sessions, served or queued.\n"
        "# TYPE haproxy_backend_current_sessions gauge\n"
        "haproxy_backend_current_sessions{proxy=\"bk_amd64\"} 7\n"
        "haproxy_backend_current_sessions{proxy=\"a\\\"b\\\\c\\nd\"} 0\n"
        "# HELP haproxy_backend_current_queue Requests in the queue.\n"
        "# TYPE haproxy_backend_current_queue gauge\n"
        "haproxy_backend_current_queue{proxy=\"bk_amd64\"} 3\n"
        "haproxy_backend_current_queue{proxy=\"a\\\"b\\\\c\\nd\"} 0\n");
    free(text);
}

static void test_a_trigger_names_the_sessions_of_its_backend(void **state)
{
    char *location = page_location("bk_arm64");
    (void)state;

    assert_string_equal(location,
                        "haproxy_backend_current_sessions{proxy=\"bk_arm64\"}");
    free(location);
}

/* ------------------------------------------------------------ the server */

struct visit {
    size_t n, number;
    int status;
};

static int body(void *context, size_t number, FILE *out)
{
    struct visit *v = context;

    v->n++;
    v->number = number;
    fprintf(out, "seven\n");
    return v->status;
}

static int dial(uint16_t port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

/* Serves until the client has the whole answer. */
static void answer_of(struct page *p, const char *request, char out[1024])
{
    int fd = dial(page_port(p));
    size_t n = 0;
    ssize_t got = 1;

    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    for (int i = 0; i < 1000 && got > 0; i++) {
        struct pollfd fds[2] = {{page_fd(p), POLLIN, 0}, {fd, POLLIN, 0}};
        int ms = page_wait_ms(p);
        poll(fds, 2, ms < 0 ? 100 : ms);
        page_serve(p);
        if (!fds[1].revents)
            continue;
        got = read(fd, out + n, 1023 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    assert_int_equal(got, 0);
    out[n] = '\0';
    close(fd);
}

static void test_a_get_is_answered_when_it_is_its_turn(void **state)
{
    struct visit v = {.status = 200};
    struct err e;
    char text[1024];
    struct page *p = page_open(body, &v, &e);
    (void)state;

    assert_non_null(p);
    answer_of(p,
              "GET /metrics?t=3 HTTP/1.1\r\nHost: x\r\n"
              "Connection: close\r\n\r\n",
              text);
    assert_memory_equal(text, "HTTP/1.1 200 OK", 15);
    assert_non_null(strstr(text, "\r\n\r\nseven\n"));
    assert_int_equal(v.number, 3);
    v.status = 503;
    answer_of(p,
              "GET /elsewhere HTTP/1.1\r\nHost: x\r\n"
              "Connection: close\r\n\r\n",
              text);
    assert_memory_equal(text, "HTTP/1.1 503 ", 13);
    assert_int_equal(v.number, 0);
    assert_int_equal(v.n, 2);
    page_close(p);
}

static void test_nothing_but_get_is_answered(void **state)
{
    struct visit v = {.status = 200};
    struct err e;
    char text[1024];
    struct page *p = page_open(body, &v, &e);
    (void)state;

    answer_of(p,
              "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"
              "Connection: close\r\n\r\n",
              text);
    assert_int_equal(v.n, 0);
    page_close(p);
    page_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gauges_have_the_balancers_own_names),
        cmocka_unit_test(test_a_trigger_names_the_sessions_of_its_backend),
        cmocka_unit_test(test_a_get_is_answered_when_it_is_its_turn),
        cmocka_unit_test(test_nothing_but_get_is_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
