/* cmd_check.c - `drydock check`: what is in force, and what can go wrong. */
#include "scenarios/params.h"
#include "scenarios/schema.h"
#include "sim/app/colour.h"
#include "sim/app/commands.h"
#include "sim/app/json_put.h"
#include "sim/app/line_schema.h"
#include "sim/app/options.h"
#include "sim/app/summary_schema.h"
#include "sim/app/wrap.h"
#include "sim/base/text.h"
#include "sim/plan/hazards_try.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_EXPLAIN = 512, KEY_SCHEMA };

struct check {
    struct options options;
    struct scenario scenario;
    struct hazards hazards;
};

static const struct argp_option rows[] = {
    {.name = "explain",
     .key = KEY_EXPLAIN,
     .arg = "KEY",
     .flags = OPTION_ARG_OPTIONAL,
     .doc = "describe a parameter, a hazard or a field of a manifest; "
            "'hazards': all of these as Markdown; without KEY all parameters; "
            "needs no SCENARIO"},
    {.name = "schema",
     .key = KEY_SCHEMA,
     .arg = "summary|hpa|keda",
     .flags = OPTION_ARG_OPTIONAL,
     .doc = "print the JSON Schema of scenario files, for editors (as "
            "scenario or absent), of summary.json (summary), or of a line of "
            "'drydock hpa' or 'drydock keda' (hpa, keda); needs no SCENARIO"},
    {0},
};

/* The word behind an option, with or without the equals sign. */
static const char *word_behind(const char *arg, const struct argp_state *state)
{
    if (arg)
        return arg;
    if (state->next < state->argc && state->argv[state->next][0] != '-')
        return state->argv[state->next];
    return NULL;
}

static int explain(const char *word)
{
    const struct hazard_kind *hazard = word ? hazard_kind(word) : NULL;
    struct err e;

    if (word && strcmp(word, "hazards") != 0)
        wrap_stdout();
    if (!word)
        params_explain(stdout);
    else if (strcmp(word, "hazards") == 0)
        hazard_kinds_print(stdout);
    else if (hazard)
        printf("%s: %s\n  level    %s\n  source   %s\n", hazard->code,
               hazard->when, hazard->level, hazard->source);
    else if (params_explain_key(word, stdout, &e) != ERR_OK)
        return app_fail(&e, ERR_INPUT);
    return EXIT_GOOD;
}

static int print_schema(const char *word, const struct argp_state *state)
{
    static const struct {
        const char *name;
        json_t *(*make)(void);
    } kinds[] = {{"scenario", schema_scenario},
                 {"summary", summary_schema},
                 {"hpa", hpa_line_schema},
                 {"keda", keda_line_schema}};
    size_t i = 0;

    while (word && i < 4 && strcmp(word, kinds[i].name) != 0)
        i++;
    if (i == 4)
        argp_error(state,
                   "a schema is of 'scenario', 'summary', 'hpa' or 'keda', "
                   "not '%.40s'",
                   word);
    json_t *o = kinds[i % 4].make();
    if (json_dumpf(o, stdout, JSON_INDENT(1)) == 0)
        fputc('\n', stdout);
    json_decref(o);
    return EXIT_GOOD;
}

static error_t read_option(int key, char *arg, struct argp_state *state)
{
    struct check *c = state->input;

    if (key == ARGP_KEY_INIT) {
        state->child_inputs[0] = &c->options;
        return 0;
    }
    if (key == KEY_SCHEMA)
        exit(print_schema(word_behind(arg, state), state));
    if (key != KEY_EXPLAIN)
        return ARGP_ERR_UNKNOWN;
    exit(explain(word_behind(arg, state)));
}

static const struct argp_child children[] = {{.argp = &options_json_argp}, {0}};

static const struct argp argp = {
    .options = rows,
    .parser = read_option,
    .args_doc = "SCENARIO",
    .doc = "Shows every parameter of SCENARIO in force, with unit and origin, "
           "what was read and is not modelled, and hazards. With --quiet only "
           "hazards and what is not modelled.\v"
           "Examples:\n"
           "  drydock check scenarios/prod.yaml --quiet\n"
           "  drydock check --explain amd64.max_replicas\n\n"
           "Exit status: 0 no hazard is an error; 1 bad input; 2 usage; 3 some "
           "hazard is an error.",
    .children = children};

