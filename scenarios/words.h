/* words.h - the keys that a scenario file may have at its top, and those of a
 * fault: once, for the reader and for the JSON Schema.
 */
#ifndef SCENARIOS_WORDS_H
#define SCENARIOS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { FAULT_WORDS = 8 }; /* keys of one kind of fault, at most */

struct words {
    const char *const *at;
    size_t n;
};

struct words words_own(void);      /* keys with a form of their own */
struct words words_sections(void); /* maps of parameters with that head */
struct words words_singles(void);  /* parameters without a head */

/* One kind of fault. */
struct fault_words {
    const char *name;
    bool lasts;         /* needs `for` or `until`; else has neither */
    const char *needed; /* the key it cannot do without; NULL: none */
    const char *keys[FAULT_WORDS];
    size_t n;
};

/* Kind i; false beyond the last. */
bool words_fault(size_t i, struct fault_words *out);

#endif
