/* trace_commands.h - the subcommands of `drydock trace`; see commands.h. */
#ifndef SIM_APP_TRACE_COMMANDS_H
#define SIM_APP_TRACE_COMMANDS_H

int trace_cmd_import(int argc, char **argv);
int trace_cmd_stats(int argc, char **argv);
int trace_cmd_synth(int argc, char **argv);
int trace_cmd_cut(int argc, char **argv);

#endif
