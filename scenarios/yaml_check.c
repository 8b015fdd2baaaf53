#include "scenarios/yaml_check.h"

#include "sim/base/text.h"

#include <libfyaml.h>

int yaml_check_bytes(const char *path, const char *text, size_t n,
                     struct err *e)
{
    size_t good = text_utf8_length(text);
    unsigned line = 1;

    if (good == n)
        return ERR_OK;
    for (size_t i = 0; i < good; i++)
        line += text[i] == '\n';
    return err_set(e, ERR_INPUT, "%s:%u:1: %s", path, line,
                   text[good] == '\0'
                       ? "a zero byte: this is no text file"
                       : "a byte that is not UTF-8; save it as UTF-8");
}

bool yaml_check_overruns(struct fy_token *token, const char *text,
                         unsigned column)
{
    enum fy_scalar_style style = fy_token_scalar_style(token);
    const struct fy_mark *from = fy_token_start_mark(token);
    const struct fy_mark *end = fy_token_end_mark(token);
    size_t at, n = 0, indent = 0;

    if ((style != FYSS_LITERAL && style != FYSS_FOLDED) || !from || !end)
        return false;
    for (at = from->input_pos; at < end->input_pos; at++) {
        if (text[at] != ' ' && text[at] != '\n' && text[at] != '\r')
            return indent < column;
        indent = text[at] == ' ' ? indent + 1 : 0;
    }
    (void)fy_token_get_text(token, &n);
    return n > 0; /* bytes of a text that has none, or empty lines to be kept */
}
