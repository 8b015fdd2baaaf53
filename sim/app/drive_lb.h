/* drive_lb.h - what a drive with a real balancer has to tell. */
#ifndef SIM_APP_DRIVE_LB_H
#define SIM_APP_DRIVE_LB_H

#include "sim/app/drive.h"
#include "sim/drive/compare.h"
#include "sim/drive/stage.h"

/* Prints model and reality side by side, adds the row of the table. */
void drive_lb_tell(struct drive *d, const struct stage *s);

/* gauges.csv, builds.csv, haproxy.cfg and haproxy.log in the folder of
 * --output.
 */
int drive_lb_write(const struct drive *d, const struct stage *s, struct err *e);

#endif
