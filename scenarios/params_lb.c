#include "scenarios/params_rows.h"

#define ROW(TYPE, FIELD, KEY, MIN, MAX, SOURCE, HELP)                          \
    PARAM_ROW(BACKEND, struct lb_backend_params, TYPE, FIELD, KEY, MIN, MAX,   \
              SOURCE, HELP)
#define CLIENT(TYPE, FIELD, KEY, MIN, MAX, SOURCE, HELP)                       \
    PARAM_ROW(CALLER, struct caller_params, TYPE, client.FIELD, KEY, MIN, MAX, \
              SOURCE, HELP)
#define SYSTEM(TYPE, FIELD, KEY, MIN, MAX, SOURCE, HELP)                       \
    PARAM_ROW(SYSTEM, struct system_params, TYPE, FIELD, KEY, MIN, MAX,        \
              SOURCE, HELP)
#define WRITTEN .from_manifests = true
#define CFG "haproxy.cfg"
#define LOOP "shell loop of the build job"
#define BUILDX "docker/buildx remote driver"

static const char *const tool_names[] = {"buildx", "buildctl", NULL};
static const char *const retry_names[] = {"old", "new", "any", "none", NULL};

static const struct param rows[] = {
    {ROW(U32, n_slots, "lb.slots", 1, 65535, CFG, "server-template, number"),
     WRITTEN},
    {ROW(U32, maxconn, "lb.maxconn", 1, LB_MAXCONN, CFG,
         "sessions a server; one build a pod is 1"),
     WRITTEN},
    {ROW(TIME, queue_us, "lb.queue_timeout", 0, 24 * PARAM_DAY, CFG,
         "timeout queue; 0s: timeout connect counts"),
     WRITTEN},
    {ROW(TIME, connect_us, "lb.connect_timeout", 0.001, 24 * PARAM_DAY, CFG,
         "timeout connect"),
     WRITTEN},
    {ROW(TIME, inactivity_us, "lb.inactivity", 0.001, 24 * PARAM_DAY, CFG,
         "the smaller of timeout client and timeout server"),
     WRITTEN},
    {ROW(U32, retries, "lb.retries", 0, 1000, CFG, "retries"), WRITTEN},
    {ROW(BOOL, redispatch, "lb.redispatch", 0, 1, CFG, "option redispatch"),
     WRITTEN},
    {ROW(BOOL, abortonclose, "lb.abortonclose", 0, 1, CFG,
         "option abortonclose"),
     WRITTEN},
    {ROW(BOOL, check, "lb.check", 0, 1, CFG, "health checks are on"), WRITTEN},
    {ROW(TIME, check_us, "lb.check_interval", 0.001, 3600, CFG, "inter"),
     WRITTEN},
    {ROW(U32, rise, "lb.rise", 1, 1000, CFG, "rise"), WRITTEN},
    {ROW(U32, fall, "lb.fall", 1, 1000, CFG, "fall"), WRITTEN},
    {ROW(U32, payload_bytes, "lb.payload", 512, 65535, CFG,
         "accepted_payload_size, or less if DNS caps it"),
     .unit = "bytes", WRITTEN},
    {ROW(U32, name_chars, "lb.name_chars", 1, 253, CFG,
         "length of the resolved name"),
     .unit = "characters", WRITTEN},
    {ROW(BOOL, ipv6, "lb.ipv6", 0, 1, CFG, "AAAA records; else A"), WRITTEN},
    {ROW(TIME, resolve_us, "lb.resolve", 0.001, PARAM_DAY, CFG,
         "timeout resolve: pause between queries"),
     WRITTEN},
    {ROW(TIME, retry_us, "lb.resolve_retry", 0.001, PARAM_DAY, CFG,
         "timeout retry of the resolvers"),
     WRITTEN},
    {ROW(U32, resolve_tries, "lb.resolve_tries", 1, 1000, CFG,
         "resolve_retries"),
     WRITTEN},
    {ROW(TIME, hold_nx_us, "lb.hold_nx", 0, 24 * PARAM_DAY, CFG, "hold nx"),
     WRITTEN},
    {ROW(TIME, hold_other_us, "lb.hold_other", 0, 24 * PARAM_DAY, CFG,
         "hold other"),
     WRITTEN},
    {ROW(TIME, hold_refused_us, "lb.hold_refused", 0, 24 * PARAM_DAY, CFG,
         "hold refused"),
     WRITTEN},
    {ROW(TIME, hold_timeout_us, "lb.hold_timeout", 0, 24 * PARAM_DAY, CFG,
         "hold timeout"),
     WRITTEN},
    {SYSTEM(DIST, dns.slice_lag, "dns.slice_lag", 0, 3600,
            "kubernetes endpointslice", "endpoint change to its slice")},
    {SYSTEM(TIME, dns.query_us, "dns.query", 0.001, PARAM_DAY,
            "haproxy resolvers.c",
            "pause between queries; lb.resolve if it is not set")},
    {SYSTEM(TIME, dns.cache_us, "dns.cache", 0, PARAM_DAY, "coredns cache",
            "time to live on the balancer's node")},
    {SYSTEM(TIME, dns.upstream_us, "dns.upstream", 0, PARAM_DAY,
            "coredns kubernetes", "time to live in CoreDNS")},
    {SYSTEM(DOUBLE, dns.stale_frac, "dns.stale_frac", 0, 1, "assumed",
            "share of answers that CoreDNS has cached")},
    {CLIENT(ENUM, tool, "client.tool", 0, 0, LOOP, "the program that builds"),
     .names = tool_names},
    {CLIENT(ENUM, retry, "client.retry", 0, 0, LOOP,
            "failures that are tried again"),
     .names = retry_names},
    {CLIENT(U32, attempts, "client.attempts", 1, 1000000, LOOP,
            "tries, the first one included")},
    {CLIENT(TIME, delay_us, "client.delay", 0, PARAM_DAY, LOOP,
            "sleep between tries")},
    {CLIENT(NEVER, job_timeout_us, "client.job_timeout", 1, PARAM_LONG,
            "timeout-minutes of the job", "limit of the job")},
    {CLIENT(TIME, setup_us, "client.setup", 0, PARAM_DAY, "steps of the job",
            "start of the job to its first dial")},
    {CLIENT(U32, reruns, "client.reruns", 0, 1000, "assumed",
            "times that a failed job is run again")},
    {CLIENT(DIST, rerun_delay, "client.rerun_delay", 0, PARAM_LONG, "assumed",
            "failure of a job to the start of the next")},
    {CLIENT(TIME, wait_budget_us, "client.wait_budget", 0, PARAM_DAY, BUILDX,
            "wait after a failed first dial")},
    {CLIENT(TIME, poll_us, "client.poll", 0.001, PARAM_DAY,
            "moby/buildkit client.go", "polls while it waits")},
    {CLIENT(TIME, first_gap_us, "client.first_gap", 0, PARAM_DAY,
            "gRPC backoff.go", "first loss to the second dial")},
    {CLIENT(DIST, redial_gap, "client.redial_gap", 0, PARAM_DAY,
            "measured with buildx", "a later loss to the next dial")},
    {CLIENT(TIME, connect_timeout_us, "client.connect_timeout", 0.001,
            PARAM_DAY, "gRPC clientconn.go", "silence that ends a dial")},
    {CLIENT(TIME, connect_ok_us, "client.connect_ok", 0, 3600,
            "measured with buildx", "served to connected")},
    {CLIENT(TIME, launch_us, "client.launch", 0, 3600, "measured with buildx",
            "start of a repeated try to its first dial")},
    {CLIENT(TIME, exit_us, "client.exit", 0, 3600, "measured with buildx",
            "failure of a try to its end")},
    {CLIENT(DOUBLE, error_retry_frac, "client.error_retry_frac", 0, 1,
            "assumed", "build errors whose text looks like a lost connection")},
    {CLIENT(BOOL, create_dials, "client.create_dials", 0, 1, BUILDX,
            "registering the builder dials, too")},
    {PARAM_ROW(CALLER, struct caller_params, NAME, dials, "client.backend", 0,
               0, "endpoint of the build job",
               "the balancer's backend that it dials; own: that of its pool")},
    {CLIENT(DOUBLE, silent_frac, "client.silent_frac", 0, 1, "assumed",
            "builds that send nothing for a while")},
    {CLIENT(DOUBLE, silence_frac, "client.silence_frac", 0, 1, "assumed",
            "and for how long, as a part of their work")},
};

struct param_part params_lb_rows(void)
{
    return (struct param_part){rows, sizeof rows / sizeof *rows};
}
