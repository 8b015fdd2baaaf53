#include "sim/drive/hook_room.h"

#include "sim/base/file.h"
#include "sim/base/mem.h"
#include "sim/base/room.h"
#include "sim/drive/child.h"
#include "sim/drive/hook.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORD = 32, PATH_LIST = 4 };

/* ------------------------------------------------------------ words */

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* The next word at or after *p, into word; false at the end. Long ones are no
 * programs and passed over.
 */
static bool next_word(const char **p, char word[WORD])
{
    for (;;) {
        size_t n = 0;

        while (**p && !in_word(**p))
            ++*p;
        if (!**p)
            return false;
        while (in_word((*p)[n]))
            n++;
        if (n < WORD) {
            memcpy(word, *p, n);
            word[n] = '\0';
            *p += n;
            return true;
        }
        *p += n;
    }
}

bool hook_names(const char *text, const char *program)
{
    char word[WORD];

    while (next_word(&text, word))
        if (strcmp(word, program) == 0)
            return true;
    return false;
}

bool hook_misses(const char *text, char name[16])
{
    static const char *const lookers[] = {"netstat", "ss"};

    for (size_t i = 0; i < sizeof lookers / sizeof *lookers; i++) {
        if (!hook_names(text, lookers[i]))
            continue;
        char *path = child_find(lookers[i]);
        free(path);
        if (path)
            continue;
        memcpy(name, lookers[i], strlen(lookers[i]) + 1);
        return true;
    }
    return false;
}

/* ------------------------------------------------------------ files */

static int write_text(const char *path, const char *text, mode_t mode,
                      struct err *e)
{
    struct sink sink;
    int rc = sink_open(&sink, path, e);

    if (rc != ERR_OK)
        return rc;
    fputs(text, sink.out);
    rc = sink_close(&sink, e);
    if (rc == ERR_OK && chmod(path, mode) != 0)
        return err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    return rc;
}

/* Whole seconds, as drain_script.h wants them; a thousandth of the factor is
 * kept. Anything else sleeps undivided.
 */
static int write_sleep(const char *bin, double shrink, struct err *e)
{
    char *path = path_join(bin, "sleep"), *real = child_find("sleep");
    char text[1024];

    (void)snprintf(text, sizeof text,
                   "#!/bin/sh\n"
                   "case $1 in\n"
                   "'' | *[!0-9]*) exec %s \"$@\" ;;\n"
                   "esac\n"
                   "us=$(($1 * 1000000000 / %ld))\n"
                   "rest=$((us %% 1000000 + 1000000))\n"
                   "exec %s \"$((us / 1000000)).${rest#1}\"\n",
                   real ? real : "/bin/sleep", lround(shrink * 1000.0),
                   real ? real : "/bin/sleep");
    int rc = write_text(path, text, 0700, e);
    free(path);
    free(real);
    return rc;
}

static int link_program(const char *bin, const char *name, struct err *e)
{
    char *real = child_find(name);
    char *path = path_join(bin, name);
    int rc = ERR_OK;

    if (real && strchr(name, '/') == NULL && symlink(real, path) != 0 &&
        errno != EEXIST)
        rc = err_set(e, ERR_IO, "%s: %s", path, strerror(errno));
    free(path);
    free(real);
    return rc;
}

static int link_programs(const char *bin, const char *text, const char *hidden,
                         struct err *e)
{
    char word[WORD];
    int rc = ERR_OK;

    while (rc == ERR_OK && next_word(&text, word)) {
        bool plain = strcmp(word, ".") != 0 && strcmp(word, "..") != 0;
        if (plain && (!hidden || strcmp(word, hidden) != 0))
            rc = link_program(bin, word, e);
    }
    return rc;
}

int hook_room_make(struct hook_room *r, const char *text, const char *hidden,
                   double shrink, struct err *e)
{
    static const char head[] = "PATH=";
    int rc = room_make(&r->folder, e);

    if (rc != ERR_OK)
        return rc;
    char *bin = path_join(r->folder, "bin");
    r->script = path_join(r->folder, "script");
    r->output = path_join(r->folder, "output");
    r->path = mem_array(sizeof head + strlen(bin), 1);
    memcpy(r->path, head, sizeof head);
    memcpy(r->path + sizeof head - 1, bin, strlen(bin) + 1);
    rc = folder_make(bin, e);
    if (rc == ERR_OK)
        rc = write_sleep(bin, shrink, e);
    if (rc == ERR_OK)
        rc = link_programs(bin, text, hidden, e);
    if (rc == ERR_OK)
        rc = write_text(r->script, text, 0700, e);
    free(bin);
    if (rc != ERR_OK)
        hook_room_remove(r);
    return rc;
}

void hook_room_remove(struct hook_room *r)
{
    room_remove(r->folder);
    free(r->folder);
    free(r->script);
    free(r->output);
    free(r->path);
    *r = (struct hook_room){0};
}
