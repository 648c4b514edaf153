/* SPDX-License-Identifier: MIT */
/* A table as MultiQC's custom content: https://docs.seqera.io/multiqc/custom_content */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/json_build.h"
#include "deepmirgene/report.h"

enum { REAL_DIGITS = 10 };

/* MultiQC leaves a cell empty that a row does not have. */
static json_t *pack_row(const dmg_multiqc *section, const double *values)
{
    json_t *row = json_object();
    for (size_t c = 0; c < section->column_count; c++) {
        if (!isfinite(values[c])) continue;
        const bool whole = values[c] == floor(values[c]) && fabs(values[c]) < 1e15;
        row = dmg_json_add(row, section->columns[c].key,
                           whole ? json_integer((json_int_t)values[c]) : json_real(values[c]));
    }
    return row;
}

static json_t *pack_rows(const dmg_multiqc *section)
{
    json_t *rows = json_object();
    for (size_t r = 0; r < section->row_count; r++)
        rows = dmg_json_add(rows, section->names[r],
                            pack_row(section, section->values + r * section->column_count));
    return rows;
}

/* The format is Python's, as MultiQC's is. */
static json_t *pack_header(const dmg_multiqc_column *column)
{
    json_t *header = json_pack("{s:s, s:s, s:b, s:o}", "title", column->title, "description",
                               column->description, "hidden", column->hidden, "format",
                               json_sprintf("{:,.%df}", column->decimals));
    if (!isnan(column->low)) header = dmg_json_add(header, "min", json_real(column->low));
    if (!isnan(column->high)) header = dmg_json_add(header, "max", json_real(column->high));
    return header;
}

static json_t *pack_headers(const dmg_multiqc *section)
{
    json_t *headers = json_object();
    for (size_t c = 0; c < section->column_count; c++)
        headers = dmg_json_add(headers, section->columns[c].key, pack_header(&section->columns[c]));
    return headers;
}

static dmg_status check_names(const dmg_multiqc *section, dmg_error *err)
{
    for (size_t r = 0; r < section->row_count; r++) {
        json_t *name = dmg_json_text(section->names[r], "");
        const bool is_text = json_string_length(name) > 0 || !section->names[r][0];
        if (!name) return dmg_error_nomem(err, "a table for MultiQC");
        json_decref(name);
        if (!is_text)
            return dmg_error_set(err, DMG_RANGE, "the sample name '%.80s' is not UTF-8",
                                 section->names[r]);
    }
    return DMG_OK;
}

dmg_status dmg_report_multiqc(FILE *out, const dmg_multiqc *section, dmg_error *err)
{
    const dmg_status st = check_names(section, err);
    if (st != DMG_OK) return st;
    json_t *root = json_pack(
        "{s:s, s:s, s:s, s:s, s:{s:o, s:s, s:s}, s:o, s:o}", "id", section->id, "section_name",
        section->title, "description", section->description, "plot_type", "table", "pconfig", "id",
        json_sprintf("%s_table", section->id), "title", section->title, "namespace", "deepmirgene",
        "headers", pack_headers(section), "data", pack_rows(section));
    char *text = dmg_json_dump(root, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
    json_decref(root);
    if (!text) return dmg_error_nomem(err, "a table for MultiQC");
    fprintf(out, "%s\n", text);
    free(text);
    return DMG_OK;
}
