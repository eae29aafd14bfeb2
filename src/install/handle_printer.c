/* SPDX-License-Identifier: MIT */
/* Entries that the class installer of printers reads: what the spooler loads.
 * Source: Microsoft, Printer INF File Entries. */
#include "install/walk.h"

#define DIRID_PRINTER_DRIVERS 66000
#define DIRID_PRINT_PROCESSORS 66001
#define DIRID_PRINT_MONITORS 66002

/* "a,b" in one field or in two: the part before or behind the last comma. */
static struct slice part_of(struct walk *walk, const struct inf_line *line,
                            bool last)
{
    struct slice first = walk_field(walk, line, 1);
    if (walk_n_fields(walk, line) > 1) {
        return last ? walk_field(walk, line, walk_n_fields(walk, line)) : first;
    }
    struct str text = slice_str(first);
    size_t comma = text.len;
    while (comma > 0 && text.bytes[comma - 1] != ',') {
        comma--;
    }
    if (!comma) {
        return last ? SLICE_NONE : first;
    }
    return slice_trim(last ? slice_sub(first, comma, first.len)
                           : slice_sub(first, 0, comma - 1));
}

static void load_from(struct walk *walk, const struct site *site, int64_t dirid,
                      struct slice file, struct slice entry)
{
    struct slice place = walk_place(walk, site->line);
    if (file.len) {
        walk_load(walk, site,
                  walk_join(walk, dirid, slice_sub(place, 0, 0), SLICE_NONE,
                            file, place),
                  entry, SLICE_NONE);
    }
}

void walk_printer_file(struct walk *walk, const struct site *site)
{
    const struct inf_line *line = site->line;
    switch (site->directive) {
    case DIRECTIVE_PRINT_PROCESSOR: /* "name,dll" */
        load_from(walk, site, DIRID_PRINT_PROCESSORS, part_of(walk, line, true),
                  SLICE_NONE);
        break;
    case DIRECTIVE_LANGUAGE_MONITOR: /* "name,dll" */
        load_from(walk, site, DIRID_PRINT_MONITORS, part_of(walk, line, true),
                  SLICE_NONE);
        break;
    case DIRECTIVE_VENDOR_SETUP: /* "dll,function" */
        load_from(walk, site, DIRID_PRINTER_DRIVERS, part_of(walk, line, false),
                  part_of(walk, line, true));
        break;
    default: /* DriverFile, ConfigFile */
        load_from(walk, site, DIRID_PRINTER_DRIVERS, walk_field(walk, line, 1),
                  SLICE_NONE);
        break;
    }
}
