/* drive_table.c - the one table over all components of a drive. */
#include "sim/app/drive.h"
#include "sim/app/show.h"
#include "sim/base/mem.h"
#include "sim/base/text.h"

#include <jansson.h>
#include <string.h>

enum { COLUMNS = 5, NOTE_COLUMN = 4 };

struct drive_row *drive_add_row(struct drive *d, const char *component)
{
    d->rows = mem_grow(d->rows, &d->cap_rows, d->n_rows + 1, sizeof *d->rows);
    struct drive_row *row = &d->rows[d->n_rows++];

    *row = (struct drive_row){.component = ""};
    (void)snprintf(row->component, sizeof row->component, "%s", component);
    return row;
}

struct drive_row *drive_add_compared(struct drive *d, const struct compared *x,
                                     const char *version)
{
    char name[sizeof d->rows->component];

    (void)snprintf(name, sizeof name, "%s %s", x->component, x->pool);
    struct drive_row *row = drive_add_row(d, name);
    (void)snprintf(row->version, sizeof row->version, "%s", version);
    row->compared = x->n;
    row->differences = x->n_different;
    if (x->n_different > 0)
        (void)snprintf(row->note, sizeof row->note, "first at %.3fs: %.100s",
                       s_from_us(x->first_us), x->first);
    return row;
}

int drive_open(const struct drive *d, const char *name, struct sink *s,
               struct err *e)
{
    const char *folder = d->options->common.out;

    *s = (struct sink){0};
    if (!folder)
        return ERR_OK;
    int rc = folder_make(folder, e);
    return rc == ERR_OK ? sink_open_in(s, folder, name, e) : rc;
}

/* ------------------------------------------------------------ pairs */

enum { LABEL = 26, COLUMN = 11 };

void drive_pair_head(FILE *out, const char *name, const char *model,
                     const char *remark)
{
    char plain[SHOW_CELL], note[DRIVE_NOTE];

    text_plain(name, plain, sizeof plain);
    text_plain(remark, note, sizeof note);
    show_padded(out, plain, LABEL, false);
    fprintf(out, "%*s%*s%s%s\n", COLUMN, model, COLUMN, "real",
            *note ? "   " : "", note);
}

void drive_pair(FILE *out, const char *label, enum show_form form, double model,
                double real)
{
    char cell[SHOW_CELL];

    show_padded(out, label, LABEL, false);
    show_value(form, model, cell);
    show_padded(out, cell, COLUMN, true);
    show_value(form, real, cell);
    show_padded(out, cell, COLUMN, true);
    fputc('\n', out);
}

/* ------------------------------------------------------------ the table */

double drive_shrink(const struct drive_options *o)
{
    if (o->shrink > 0.0)
        return o->shrink;
    return o->all ? 20.0 : 1.0;
}

struct cells {
    char text[COLUMNS][SHOW_CELL * 2 + 1];
};

static const struct cells head = {
    {"component", "version", "decisions", "differences", ""}};

/* No difference among no decisions is not agreement. */
static bool says_nothing(const struct drive_row *row)
{
    return row->compared == 0 && row->differences == 0;
}

static const char *note_of(const struct drive_row *row)
{
    if (says_nothing(row) && row->note[0] == '\0')
        return "nothing to compare";
    return row->note;
}

bool drive_compared(const struct drive *d)
{
    for (size_t i = 0; i < d->n_rows; i++)
        if (!says_nothing(&d->rows[i]))
            return true;
    return false;
}

static struct cells cells_of(const struct drive_row *row)
{
    struct cells c = {{""}};

    text_plain(row->component, c.text[0], sizeof *c.text);
    text_plain(row->version, c.text[1], sizeof *c.text);
    show_value(SHOW_COUNT, (double)row->compared, c.text[2]);
    if (says_nothing(row))
        strcpy(c.text[3], "-");
    else
        show_value(SHOW_COUNT, (double)row->differences, c.text[3]);
    text_plain(note_of(row), c.text[NOTE_COLUMN], sizeof *c.text);
    return c;
}

static void widen(size_t width[COLUMNS], const struct cells *c)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (show_width(c->text[i]) > width[i])
            width[i] = show_width(c->text[i]);
}

static void print_cells(FILE *out, const size_t width[COLUMNS],
                        const struct cells *c)
{
    for (size_t i = 0; i < NOTE_COLUMN; i++) {
        fputs(i > 0 ? "  " : "", out);
        show_padded(out, c->text[i], width[i], i >= 2);
    }
    if (c->text[NOTE_COLUMN][0] != '\0')
        fprintf(out, "  %s", c->text[NOTE_COLUMN]);
    fputc('\n', out);
}

static void print_table(const struct drive *d, FILE *out)
{
    size_t width[COLUMNS] = {0};
    struct cells c;

    widen(width, &head);
    for (size_t i = 0; i < d->n_rows; i++) {
        c = cells_of(&d->rows[i]);
        widen(width, &c);
    }
    print_cells(out, width, &head);
    for (size_t i = 0; i < d->n_rows; i++) {
        c = cells_of(&d->rows[i]);
        print_cells(out, width, &c);
    }
}

static void print_json(const struct drive *d, FILE *out)
{
    json_t *list = json_array();

    for (size_t i = 0; i < d->n_rows; i++) {
        const struct drive_row *row = &d->rows[i];
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:I, s:I, s:s}", "component", row->component,
                      "version", row->version, "decisions",
                      (json_int_t)row->compared, "differences",
                      (json_int_t)row->differences, "note", note_of(row)));
    }
    json_dumpf(list, out, JSON_INDENT(1));
    fputc('\n', out);
    json_decref(list);
}

void drive_print(const struct drive *d, FILE *out)
{
    if (d->options->common.json)
        print_json(d, out);
    else
        print_table(d, out);
}
