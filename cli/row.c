/* SPDX-License-Identifier: MIT */
/* A result as the commands show it. */
#include "row.h"

#include <stdio.h>
#include <string.h>

bool row_is_scored(const dmg_result *result)
{
    return result->call != DMG_CALL_NONE;
}

size_t row_report_fault(const char *command, const dmg_result *result, size_t before)
{
    enum { NAMED = 10 };
    if (before == NAMED)
        fprintf(stderr, "deepmirgene %s: further records of this kind are not listed\n", command);
    if (before >= NAMED) return before + 1;
    fprintf(stderr, "deepmirgene %s: ", command);
    if (result->fault)
        fprintf(stderr, "skipped: %s\n", result->fault);
    else if (result->flags & DMG_FLAG_NO_MEMORY)
        fprintf(stderr, "%s:%llu: record '%.80s': out of memory for %zu nucleotides\n",
                result->path, (unsigned long long)result->line, result->id, result->length);
    else
        fprintf(stderr, "%s:%llu: record '%.80s' has %zu nucleotides; at most %d can be folded\n",
                result->path, (unsigned long long)result->line, result->id, result->length,
                DMG_FOLD_MAX_LENGTH);
    return before + 1;
}

const char *row_flags(char text[ROW_FLAGS_TEXT], unsigned flags)
{
    text[0] = '\0';
    for (size_t i = 0; dmg_flag_name(i); i++) {
        if (!(flags >> i & 1)) continue;
        if (text[0]) strcat(text, ",");
        strcat(text, dmg_flag_name(i));
    }
    return text[0] ? text : strcpy(text, "-");
}

size_t row_marks(dmg_html_mark marks[DMG_HTML_MARKS], const dmg_mature *mature)
{
    if (!mature || !mature->found) return 0;
    marks[0] = (dmg_html_mark){mature->arm_5p.start, mature->arm_5p.end, "5p"};
    marks[1] = (dmg_html_mark){mature->arm_3p.start, mature->arm_3p.end, "3p"};
    return 2;
}

dmg_status row_report(dmg_html_report *report, const dmg_result *result, dmg_error *err)
{
    const bool scored = row_is_scored(result);
    char flags[ROW_FLAGS_TEXT];
    dmg_html_mark marks[DMG_HTML_MARKS];
    const dmg_html_record record = {
        .id = result->id,
        .id_length = strlen(result->id),
        .length = result->length,
        .p_mirna = result->p_mirna,
        .call = scored ? dmg_call_name(result->call) : NULL,
        .mfe = result->mfe,
        .flags = row_flags(flags, result->flags),
        .sequence = scored ? result->sequence : NULL,
        .structure = scored ? result->structure : NULL,
        .marks = marks,
        .mark_count = row_marks(marks, result->mature),
    };
    return dmg_html_report_add(report, &record, err);
}
