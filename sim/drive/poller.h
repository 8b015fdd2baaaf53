/* poller.h - one loop over sockets and simulated instants.
 *
 * Instants are those of a struct pace; planned events of one instant come in
 * the order of their kinds (models/system_event.h), as they do in a simulated
 * system. SIGINT and SIGTERM end the loop, so that whoever started something
 * stops it on the way out.
 */
#ifndef SIM_DRIVE_POLLER_H
#define SIM_DRIVE_POLLER_H

#include "sim/drive/pace.h"

#include <stdbool.h>
#include <stddef.h>

typedef void poller_ready(void *context, uint32_t item, uint32_t events);
typedef void poller_due(void *context, uint32_t entity, uint32_t generation);

struct poller;

/* SIGINT and SIGTERM are held back from here to poller_free.
 *
 * from_us   the present instant
 */
struct poller *poller_new(double shrink, sim_us from_us);
void poller_free(struct poller *p); /* takes NULL */

sim_us poller_now_us(const struct poller *p);

/* It is at_us now; no planned event may lie before. */
void poller_jump(struct poller *p, sim_us at_us);

/* Calls on with item and the events of a descriptor: EPOLLIN, EPOLLOUT. */
void poller_watch(struct poller *p, int fd, uint32_t events, poller_ready *on,
                  void *context, uint32_t item);
void poller_change(struct poller *p, int fd, uint32_t events);

/* Before the descriptor is closed. */
void poller_forget(struct poller *p, int fd);

/* Who is called for planned events of a kind. */
void poller_handle(struct poller *p, uint16_t kind, poller_due *on,
                   void *context);

/* Plans an event; one in the past is due at once. SIM_NEVER plans nothing. */
void poller_plan(struct poller *p, sim_us at_us, uint16_t kind, uint32_t entity,
                 uint32_t generation);

/* Runs until poller_stop.
 *
 * Errors    ERR_IO: interrupted; or what poller_fail was told.
 */
int poller_run(struct poller *p, struct err *e);
void poller_stop(struct poller *p);

/* Real microseconds by which an event was late, at most, since the last
 * poller_jump.
 */
sim_us poller_late_us(const struct poller *p);

/* Whether the system lets it go before other programs; so too the programs
 * that are started in its life.
 */
bool poller_is_timely(const struct poller *p);

/* Ends the loop, or the next one, with an error; the first one counts. */
void poller_fail(struct poller *p, const struct err *e);

#endif
