/* compare_git.h - a folder as it was at a commit, read with git.
 *
 * Models    `git ls-tree` and `git cat-file` by object id: regular files only,
 *           so that a link in somebody's branch leads nowhere. Nothing of the
 *           repository is run, and no name from it reaches a shell.
 * Left out  submodules, links, Git LFS.
 */
#ifndef SIM_APP_COMPARE_GIT_H
#define SIM_APP_COMPARE_GIT_H

#include "sim/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { GIT_REVISION = 256, GIT_FILES = 2000, GIT_BYTES = 4 << 20 };

/* Two commits. "A...B" is what B changed since both were one. */
struct git_range {
    char base[GIT_REVISION], head[GIT_REVISION];
    bool since_fork;
};

/* Reads "A..B" or "A...B"; an empty side is HEAD.
 * Errors    ERR_USAGE: another form, or what could be taken for an option.
 */
int git_range(struct git_range *r, const char *text, struct err *e);

/* Writes the files of a folder, or the one file, of a commit into a folder,
 * which is there.
 *
 * path      relative to the present folder, or absolute in the repository
 * Errors    ERR_INPUT: no such revision or path, too much; ERR_IO.
 */
int git_folder(const char *revision, const char *path, const char *into,
               struct err *e);

/* Whether the revision is what is checked out, and files of the path that git
 * knows are not as they are there. No content is looked at: a file that was
 * written anew counts.
 */
bool git_uncommitted(const char *revision, const char *path);

/* The commit at which both sides of a range were one, in place of its base. */
int git_fork(struct git_range *r, struct err *e);

#endif
