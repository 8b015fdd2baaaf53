/* dialer_rules.h - what models/system_client.c decides around a client, for a
 * client with real sockets: the same draws.
 */
#ifndef SIM_DRIVE_DIALER_RULES_H
#define SIM_DRIVE_DIALER_RULES_H

#include "scenarios/scenario.h"

/* The draws that replication 0 of this seed makes: for the next gap of a
 * client, and for the end of a build.
 */
double dialer_gap_u(uint64_t seed, uint32_t build, const struct client *c);
double dialer_end_u(uint64_t seed, uint32_t build);

/* The backend that the rules of its caller name; else that of its pool. */
uint32_t dialer_backend(const struct scenario *s, uint32_t build);

/* How often builds must say something so that no balancer of the scenario
 * takes them for dead: four times in its shortest limit.
 */
sim_us dialer_chatter_us(const struct system_params *p);

/* The scenario forbids the client to try again, now that its attempt failed. */
bool dialer_gives_up(const struct system_params *p, uint32_t pool,
                     const struct client *c, sim_us now_us);

#endif
