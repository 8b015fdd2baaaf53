#include "scenarios/haproxy_cfg.h"
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

static struct haproxy_cfg cfg;
static struct err err;

static void reads(const char *text)
{
    haproxy_cfg_free(&cfg);
    if (haproxy_cfg_parse(&cfg, "haproxy.cfg", 1, text, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses(const char *text, const char *message)
{
    haproxy_cfg_free(&cfg);
    assert_int_equal(haproxy_cfg_parse(&cfg, "haproxy.cfg", 1, text, &err),
                     ERR_INPUT);
    assert_string_equal(err.msg, message);
    assert_null(cfg.proxies);
}

static const struct hap_proxy *backend(const char *name)
{
    const struct hap_proxy *p = haproxy_cfg_backend(&cfg, name);

    assert_non_null(p);
    return p;
}

static int forget(void **state)
{
    (void)state;
    haproxy_cfg_free(&cfg);
    return 0;
}

static void test_a_server_template_gives_slots_name_and_options(void **state)
{
    (void)state;
    reads("resolvers k8s\n  parse-resolv-conf\n"
          "backend bk_amd64\n  balance leastconn # fewest\n"
          "  server-template amd 400 pods.build.svc.cluster.local:1234 check "
          "resolvers k8s init-addr none resolve-prefer ipv6 maxconn 1 "
          "inter 3s rise 4 fall 5\n");
    const struct hap_proxy *p = backend("bk_amd64");

    assert_int_equal(p->n_slots, 400);
    assert_string_equal(p->fqdn, "pods.build.svc.cluster.local");
    assert_int_equal(p->server_port, 1234);
    assert_int_equal(p->server_line, 5);
    assert_string_equal(p->set.balance, "leastconn");
    assert_true(p->set.server.check);
    assert_string_equal(p->set.server.resolvers, "k8s");
    assert_true(p->set.server.init_addr_none);
    assert_false(p->set.server.prefer_ipv4);
    assert_int_equal(p->set.server.maxconn, 1);
    assert_int_equal(p->set.server.inter_us, 3 * US_PER_S);
    assert_int_equal(p->set.server.rise, 4);
    assert_int_equal(p->set.server.fall, 5);
    assert_int_equal(cfg.n_ignored, 0);
}

static void test_what_is_not_said_has_the_balancers_defaults(void **state)
{
    (void)state;
    reads("backend b\n  server-template s 7 x:1\n");
    const struct hap_proxy *p = backend("b");

    assert_string_equal(p->set.balance, "roundrobin");
    assert_int_equal(p->set.retries, 3);
    assert_false(p->set.redispatch);
    assert_false(p->set.abortonclose);
    assert_int_equal(p->set.timeout_us[HAP_CLIENT], SIM_NEVER);
    assert_int_equal(p->set.timeout_us[HAP_QUEUE], SIM_NEVER);
    assert_int_equal(p->set.server.inter_us, 2 * US_PER_S);
    assert_int_equal(p->set.server.rise, 2);
    assert_int_equal(p->set.server.fall, 3);
    assert_int_equal(p->set.server.maxconn, 0);
    assert_false(p->set.server.check);
    assert_int_equal(cfg.hard_stop_us, SIM_NEVER);
}

static void test_timeout_queue_falls_back_to_timeout_connect(void **state)
{
    (void)state;
    reads("defaults\n  timeout connect 5s\n"
          "backend a\nbackend b\n  timeout connect 7s\n"
          "backend c\n  timeout queue 60m\n");
    assert_int_equal(backend("a")->set.timeout_us[HAP_QUEUE], 5 * US_PER_S);
    assert_int_equal(backend("b")->set.timeout_us[HAP_QUEUE], 7 * US_PER_S);
    assert_int_equal(backend("c")->set.timeout_us[HAP_QUEUE], US_PER_H);
}

static void test_defaults_pass_on_to_the_sections_behind_them(void **state)
{
    (void)state;
    reads("defaults one\n  retries 1\n  option redispatch\n"
          "defaults two from one\n  retries 2\n"
          "backend a\n"
          "backend b from one\n  no option redispatch\n"
          "defaults\n"
          "backend c\n");
    assert_int_equal(backend("a")->set.retries, 2);
    assert_true(backend("a")->set.redispatch);
    assert_int_equal(backend("b")->set.retries, 1);
    assert_false(backend("b")->set.redispatch);
    assert_int_equal(backend("c")->set.retries, 3);
    assert_false(backend("c")->set.redispatch);
    refuses("backend a from none\n",
            "haproxy.cfg:1: no defaults section \"none\" before this line");
}

static void test_times_have_the_balancers_units(void **state)
{
    static const struct {
        const char *text;
        sim_us us;
    } times[] = {{"5000", 5 * US_PER_S}, {"5000ms", 5 * US_PER_S},
                 {"1500us", 1500},       {"5s", 5 * US_PER_S},
                 {"120m", 2 * US_PER_H}, {"2h", 2 * US_PER_H},
                 {"1d", 24 * US_PER_H},  {"2147483647", 2147483647000}};
    char text[100];
    (void)state;

    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        snprintf(text, sizeof text, "backend b\n timeout server %s\n",
                 times[i].text);
        reads(text);
        assert_int_equal(backend("b")->set.timeout_us[HAP_SERVER], times[i].us);
    }
    refuses("backend b\n timeout server 2147483648\n",
            "haproxy.cfg:2: the time 2147483648 is more than 24 days");
    refuses("backend b\n timeout server 1m30s\n",
            "haproxy.cfg:2: the time is missing or wrong: \"1m30s\"");
    refuses("backend b\n timeout server\n",
            "haproxy.cfg:2: the time is missing or wrong: \"\"");
    refuses("backend b\n timeout server 99999999999999999999s\n",
            "haproxy.cfg:2: the time is missing or wrong: "
            "\"99999999999999999999s\"");
}

static void test_ports_lead_to_backends(void **state)
{
    (void)state;
    reads("frontend f\n  bind *:1234\n  bind [::]:1235 v4v6\n"
          "  use_backend special if { dst_port 1235 }\n"
          "  default_backend usual\n"
          "backend usual\nbackend special\n"
          "listen own\n  bind :1300\n");
    assert_int_equal(cfg.n_routes, 4);
    assert_int_equal(cfg.routes[0].port, 1235);
    assert_string_equal(cfg.routes[0].backend, "special");
    assert_int_equal(cfg.routes[1].port, 1234);
    assert_string_equal(cfg.routes[1].backend, "usual");
    assert_string_equal(cfg.routes[2].backend, "usual");
    assert_int_equal(cfg.routes[3].port, 1300);
    assert_string_equal(cfg.routes[3].backend, "own");
    refuses("frontend f\n  bind *:1\n  default_backend none\n",
            "haproxy.cfg:1: f sends to the backend \"none\", which is not "
            "there");
    refuses("frontend f\n  bind 1234\n",
            "haproxy.cfg:2: bind needs address:port, not \"1234\"");
    refuses("frontend f\n  bind *:70000\n",
            "haproxy.cfg:2: bind needs address:port, not \"*:70000\"");
}

static void test_resolvers_have_their_own_defaults(void **state)
{
    (void)state;
    reads("resolvers plain\n  nameserver a 10.0.0.10:53\n"
          "resolvers k8s\n  nameserver a tcp@10.0.0.10:53\n"
          "  accepted_payload_size 8192\n  resolve_retries 2\n"
          "  timeout resolve 4s\n  timeout retry 2s\n"
          "  hold nx 5s\n  hold other 6s\n  hold refused 7s\n"
          "  hold timeout 8s\n  hold valid 9s\n  hold obsolete 10s\n");
    const struct hap_resolvers *p = haproxy_cfg_resolvers(&cfg, "plain");
    const struct hap_resolvers *k = haproxy_cfg_resolvers(&cfg, "k8s");

    assert_int_equal(p->payload_bytes, 512);
    assert_int_equal(p->resolve_retries, 3);
    assert_int_equal(p->resolve_us, US_PER_S);
    assert_int_equal(p->hold_nx_us, 30 * US_PER_S);
    assert_int_equal(p->hold_obsolete_us, 0);
    assert_false(p->over_tcp);
    assert_true(k->over_tcp);
    assert_int_equal(k->payload_bytes, 8192);
    assert_int_equal(k->resolve_retries, 2);
    assert_int_equal(k->resolve_us, 4 * US_PER_S);
    assert_int_equal(k->retry_us, 2 * US_PER_S);
    assert_int_equal(k->hold_nx_us, 5 * US_PER_S);
    assert_int_equal(k->hold_other_us, 6 * US_PER_S);
    assert_int_equal(k->hold_refused_us, 7 * US_PER_S);
    assert_int_equal(k->hold_timeout_us, 8 * US_PER_S);
    assert_int_equal(k->hold_obsolete_us, 10 * US_PER_S);
}

static void test_resolvers_are_checked(void **state)
{
    (void)state;
    refuses("resolvers k\n  accepted_payload_size 511\n",
            "haproxy.cfg:2: accepted_payload_size must be from 512 to 65535, "
            "not 511");
    refuses("resolvers k\n  timeout resolve 0\n",
            "haproxy.cfg:2: timeout resolve must not be 0");
    refuses("resolvers k\n  hold on 1s\n",
            "haproxy.cfg:2: unknown hold \"on\" in a resolvers section");
    refuses("backend b\n  server-template s 1 x:1 resolvers nope\n",
            "haproxy.cfg:1: b uses the resolvers \"nope\", which are not "
            "there");
}

static void test_a_placeholder_of_a_template_is_refused(void **state)
{
    (void)state;
    refuses("backend b\n  server-template s ${SLOTS} x:1\n",
            "haproxy.cfg:2: the number of servers is the placeholder "
            "\"${SLOTS}\": render the template first, a plain value is needed "
            "here");
    refuses("backend b\n  server-template s __SLOTS__ x:1\n",
            "haproxy.cfg:2: the number of servers is the placeholder "
            "\"__SLOTS__\": render the template first, a plain value is "
            "needed here");
    refuses("backend b\n  timeout connect {{t}}\n",
            "haproxy.cfg:2: the time is the placeholder \"{{t}}\": render the "
            "template first, a plain value is needed here");
    refuses("backend b\n  server-template s ${SLOTS-400} x:1\n",
            "haproxy.cfg:2: the number of servers is the placeholder "
            "\"${SLOTS-400}\": render the template first, a plain value is "
            "needed here");
}

/* Both branches would hold, and the last one would win. */
static void test_a_condition_is_refused(void **state)
{
    (void)state;
    refuses("defaults\n  .if defined(FAST)\n  timeout connect 1s\n  .else\n"
            "  timeout connect 5s\n  .endif\n",
            "haproxy.cfg:2: .if is decided when the balancer starts: leave "
            "only the lines that are to hold");
    refuses(".else\n", "haproxy.cfg:1: .else is decided when the balancer "
                       "starts: leave only the lines that are to hold");
    reads(".notice \"hello\"\nbackend b\n  .diag \"x\"\n");
}

static void test_wrong_servers_are_refused(void **state)
{
    (void)state;
    refuses("backend b\n  server-template s 0 x:1\n",
            "haproxy.cfg:2: the number of servers must be from 1 to 65535, "
            "not 0");
    refuses("backend b\n  server-template s 1000000000 x:1\n",
            "haproxy.cfg:2: the number of servers must be from 1 to 65535, "
            "not 1000000000");
    refuses("backend b\n  server-template s 5 x\n",
            "haproxy.cfg:2: expected name:port, not \"x\"");
    refuses("backend b\n  server-template s 9-3 x:1\n",
            "haproxy.cfg:2: the range of servers is wrong: \"9-3\"");
    refuses("backend b\n  server-template s 1 x:1\n  server-template t 1 x:1\n",
            "haproxy.cfg:3: b has two server-template lines; one is modelled");
    refuses("frontend f\n  server-template s 1 x:1\n",
            "haproxy.cfg:2: server-template belongs into a backend");
    refuses("backend b\nbackend b\n",
            "haproxy.cfg:2: backend b is defined twice, first in line 1");
    refuses("timeout client 1s\n",
            "haproxy.cfg:1: \"timeout\" stands before any section");
    refuses("backend b\n  mode \"tcp\n",
            "haproxy.cfg:2: a quote is not closed");
}

static void test_a_range_of_servers_counts_both_ends(void **state)
{
    (void)state;
    reads("backend b\n  server-template s 5-44 x:1\n");
    assert_int_equal(backend("b")->n_slots, 40);
}

static void test_default_server_comes_before_the_servers_own(void **state)
{
    (void)state;
    reads("backend b\n  default-server maxconn 1 inter 500ms check\n"
          "  server-template s 5 x:1 maxconn 2\n");
    assert_int_equal(backend("b")->set.server.maxconn, 2);
    assert_int_equal(backend("b")->set.server.inter_us, 500 * US_PER_MS);
    assert_true(backend("b")->set.server.check);
}

static void test_what_is_not_modelled_is_listed(void **state)
{
    (void)state;
    reads("global\n  log stdout format raw local0\n  hard-stop-after 9s\n"
          "defaults\n  option tcplog\n  timeout tunnel 1h\n"
          "backend b\n  server one 10.0.0.1:1234\n"
          "  server-template s 1 x:1 weight 5\n"
          "peers p\n  peer a 1.2.3.4:1000\n");
    static const char *const lines[] = {
        "log stdout",        "option tcplog", "timeout tunnel", "server one",
        "server-template s", "peers p",       "peer a"};

    assert_int_equal(cfg.hard_stop_us, 9 * US_PER_S);
    assert_int_equal(cfg.n_ignored, 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(cfg.ignored[i].words, lines[i]);
    assert_int_equal(cfg.ignored[2].line, 6);
    assert_int_equal(backend("b")->n_servers, 1);
}

static void test_lines_count_from_where_the_text_stands(void **state)
{
    (void)state;
    haproxy_cfg_free(&cfg);
    assert_int_equal(haproxy_cfg_parse(&cfg, "cm.yaml", 41,
                                       "backend b\n\n  retries x\n", &err),
                     ERR_INPUT);
    assert_string_equal(err.msg,
                        "cm.yaml:43: retries is missing or wrong: \"x\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_server_template_gives_slots_name_and_options),
        cmocka_unit_test(test_what_is_not_said_has_the_balancers_defaults),
        cmocka_unit_test(test_timeout_queue_falls_back_to_timeout_connect),
        cmocka_unit_test(test_defaults_pass_on_to_the_sections_behind_them),
        cmocka_unit_test(test_times_have_the_balancers_units),
        cmocka_unit_test(test_ports_lead_to_backends),
        cmocka_unit_test(test_resolvers_have_their_own_defaults),
        cmocka_unit_test(test_resolvers_are_checked),
        cmocka_unit_test(test_a_placeholder_of_a_template_is_refused),
        cmocka_unit_test(test_a_condition_is_refused),
        cmocka_unit_test(test_wrong_servers_are_refused),
        cmocka_unit_test(test_a_range_of_servers_counts_both_ends),
        cmocka_unit_test(test_default_server_comes_before_the_servers_own),
        cmocka_unit_test(test_what_is_not_modelled_is_listed),
        cmocka_unit_test(test_lines_count_from_where_the_text_stands),
    };

    return cmocka_run_group_tests(tests, NULL, forget);
}
