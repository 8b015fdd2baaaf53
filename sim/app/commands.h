/* commands.h - the subcommands of drydock.
 *
 * Each takes its own part of the command line, argv[0] being "drydock run" and
 * the like, and returns the exit status: 0 good; 1 bad input or a failed run;
 * 2 usage; 3 the verdict is "no".
 */
#ifndef SIM_APP_COMMANDS_H
#define SIM_APP_COMMANDS_H

int cmd_run(int argc, char **argv);
int cmd_sweep(int argc, char **argv);
int cmd_alerts(int argc, char **argv);
int cmd_size(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_drive(int argc, char **argv);
int cmd_trace(int argc, char **argv);

#endif
