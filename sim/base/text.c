#include "sim/base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { MAX_WORD = 63, MAX_EDITS = 3, MIN_START = 6 };

/* Zero-width space: invisible, and it parts what would become a link. */
static const char PARTED[] = "&#8203;";

struct room {
    char *out; /* borrowed */
    size_t used, size;
    bool full; /* something did not fit: nothing more goes in */
};

static struct room room_of(char *out, size_t size)
{
    assert(size > 0);
    out[0] = '\0';
    return (struct room){.out = out, .size = size};
}

/* All of text[n] or nothing, so that no escape and no character is halved. */
static void put(struct room *r, const char *text, size_t n)
{
    r->full = r->full || n >= r->size - r->used;
    if (r->full)
        return;
    memcpy(r->out + r->used, text, n);
    r->used += n;
    r->out[r->used] = '\0';
}

/* Length of the UTF-8 sequence that starts with this byte, 0 if none can. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Length of the character at text and its code; 0 if it is not UTF-8. */
static size_t read_char(const char *text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    size_t n = sequence_length(s[0]);

    if (n <= 1) {
        *code = s[0];
        return n;
    }
    *code = s[0] & (0x7fU >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        *code = *code << 6 | (s[i] & 0x3fU);
    }
    bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
    return *code < least[n] || *code > 0x10ffff || surrogate ? 0 : n;
}

