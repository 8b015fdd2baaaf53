/* app.c - the command line, on top of argp. */
#include "sim/app/app.h"

#include "plots/figure.h"
#include "sim/app/describe.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 128 }; /* options or commands that are candidates at most */

/* ------------------------------------------------------------ failures */

void app_remark(const char *text)
{
    char plain[2048];

    text_plain(text, plain, sizeof plain);
    fprintf(stderr, "drydock: %s\n", plain);
}

int app_fail(const struct err *e, int code)
{
    app_remark(e->msg);
    if (code == ERR_USAGE)
        return EXIT_USAGE;
    return code == ERR_VERDICT ? EXIT_VERDICT : EXIT_BAD;
}

void app_close_stdout(void)
{
    char message[256];

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout) && fclose(stdout) == 0)
        return;
    snprintf(message, sizeof message, "standard output: %s",
             errno != 0 ? strerror(errno) : "the write failed");
    app_remark(message);
    _exit(EXIT_BAD);
}

bool app_pictures(bool quiet)
{
    bool drawn = figure_have_gnuplot();

    if (!drawn && !quiet)
        app_remark("plots not drawn: gnuplot is not installed "
                   "(package gnuplot-nox)");
    return drawn;
}

bool app_is_watched(bool quiet)
{
    return !quiet && isatty(STDERR_FILENO);
}

/* ------------------------------------------------------------ options */

/* The options of a parser and of its children, as one list. */
struct known {
    const struct argp_option *at[WORDS];
    size_t n;
};

static void collect(struct known *k, const struct argp *argp)
{
    const struct argp_option *o = argp->options;
    const struct argp_child *child = argp->children;

    for (; o && (o->name || o->key || o->doc); o++)
        if ((o->name || o->key > ' ') && k->n < WORDS)
            k->at[k->n++] = o;
    for (; child && child->argp; child++)
        collect(k, child->argp);
}

/* Options that argp itself adds. */
static const struct argp_option own[] = {
    {.name = "help"}, {.name = "usage"}, {.name = "version"}};

static void collect_all(struct known *k, const struct argp *argp)
{
    k->n = 0;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        k->at[k->n++] = &own[i];
    collect(k, argp);
}

/* The option that word[n] stands for, abbreviated or not; NULL if none. */
static const struct argp_option *find_long(const struct known *k,
                                           const char *word, size_t n)
{
    for (size_t i = 0; i < k->n; i++) {
        const char *name = k->at[i]->name;
        if (name && n > 0 && strncmp(name, word, n) == 0)
            return k->at[i];
    }
    return NULL;
}

/* Whether the next word is the value of the short options in word. */
static bool short_takes_next(const struct known *k, const char *word)
{
    for (const char *c = word; *c; c++)
        for (size_t i = 0; i < k->n; i++)
            if (k->at[i]->key == *c && k->at[i]->arg)
                return c[1] == '\0';
    return false;
}

_Noreturn static void refuse_option(const struct known *k, const char *command,
                                    const char *word, size_t n)
{
    const char *names[WORDS];
    char wrong[64], message[256];
    size_t n_names = 0;

    for (size_t i = 0; i < k->n; i++)
        if (k->at[i]->name)
            names[n_names++] = k->at[i]->name;
    snprintf(wrong, sizeof wrong, "%.*s", n < 60 ? (int)n : 60, word);
    const char *near = text_nearest(wrong, names, n_names);
    snprintf(message, sizeof message, "unknown option '--%s'%s%s%s", wrong,
             near ? "; did you mean '--" : "", near ? near : "",
             near ? "'?" : "");
    app_remark(message);
    fprintf(stderr, "Try '%s --help'.\n", command);
    exit(EXIT_USAGE);
}

/* argp would only say that the option is unknown. */
static void check_options(const struct argp *argp, int argc, char **argv)
{
    struct known k;

    collect_all(&k, argp);
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (strcmp(word, "--") == 0)
            return;
        if (word[0] != '-' || word[1] == '\0')
            continue;
        if (word[1] != '-') {
            i += short_takes_next(&k, word + 1);
            continue;
        }
        size_t n = strcspn(word + 2, "=");
        const struct argp_option *o = find_long(&k, word + 2, n);
        if (!o)
            refuse_option(&k, argv[0], word + 2, n);
        i += o->arg && word[2 + n] == '\0';
    }
}

void app_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    if (argc == 2 && strcmp(argv[1], APP_DESCRIBE) == 0) {
        struct known k = {.n = 0};

        collect(&k, argp);
        describe_options(argp, k.at, k.n, stdout);
        exit(EXIT_GOOD);
    }
    check_options(argp, argc, argv);
    error_t bad = argp_parse(argp, argc, argv, 0, NULL, input);

    if (bad != 0) {
        app_remark(strerror(bad));
        exit(EXIT_USAGE);
    }
}

