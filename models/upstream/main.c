/* The real controllers beside their models: recordings, and random scenarios.
 *
 *   upstream record DRIVER VERSION SCENARIOS FOLDER
 *   upstream fuzz   DRIVER VERSION N SEED [STEPS]
 *   upstream play   DRIVER VERSION SCENARIOS     trace and verdict of each
 *
 * VERSION is one of Kubernetes, 1.35, or of KEDA, 2.16.1.
 */
#include "models/upstream/dice.h"
#include "models/upstream/side.h"
#include "sim/base/file.h"
#include "sim/upstream/driver.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct session {
    struct driver driver;
    const struct side *side;
    const char *self, *path, *version; /* of this program and the driver */
    char why[600];                     /* of the last scenario */
    unsigned long n_steps;
    bool died; /* the driver */
};

/* The next line, owned; NULL if the driver died. */
static json_t *receive(struct driver *d)
{
    struct err e;
    json_t *line;

    while (!(line = driver_take(d)))
        if (driver_fill(d, &e) != ERR_OK)
            return NULL;
    return line;
}

static bool send_line(struct session *s, const json_t *o)
{
    struct err e;

    return driver_send(&s->driver, o, &e) == ERR_OK;
}

/* Plays a scenario. Returns the recording, owned; NULL if the driver died. */
static json_t *play(struct session *s, const json_t *scenario)
{
    void *w = s->side->begin(scenario, s->version);
    json_t *start = s->side->start(w);
    bool over = false;
    bool alive = send_line(s, start);

    json_decref(start);
    while (alive && !over) {
        json_t *q = receive(&s->driver);
        if (!q) {
            alive = false;
            break;
        }
        json_t *a = s->side->answer(w, q, &over);
        if (a)
            alive = send_line(s, a);
        json_decref(a);
        json_decref(q);
    }
    json_t *lines = s->side->end(w);
    if (alive)
        return lines;
    json_decref(lines);
    return NULL;
}

static bool differs(void *self, const json_t *scenario)
{
    struct session *s = self;
    json_t *lines = play(s, scenario);

    s->died = s->died || !lines;
    if (s->died)
        return false;
    bool same = s->side->agrees(lines, s->why, sizeof s->why, &s->n_steps);
    json_decref(lines);
    /* A part left out can make what no API server accepts. */
    return !same && !strstr(s->why, "the model refuses");
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

static void print_repeat(const struct session *s, long seed, int steps)
{
    printf("repeat: %s fuzz %s %s 1 %ld %d\n", s->self, s->path, s->version,
           seed, steps);
}

/* The commands that show a difference again: that of the dice, and that of the
 * smallest scenario, which play reads.
 */
static void report(struct session *s, json_t *o, long seed, int steps)
{
    printf("seed %ld: %s\n", seed, s->why);
    print_repeat(s, seed, steps);
    o = dice_shrink(o, differs, s);
    (void)differs(s, o);
    printf("smallest: %s\n", s->why);
    printf("repeat: %s play %s %s /dev/stdin <<'END'\n", s->self, s->path,
           s->version);
    json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    printf("\nEND\n");
    fflush(stdout);
    json_decref(o);
}

/* A driver that dies has met what it cannot take: a difference, too. */
static int fuzz(struct session *s, long n, long seed, int steps)
{
    long n_bad = 0;
    long i = 0;

    for (; i < n && n_bad < 5 && !s->died; i++) {
        json_t *o = s->side->dice((uint64_t)(seed + i), s->version, steps);
        if (differs(s, o)) {
            n_bad++;
            report(s, o, seed + i, steps);
        } else {
            json_decref(o);
        }
    }
    printf("%s: %ld scenarios, %lu steps, %ld differences\n", s->version, i,
           s->n_steps, n_bad);
    if (s->died) {
        printf("the driver died in the last one\n");
        print_repeat(s, seed + i - 1, steps);
    }
    return n_bad > 0 || s->died;
}

static int save(const char *folder, const char *name, const json_t *lines)
{
    struct sink out;
    struct err e;
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s.jsonl", folder, name);
    if (sink_open(&out, path, &e) != ERR_OK)
        return fprintf(stderr, "%s\n", e.msg);
    show(out.out, lines);
    if (sink_close(&out, &e) != ERR_OK)
        return fprintf(stderr, "%s\n", e.msg);
    return 0;
}

/* One scenario of a file: recorded into a folder, or shown. */
static int one(struct session *s, const json_t *scenario, const char *folder)
{
    const char *name = json_string_value(json_object_get(scenario, "name"));
    json_t *lines = play(s, scenario);
    int bad = 0;

    name = name ? name : "?"; /* of the dice */
    if (!lines)
        return fprintf(stderr, "%s: the driver died\n", name);
    if (!s->side->agrees(lines, s->why, sizeof s->why, &s->n_steps))
        bad = fprintf(stderr, "%s: %s\n", name, s->why);
    if (folder)
        bad |= save(folder, name, lines);
    else
        show(stdout, lines);
    json_decref(lines);
    return bad;
}

/* Whether a scenario asks for no later minor than the version's. */
static bool fits(const struct session *s, const json_t *o)
{
    json_int_t needed = json_integer_value(json_object_get(o, "from_minor"));

    return needed <= strtol(s->version + 2, NULL, 10);
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
        if (!o)
            bad |= fprintf(stderr, "%s: %s: %s", path, error.text, line);
        else if (fits(s, o))
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
        return fuzz(s, strtol(argv[4], NULL, 10), strtol(argv[5], NULL, 10),
                    argc > 6 ? (int)strtol(argv[6], NULL, 10) : 200);
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
        fprintf(stderr,
                "usage: upstream record|fuzz|play DRIVER VERSION ...\n");
        return 2;
    }
    struct session s = {.self = argv[0],
                        .path = argv[2],
                        .version = argv[3],
                        .side = side_of(argv[3])};
    char *drive[] = {argv[2], "-test.run=TestDrive", "-test.timeout=0", NULL};

    struct err e;

    if (!s.side)
        return 1;
    signal(SIGPIPE, SIG_IGN); /* a dead driver shows as a failed write */
    if (driver_start(&s.driver, drive, &e) != ERR_OK) {
        fprintf(stderr, "upstream: %s\n", e.msg);
        return 1;
    }
    int rc = run(&s, argc, argv);
    if (!driver_end(&s.driver))
        rc = 1;
    return rc;
}
