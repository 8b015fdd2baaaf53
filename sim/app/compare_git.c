#include "sim/app/compare_git.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/program.h"
#include "sim/base/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT_S = 60, OUTPUT_MOST = 8 << 20, ID = 64 };

/* ------------------------------------------------------------ revisions */

/* What git itself allows in a name, and the signs of ancestry. A name that
 * begins with "-" would be an option.
 */
static int check_revision(const char *text, struct err *e)
{
    static const char signs[] = "._/-+~^@{}";

    if (text[0] == '-')
        return err_set(e, ERR_USAGE, "--git: a revision cannot begin with '-'");
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr(signs, *c))
            return err_set(e, ERR_USAGE,
                           "--git: '%.60s' is not the name of a revision",
                           text);
    return ERR_OK;
}

int git_range(struct git_range *r, const char *text, struct err *e)
{
    const char *dots = strstr(text, "..");

    *r = (struct git_range){0};
    if (!dots || strlen(text) >= GIT_REVISION)
        return err_set(e, ERR_USAGE, "--git needs BASE..HEAD, not '%.60s'",
                       text);
    r->since_fork = dots[2] == '.';
    (void)snprintf(r->base, sizeof r->base, "%.*s", (int)(dots - text), text);
    (void)snprintf(r->head, sizeof r->head, "%s", dots + 2 + r->since_fork);
    if (r->base[0] == '\0')
        (void)strcpy(r->base, "HEAD");
    if (r->head[0] == '\0')
        (void)strcpy(r->head, "HEAD");
    if (strstr(r->head, ".."))
        return err_set(e, ERR_USAGE, "--git needs BASE..HEAD, not '%.60s'",
                       text);
    int rc = check_revision(r->base, e);
    return rc == ERR_OK ? check_revision(r->head, e) : rc;
}

/* ------------------------------------------------------------ running git */

/* What it said; owned. A status that is not 0 is the user's mistake. */
struct answer {
    char *text;
    size_t n;
};

static int read_answer(FILE *said, struct answer *a, struct err *e)
{
    size_t cap = 1, got;

    do {
        a->text = mem_grow(a->text, &cap, a->n + 65536 + 1, 1);
        got = fread(a->text + a->n, 1, 65536, said);
        a->n += got;
    } while (got > 0 && a->n <= OUTPUT_MOST);
    a->text[a->n] = '\0';
    if (ferror(said) || a->n > OUTPUT_MOST)
        return err_set(e, ERR_IO, "git: it says too much, or it was not kept");
    return ERR_OK;
}

static int complain(const struct answer *a, const char *what, struct err *e)
{
    char line[160];

    a->text[strcspn(a->text, "\n")] = '\0';
    text_plain(a->text, line, sizeof line);
    return err_set(e, ERR_INPUT, "%.200s: git says: %s", what,
                   line[0] ? line : "nothing");
}

/* argv[0] is filled in. The text of *a is there, and owned, also after an
 * error.
 */
static int run_git(char *argv[], const char *what, struct answer *a,
                   struct err *e)
{
    char *program = program_find("git");
    struct err ignored;

    *a = (struct answer){.text = mem_array(1, 1)};
    if (!program)
        return err_set(e, ERR_IO, "--git: git is not installed");
    FILE *said = scratch_open(P_tmpdir, e);
    if (!said) {
        free(program);
        return ERR_IO;
    }
    argv[0] = program;
    int rc = program_run(program, argv, ".", LIMIT_S, said, e);
    int read = rc < 0 ? rc : read_answer(said, a, rc == 0 ? e : &ignored);
    fclose(said);
    free(program);
    return rc > 0 ? complain(a, what, e) : read;
}

static char *join(const char *a, const char *b)
{
    size_t size = strlen(a) + strlen(b) + 1;
    char *both = mem_array(size, 1);

    (void)snprintf(both, size, "%s%s", a, b);
    return both;
}

/* The id of one object: hexadecimal digits, whatever was asked. */
static int take_id(const struct answer *a, const char *what, char id[ID + 1],
                   struct err *e)
{
    size_t n = strspn(a->text, "0123456789abcdef");

    if (n < 40 || n > ID || (a->text[n] != '\n' && a->text[n] != '\0'))
        return err_set(e, ERR_INPUT, "%.200s: git knows no such thing", what);
    (void)snprintf(id, ID + 1, "%.*s", (int)n, a->text);
    return ERR_OK;
}

static int find_commit(const char *revision, char id[ID + 1], struct err *e)
{
    char verb[] = "rev-parse", verify[] = "--verify", quiet[] = "--quiet";
    char *name = join(revision, "^{commit}");
    char *argv[] = {NULL, verb, verify, quiet, name, NULL};
    struct answer a;
    int rc = run_git(argv, revision, &a, e);

    if (rc == ERR_INPUT)
        err_set(e, ERR_INPUT, "--git: there is no revision '%.100s' here",
                revision);
    if (rc == ERR_OK)
        rc = take_id(&a, revision, id, e);
    free(a.text);
    free(name);
    return rc;
}

int git_fork(struct git_range *r, struct err *e)
{
    char base[ID + 1], head[ID + 1], fork[ID + 1], verb[] = "merge-base";
    char *argv[] = {NULL, verb, base, head, NULL};
    struct answer a = {0};
    int rc = find_commit(r->base, base, e);

    if (rc == ERR_OK)
        rc = find_commit(r->head, head, e);
    if (rc == ERR_OK)
        rc = run_git(argv, "--git", &a, e);
    if (rc == ERR_OK)
        rc = take_id(&a, "--git", fork, e);
    if (rc == ERR_OK)
        (void)snprintf(r->base, sizeof r->base, "%.12s", fork);
    free(a.text);
    return rc;
}

