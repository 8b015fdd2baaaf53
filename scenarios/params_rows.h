/* params_rows.h - the parts of the table, and how a row is written. */
#ifndef SCENARIOS_PARAMS_ROWS_H
#define SCENARIOS_PARAMS_ROWS_H

#include "scenarios/params.h"

#include <stddef.h>

/* A row of struct S: type, field, key, least, greatest, source, help. */
#define PARAM_ROW(SCOPE, S, TYPE, FIELD, KEY, MIN, MAX, SOURCE, HELP)          \
    .key = KEY, .scope = PARAM_##SCOPE, .type = PARAM_##TYPE,                  \
    .offset = offsetof(S, FIELD), .size = sizeof(((S *)0)->FIELD), .min = MIN, \
    .max = MAX, .source = SOURCE, .help = HELP

/* Setting it also makes this bool of the struct true. */
#define PARAM_FLAG(S, FIELD) .flag = offsetof(S, FIELD), .has_flag = true

#define PARAM_DAY 86400.0
#define PARAM_LONG (365 * PARAM_DAY)

struct param_part {
    const struct param *rows;
    size_t n;
};

struct param_part params_pool_rows(void);   /* scaling */
struct param_part params_pod_rows(void);    /* pods of a pool */
struct param_part params_lb_rows(void);     /* backends, DNS, clients */
struct param_part params_system_rows(void); /* scheduler, nodes, money */

/* Whether it is one of params_pool_rows. */
bool param_is_of_scaler(const struct param *row);

/* Text to field and back; the field of one instance at p. */
int param_parse(const struct param *row, const char *text, void *p,
                struct err *e);
void param_format(const struct param *row, const void *p, char out[PARAM_TEXT]);

/* Number of instances, the struct and the name of one ("" if once). */
size_t param_instances(const struct scenario *s, enum param_scope scope);
void *param_instance(struct scenario *s, enum param_scope scope, size_t i);
const char *param_instance_name(const struct scenario *s,
                                enum param_scope scope, size_t i);

/* False for what exists once. */
bool param_repeats(const struct param *row);

/* "amd64.max_replicas", "lb.bk_amd64.slots" */
void param_full_key(const struct scenario *s, const struct param *row, size_t i,
                    char out[PARAM_TEXT]);

enum scenario_origin param_origin(const struct scenario *s, uint32_t row,
                                  uint32_t instance);

#endif
