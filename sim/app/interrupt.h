/* interrupt.h - Ctrl-C and SIGTERM (a scheduler's, a container's) while threads
 * work.
 */
#ifndef SIM_APP_INTERRUPT_H
#define SIM_APP_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* While the work goes on the signals are held back and only looked for, so that
 * no handler has to be shared between threads.
 */
void interrupt_hold(sigset_t *before);

/* Whether one has come; for should_stop, which takes a context. */
bool interrupt_came(void *context);

/* Takes what has come, and tells so. */
bool interrupt_release(const sigset_t *before);

#endif
