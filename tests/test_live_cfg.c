#include "sim/drive/live_cfg.h"
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct err err;
static struct haproxy_cfg cfg;
static struct live_cfg live;
static char *text;

static int forget(void **state)
{
    (void)state;
    haproxy_cfg_free(&cfg);
    live_cfg_free(&live);
    free(text);
    text = NULL;
    return 0;
}

/* As the balancer would get it; ports 1 to n are the descriptors from 21 on. */
static int convert(const char *from, double shrink)
{
    char path[] = "/run/stats";
    size_t n;

    (void)forget(NULL);
    live = (struct live_cfg){.shrink = shrink, .dns_port = 5353, .stats = path};
    if (haproxy_cfg_parse(&cfg, "haproxy.cfg", 1, from, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
    assert_int_equal(live_cfg_ports(&live, "haproxy.cfg", &cfg, &err), ERR_OK);
    for (size_t i = 0; i < live.n_ports; i++) {
        live.ports[i].fd = 21 + (int)i;
        live.ports[i].port = (uint16_t)(40001 + i);
    }
    FILE *out = open_memstream(&text, &n);
    char cfg_path[] = "haproxy.cfg";
    struct manifest_text t = {.path = cfg_path, .line = 1, .text = from};
    int rc = live_cfg_write(&live, &t, &cfg, out, &err);
    assert_int_equal(fclose(out), 0);
    return rc;
}

static void assert_line(const char *want)
{
    size_t n = strlen(want);

    for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
        if (strncmp(p, want, n) == 0 && p[n] == '\n')
            return;
    fail_msg("'%s' is not a line of:\n%s", want, text);
}

static void assert_absent(const char *words)
{
    if (strstr(text, words))
        fail_msg("'%s' is in:\n%s", words, text);
}

static void assert_refused(const char *from, const char *message)
{
    assert_int_equal(convert(from, 1.0), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

#define RESOLVERS "resolvers k8s\n  nameserver dns1 10.0.0.10:53\n"
#define POOL                                                                   \
    "backend b\n  server-template amd 400 pods.kit:1234 check resolvers k8s "  \
    "maxconn 1\n"

static void test_times_are_divided(void **state)
{
    (void)state;
    assert_int_equal(
        convert("defaults\n timeout connect 5s\n timeout client 120m\n"
                " timeout queue 300\n retries 3\n" RESOLVERS POOL,
                20.0),
        ERR_OK);
    assert_line("    timeout 'connect' 250ms");
    assert_line("    timeout 'client' 360000ms");
    assert_line("    timeout 'queue' 15ms"); /* milliseconds without a unit */
    assert_line("    retries '3'");
}

/* 1 s and 2 s and 30 s are HAProxy's own. */
static void test_times_that_are_not_written_are_divided_too(void **state)
{
    (void)state;
    assert_int_equal(convert(RESOLVERS "  hold nx 5s\n" POOL, 10.0), ERR_OK);
    assert_line("    timeout resolve 100ms");
    assert_line("    timeout retry 100ms");
    assert_line("    hold nx 500ms");
    assert_line("    hold timeout 3000ms");
    assert_line("    server-template 'amd' '400' 'pods.kit:1234' inter 200ms "
                "'check' 'resolvers' 'k8s' 'maxconn' '1'");
}

static void test_a_written_pause_between_checks_counts(void **state)
{
    (void)state;
    assert_int_equal(convert(RESOLVERS "backend b\n default-server inter 4s\n"
                                       " server-template amd 400 pods.kit:1234 "
                                       "check inter 3s resolvers k8s\n",
                             10.0),
                     ERR_OK);
    assert_line("    default-server inter 400ms");
    assert_line("    server-template 'amd' '400' 'pods.kit:1234' inter 300ms "
                "'check' inter 300ms 'resolvers' 'k8s'");
}

static void test_only_our_name_server_is_asked(void **state)
{
    (void)state;
    assert_int_equal(convert("resolvers k8s\n parse-resolv-conf\n"
                             " nameserver a tcp@10.0.0.10:53\n"
                             " accepted_payload_size 8192\n" POOL,
                             1.0),
                     ERR_OK);
    assert_line("    nameserver drydock 127.0.0.1:5353");
    assert_line("    accepted_payload_size 8192");
    assert_absent("parse-resolv-conf");
    assert_absent("10.0.0.10");
}

static void test_ports_are_our_sockets(void **state)
{
    (void)state;
    assert_int_equal(convert(RESOLVERS POOL
                             "frontend f\n bind :1234\n bind [::]:1235\n"
                             " use_backend b if { dst_port 1235 }\n"
                             " default_backend b\n",
                             1.0),
                     ERR_OK);
    assert_int_equal(live.n_ports, 2);
    assert_line("    bind fd@21");
    assert_line("    bind fd@22");
    assert_line("    use_backend 'b' 'if' '{' 'dst_port' '40002' '}'");
    assert_absent(":1235");
}

static void test_the_log_goes_to_standard_output(void **state)
{
    (void)state;
    assert_int_equal(convert("global\n log 10.1.1.1:514 local0\n"
                             "defaults\n log global\n log 10.1.1.2 local0\n",
                             1.0),
                     ERR_OK);
    assert_line("    log stdout format raw local0");
    assert_line("    log 'global'");
    assert_absent("10.1.1");
    assert_int_equal(live.n_left, 0);
}

static void test_what_reaches_out_is_left_out_and_listed(void **state)
{
    (void)state;
    assert_int_equal(
        convert("global\n chroot /var/lib/haproxy\n nbthread 2\n"
                " lua-load /tmp/x.lua\n stats socket /run/h.sock level admin\n"
                "program p\n command /bin/sh -c id\n"
                "defaults\n option external-check\n option tcplog\n"
                " external-check command /bin/sh\n errorfile 503 /etc/x\n"
                " source 10.0.0.1\n",
                1.0),
        ERR_OK);
    assert_line("    nbthread '2'");
    assert_line("    option 'tcplog'");
    assert_absent("/bin/sh");
    assert_absent("/var/lib");
    assert_absent("lua");
    assert_absent("source");
    assert_absent("external");
    assert_absent("admin");
    assert_int_equal(live.n_left, 9);
    assert_int_equal(live.left[0].line, 2);
    assert_string_equal(live.left[0].words, "chroot /var/lib/haproxy");
    assert_string_equal(live.left[8].words, "source 10.0.0.1");
}

static void test_options_that_reach_out_are_left_out(void **state)
{
    (void)state;
    assert_int_equal(
        convert(RESOLVERS "backend b\n server-template amd 400 pods.kit:1234 "
                          "check addr 10.0.0.9 source 10.0.0.1 resolvers k8s\n",
                1.0),
        ERR_OK);
    assert_absent("10.0.0");
    assert_int_equal(live.n_left, 1);
}

static void test_a_fixed_server_is_refused(void **state)
{
    (void)state;
    assert_refused("backend b\n server s1 10.0.0.1:1234 check\n",
                   "haproxy.cfg:2: a server with a fixed address is not "
                   "driven: it would be connected to");
}

static void test_tls_is_refused(void **state)
{
    (void)state;
    assert_refused("frontend f\n bind :443 ssl crt /etc/x.pem\n",
                   "haproxy.cfg:2: TLS is not driven");
    assert_refused(RESOLVERS "backend b\n server-template a 4 p.kit:1 check "
                             "ssl resolvers k8s\n",
                   "haproxy.cfg:4: TLS is not driven");
}

static void test_quotes_stay_words(void **state)
{
    (void)state;
    assert_int_equal(
        convert("backend b\n acl \"it's ${HOME}\" src 127.0.0.1\n", 1.0),
        ERR_OK);
    assert_line("    acl 'it'\\''s ${HOME}' 'src' '127.0.0.1'");
}

static void test_a_file_without_global_gets_one(void **state)
{
    (void)state;
    assert_int_equal(convert(RESOLVERS POOL, 1.0), ERR_OK);
    assert_line("global");
    assert_line("    stats socket '/run/stats' mode 600 level user");
}

int main(void)
{
#define CLEAN(test) cmocka_unit_test_teardown(test, forget)
    const struct CMUnitTest tests[] = {
        CLEAN(test_times_are_divided),
        CLEAN(test_times_that_are_not_written_are_divided_too),
        CLEAN(test_a_written_pause_between_checks_counts),
        CLEAN(test_only_our_name_server_is_asked),
        CLEAN(test_ports_are_our_sockets),
        CLEAN(test_the_log_goes_to_standard_output),
        CLEAN(test_what_reaches_out_is_left_out_and_listed),
        CLEAN(test_options_that_reach_out_are_left_out),
        CLEAN(test_a_fixed_server_is_refused),
        CLEAN(test_tls_is_refused),
        CLEAN(test_quotes_stay_words),
        CLEAN(test_a_file_without_global_gets_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