/* ------------------------------------------------------------ text */

static void put_plain(const char *text)
{
    char plain[2 * HAZARD_TEXT];

    text_plain(text, plain, sizeof plain);
    fputs(plain, stdout);
}

static void print_hazard(const struct hazard *h)
{
    colour_level(stdout, h->level);
    fputs(": ", stdout);
    put_plain(h->what);
    printf(" [%s]%s\n", h->code, h->simulated ? " (simulated)" : "");
    if (h->where[0] != '\0') {
        fputs("    at ", stdout);
        put_plain(h->where);
        fputc('\n', stdout);
    }
    fputs("    ", stdout);
    put_plain(h->advice);
    printf("\n    see %s\n", h->source);
}

/* Objects and lines that are not modelled. */
static void print_notes(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_notes; i++) {
        if (i == 0)
            puts("\nRead and not modelled:");
        fputs("  ", stdout);
        put_plain(s->notes[i]);
        fputc('\n', stdout);
    }
}

static void print_check(const struct check *c)
{
    const struct hazards *h = &c->hazards;

    for (int level = HAZARD_ERROR; level >= HAZARD_NOTE; level--)
        printf("%zu %s%s%s", h->n_level[level],
               hazard_level_name((enum hazard_level)level),
               h->n_level[level] == 1 ? "" : "s",
               level == HAZARD_NOTE ? "\n\n" : ", ");
    for (size_t i = 0; i < h->n; i++)
        print_hazard(&h->at[i]);
    if (h->simulation[0] != '\0') {
        fputs("\nSimulated: ", stdout);
        put_plain(h->simulation);
        puts(".");
    }
    print_notes(&c->scenario);
    if (c->options.quiet)
        return;
    puts("\nParameters in force:");
    params_print(&c->scenario, stdout);
}

/* ------------------------------------------------------------ JSON */

static json_t *hazard_json(const struct hazard *h)
{
    json_t *o = json_object();

    json_put_text(o, "level", hazard_level_name(h->level));
    json_put_text(o, "code", h->code);
    json_put_text(o, "where", h->where);
    json_put_text(o, "evidence", h->what);
    json_put_text(o, "advice", h->advice);
    json_put_text(o, "source", h->source);
    json_object_set_new(o, "simulated", json_boolean(h->simulated));
    return o;
}

static void print_json(const struct check *c)
{
    json_t *o = json_object(), *hazards = json_array(), *notes = json_array();

    for (size_t i = 0; i < c->scenario.n_notes; i++)
        json_array_append_new(notes, json_put_string(c->scenario.notes[i]));
    for (size_t i = 0; i < c->hazards.n; i++)
        json_array_append_new(hazards, hazard_json(&c->hazards.at[i]));
    json_put_count(o, "schema", 1);
    json_put_text(o, "scenario", c->scenario.name);
    json_object_set_new(o, "hazards", hazards);
    json_put_text(o, "simulation", c->hazards.simulation);
    json_object_set_new(o, "not_modelled", notes);
    json_put_file(o, stdout);
}

int cmd_check(int argc, char **argv)
{
    struct check c = {.hazards = {0}};
    struct err e;

    options_defaults(&c.options);
    app_parse(&argp, argc, argv, &c);
    int rc = options_load(&c.options, &c.scenario, &e);

    if (rc != ERR_OK)
        return app_fail(&e, rc);
    hazards_find(&c.hazards, &c.scenario);
    hazards_try(&c.hazards, &c.scenario, c.options.seed);
    if (c.options.json) {
        print_json(&c);
    } else {
        wrap_stdout();
        print_check(&c);
    }
    bool bad = c.hazards.n_level[HAZARD_ERROR] > 0;
    hazards_free(&c.hazards);
    scenario_free(&c.scenario);
    return bad ? EXIT_VERDICT : EXIT_GOOD;
}