uint64_t app_number(const struct argp_state *state, const char *option,
                    const char *text, uint64_t min, uint64_t max)
{
    char *end;

    errno = 0;
    uint64_t x = strtoull(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
        x < min || x > max)
        argp_error(state,
                   "%s must be a whole number from %" PRIu64 " to %" PRIu64
                   ", not '%.40s'",
                   option, min, max, text);
    return x;
}

double app_real(const struct argp_state *state, const char *option,
                const char *text, double min, double max)
{
    char *end;
    double x = strtod(text, &end);

    if (end == text || *end != '\0' || !(x >= min && x <= max))
        argp_error(state, "%s must be a number from %g to %g, not '%.60s'",
                   option, min, max, text);
    return x;
}

sim_us app_duration(const struct argp_state *state, const char *option,
                    const char *text)
{
    struct err e;
    sim_us us = 0;

    if (duration_parse(text, &us, &e) != ERR_OK)
        argp_error(state, "%s: %s", option, e.msg);
    return us;
}

const char *app_path(const struct argp_state *state, const char *what,
                     const char *text)
{
    if (text[0] == '\0')
        argp_error(state, "%s must not be empty", what);
    return text;
}

/* ------------------------------------------------------------ commands */

struct choice {
    const struct command *commands;
    int at; /* index of the command in argv; 0: none yet */
};

static error_t choose(int key, char *arg, struct argp_state *state)
{
    struct choice *c = state->input;

    (void)arg;
    if (key == ARGP_KEY_ARG) {
        c->at = state->next - 1;
        state->next = state->argc; /* the rest is the command's own */
        return 0;
    }
    return ARGP_ERR_UNKNOWN;
}

/* The table of commands, at the end of the help. */
static char *list_commands(int key, const char *text, void *input)
{
    const struct choice *c = input;
    size_t size = 4096, n;
    char *list;

    if (key != ARGP_KEY_HELP_POST_DOC || !c)
        return (char *)text;
    list = mem_array(size, 1);
    n = (size_t)snprintf(list, size, "Commands:\n");
    for (size_t i = 0; c->commands[i].name && n < size; i++)
        n += (size_t)snprintf(list + n, size - n, "  %-9s%s\n",
                              c->commands[i].name, c->commands[i].summary);
    if (n < size)
        snprintf(list + n, size - n, "\nEach has a --help of its own.\n");
    return list; /* argp frees it */
}

static const struct command *find_command(const struct command commands[],
                                          const char *name)
{
    for (; commands->name; commands++)
        if (strcmp(commands->name, name) == 0)
            return commands;
    return NULL;
}

static int refuse_command(const struct command commands[], const char *program,
                          const char *name)
{
    const char *names[WORDS];
    char message[256];
    size_t n = 0;

    for (; n < WORDS && commands[n].name; n++)
        names[n] = commands[n].name;
    const char *near = text_nearest(name, names, n);
    snprintf(message, sizeof message, "there is no command '%.60s'%s%s%s", name,
             near ? "; did you mean '" : "", near ? near : "",
             near ? "'?" : "");
    app_remark(message);
    fprintf(stderr, "Try '%s --help'.\n", program);
    return EXIT_USAGE;
}

static int run_command(const struct command *command, const char *program,
                       int argc, char **argv)
{
    char name[64];

    snprintf(name, sizeof name, "%s %s", program, command->name);
    argv[0] = name;
    return command->run(argc, argv);
}

int app_dispatch(const struct command commands[], const char *doc, int argc,
                 char **argv)
{
    struct choice c = {.commands = commands};
    const struct argp argp = {.parser = choose,
                              .args_doc = "COMMAND [OPTION...]",
                              .doc = doc,
                              .help_filter = list_commands};
    struct known k;

    if (argc == 2 && strcmp(argv[1], APP_DESCRIBE) == 0) {
        describe_commands(commands, &argp, stdout);
        return EXIT_GOOD;
    }
    /* Only the words before the command are ours to judge. */
    collect_all(&k, &argp);
    if (argc > 1 && strncmp(argv[1], "--", 2) == 0 && argv[1][2] != '\0' &&
        !find_long(&k, argv[1] + 2, strcspn(argv[1] + 2, "=")))
        refuse_option(&k, argv[0], argv[1] + 2, strcspn(argv[1] + 2, "="));
    if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &c) != 0)
        return EXIT_USAGE;
    if (c.at == 0) {
        app_remark("which command?");
        fprintf(stderr, "Try '%s --help'.\n", argv[0]);
        return EXIT_USAGE;
    }
    const struct command *command = find_command(commands, argv[c.at]);
    if (!command)
        return refuse_command(commands, argv[0], argv[c.at]);
    return run_command(command, argv[0], argc - c.at, argv + c.at);
}
