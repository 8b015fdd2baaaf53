#include "models/upstream/child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILD_IN = 3, CHILD_OUT = 4 };

/* In the child: nothing but calls that are safe after a fork. */
static void become(char *const argv[], int in, int out)
{
    dup2(STDERR_FILENO, STDOUT_FILENO);
    dup2(in, CHILD_IN);
    dup2(out, CHILD_OUT);
    execv(argv[0], argv);
    _exit(127);
}

/* A pipe whose ends lie above the descriptors that the child wants. */
static bool high_pipe(int ends[2])
{
    int low[2];

    if (pipe(low) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, 16);
        close(low[i]);
    }
    return ends[0] >= 0 && ends[1] >= 0;
}

bool child_start(struct child *c, char *const argv[])
{
    int down[2], up[2];

    *c = (struct child){0};
    signal(SIGPIPE, SIG_IGN); /* a dead child shows as a failed write */
    if (access(argv[0], X_OK) != 0 || !high_pipe(down) || !high_pipe(up)) {
        perror(argv[0]);
        return false;
    }
    c->pid = fork();
    if (c->pid == 0)
        become(argv, down[0], up[1]);
    close(down[0]);
    close(up[1]);
    c->to = fdopen(down[1], "w");
    c->from = fdopen(up[0], "r");
    return c->pid > 0 && c->to && c->from;
}

bool child_end(struct child *c)
{
    int status = -1;

    if (c->to)
        fclose(c->to);
    if (c->from)
        fclose(c->from);
    if (c->pid > 0)
        waitpid(c->pid, &status, 0);
    *c = (struct child){0};
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool child_send(struct child *c, const json_t *o)
{
    return json_dumpf(o, c->to, JSON_COMPACT | JSON_REAL_PRECISION(17)) == 0 &&
           fputc('\n', c->to) != EOF && fflush(c->to) == 0;
}

json_t *child_receive(struct child *c)
{
    char *line = NULL;
    size_t size = 0;
    json_t *o = NULL;

    if (getline(&line, &size, c->from) > 0)
        o = json_loads(line, 0, NULL);
    free(line);
    return o;
}
