/* file.h - reading any file, compressed or not; writing so that a file is
 * there whole or not at all.
 */
#ifndef SIM_BASE_FILE_H
#define SIM_BASE_FILE_H

#include "sim/base/err.h"

#include <stddef.h>
#include <stdio.h>

/* A file read in blocks; gzip is recognised by its content. "-" is standard
 * input.
 */
struct source;

/* Errors    ERR_IO with "path: reason"; *out is NULL. */
int source_open(struct source **out, const char *path, struct err *e);

/* Next block.
 *
 * Returns the number of bytes put into buffer[size], 0 at the end, or a
 * negative code (ERR_IO: unreadable; ERR_INPUT: damaged gzip data).
 */
long source_read(struct source *s, char *buffer, size_t size, struct err *e);

void source_close(struct source *s);

/* The whole file in one owned, zero-terminated buffer.
 *
 * limit     largest accepted size in bytes; beyond it ERR_INPUT
 * Returns ERR_OK and *text, *n; on error *text is NULL.
 */
int file_read(const char *path, size_t limit, char **text, size_t *n,
              struct err *e);

/* A file under construction: written beside its final name, renamed by
 * sink_close, removed by sink_abort. A name that ends in ".gz" is compressed.
 * "-" is standard output. What exists and is no regular file, a device or a
 * pipe, is written in place.
 */
struct sink {
    FILE *out;  /* borrowed while open: print here */
    char *path; /* owned; final name */
    char *part; /* owned; temporary name, NULL if written in place */
};

/* Errors    ERR_IO with "path: reason"; *s is as after sink_abort. */
int sink_open(struct sink *s, const char *path, struct err *e);

/* The same in a folder, see path_join. */
int sink_open_in(struct sink *s, const char *folder, const char *name,
                 struct err *e);

/* Flushes, checks every earlier write, renames.
 * Errors    ERR_IO; the temporary file is removed and the old file remains.
 */
int sink_close(struct sink *s, struct err *e);

/* Forgets the file; may follow {0} or a failed open. */
void sink_abort(struct sink *s);

/* Ends what a sink_open began: closes it if all went well so far, else forgets
 * it; does nothing to {0}.
 *
 * rc        what came of opening and printing
 * Returns rc, or the error of sink_close.
 */
int sink_end(struct sink *s, int rc, struct err *e);

/* A file of that name is removed if the program exits before it is forgotten;
 * sinks do this themselves.
 *
 * name      borrowed until then
 */
void part_keep(char *name);
void part_forget(char *name);

/* Removes from a folder what sinks of programs that were killed have left half
 * written. For a folder that this program alone writes to; best effort.
 */
void parts_sweep(const char *folder);

/* An empty file without a name, to write and to read back: in the folder, where
 * there is room for results, and not in memory, which /tmp may be. It is gone
 * once it is closed.
 * Errors    ERR_IO with "folder: reason"; returns NULL.
 */
FILE *scratch_open(const char *folder, struct err *e);

/* Makes the folder and its parents; one that exists is fine. */
int folder_make(const char *path, struct err *e);

/* "dir/name", or name alone if it is absolute or dir is "". Owned. */
char *path_join(const char *dir, const char *name);

/* The folder part of a path, "." if there is none. Owned. */
char *path_folder(const char *path);

#endif