/* Control characters, and those that reorder or break the line around them. */
static bool disturbs(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
           (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

/* Puts the character at text, or '?' for one that is not to be shown, and
 * returns how many bytes it took.
 */
static size_t put_char(struct room *r, const char *text)
{
    uint32_t code;
    size_t n = read_char(text, &code);

    if (n == 0 || disturbs(code))
        put(r, "?", 1);
    else
        put(r, text, n);
    return n > 0 ? n : 1;
}

void text_plain(const char *text, char *out, size_t size)
{
    struct room r = room_of(out, size);

    while (*text != '\0' && !r.full)
        text += put_char(&r, text);
}

/* Does text[at], with what stands around it, make GitHub link something? The
 * pieces are @name, #1, GH-1, scheme:// and www. (before the dot).
 */
static bool links(const char *text, size_t at)
{
    const char *here = text + at;

    if (*here == '@' || *here == '#')
        return true;
    if (*here == ':')
        return here[1] == '/';
    if (*here == '-')
        return at >= 2 && strncasecmp(here - 2, "gh", 2) == 0;
    return *here == '.' && at >= 3 && strncasecmp(here - 3, "www", 3) == 0;
}

static const char *html_escape(char c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* What a character becomes, perhaps written into escaped; NULL if it may stand
 * as it is.
 */
static const char *markdown_escape(char c, char escaped[3])
{
    switch (c) {
    case '<':
    case '>':
    case '&':
        return html_escape(c);
    case '|':
        return "&#124;";
    case '\\':
        return "&#92;";
    case '\n':
    case '\r':
    case '\t':
        return " ";
    default:
        break;
    }
    if (!strchr("`*_[]~$!", c))
        return NULL;
    escaped[0] = '\\';
    escaped[1] = c;
    escaped[2] = '\0';
    return escaped;
}

void text_markdown(const char *text, char *out, size_t size)
{
    struct room r = room_of(out, size);

    for (size_t i = 0; text[i] != '\0' && !r.full;) {
        char escaped[3];
        const char *safe = markdown_escape(text[i], escaped);
        bool part = links(text, i);

        if (part && text[i] == '.')
            put(&r, PARTED, sizeof PARTED - 1);
        if (safe)
            put(&r, safe, strlen(safe));
        else
            i += put_char(&r, text + i) - 1;
        i++;
        if (part && text[i - 1] != '.')
            put(&r, PARTED, sizeof PARTED - 1);
    }
}

void text_gnuplot(const char *text, char *out, size_t size)
{
    struct room r = room_of(out, size);

    while (*text != '\0' && !r.full) {
        if (strchr("\"'`$\\", *text)) {
            put(&r, *text == '\\' ? "/" : "?", 1);
            text++;
        } else {
            text += put_char(&r, text);
        }
    }
}

/* put_char for a file. */
static size_t print_char(FILE *out, const char *text)
{
    uint32_t code;
    size_t n = read_char(text, &code);

    if (n == 0 || disturbs(code))
        putc('?', out);
    else
        fwrite(text, 1, n, out);
    return n > 0 ? n : 1;
}

void text_json(FILE *out, const char *text)
{
    putc('"', out);
    while (*text != '\0') {
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        text += print_char(out, text);
    }
    putc('"', out);
}

void text_html(FILE *out, const char *text)
{
    while (*text != '\0') {
        const char *safe = html_escape(*text);

        if (safe)
            fputs(safe, out);
        text += safe ? 1 : print_char(out, text);
    }
}

/* In JSON these stand inside of strings only, or are white space. */
void text_script(FILE *out, const char *json)
{
    while (*json != '\0') {
        uint32_t code;
        size_t n = read_char(json, &code);
        bool escape =
            n > 0 && (strchr("<>&", *json) || (code >= 0x80 && disturbs(code)));

        if (escape)
            fprintf(out, "\\u%04x", code);
        else
            fwrite(json, 1, n > 0 ? n : 1, out);
        json += n > 0 ? n : 1;
    }
}

void text_csv(FILE *out, const char *text)
{
    /* A tab or a line end in front is skipped by spreadsheets before they
     * look for a formula. */
    bool formula = *text != '\0' && strchr("=+-@\t\r\n", *text);
    size_t n = strlen(text);
    bool quoted = strpbrk(text, ",\"\r\n") ||
                  (n > 0 && (text[0] == ' ' || text[n - 1] == ' '));

    if (quoted)
        putc('"', out);
    if (formula)
        putc('\'', out);
    for (; *text != '\0'; text++) {
        bool escape = (unsigned char)*text < ' ' && !strchr("\t\r\n", *text);
        if (*text == '"')
            putc('"', out);
        putc(escape ? '?' : *text, out);
    }
    if (quoted)
        putc('"', out);
}

size_t text_utf8_length(const char *text)
{
    size_t i = 0, n;
    uint32_t code;

    while (text[i] != '\0' && (n = read_char(text + i, &code)) > 0)
        i += n;
    return i;
}

static unsigned least_of(unsigned a, unsigned b, unsigned c)
{
    unsigned ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Insertions, deletions and replacements that turn a[n] into b; both short. */
static unsigned edits(const char *a, size_t n, const char *b)
{
    unsigned row[MAX_WORD + MAX_EDITS + 1];

    for (size_t i = 0; i <= n; i++)
        row[i] = (unsigned)i;
    for (unsigned j = 1; b[j - 1] != '\0'; j++) {
        unsigned diagonal = row[0];

        row[0] = j;
        for (size_t i = 1; i <= n; i++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[i];
            row[i] = least_of(row[i] + 1, row[i - 1] + 1, replaced);
        }
    }
    return row[n];
}

/* "minReplicas" for minReplicaCount: the same start, and a long one. */
static const char *same_start(const char *text, const char *const words[],
                              size_t n)
{
    size_t longest = strlen(text) / 2;
    const char *nearest = NULL;

    longest = longest < MIN_START ? MIN_START : longest;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (text[k] != '\0' && text[k] == words[i][k])
            k++;
        if (k > longest && strlen(words[i]) <= MAX_WORD) {
            longest = k;
            nearest = words[i];
        }
    }
    return nearest;
}

const char *text_nearest(const char *text, const char *const words[], size_t n)
{
    size_t length = strnlen(text, MAX_WORD + MAX_EDITS + 1);
    unsigned least = MAX_EDITS + 1;
    const char *nearest = NULL;

    if (length > MAX_WORD + MAX_EDITS)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        /* A longer word is more than MAX_EDITS away or nobody's typo. */
        if (strlen(words[i]) > MAX_WORD)
            continue;
        unsigned d = edits(text, length, words[i]);

        if (d < least) {
            least = d;
            nearest = words[i];
        }
    }
    return nearest ? nearest : same_start(text, words, n);
}
