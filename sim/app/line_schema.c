#include "sim/app/line_schema.h"

#include <assert.h>

/* As plots/scripts.c takes its files in. */
#define EMBED(name)                                                            \
    __asm__(".pushsection .rodata\n"                                           \
            "schema_" #name "_text:\n"                                         \
            ".incbin \"sim/app/" #name ".schema.json\"\n"                      \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char schema_##name##_text[];                                  \
    json_t *name##_line_schema(void)                                           \
    {                                                                          \
        json_t *schema = json_loads(schema_##name##_text, 0, NULL);            \
                                                                               \
        assert(schema);                                                        \
        return schema;                                                         \
    }

EMBED(hpa)
EMBED(keda)
