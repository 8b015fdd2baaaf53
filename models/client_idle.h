/* client_idle.h - dials that fail at once, without executing each of them.
 *
 * Models    a client of client.h whose every dial is closed or refused in the
 *           instant in which it comes. No chance moves such dials, so that a
 *           chain of them is known from a few numbers.
 * Source    client.c; tests/test_client_idle.c compares.
 */
#ifndef MODELS_CLIENT_IDLE_H
#define MODELS_CLIENT_IDLE_H

#include "models/client.h"

/* Dials are numbered from 0, the first one that may be skipped. */
struct client_chain {
    sim_us dial_us;    /* of dial 0 */
    int64_t n_left;    /* dials left of the attempt; 0: dial 0 begins one */
    sim_us attempt_us; /* the next attempt begins */
    sim_us first_us;   /* within an attempt: to its second dial */
    sim_us step_us;    /* to each later one */
    sim_us period_us;  /* attempt to attempt */
    int64_t n_dials;   /* of an attempt */
    sim_us until_us;   /* a dial; those before it may be skipped */
};

/* Whether dials that fail at once come at instants that chance does not move,
 * one after the other.
 */
bool client_fails_evenly(const struct client_params *p);

/* The chain of a client that fails evenly. It ends before the last dial of the
 * last attempt, after which the client does not go on.
 *
 * c         in its gap: its newest dial has failed
 * dial_us   its next dial
 */
struct client_chain client_chain(const struct client *c, sim_us dial_us);

sim_us client_chain_dial_us(const struct client_chain *h, int64_t dial);

/* Dials before that instant. */
int64_t client_chain_before(const struct client_chain *h, sim_us us);

/* The first n dials have failed; the client is in the gap before dial n. Its
 * generation stays.
 */
void client_chain_skip(const struct client_chain *h, struct client *c,
                       int64_t n);

/* How many dials before its dial i the one chain had at the same instants as
 * the other one had before its dial k, if these two dials coincide; may be less
 * than the truth.
 */
int64_t client_chain_common(const struct client_chain *a, int64_t i,
                            const struct client_chain *b, int64_t k);

#endif
