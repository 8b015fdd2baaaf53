/* child.h - a program on the other end of two pipes, one JSON object a line.
 *
 * The child reads the questions' answers from descriptor 3 and writes its
 * questions to descriptor 4; its standard output goes to our standard error.
 */
#ifndef MODELS_UPSTREAM_CHILD_H
#define MODELS_UPSTREAM_CHILD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct child {
    pid_t pid;
    FILE *to, *from; /* owned */
};

/* Starts argv[0], which is a path; argv ends with NULL. Returns false, with a
 * word on standard error, if that fails.
 */
bool child_start(struct child *c, char *const argv[]);

/* Closes the pipes and waits. Returns whether the child ended well. */
bool child_end(struct child *c);

/* Returns false if the child is gone. */
bool child_send(struct child *c, const json_t *o);

/* The next line, owned; NULL at the end or for what is no JSON object. */
json_t *child_receive(struct child *c);

#endif
