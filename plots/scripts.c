#include "plots/scripts.h"

/* The assembler takes the bytes of a file in, gcc's and clang's alike, looks
 * for it where the compiler looks for headers, and the end label gives its
 * length.
 */
#define EMBED(name)                                                            \
    __asm__(".pushsection .rodata\n"                                           \
            "gp_" #name "_begin:\n"                                            \
            ".incbin \"plots/" #name ".gp\"\n"                                 \
            "gp_" #name "_end:\n"                                              \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char gp_##name##_begin[], gp_##name##_end[];                  \
    void scripts_##name(FILE *out)                                             \
    {                                                                          \
        fwrite(gp_##name##_begin, 1,                                           \
               (size_t)(gp_##name##_end - gp_##name##_begin), out);            \
    }

EMBED(style)
EMBED(timeline)
EMBED(burst)
EMBED(waits)
EMBED(week)
