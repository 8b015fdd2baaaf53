#include "sim/app/describe.h"

#include <string.h>

/* A field, n characters at most: what would end it is a space there. */
static void put_field(const char *text, size_t n, FILE *out)
{
    fputc('\t', out);
    for (size_t i = 0; i < n && text[i] != '\0'; i++)
        fputc((unsigned char)text[i] < ' ' ? ' ' : text[i], out);
}

static void put_record(const char *kind, const char *text, FILE *out)
{
    fputs(kind, out);
    put_field(text, strlen(text), out);
    fputc('\n', out);
}

/* The help has its text before the options and, behind a \v, after them. */
static void put_doc(const char *doc, FILE *out)
{
    const char *text = doc ? doc : "";
    size_t n = strcspn(text, "\v");

    fputs("doc", out);
    put_field(text, n, out);
    fputc('\n', out);
    if (text[n] != '\0' && text[n + 1] != '\0')
        put_record("end", text + n + 1, out);
}

static void put_args(const struct argp *argp, FILE *out)
{
    put_record("args", argp->args_doc ? argp->args_doc : "", out);
}

void describe_commands(const struct command commands[], const struct argp *argp,
                       FILE *out)
{
    put_doc(argp->doc, out);
    put_args(argp, out);
    for (; commands->name; commands++)
        fprintf(out, "command\t%s\t%s\n", commands->name, commands->summary);
}

static void put_option(const struct argp_option *o, FILE *out)
{
    char letter[2] = {'-', '\0'};
    const char *how = "none";

    if (o->key > ' ' && o->key < 127)
        letter[0] = (char)o->key;
    if (o->arg)
        how = o->flags & OPTION_ARG_OPTIONAL ? "optional" : "needed";
    const char *fields[] = {o->name ? o->name : "-", letter,
                            o->arg ? o->arg : "-", how, o->doc ? o->doc : ""};

    fputs("option", out);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put_field(fields[i], strlen(fields[i]), out);
    fputc('\n', out);
}

void describe_options(const struct argp *argp,
                      const struct argp_option *const options[], size_t n,
                      FILE *out)
{
    put_doc(argp->doc, out);
    put_args(argp, out);
    for (size_t i = 0; i < n; i++)
        if (!(options[i]->flags & OPTION_HIDDEN))
            put_option(options[i], out);
}
