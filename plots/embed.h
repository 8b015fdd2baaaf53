/* embed.h - files that are built into the program, so that an installed one
 * needs no data folder.
 */
#ifndef PLOTS_EMBED_H
#define PLOTS_EMBED_H

#include <stdio.h>

/* Defines function(), which writes the file at path. The assembler takes its
 * bytes in, gcc's and clang's alike, and looks for it where the compiler looks
 * for headers. A zero byte ends them.
 */
#define EMBED_FILE(function, path)                                             \
    __asm__(".pushsection .rodata\n" #function "_text:\n"                      \
            ".incbin \"" path "\"\n"                                           \
            ".byte 0\n"                                                        \
            ".popsection\n");                                                  \
    extern const char function##_text[];                                       \
    void function(FILE *out)                                                   \
    {                                                                          \
        fputs(function##_text, out);                                           \
    }

#endif
