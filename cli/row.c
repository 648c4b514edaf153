/* SPDX-License-Identifier: MIT */
/* The call and the flags of a record. */
#include "row.h"

#include <math.h>
#include <string.h>

bool row_is_judged(const folded_record *folded)
{
    return folded->structure && folded->record->length > 0;
}

static void add_flag(record_row *row, const char *flag)
{
    row->flags[row->flag_count++] = flag;
}

record_row row_describe(const folded_record *folded, double threshold)
{
    const dmg_record *record = folded->record;
    record_row row = {.folded = folded, .judged = row_is_judged(folded)};
    row.call = !row.judged ? NULL : (double)folded->p_mirna >= threshold ? "pre-miRNA" : "other";
    if (record->length == 0) add_flag(&row, "empty");
    if (record->length > 0 && !folded->structure) add_flag(&row, "too_long");
    if (record->ambiguous) add_flag(&row, "ambiguous");
    if (record->structure && record->length > 0) add_flag(&row, "structure_given");
    if (row.judged) {
        int loops;
        dmg_encode_split(folded->structure, record->length, &loops);
        if (loops == 0) add_flag(&row, "no_pair");
        if (loops > 1) add_flag(&row, "multiloop");
    }
    return row;
}

const char *row_flags(char text[ROW_FLAGS_TEXT], const record_row *row)
{
    strcpy(text, row->flag_count > 0 ? "" : "-");
    for (size_t i = 0; i < row->flag_count; i++) {
        if (i > 0) strcat(text, ",");
        strcat(text, row->flags[i]);
    }
    return text;
}

dmg_status row_report(dmg_html_report *report, const record_row *row, dmg_error *err)
{
    const folded_record *folded = row->folded;
    char flags[ROW_FLAGS_TEXT];
    const dmg_html_record record = {
        .id = folded->record->name,
        .id_length = folded->record->id_length,
        .length = folded->record->length,
        .p_mirna = row->judged ? (double)folded->p_mirna : NAN,
        .call = row->call,
        .mfe = folded->has_energy ? folded->energy / 100.0 : NAN,
        .flags = row_flags(flags, row),
        .sequence = row->judged ? folded->record->sequence : NULL,
        .structure = row->judged ? folded->structure : NULL,
    };
    return dmg_html_report_add(report, &record, err);
}
