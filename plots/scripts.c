#include "plots/scripts.h"

/* The assembler takes the bytes of a file in, gcc's and clang's alike, and
 * looks for it where the compiler looks for headers. A zero byte ends them.
 */
#define EMBED(name)                                                            \
    __asm__(".pushsection .rodata\n"                                           \
            "gp_" #name "_text:\n"                                             \
            ".incbin \"plots/" #name ".gp\"\n"                                 \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char gp_##name##_text[];                                      \
    void scripts_##name(FILE *out)                                             \
    {                                                                          \
        fputs(gp_##name##_text, out);                                          \
    }

EMBED(style)
EMBED(timeline)
EMBED(burst)
EMBED(waits)
EMBED(week)
EMBED(pareto)
EMBED(curve)
EMBED(bars)
EMBED(pair_burst)
