/* compare_load.c - what the two sides are: scenarios, folders, or commits. */
#include "sim/app/app.h"
#include "sim/app/compare_git.h"
#include "sim/app/compare_out.h"
#include "sim/app/interrupt.h"
#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/room.h"
#include "sim/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A scenario that says nothing: everything else is in force as it is. */
static const char defaults[] = "question: ''\n";

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void compare_say(const struct compare_side *side, const char *text, char *out,
                 size_t size)
{
    size_t n = side->folder ? strlen(side->folder) : 0, used = 0;

    out[0] = '\0';
    while (*text != '\0' && used + 1 < size) {
        if (n == 0 || strncmp(text, side->folder, n) != 0) {
            out[used++] = *text++;
            out[used] = '\0';
            continue;
        }
        int more = snprintf(out + used, size - used, "%s", side->shown);
        used += (size_t)more < size - used ? (size_t)more : size - used - 1;
        text += n;
    }
}

/* A path of git's is told as the user knows it. */
static int blame(const struct compare_side *side, int rc, struct err *e)
{
    struct err inner = *e;

    if (rc != ERR_OK)
        compare_say(side, inner.msg, e->msg, sizeof e->msg);
    return rc;
}

/* ------------------------------------------------------------ one side */

/* Manifests of this side come after those of both. */
static int load_folder(const struct compare_job *j, struct compare_side *side,
                       const char *folder, struct err *e)
{
    const struct options *o = j->options;
    const char *paths[OPTION_PATHS + 1];
    const char *path = j->scenario ? j->scenario : side->label;
    struct scenario_options so = {
        .text = j->scenario ? NULL : defaults,
        .trace = o->trace,
        .manifests = paths,
        .n_manifests = o->n_manifests + 1,
        .set = o->sets,
        .n_set = o->n_sets,
    };

    memcpy(paths, o->manifests, o->n_manifests * sizeof *paths);
    paths[o->n_manifests] = folder;
    if (!j->scenario && !o->trace)
        return err_set(e, ERR_INPUT,
                       "which history? --trace FILE, or --scenario FILE that "
                       "names one");
    return scenario_load(&side->run.scenario, path, &so, e);
}

static int load_side(struct compare_job *j, struct compare_side *side,
                     struct err *e)
{
    struct options o = *j->options;

    if (side->folder)
        return blame(side, load_folder(j, side, side->folder, e), e);
    if (is_folder(side->path))
        return load_folder(j, side, side->path, e);
    if (j->scenario)
        return err_set(e, ERR_INPUT,
                       "%.200s: --scenario is for folders of manifests",
                       side->path);
    o.scenario = side->path;
    return options_load(&o, &side->run.scenario, e);
}

/* ------------------------------------------------------------ git */

static int fetch_side(struct compare_side *side, const char *revision,
                      const char *path, struct err *e)
{
    size_t size = strlen(revision) + strlen(path) + 2;
    int rc = room_make(&side->folder, e);

    if (rc != ERR_OK)
        return rc;
    side->shown = mem_array(size, 1);
    (void)snprintf(side->shown, size, "%s:%s", revision, path);
    return git_folder(revision, path, side->folder, e);
}

static void remark_uncommitted(const struct compare_side *side)
{
    char line[256];

    (void)snprintf(line, sizeof line,
                   "%.100s is compared as it was committed; there are changes "
                   "that are not",
                   side->shown);
    app_remark(line);
}

static int fetch(struct compare_job *j, const char *git, const char *path,
                 struct err *e)
{
    struct git_range range;
    int rc = git_range(&range, git, e);

    if (rc == ERR_OK && range.since_fork)
        rc = git_fork(&range, e);
    if (rc == ERR_OK)
        rc = fetch_side(&j->side[BASE], range.base, path, e);
    if (rc == ERR_OK)
        rc = fetch_side(&j->side[HEAD], range.head, path, e);
    for (int i = 0; rc == ERR_OK && i < SIDES; i++)
        j->side[i].label = j->side[i].shown;
    if (rc == ERR_OK && !j->options->quiet && git_uncommitted(range.head, path))
        remark_uncommitted(&j->side[HEAD]);
    return rc;
}

/* ------------------------------------------------------------ both */

static int check_history(const struct compare_job *j, struct err *e)
{
    const struct scenario *s = &j->side[HEAD].run.scenario;
    size_t at = contrast_history(&j->side[BASE].run.scenario, s);
    char name[96];

    if (at == SIZE_MAX)
        return ERR_OK;
    text_plain(at < s->trace.n
                   ? strings_at(&s->trace.strings, s->trace.builds[at].id)
                   : "of BASE",
               name, sizeof name);
    return err_set(e, ERR_INPUT,
                   "the two sides have different histories, from build %zu "
                   "(%s) on: give both the same with --trace FILE",
                   at + 1, name);
}

int compare_load(struct compare_job *j, const char *git, const char *git_path,
                 struct err *e)
{
    sigset_t before;

    interrupt_hold(&before); /* what was fetched is not left behind */
    int rc = git ? fetch(j, git, git_path, e) : ERR_OK;

    for (int i = 0; rc == ERR_OK && i < SIDES; i++)
        rc = load_side(j, &j->side[i], e);
    for (int i = 0; i < SIDES; i++)
        room_remove(j->side[i].folder);
    if (interrupt_release(&before) && rc == ERR_OK)
        rc = err_set(e, ERR_IO, "interrupted");
    return rc == ERR_OK ? check_history(j, e) : rc;
}
