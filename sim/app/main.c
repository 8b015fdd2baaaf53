/* main.c - drydock's command line. */
#include "sim/app/app.h"
#include "sim/app/bench.h"
#include "sim/app/commands.h"
#include "sim/app/decide.h"
#include "sim/app/explain.h"

#include <gsl/gsl_errno.h>
#include <signal.h>
#include <stdlib.h>

/* In the order in which somebody new would use them. */
static const struct command commands[] = {
    {"run", "replay a history: waits, peaks, cost, and the verdict", cmd_run},
    {"sweep", "a grid of settings in the same worlds, and its Pareto front",
     cmd_sweep},
    {"size", "minimum, maximum and scale-down settings, with their price",
     cmd_size},
    {"compare",
     "two configurations on the same history; verdict for a pull "
     "request",
     cmd_compare},
    {"explain", "the life of one build, pod or node, in words", cmd_explain},
    {"check", "effective parameters, and hazards in the manifests", cmd_check},
    {"drive", "the same with real controllers and a real balancer in the loop",
     cmd_drive},
    {"alerts", "when alert rules would have fired, and what they missed",
     cmd_alerts},
    {"trace", "import, describe, generate and cut histories", cmd_trace},
    {"hpa", "the HPA's decision, one JSON line each", cmd_hpa},
    {"keda", "KEDA's decision, one JSON line each", cmd_keda},
    {"bench", "how fast the program is on this machine", cmd_bench},
    {0},
};

static const char doc[] =
    "A dry run for docker-build autoscaling: replays the history of a build "
    "pool through clients, HAProxy, KEDA, the HPA, ReplicaSets, kubelet and "
    "Karpenter.\v";

int main(int argc, char **argv)
{
    static char name[] = "drydock";

    argp_program_version = "drydock " DRYDOCK_VERSION;
    argp_err_exit_status = EXIT_USAGE;
    gsl_set_error_handler_off();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may grow no further */
    atexit(app_close_stdout);
    if (argc > 0)
        argv[0] = name; /* messages do not depend on how it was called */
    return app_dispatch(commands, doc, argc, argv);
}
