/* cmd_trace.c - `drydock trace`: what can be done with histories alone. */
#include "sim/app/app.h"
#include "sim/app/commands.h"
#include "sim/app/trace_commands.h"

static const struct command commands[] = {
    {"import", "read any job history, write a trace", trace_cmd_import},
    {"stats", "describe a history", trace_cmd_stats},
    {"synth", "generate a calibrated history", trace_cmd_synth},
    {"cut", "keep a span of a history", trace_cmd_cut},
    {0},
};

int cmd_trace(int argc, char **argv)
{
    return app_dispatch(commands, "Histories of build pools.\v", argc, argv);
}
