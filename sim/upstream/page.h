/* page.h - the balancer's /metrics page, served on loopback.
 *
 * Models    the gauges of the simulated balancer as HAProxy's own exporter
 *           names them, in Prometheus text.
 * Source    HAProxy 3.1 addons/promex: metric names and labels; measured.
 * Left out  all other metrics.
 *
 * The server has no thread: a GET is answered inside page_serve, so that the
 * page shows the simulated instant at which the caller stands.
 */
#ifndef SIM_UPSTREAM_PAGE_H
#define SIM_UPSTREAM_PAGE_H

#include "models/system_link.h"
#include "sim/base/err.h"

#include <stdint.h>
#include <stdio.h>

/* The text, from views[n] of the backends of p. */
void page_print(const struct lb_params *p, const struct backend_view views[],
                FILE *out);

/* The selector of one backend's gauge, as a trigger writes it. Owned. */
char *page_location(const char *backend);

struct page; /* a server on one port */

enum { PAGE_LATER = 0 };

/* Writes the body of one GET, "/metrics?t=NUMBER", and returns its HTTP
 * status; number is 0 if there is none. PAGE_LATER: the GET waits, and is asked
 * about again in the next page_serve.
 */
typedef int page_body(void *context, size_t number, FILE *out);

/* Listens on a free port of 127.0.0.1.
 * Returns NULL and a message if that fails.
 */
struct page *page_open(page_body *body, void *context, struct err *e);
void page_close(struct page *p); /* takes NULL */

uint16_t page_port(const struct page *p);

/* Readable when there is something to serve. */
int page_fd(const struct page *p);

/* Milliseconds after which it is to be served anyhow; -1: never. */
int page_wait_ms(const struct page *p);

/* Does what can be done without waiting. */
void page_serve(struct page *p);

#endif
