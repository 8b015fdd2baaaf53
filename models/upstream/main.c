/* The real HPA controller beside the model: recordings, and random scenarios.
 *
 *   upstream record DRIVER MINOR SCENARIOS FOLDER
 *   upstream fuzz   DRIVER MINOR N SEED [SYNCS]
 *   upstream play   DRIVER MINOR SCENARIOS      trace and verdict of each
 */
#include "models/upstream/child.h"
#include "models/upstream/dice.h"
#include "models/upstream/world.h"
#include "sim/base/file.h"
#include "tests/hpa_replay.h"

#include <stdlib.h>

struct session {
    struct child child;
    int minor;
    char why[600]; /* of the last scenario */
    unsigned long n_steps;
};

/* Plays a scenario. Returns the recording, owned; NULL if the driver died. */
static json_t *play(struct session *s, const json_t *scenario)
{
    struct world w;
    bool over = false, alive;

    world_init(&w, scenario, s->minor);
    json_t *start = world_start(&w);
    alive = child_send(&s->child, start);
    json_decref(start);
    while (alive && !over) {
        json_t *q = child_receive(&s->child);
        if (!(alive = q != NULL))
            break;
        json_t *a = world_answer(&w, q, &over);
        if (a)
            alive = child_send(&s->child, a);
        json_decref(a);
        json_decref(q);
    }
    json_t *lines = alive ? json_incref(w.lines) : NULL;
    world_free(&w);
    return lines;
}

/* Whether model and recording agree; if not, s->why tells. */
static bool agrees(struct session *s, const json_t *lines)
{
    struct hpa_replay r = {0};
    const json_t *line;
    bool same = true;
    size_t i;

    json_array_foreach(lines, i, line)
    {
        same = replay_line(&r, line);
        if (!same)
            break;
    }
    s->n_steps += r.n_steps;
    snprintf(s->why, sizeof s->why, "step %u, line %zu: %s", r.n_steps, i + 1,
             r.why);
    hpa_free(&r.h);
    return same;
}

static bool differs(void *self, const json_t *scenario)
{
    struct session *s = self;
    json_t *lines = play(s, scenario);
    bool same = lines && agrees(s, lines);

    if (!lines)
        snprintf(s->why, sizeof s->why, "the driver died");
    json_decref(lines);
    /* A part left out can make what no API server accepts. */
    return lines && !same && !strstr(s->why, "the model refuses");
}

static void show(FILE *out, const json_t *lines)
{
    const json_t *line;
    size_t i;

    json_array_foreach(lines, i, line)
    {
        json_dumpf(line, out, JSON_COMPACT | JSON_REAL_PRECISION(15));
        fputc('\n', out);
    }
}

static int fuzz(struct session *s, long n, long seed, int syncs)
{
    long n_bad = 0;

    for (long i = 0; i < n && n_bad < 5; i++) {
        json_t *o = dice_scenario((uint64_t)(seed + i), s->minor, syncs);
        if (differs(s, o)) {
            n_bad++;
            printf("seed %ld: %s\n", seed + i, s->why);
            o = dice_shrink(o, differs, s);
            differs(s, o);
            printf("smallest: %s\n", s->why);
            json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
            printf("\n");
            fflush(stdout);
        }
        json_decref(o);
    }
    printf("1.%d: %ld scenarios, %lu reconciles, %ld differences\n", s->minor,
           n, s->n_steps, n_bad);
    return n_bad > 0;
}

/* One scenario of a file: recorded into a folder, or shown. */
static int one(struct session *s, const json_t *scenario, const char *folder)
{
    const char *name = json_string_value(json_object_get(scenario, "name"));
    json_t *lines = play(s, scenario);
    struct sink out;
    struct err e;
    char path[512];

    if (!lines || !name)
        return fprintf(stderr, "%s: the driver died\n", name ? name : "?");
    bool same = agrees(s, lines);
    if (!same)
        fprintf(stderr, "%s: %s\n", name, s->why);
    if (!folder) {
        show(stdout, lines);
    } else {
        snprintf(path, sizeof path, "%s/%s.jsonl", folder, name);
        if (sink_open(&out, path, &e) != ERR_OK)
            return fprintf(stderr, "%s\n", e.msg);
        show(out.out, lines);
        if (sink_close(&out, &e) != ERR_OK)
            return fprintf(stderr, "%s\n", e.msg);
    }
    json_decref(lines);
    return !same;
}

static int each(struct session *s, const char *path, const char *folder)
{
    char *line = NULL;
    size_t size = 0;
    int bad = 0;
    FILE *in = fopen(path, "r");

    if (!in) {
        perror(path);
        return 1;
    }
    while (getline(&line, &size, in) > 0) {
        json_error_t error;
        json_t *o = json_loads(line, 0, &error);
        int64_t needed = replay_int(o, "from_minor", 0);
        if (!o)
            bad |= fprintf(stderr, "%s: %s: %s", path, error.text, line);
        else if (needed <= s->minor)
            bad |= one(s, o, folder);
        json_decref(o);
    }
    free(line);
    fclose(in);
    return bad != 0;
}

static int run(struct session *s, int argc, char **argv)
{
    if (strcmp(argv[1], "fuzz") == 0 && argc >= 6)
        return fuzz(s, atol(argv[4]), atol(argv[5]),
                    argc > 6 ? atoi(argv[6]) : 200);
    if (strcmp(argv[1], "record") == 0 && argc == 6)
        return each(s, argv[4], argv[5]);
    if (strcmp(argv[1], "play") == 0 && argc == 5)
        return each(s, argv[4], NULL);
    fprintf(stderr, "upstream: the words are in models/upstream/README.md\n");
    return 2;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: upstream record|fuzz|play DRIVER MINOR ...\n");
        return 2;
    }
    struct session s = {.minor = atoi(argv[3])};
    char *drive[] = {argv[2], "-test.run=TestDrive", "-test.timeout=0", NULL};

    if (!child_start(&s.child, drive))
        return 1;
    int rc = run(&s, argc, argv);
    if (!child_end(&s.child))
        rc = 1;
    return rc;
}
