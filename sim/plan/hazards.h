/* hazards.h - what a configuration can do wrong, found without running it.
 *
 * Models    rules that follow from the models' own arithmetic: slots, DNS
 *           answers, node-pool limits, scaling bounds, fallback, grace,
 *           patience of clients, settings without effect.
 * Left out  whatever depends on the history, except its peak of demand and
 *           its longest build; hazards_try.h runs a part of it.
 */
#ifndef SIM_PLAN_HAZARDS_H
#define SIM_PLAN_HAZARDS_H

#include "scenarios/scenario.h"

enum hazard_level {
    HAZARD_NOTE,    /* no harm: a setting without effect, a fact to know */
    HAZARD_WARNING, /* harm under a condition that can come */
    HAZARD_ERROR    /* harm whenever the configuration is used to its bounds */
};

enum { HAZARD_TEXT = 320 };

struct hazard {
    enum hazard_level level;
    const char *code;         /* one word, stable */
    const char *source;       /* what to read about it, from hazard_kinds */
    bool simulated;           /* the evidence is from a short simulation */
    char where[HAZARD_TEXT];  /* path:line of the object; "" if not known */
    char what[HAZARD_TEXT];   /* the evidence, with its numbers */
    char advice[HAZARD_TEXT]; /* what to change */
};

/* Starts from {0}. */
struct hazards {
    struct hazard *at; /* owned; errors first, else in the order found */
    size_t n, cap;
    size_t n_level[HAZARD_ERROR + 1];
    char simulation[480]; /* what was run for them; "" if nothing */
};

/* Every hazard there is, in the order of its code. */
struct hazard_kind {
    const char *code;
    const char *level;  /* the levels it may have, in words */
    const char *when;   /* what makes it one */
    const char *source; /* the upstream text that says so */
};
extern const struct hazard_kind hazard_kinds[];
extern const size_t n_hazard_kinds;

/* All of them as a Markdown table, for scenarios/README.md. */
void hazard_kinds_print(FILE *out);

/* The one of a code, or NULL. */
const struct hazard_kind *hazard_kind(const char *code);

void hazards_find(struct hazards *h, const struct scenario *s);

void hazards_free(struct hazards *h);

/* "error", "warning", "note". */
const char *hazard_level_name(enum hazard_level level);

#endif
