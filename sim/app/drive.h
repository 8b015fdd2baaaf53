/* drive.h - `drydock drive`: real programs in the place of their models.
 *
 * A part (the controllers, the balancer, ...) puts something real into the
 * scenario, compares what it decides with what the model decides and leaves
 * one row a component in the one table that ends every drive.
 */
#ifndef SIM_APP_DRIVE_H
#define SIM_APP_DRIVE_H

#include "sim/app/options.h"
#include "sim/app/show.h"
#include "sim/base/file.h"
#include "sim/upstream/compared.h"

enum { DRIVE_TARGETS = 32 };

struct drive_options {
    struct options common;
    bool controllers, all;
    const char *upstream;               /* folder with the built controllers */
    uint32_t kubernetes_minor;          /* 0: nearest to the scenario's */
    bool lb;                            /* a real HAProxy */
    bool drain;                         /* the manifests' drain script */
    const char *targets[DRIVE_TARGETS]; /* [NAME=]HOST:PORT */
    size_t n_targets;
    double shrink;        /* durations are divided by it; 0: 1, with --all 20 */
    uint32_t max_clients; /* 0: not set */
    sim_us for_us;        /* real time; 0: not set */
};

enum { DRIVE_NOTE = 160 };

/* One component in the table. */
struct drive_row {
    char component[96], version[32];
    uint64_t compared, differences; /* decisions; differences unexplained */
    char note[DRIVE_NOTE];          /* "" or one short remark */
};

struct drive {
    const struct drive_options *options; /* borrowed */
    struct scenario scenario;
    struct drive_row *rows; /* owned */
    size_t n_rows, cap_rows;
};

/* A new row, empty but for its component, which is copied. Never NULL; there
 * until the next one is added.
 */
struct drive_row *drive_add_row(struct drive *d, const char *component);

/* The same for what was compared, with its counts and the first difference. */
struct drive_row *drive_add_compared(struct drive *d, const struct compared *x,
                                     const char *version);

/* A file in the folder of --output; without that option *s is {0}.
 * Errors    ERR_IO
 */
int drive_open(const struct drive *d, const char *name, struct sink *s,
               struct err *e);

/* Model and reality side by side: the line above them, with a remark or "",
 * and one figure of both.
 */
void drive_pair_head(FILE *out, const char *name, const char *model,
                     const char *remark);
void drive_pair(FILE *out, const char *label, enum show_form form, double model,
                double real);

/* The factor of real time. */
double drive_shrink(const struct drive_options *o);

/* Whether any row has compared anything. */
bool drive_compared(const struct drive *d);

/* Writes the table, or with --json an array, to out. */
void drive_print(const struct drive *d, FILE *out);

/* The parts. Each plays the scenario that is loaded, prints what it has to
 * tell beside the table to standard output and adds its rows.
 *
 * Errors    ERR_IO if a real program is missing or dies: the message says how
 *           to get it. Nothing that was started is left behind.
 */
int drive_upstream(struct drive *d, struct err *e);
int drive_karpenter(struct drive *d, struct err *e);
int drive_lb(struct drive *d, struct err *e);
int drive_drain(struct drive *d, struct err *e);
int drive_target(struct drive *d, struct err *e);

#endif