/* ------------------------------------------------------------ files */

/* A name that stays below its folder. Git refuses the others, too. */
static bool is_tame(const char *name)
{
    const char *at = name;

    if (*name == '/' || *name == '\0')
        return false;
    while (at) {
        if (strncmp(at, "../", 3) == 0 || strcmp(at, "..") == 0)
            return false;
        at = strchr(at, '/');
        at = at ? at + 1 : NULL;
    }
    return true;
}

/* Writes the object of that id; a folder of its name is made. */
static int write_blob(char *id, const char *into, const char *name,
                      struct err *e)
{
    char verb[] = "cat-file", kind[] = "blob";
    char *argv[] = {NULL, verb, kind, id, NULL};
    char *path = path_join(into, name), *folder = path_folder(path);
    struct answer a;
    struct sink sink;
    int rc = run_git(argv, name, &a, e);

    if (rc == ERR_OK && a.n > GIT_BYTES)
        rc = err_set(e, ERR_INPUT, "%.200s: more than %d bytes", name,
                     GIT_BYTES);
    if (rc == ERR_OK)
        rc = folder_make(folder, e);
    if (rc == ERR_OK)
        rc = sink_open(&sink, path, e);
    if (rc == ERR_OK) {
        fwrite(a.text, 1, a.n, sink.out);
        rc = sink_close(&sink, e);
    }
    free(a.text);
    free(folder);
    free(path);
    return rc;
}

/* What manifests are read from; the rest of a folder may be large. */
static bool is_wanted(const char *name)
{
    static const char *const ends[] = {".yaml", ".yml", ".json",
                                       ".cfg",  ".tpl", ".sh"};
    size_t n = strlen(name);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (n > strlen(ends[i]) &&
            strcmp(name + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}

/* One entry, "100644 blob ID\tNAME". */
static int write_entry(char *entry, const char *into, size_t *n, struct err *e)
{
    char *name = strchr(entry, '\t'), *id = entry + strlen("100644 blob ");

    if (!name || (strncmp(entry, "100644 blob ", 12) != 0 &&
                  strncmp(entry, "100755 blob ", 12) != 0))
        return ERR_OK;
    *name++ = '\0';
    if (!is_tame(name) || !is_wanted(name))
        return ERR_OK;
    if (++*n > GIT_FILES)
        return err_set(e, ERR_INPUT, "--git: more than %d files", GIT_FILES);
    return write_blob(id, into, name, e);
}

/* The id of a path; a path of the present folder is told so by "./". */
static int find_object(const char *revision, const char *commit,
                       const char *path, char id[ID + 1], struct err *e)
{
    char verb[] = "rev-parse", verify[] = "--verify", quiet[] = "--quiet";
    char *at = join(":./", path);
    char *name = join(commit, at);
    char *argv[] = {NULL, verb, verify, quiet, name, NULL};
    struct answer a;
    int rc = run_git(argv, path, &a, e);

    if (rc == ERR_INPUT)
        err_set(e, ERR_INPUT,
                "--git: there is no '%.200s' at '%.100s'; a folder that has "
                "moved is compared as two folders, BASE and HEAD",
                path, revision);
    if (rc == ERR_OK)
        rc = take_id(&a, path, id, e);
    free(a.text);
    free(name);
    free(at);
    return rc;
}

static bool is_blob(char *id)
{
    char verb[] = "cat-file", type[] = "-t";
    char *argv[] = {NULL, verb, type, id, NULL};
    struct answer a;
    struct err e;
    bool blob = run_git(argv, "--git", &a, &e) == ERR_OK &&
                strncmp(a.text, "blob", 4) == 0;

    free(a.text);
    return blob;
}

static int write_tree(char *id, const char *into, struct err *e)
{
    char verb[] = "ls-tree", deep[] = "-r", zero[] = "-z",
         full[] = "--full-tree";
    char *argv[] = {NULL, verb, deep, zero, full, id, NULL};
    struct answer a;
    size_t n = 0;
    int rc = run_git(argv, "--git", &a, e);

    for (size_t at = 0; rc == ERR_OK && at < a.n;) {
        size_t length = strlen(a.text + at);
        rc = write_entry(a.text + at, into, &n, e);
        at += length + 1;
    }
    free(a.text);
    return rc;
}

int git_folder(const char *revision, const char *path, const char *into,
               struct err *e)
{
    const char *slash = strrchr(path, '/');
    char commit[ID + 1], id[ID + 1];
    int rc = check_revision(revision, e);

    if (rc == ERR_OK)
        rc = find_commit(revision, commit, e);
    if (rc == ERR_OK)
        rc = find_object(revision, commit, path, id, e);
    if (rc != ERR_OK)
        return rc;
    if (is_blob(id))
        return write_blob(id, into, slash ? slash + 1 : path, e);
    return write_tree(id, into, e);
}

bool git_uncommitted(const char *revision, const char *path)
{
    char verb[] = "diff-index", names[] = "--name-only", head[] = "HEAD",
         end[] = "--";
    char *argv[] = {NULL, verb, names, head, end, (char *)path, NULL};
    char commit[ID + 1], present[ID + 1];
    struct answer a = {0};
    struct err e;
    bool differs = find_commit(revision, commit, &e) == ERR_OK &&
                   find_commit(head, present, &e) == ERR_OK &&
                   strcmp(commit, present) == 0 &&
                   run_git(argv, "--git", &a, &e) == ERR_OK && a.n > 0;

    free(a.text);
    return differs;
}
